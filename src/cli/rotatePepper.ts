import { link, open, rename, stat } from "node:fs/promises";
import { LeadweaveError } from "../engine/error.js";
import { isRotatedTo, type RotatedPepper, rotatePepper } from "../engine/rotate/rotate.js";
import type { RotationStep } from "../resolve/plan/documents.js";
import type { Command, Flags } from "./command.js";
import { InputError, UsageError } from "./failure.js";
import { readNewPepper, readPepper } from "./pepper.js";
import { startProgress } from "./progress.js";
import {
  addressOf,
  openStore,
  parseAddress,
  STORE_ARGS,
  type StoreAddress,
  type StoreHandle,
} from "./store.js";
import { modelOf, notBegun } from "./storeSession.js";
import { countText } from "./table.js";

export const rotatePepperCommand: Command = {
  name: "rotate-pepper",
  description: "Gives a store another pepper: the same profiles, ids and versions under other names.",
  operands: "",
  args: {
    ...STORE_ARGS,
    "new-pepper-file": {
      type: "string",
      valueHint: "FILE",
      description: "File with the new secret (default: the variable LEADWEAVE_NEW_PEPPER)",
    },
    to: {
      type: "string",
      valueHint: "ADDRESS",
      description: "An empty store that takes over (default: the same file; needed where the store is none)",
    },
    "to-schema": {
      type: "string",
      valueHint: "NAME",
      description: "Schema of the store that takes over (default: as --schema)",
    },
    json: { type: "boolean", description: "As JSON" },
    quiet: { type: "boolean", alias: "q", description: "No progress on standard error" },
  },
  notes: [
    "Stop everybody who works on the store: what they write meanwhile is lost, or found out at the end. At any moment either the old\n" +
      "store or the new one can be used, and no half of one; cut off, run the same again and it goes on. A file is filled beside the old\n" +
      "one, compared with it, and put in its place; the old one stays as FILE.old-pepper. Remove it once you trust the new one.",
    "Readers of the feed begin anew: the new feed tells every profile as it is. What was erased may not come back under the new pepper\n" +
      "either; the old one is kept for that in the settings, enciphered with the new one.",
  ],
  examples: [
    {
      what: "A file, in place",
      command: "leadweave rotate-pepper --store ./leads.db --pepper-file old.txt --new-pepper-file new.txt",
    },
    {
      what: "On a server, from one schema into another",
      command:
        "LEADWEAVE_NEW_PEPPER=… leadweave rotate-pepper --store postgres://db.example/leads --to postgres://db.example/leads --to-schema leads2",
    },
  ],
  run: runRotatePepper,
};

const STEPS: Readonly<Record<RotationStep, string>> = {
  told: "resolving afresh",
  ids: "taking over ids",
  components: "taking over profiles",
  strands: "taking over profiles",
  tombstones: "keeping out what was erased",
  compare: "comparing both stores",
  done: "done",
};

/** What one run came to. */
interface Outcome extends RotatedPepper {
  /** Where the store under the new pepper is. */
  readonly store: string;
  /** The file that was in its place. */
  readonly old: string | null;
}

async function runRotatePepper(flags: Flags): Promise<number> {
  const newPepper = await readNewPepper(flags);
  if (newPepper === undefined)
    throw new UsageError("name the new pepper: --new-pepper-file FILE, or the variable LEADWEAVE_NEW_PEPPER");
  const pepper = await readPepper(flags);
  if (pepper === newPepper) throw new UsageError("the new pepper is the old one: make another");
  const outcome =
    flags.text("to") === undefined
      ? await rotateFile(flags, pepper, newPepper)
      : await rotateInto(flags, pepper, newPepper);
  if (flags.is("json")) process.stdout.write(`${JSON.stringify(outcome)}\n`);
  else process.stdout.write(`${textOf(outcome)}\n`);
  return 0;
}

function textOf({ store, old, profiles, wasDone }: Outcome): string {
  const what = wasDone
    ? "has the new pepper already"
    : `${countText(profiles)} profiles under the new pepper`;
  return `${store}: ${what}${old === null ? "" : `; the old store is ${old}`}`;
}

async function rotateInto(flags: Flags, pepper: string | undefined, newPepper: string): Promise<Outcome> {
  const address = addressOf(flags);
  const to = parseAddress(flags.text("to") as string);
  const [schema, toSchema] = [flags.text("schema"), flags.text("to-schema") ?? flags.text("schema")];
  if (placeOf(address) === placeOf(to) && schema === toSchema)
    throw new UsageError("--to is the store itself: name another place, or another --to-schema");
  return rotate(flags, address, to, toSchema, pepper, newPepper);
}

