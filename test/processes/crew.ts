import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { packageRoot, runCommand } from "../package/node-process.js";
import type { Acknowledged, Task } from "./task.js";

const FOLDER = join(packageRoot, ".cache", "test-processes");
const PROGRAM = join(FOLDER, "worker.js");

/** Makes the program that every process of a crew runs. */
export function buildWorker(): void {
  const tsup = join(packageRoot, "node_modules", "tsup", "dist", "cli-default.js");
  const source = join(packageRoot, "test", "processes", "worker.ts");
  const options = ["--no-config", "--silent", "--format", "esm", "--target", "es2022", "--out-dir", FOLDER];
  runCommand(process.execPath, [tsup, source, ...options], packageRoot);
}

export interface Member {
  /** Place in its order up to which everything was acknowledged. */
  done(): number;
  /** Times that it had to begin a batch again. */
  again(): number;
}

export interface CrewOptions {
  /** Batches after which the first process is killed, the next time counted from its new beginning. */
  readonly kills?: readonly number[];
  /** Told of everything that is acknowledged, by anybody. */
  readonly acknowledged?: (process: number, said: Acknowledged) => void;
}

/** Runs one process for each task to its end; where one is to be killed another takes its place, from what it acknowledged. */
export async function runCrew(tasks: readonly Task[], options: CrewOptions = {}): Promise<readonly Member[]> {
  const members = tasks.map(() => ({ done: 0, again: 0 }));
  const running = new Set<ChildProcess>();
  const work = tasks.map(async (task, at) => {
    const member = members[at] as { done: number; again: number };
    const kills = at === 0 ? [...(options.kills ?? [])] : [];
    for (;;) {
      const kill = kills.shift();
      const child = start({ ...task, from: member.done });
      running.add(child);
      const ended = once(child, "close");
      let batches = 0;
      for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
        const said = JSON.parse(line) as Acknowledged;
        member.done = said.until;
        member.again += said.again;
        options.acknowledged?.(at, said);
        // In the midst of the next batch, or of the lines that are still on their way.
        if (++batches === kill) child.kill("SIGKILL");
      }
      await ended;
      running.delete(child);
      if (child.exitCode === 0) return;
      if (child.signalCode !== "SIGKILL" || kill === undefined)
        throw new Error(`process ${at} ended with ${child.exitCode ?? child.signalCode}`);
    }
  });
  try {
    await Promise.all(work);
  } finally {
    for (const child of running) child.kill("SIGKILL");
  }
  return members.map((member) => ({ done: () => member.done, again: () => member.again }));
}

function start(task: Task): ChildProcess {
  return spawn(process.execPath, [PROGRAM, JSON.stringify(task)], { stdio: ["ignore", "pipe", "inherit"] });
}
