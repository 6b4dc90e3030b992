import { constants } from "node:fs";
import { copyFile, open, stat } from "node:fs/promises";
import { forPopulation, parseModel, serializeModel } from "../model/index.js";
import type { Command, Flags } from "./command.js";
import { checkDump, type DumpedDocument, documentsOf, readDump } from "./dump.js";
import { InputError, UsageError } from "./failure.js";
import { type Restored, restoreInto } from "./restoring.js";
import { openFile } from "./sqliteFile.js";
import { addressOf, STORE_ARGS, type StoreAddress } from "./store.js";
import { withHandle } from "./storeSession.js";
import { countText } from "./table.js";

export const restoreCommand: Command = {
  name: "restore",
  description: "Makes a store of what leadweave backup wrote.",
  operands: "FILE",
  args: {
    ...STORE_ARGS,
    population: {
      type: "string",
      valueHint: "N",
      description: "Resolve for so many strands from now on (default: as the store did)",
    },
    json: { type: "boolean", description: "As JSON" },
    quiet: { type: "boolean", alias: "q", description: "No progress on standard error" },
  },
  notes: [
    "The copy of a file becomes a file again as it was. Into any other store, or with --population, and from a portable dump, what the\n" +
      "store was told is resolved afresh. The pepper must be the one that the store had. Cut off, it is run again and goes on.",
  ],
  examples: [
    {
      what: "A file from last night's copy",
      command: "leadweave restore leads-monday.db --store ./leads.db",
    },
    {
      what: "A store that has outgrown its model",
      command: "leadweave restore leads.ndjson --store ./wider.db --population 1_000_000",
    },
  ],
  run: runRestore,
};

const SQLITE_HEAD = "SQLite format 3\0";

async function runRestore(flags: Flags): Promise<number> {
  const [from, ...others] = flags.operands;
  if (from === undefined || others.length > 0)
    throw new UsageError("name one FILE that leadweave backup wrote");
  const address = addressOf(flags);
  const isCopy = await isSqlite(from);
  if (!isCopy) await checkDump(from);
  const population = flags.number("population", (value) => value >= 1, "a number of at least 1");
  if (isCopy && address.type === "sqlite" && population === undefined && flags.text("tenant") === undefined) {
    await copyBack(from, address, flags);
    return 0;
  }
  const adapt = (model: string): string => {
    const parsed = parseModel(model);
    if (!parsed.ok)
      throw new InputError(`${from}: its model is not valid: it was changed, or is of a newer release`);
    return population === undefined ? model : serializeModel(forPopulation(parsed.value, population));
  };
  await withHandle(flags, { begins: true }, async (handle, pepper) => {
    const restored = await withDocuments(from, isCopy, (documents) =>
      restoreInto(handle, pepper, documents, adapt, flags.is("quiet")),
    );
    if (flags.is("json")) process.stdout.write(`${JSON.stringify({ store: handle.name, ...restored })}\n`);
    else process.stdout.write(`${textOf(handle.name, restored)}\n`);
  });
  return 0;
}

async function isSqlite(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(SQLITE_HEAD.length),
        0,
        SQLITE_HEAD.length,
        0,
      );
      return buffer.toString("latin1", 0, bytesRead) === SQLITE_HEAD;
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const why =
      code === "ENOENT" ? "no such file" : code === "EISDIR" ? "is a folder, not a file" : "cannot be read";
    throw new InputError(`${path}: ${why}`);
  }
}

async function copyBack(from: string, { name }: StoreAddress, flags: Flags): Promise<void> {
  for (const path of [name, `${name}-wal`])
    if ((await stat(path).catch(() => null)) !== null)
      throw new InputError(`${path}: is there already: move it away, or name another --store`);
  // What is no store must not look like one that was restored.
  await (await openFile({ path: from, readOnly: true })).close();
  try {
    await copyFile(from, name, constants.COPYFILE_EXCL);
  } catch {
    throw new InputError(`${name}: cannot be written: check its folder and the room on its disk`);
  }
  await withHandle(flags, { begins: false }, async ({ whole }) => {
    const fragments = await whole.count("fragment");
    process.stdout.write(`${name}: restored as it was, ${countText(fragments)} fragments\n`);
  });
}

async function withDocuments<T>(
  from: string,
  isCopy: boolean,
  work: (documents: AsyncIterable<DumpedDocument>) => Promise<T>,
): Promise<T> {
  if (!isCopy) return work(readDump(from));
  const store = await openFile({ path: from, readOnly: true });
  try {
    return await work(documentsOf(store));
  } finally {
    await store.close();
  }
}

function textOf(name: string, { fragments, removals, assertions, suppressed }: Restored): string {
  const more = [
    removals > 0 ? `${countText(removals)} removals` : "",
    assertions > 0 ? `what was said of ${countText(assertions)}` : "",
    suppressed > 0 ? `${countText(suppressed)} that may not come back` : "",
  ].filter((text) => text !== "");
  return `${name}: restored ${countText(fragments)} fragments${more.length > 0 ? `, ${more.join(", ")}` : ""}`;
}
