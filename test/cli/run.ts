import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

/** The built command: `npm run build` comes before the tests. */
const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string;
  readonly closeStdout?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Looked at again and again while it runs: once it is true the process is ended as by a loss of power. */
  readonly killWhen?: () => boolean;
}

const LOOK_EVERY_MS = 5;

/** Runs the command to its end, in the given folder. */
export function leadweave(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: options.cwd,
      env: { ...process.env, LEADWEAVE_DEBUG: "", LEADWEAVE_PEPPER: "", ...options.env },
    });
    const { killWhen } = options;
    const looking =
      killWhen === undefined
        ? undefined
        : setInterval(() => {
            if (killWhen()) child.kill("SIGKILL");
          }, LOOK_EVERY_MS);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (options.closeStdout === true) child.stdout.destroy();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(looking);
      resolve({ code, stdout, stderr });
    });
    child.stdin.on("error", () => undefined).end(options.input ?? "");
  });
}

/** A folder of its own for a test file, removed at the end. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), "leadweave-cli-"));

  constructor() {
    afterAll(() => rmSync(this.path, { recursive: true, force: true }));
  }

  write(name: string, content: string): string {
    writeFileSync(join(this.path, name), content);
    return name;
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), "utf8");
  }

  /** Lines of a file in code-unit order. */
  sorted(name: string): string[] {
    return this.read(name).split("\n").sort();
  }
}
