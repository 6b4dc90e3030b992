import { stat } from "node:fs/promises";
import type { Command, Flags } from "./command.js";
import { writeDump } from "./dump.js";
import { InputError, UsageError } from "./failure.js";
import { commitAll, discardAll, openOutputs } from "./output.js";
import { startProgress } from "./progress.js";
import { STORE_ARGS, type StoreHandle } from "./store.js";
import { modelOf, notBegun, withHandle } from "./storeSession.js";
import { countText } from "./table.js";

export const backupCommand: Command = {
  name: "backup",
  description: "Writes a copy of a store while others go on working on it.",
  operands: "",
  args: {
    ...STORE_ARGS,
    out: {
      type: "string",
      alias: "o",
      valueHint: "FILE",
      description: "The copy: a file that is not there yet",
    },
    portable: {
      type: "boolean",
      description:
        "A dump as NDJSON that any store can be restored from; always so unless the store is a file",
    },
    quiet: { type: "boolean", alias: "q", description: "No progress and no notes on standard error" },
  },
  notes: [
    "Of a store in a file the copy is that store as of one moment, with everything. A portable dump holds what the store was told:\n" +
      "fragments, removals, assertions, what may not come back, and its model. Restoring it resolves them afresh: the same profiles,\n" +
      "under ids of their own, with new versions and a new feed. Copies hold personal data, and what is erased later.",
  ],
  examples: [
    { what: "Every night", command: "leadweave backup --store ./leads.db --out leads-monday.db" },
    {
      what: "From a file to a server",
      command:
        "leadweave backup --store ./leads.db --portable --out leads.ndjson && leadweave restore leads.ndjson --store postgres://db.example/leads",
    },
  ],
  run: runBackup,
};

async function runBackup(flags: Flags): Promise<number> {
  const out = flags.text("out");
  if (out === undefined) throw new UsageError("say where to: --out FILE");
  if (out !== "-" && (await stat(out).catch(() => null)) !== null)
    throw new InputError(`${out}: is there already: name a file that is not, or remove it first`);
  // SQLite takes its own copy for a change.
  const isReading = flags.is("portable") || flags.text("tenant") !== undefined;
  await withHandle(flags, { begins: false, readOnly: isReading }, async (handle) => {
    if ((await modelOf(handle.store)) === null) throw notBegun(handle);
    const isPortable = flags.is("portable") || handle.file === null;
    if (!isPortable && out === "-") throw new UsageError("--out - needs --portable");
    const what = isPortable ? await dump(handle, out, flags.is("quiet")) : await copy(handle, out);
    if (!flags.is("quiet")) process.stderr.write(`${what}\n`);
  });
  return 0;
}

async function copy({ file, name }: StoreHandle, out: string): Promise<string> {
  await file?.backup(out);
  return `copied ${name} to ${out}`;
}

async function dump({ store, name }: StoreHandle, out: string, isQuiet: boolean): Promise<string> {
  const outputs = await openOutputs({ out });
  const progress = startProgress("dumping documents", isQuiet);
  try {
    const output = outputs.out;
    if (output === undefined) throw new UsageError("say where to: --out FILE");
    const documents = await writeDump(store, output, (done) => progress.update(done));
    progress.end();
    await commitAll(outputs);
    return `dumped ${countText(documents)} documents of ${name} to ${out}`;
  } finally {
    await discardAll(outputs);
  }
}
