import type { Command, Flags } from "./command.js";
import { migrateFile } from "./sqliteFile.js";
import { addressOf, STORE_ARGS, tablePrefixOf } from "./store.js";
import { withHandle } from "./storeSession.js";

const { store, schema } = STORE_ARGS;

export const migrateCommand: Command = {
  name: "migrate",
  description: "Brings a store to the format of this release, or makes its tables where there are none.",
  operands: "",
  args: { store, schema },
  notes: [
    "Safe to run twice, and from several processes at once. Back up first: there is no way back to an older release.",
  ],
  examples: [
    { what: "After an update", command: "leadweave migrate --store ./leads.db" },
    {
      what: "Before the first use of a database",
      command: "leadweave migrate --store postgres://db.example/leads",
    },
  ],
  run: runMigrate,
};

async function runMigrate(flags: Flags): Promise<number> {
  const address = addressOf(flags);
  if (address.type === "sqlite") {
    const { from, to } = await migrateFile({ path: address.path, ...tablePrefixOf(flags) });
    const done =
      from === null
        ? `made, format ${to}`
        : from === to
          ? `has format ${to} already`
          : `brought from format ${from} to ${to}`;
    process.stdout.write(`${address.name}: ${done}\n`);
    return 0;
  }
  await withHandle(flags, { begins: true }, ({ whole }) => whole.count("fragment"));
  process.stdout.write(`${address.name}: is of the format of this release\n`);
  return 0;
}
