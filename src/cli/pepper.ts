import { readFile } from "node:fs/promises";
import type { Flags } from "./command.js";
import { InputError } from "./failure.js";

const SHORTEST = 16;

/** From `--pepper-file`, else from LEADWEAVE_PEPPER: everybody on the machine can read a command line. */
export function readPepper(flags: Flags): Promise<string | undefined> {
  return readSecret(flags, "pepper-file", "LEADWEAVE_PEPPER");
}

/** From `--new-pepper-file`, else from LEADWEAVE_NEW_PEPPER. */
export function readNewPepper(flags: Flags): Promise<string | undefined> {
  return readSecret(flags, "new-pepper-file", "LEADWEAVE_NEW_PEPPER");
}

async function readSecret(flags: Flags, option: string, variable: string): Promise<string | undefined> {
  const path = flags.text(option);
  const [where, pepper] =
    path === undefined
      ? [variable, process.env[variable]]
      : [path, (await readText(path)).replace(/\r?\n$/, "")];
  if (pepper === undefined || (path === undefined && pepper === "")) return undefined;
  if (pepper.length < SHORTEST)
    throw new InputError(`${where}: a pepper has at least ${SHORTEST} characters on one line`);
  return pepper;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown cause";
    throw new InputError(`${path}: ${code === "ENOENT" ? "no such file" : `cannot be read (${code})`}`);
  }
}
