import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository root, where the package can import itself by name. */
export const packageRoot = fileURLToPath(new URL("../..", import.meta.url));

/**
 * A fresh scratch folder inside the package (a module there resolves the package by its own name), removed by `remove`.
 */
export function scratchFolder(): { path: string; remove: () => void } {
  const parent = join(packageRoot, ".cache");
  mkdirSync(parent, { recursive: true });
  const path = mkdtempSync(join(parent, "test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs a command to its end and throws, with everything it printed, unless it exits with 0. */
export function runCommand(
  command: string,
  args: readonly string[],
  cwd: string,
): { stdout: string; stderr: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    timeout: 100_000,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} exited with ${status}\n${stdout}\n${stderr}`);
  return { stdout, stderr };
}

/** Runs the source of an ES module in a Node process of its own. */
export function runModule(source: string): { stdout: string; stderr: string } {
  const folder = scratchFolder();
  try {
    writeFileSync(join(folder.path, "module.mjs"), source);
    return runCommand(process.execPath, ["module.mjs"], folder.path);
  } finally {
    folder.remove();
  }
}
