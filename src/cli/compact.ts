import { compactFeed } from "../engine/compact.js";
import type { Trim } from "../stores/store.js";
import type { Command, Flags } from "./command.js";
import { UsageError } from "./failure.js";
import { STORE_ARGS } from "./store.js";
import { modelOf, notBegun, withHandle } from "./storeSession.js";
import { counted } from "./table.js";

const { store, schema } = STORE_ARGS;

export const compactCommand: Command = {
  name: "compact",
  description: "Drops the beginning of a store's feed of changes.",
  operands: "",
  args: {
    store,
    schema,
    keep: { type: "string", valueHint: "N", description: "Keep the last N entries, drop all before them" },
    through: {
      type: "string",
      valueHint: "CURSOR",
      description:
        "Drop all up to a cursor of the feed, that entry included: one that every reader has passed",
    },
    json: { type: "boolean", description: "As JSON, with the cursors at which the feed begins and ends" },
  },
  notes: [
    "Readers that stand before what was dropped are told (cursor-expired) and begin with a snapshot: keep more than is written while\n" +
      "the slowest of them is away. Profiles, ids and versions stay as they are. Others may work on the store meanwhile; cut off, run it\n" +
      "again. It is one feed for all tenants, so it is dropped for all of them.",
  ],
  examples: [
    { what: "Every night", command: "leadweave compact --store ./leads.db --keep 1_000_000" },
    {
      what: "What the warehouse has read",
      command: "leadweave compact --store postgres://db.example/leads --through 1.48211.90417",
    },
  ],
  run: runCompact,
};

async function runCompact(flags: Flags): Promise<number> {
  const upTo = upToOf(flags);
  await withHandle(flags, { begins: false }, async (handle) => {
    const { whole, name } = handle;
    if ((await whole.feedBounds?.())?.end === null && (await modelOf(whole)) === null) throw notBegun(handle);
    const compacted = await compactFeed(whole, upTo, undefined);
    if (flags.is("json")) process.stdout.write(`${JSON.stringify({ store: name, ...compacted })}\n`);
    else process.stdout.write(`${name}: dropped ${counted(compacted.dropped, "change")} from the feed\n`);
  });
  return 0;
}

function upToOf(flags: Flags): Trim {
  const keep = flags.number(
    "keep",
    (value) => Number.isSafeInteger(value) && value >= 0,
    "a whole number of at least 0",
  );
  const through = flags.text("through");
  if ((keep === undefined) === (through === undefined))
    throw new UsageError("say what to drop: --keep N or --through CURSOR");
  return keep === undefined ? { through: through as string } : { keep };
}
