import { StoreError } from "../error.js";
import type { DocumentEntry, Entry, Wanted } from "../store.js";
import type { Row } from "./client.js";
import { numberOfKind, numberOfRowKind } from "./kinds.js";

const MOST = 2_147_483_647;

/** Wishes as the function `read` takes them: JSON texts, null where there are none of a sort. */
export function wishTexts(wanted: readonly Wanted[]): (string | null)[] {
  const refs: unknown[] = [];
  const ranges: unknown[] = [];
  const scans: unknown[] = [];
  wanted.forEach((wish, at) => {
    if ("scan" in wish) scans.push([at, numberOfKind(wish.scan), wish.after, limitOf(wish.limit)]);
    else if ("owner" in wish) ranges.push([at, numberOfRowKind(wish.kind), wish.owner, limitOf(wish.limit)]);
    else refs.push([numberOfKind(wish.kind), wish.id]);
  });
  return [refs, ranges, scans].map((wishes) => (wishes.length === 0 ? null : JSON.stringify(wishes)));
}

const limitOf = (limit: number): number => Math.max(0, Math.min(MOST, Math.floor(limit)));

/** What the function `read` answered, in the order of the wishes: it returns references, then ranges, then scans. */
export function entriesOf(wanted: readonly Wanted[], rows: readonly Row[]): Entry[] {
  const entries: Entry[] = [];
  /** Where the answer to each reference goes: the function counts them by themselves. */
  const places: number[] = [];
  wanted.forEach((wish, at) => {
    if ("scan" in wish) entries.push({ type: "scan", documents: [] });
    else if ("owner" in wish) entries.push({ type: "rows", names: [] });
    else {
      places.push(at);
      entries.push({ type: "document", document: { kind: wish.kind, id: wish.id, version: 0, text: null } });
    }
  });
  for (const { at, name, version, doc } of rows) {
    if (name === null) {
      const place = places[Number(at) - 1] ?? -1;
      const wish = wanted[place];
      if (wish === undefined || !("id" in wish)) throw corrupt();
      entries[place] = { type: "document", document: documentOf(wish.kind, wish.id, version, doc) };
      continue;
    }
    const wish = wanted[Number(at)];
    const entry = entries[Number(at)];
    if (entry?.type === "rows") (entry.names as string[]).push(String(name));
    else if (entry?.type === "scan" && wish !== undefined && "scan" in wish)
      (entry.documents as DocumentEntry[]).push(documentOf(wish.scan, String(name), version, doc));
  }
  return entries;
}

function documentOf(kind: DocumentEntry["kind"], id: string, version: unknown, doc: unknown): DocumentEntry {
  const number = Number(version);
  // Every document is an object, so this is the least that can be asked of one without parsing it.
  if (!Number.isSafeInteger(number) || number < 1 || typeof doc !== "string" || !doc.startsWith("{"))
    throw corrupt();
  return { kind, id, version: number, text: doc };
}

function corrupt(): StoreError {
  return new StoreError(
    "corrupt",
    "a document in the tables is none: run `leadweave check`, or restore a backup",
  );
}
