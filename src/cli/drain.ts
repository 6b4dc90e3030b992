import type { Command, Flags } from "./command.js";
import { STORE_ARGS } from "./store.js";
import { drainAll } from "./storeIngest.js";
import { withStore } from "./storeSession.js";
import { counted } from "./table.js";

export const drainCommand: Command = {
  name: "drain",
  description: "Carries out what ingests have put off, until nothing is left that can be.",
  operands: "",
  args: {
    ...STORE_ARGS,
    json: { type: "boolean", description: "As JSON" },
    quiet: { type: "boolean", alias: "q", description: "No progress on standard error" },
  },
  examples: [{ what: "After many writers", command: "leadweave drain --store ./leads.db" }],
  run: runDrain,
};

function runDrain(flags: Flags): Promise<number> {
  return withStore(flags, {}, async ({ name, resolver }) => {
    const drained = await drainAll(resolver, flags.is("quiet"));
    const text =
      drained.steps + drained.left === 0
        ? `nothing waits in ${name}`
        : `${counted(drained.steps, "step")} done, ${drained.left} left: what others work on`;
    process.stdout.write(flags.is("json") ? `${JSON.stringify({ store: name, ...drained })}\n` : `${text}\n`);
    return 0;
  });
}