function placeOf(address: StoreAddress): string {
  return address.type === "sqlite" ? address.path : address.name;
}

async function rotate(
  flags: Flags,
  address: StoreAddress,
  to: StoreAddress,
  toSchema: string | undefined,
  pepper: string | undefined,
  newPepper: string,
  isInPlace = false,
): Promise<Outcome> {
  const from = await openStore(flags, { begins: false }, address);
  try {
    const model = await modelOf(from.store);
    if (model === null) throw notBegun(from);
    const copy = await openStore(flags, { begins: true }, to, toSchema);
    try {
      const rotated = await fill(from, copy, pepper, newPepper, flags.is("quiet"));
      if (isInPlace) await part(from, copy);
      return { store: copy.name, old: null, ...rotated };
    } finally {
      await copy.close();
    }
  } finally {
    await from.close();
  }
}

/** Both files without their logs: one with the log of the other would be neither. */
async function part(...handles: readonly StoreHandle[]): Promise<void> {
  for (const { file, name } of handles)
    if ((await file?.standAlone()) !== true)
      throw new InputError(`${name}: others have it open: stop them, then run the same again`);
}

async function fill(
  from: StoreHandle,
  to: StoreHandle,
  pepper: string | undefined,
  newPepper: string,
  isQuiet: boolean,
): Promise<RotatedPepper> {
  let progress = startProgress(STEPS.told, isQuiet);
  try {
    return await rotatePepper({
      from: from.store,
      to: to.store,
      newPepper,
      ...(pepper === undefined ? {} : { pepper }),
      onStep(step) {
        progress.end();
        progress = startProgress(STEPS[step], isQuiet);
      },
    });
  } catch (error) {
    if (error instanceof LeadweaveError && error.code === "store-not-empty")
      throw new InputError(`${to.name}: holds something else already: name another place, or empty it`);
    throw error;
  } finally {
    progress.end();
  }
}

/** The copy is filled beside the file, and then takes its name in one step; the file itself keeps another name. */
async function rotateFile(flags: Flags, pepper: string | undefined, newPepper: string): Promise<Outcome> {
  const address = addressOf(flags);
  if (address.type !== "sqlite") throw new UsageError("this store is no file: name an empty one by --to");
  if (flags.text("tenant") !== undefined)
    throw new UsageError("a file has one pepper for each tenant: name an empty store by --to");
  if (flags.text("to-schema") !== undefined) throw new UsageError("--to-schema goes with --to");
  const { path, name } = address;
  const [partial, old] = [`${path}.new-pepper`, `${path}.old-pepper`];
  if (await isDone(flags, address, newPepper))
    return { store: name, old: (await exists(old)) ? old : null, profiles: 0, wasDone: true };
  if ((await exists(old)) && !(await isSameFile(path, old)))
    throw new InputError(`${old}: is there already, of a rotation before: move it away`);
  const to: StoreAddress = { type: "sqlite", path: partial, name: partial };
  await makeLike(path, partial);
  const { profiles } = await rotate(flags, address, to, flags.text("schema"), pepper, newPepper, true);
  for (const file of [path, partial])
    if (await exists(`${file}-wal`))
      throw new InputError(`${file}: others have opened it: stop them, then run the same again`);
  if (!(await exists(old))) await link(path, old);
  await rename(partial, path);
  return { store: name, old, profiles, wasDone: false };
}

async function isDone(flags: Flags, address: StoreAddress, newPepper: string): Promise<boolean> {
  const handle = await openStore(flags, { begins: false }, address);
  try {
    return await isRotatedTo(handle.store, newPepper);
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** An empty file that nobody may read who may not read the other: SQLite gives its log the same rights. */
async function makeLike(path: string, empty: string): Promise<void> {
  const { mode, uid, gid } = await stat(path);
  const file = await open(empty, "a", mode & 0o777);
  try {
    await file.chmod(mode & 0o777);
    // Only an administrator may give a file away; whoever else can rotate it owns what takes its place.
    await file.chown(uid, gid).catch(() => {});
  } finally {
    await file.close();
  }
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([stat(a), stat(b)]);
  return one.ino === other.ino && one.dev === other.dev;
}
