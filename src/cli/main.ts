#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { defineCommand, runCommand } from "citty";
import { type Command, Flags } from "./command.js";
import { normalizeCommandLine } from "./commandLine.js";
import { failureOf, UsageError } from "./failure.js";
import { helpOf, rootHelp } from "./help.js";
import { allowLargeHeap } from "./memory.js";
import { removeTemporaryFiles } from "./output.js";
import { didYouMean } from "./suggest.js";

/** Commands are loaded when they are run: help need not wait for the phone metadata. */
const COMMANDS: Readonly<Record<string, { readonly description: string; load(): Promise<Command> }>> = {
  resolve: {
    description: "Join fragments of leads into profiles",
    load: async () => (await import("./resolve.js")).resolveCommand,
  },
  evaluate: {
    description: "Compare assignments with the truth",
    load: async () => (await import("./evaluate.js")).evaluateCommand,
  },
  explain: {
    description: "Say why two fragments are, or are not, one person",
    load: async () => (await import("./explain.js")).explainCommand,
  },
  lookup: {
    description: "Rank the profiles of a store for a caller or a form",
    load: async () => (await import("./lookup.js")).lookupCommand,
  },
  stats: {
    description: "Say what a store holds",
    load: async () => (await import("./stats.js")).statsCommand,
  },
  drain: {
    description: "Carry out what ingests into a store have put off",
    load: async () => (await import("./drain.js")).drainCommand,
  },
  check: {
    description: "Look for what does not fit together in a store",
    load: async () => (await import("./check.js")).checkCommand,
  },
  backup: {
    description: "Copy a store while others work on it",
    load: async () => (await import("./backup.js")).backupCommand,
  },
  restore: {
    description: "Make a store of a backup",
    load: async () => (await import("./restore.js")).restoreCommand,
  },
  compact: {
    description: "Drop the beginning of a store's feed of changes",
    load: async () => (await import("./compact.js")).compactCommand,
  },
  "rotate-pepper": {
    description: "Give a store another pepper",
    load: async () => (await import("./rotatePepper.js")).rotatePepperCommand,
  },
  migrate: {
    description: "Bring a store to the format of this release",
    load: async () => (await import("./migrate.js")).migrateCommand,
  },
  "export-subject": {
    description: "Write down all that a store holds on one person",
    load: async () => (await import("./exportSubject.js")).exportSubjectCommand,
  },
  erase: {
    description: "Erase a person from a store",
    load: async () => (await import("./erase.js")).eraseCommand,
  },
  simulate: {
    description: "Make call-tracking leads with known truth",
    load: async () => (await import("./simulate.js")).simulateCommand,
  },
  demo: {
    description: "Simulate, resolve, evaluate and explain 600 people",
    load: async () => (await import("./demo.js")).demoCommand,
  },
};

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}

function isHelp(arg: string): boolean {
  return arg === "--help" || arg === "-h";
}

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || isHelp(name) || name === "help") {
    const topic = name === "help" ? COMMANDS[rest[0] ?? ""] : undefined;
    const text = topic === undefined ? rootHelp(COMMANDS, packageVersion()) : helpOf(await topic.load());
    (name === undefined ? process.stderr : process.stdout).write(text);
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "-v") {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) {
    const what = name.startsWith("-") ? "option" : "command";
    throw new UsageError(`unknown ${what} ${name}${didYouMean(name, Object.keys(COMMANDS))}`);
  }
  const command = await entry.load();
  if (rest.some(isHelp)) {
    process.stdout.write(helpOf(command));
    return 0;
  }
  const definition = defineCommand({
    meta: { name, description: command.description },
    args: command.args,
    run: ({ args }) => command.run(new Flags(args, args._)),
  });
  const { result } = await runCommand(definition, { rawArgs: normalizeCommandLine(rest, command) });
  return result as number;
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever read the output has seen enough (`| head`): no fault of anybody's.
  process.exit(error.code === "EPIPE" ? 0 : 1);
});
process.on("exit", removeTemporaryFiles);
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

allowLargeHeap();
main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    const failure = failureOf(error);
    const isDebug = process.env.LEADWEAVE_DEBUG === "1";
    if (isDebug) process.stderr.write(`${inspect(error)}\n`);
    if (failure === null) {
      // Its message may quote a value of the input, so only its name is shown.
      const what = error instanceof Error ? error.name : typeof error;
      process.stderr.write(`leadweave: unexpected fault (${what}); set LEADWEAVE_DEBUG=1 to see where\n`);
    } else {
      const [name = ""] = process.argv.slice(2);
      const hint =
        failure.exitCode === 2
          ? `\nSee leadweave ${Object.hasOwn(COMMANDS, name) ? `${name} ` : ""}--help`
          : "";
      process.stderr.write(`leadweave: ${failure.message}${hint}\n`);
    }
    process.exitCode = failure?.exitCode ?? 1;
  },
);
