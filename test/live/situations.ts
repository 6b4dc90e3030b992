import type { Documents, Kind, RecheckDoc } from "../../src/resolve/plan/documents.js";
import type { MemoryStore } from "../../src/stores/memoryStore.js";
import type { Ref, Store } from "../../src/stores/store.js";
import { drainSome, firstWaiting, play, type Stage } from "./playing.js";
import type { Script } from "./scripts.js";

/** What random scripts must be able to bring about, or a property over them says nothing about it. */

const RECHECKED = ["event", "key", "claims", "block", "time"] as const;

export const SEQUENTIAL_SITUATIONS = [
  "event overflows",
  "cell dissolves",
  "cell gathers",
  "component put off",
  "component drained",
  "cell put off",
  "cell drained",
  "id forwarded",
  "id without anybody left",
  ...RECHECKED.flatMap((kind) => [`${kind} comes back`, `${kind} does not come back`]),
] as const;

export const CONCURRENT_SITUATIONS = [
  "torn view",
  "conflict",
  "retry",
  "contended",
  "value grows while it is counted",
] as const;

type Note = (situation: string) => void;

function docOf<K extends Kind>({ source }: MemoryStore, kind: K, id: string): Documents[K] | null {
  const { doc } = source.slot(kind, id);
  source.sweep();
  return doc;
}

/** Whether a value that is to be counted again links nothing for now. */
function isHeld({ store, kernel }: Stage, { kind, id }: RecheckDoc): boolean {
  const key = (): Documents["key"] | null => {
    const [type, scope, value] = JSON.parse(id) as [string, string, string];
    return docOf(store, "key", kernel.keyId(kernel.table.intern(type, value, scope)));
  };
  switch (kind) {
    case "event":
      return docOf(store, "event", kernel.name(id))?.over === true;
    case "key": {
      const doc = key();
      return doc?.generic === true || doc?.genericUntrusted === true;
    }
    case "claims":
      return key()?.claimsFull === true;
    case "block":
    case "time":
      return docOf(store, kind, id)?.full === true;
  }
}

/** Which cells stand alone, and which of them wait. */
function cellsOf({ source }: MemoryStore): Map<string, Documents["strand"]> {
  return new Map(
    [...source.all("strand")].filter(({ id, doc }) => doc.cell === id).map(({ id, doc }) => [id, doc]),
  );
}

function noteDocuments(stage: Stage, before: Map<string, Documents["strand"]>, note: Note): void {
  const { source } = stage.store;
  for (const [id, { alone, moving }] of cellsOf(stage.store)) {
    const held = before.get(id);
    if (held === undefined) continue;
    if (alone && !held.alone) note("cell dissolves");
    if (!alone && held.alone) note("cell gathers");
    if (moving && !held.moving) note("cell put off");
  }
  for (const { doc } of source.all("event")) if (doc.over) note("event overflows");
  for (const { doc } of source.all("pending")) if (doc.why === "component") note("component put off");
  for (const { doc } of source.all("id"))
    if (doc.founder === null) note(doc.forward === null ? "id without anybody left" : "id forwarded");
}

/** Drains step by step, and notes what each came to. */
function drainNoted(stage: Stage, note: Note): void {
  const { store } = stage;
  for (let waiting = firstWaiting(store); waiting !== null; waiting = firstWaiting(store)) {
    const { kind, id } = waiting;
    const recheck = kind === "recheck" ? docOf(store, "recheck", id) : null;
    const pending = kind === "pending" ? docOf(store, "pending", id) : null;
    const wasHeld = recheck !== null && isHeld(stage, recheck);
    const before = cellsOf(store);
    drainSome(stage, 1);
    noteDocuments(stage, before, note);
    const isDone = docOf(store, kind, id) === null;
    if (recheck !== null && wasHeld && isDone)
      note(`${recheck.kind} ${isHeld(stage, recheck) ? "does not come back" : "comes back"}`);
    if (pending !== null && isDone) note(`${pending.why} drained`);
  }
}

export async function noteSequential(stage: Stage, script: Script, note: Note): Promise<void> {
  for (const operation of script.operations) {
    const before = cellsOf(stage.store);
    if (operation.type === "drain") drainNoted(stage, note);
    else await play(stage, { ...script, operations: [operation] });
    noteDocuments(stage, before, note);
  }
  drainNoted(stage, note);
}

/**
 * A store that tells when one writer began afresh without having tried to commit: what it had read did not fit together. An attempt
 * reads nothing twice, and each call of `begin` is the start of another operation.
 */
export function noteTorn(store: Store, note: Note): { readonly store: Store; readonly begin: () => void } {
  const seen = new Set<string>();
  return {
    begin: () => seen.clear(),
    store: {
      ...store,
      async read(wanted, options) {
        const names = wanted.filter((one): one is Ref => "id" in one).map(({ kind, id }) => `${kind} ${id}`);
        if (names.some((name) => seen.has(name))) {
          note("torn view");
          seen.clear();
        }
        for (const name of names) seen.add(name);
        return store.read(wanted, options);
      },
      async commit(changeset) {
        seen.clear();
        const result = await store.commit(changeset);
        if (result === "conflict") note("conflict");
        else if (changeset.puts.some(({ text }) => /"counting":[2-9]/.test(text)))
          note("value grows while it is counted");
        return result;
      },
    },
  };
}
