import { decodeDocument, encodeDocument } from "../resolve/plan/codec.js";
import type { Documents, Kind } from "../resolve/plan/documents.js";
import { View } from "../resolve/plan/view.js";
import { cursorExpired, StoreError } from "./error.js";
import { MemorySource } from "./memory.js";
import type { Changeset, Cursor, DocumentEntry, Entry, FeedEntry, Scan, Store, Wanted } from "./store.js";
import { checkKeep } from "./trim.js";
import { compareUtf8 } from "./utf8Order.js";

/** The reference store. Whoever knows it may plan on `source` in one synchronous pass; to all others it is a store like any. */
export interface MemoryStore extends Store {
  readonly source: MemorySource;
}

/** Keeps everything in this process, for as long as it runs: for tests, for one-off runs, and to begin with. */
export function createMemoryStore(): MemoryStore {
  const source = new MemorySource();
  const { feed } = source;
  let isClosed = false;

  function checkOpen(): void {
    if (isClosed) throw new StoreError("closed", "the memory store is closed: make another one");
  }

  function entryOf(kind: Kind, id: string): DocumentEntry {
    const { doc } = source.slot(kind, id);
    const text = doc === null ? null : encodeDocument(kind, doc);
    return { kind, id, version: source.version(kind, id), text };
  }

  function answer(wanted: Wanted): Entry {
    if ("scan" in wanted) return { type: "scan", documents: scan(wanted) };
    if ("owner" in wanted) {
      const names = [...source.rows(wanted.kind, wanted.owner, Number.POSITIVE_INFINITY)];
      return { type: "rows", names: names.sort(compareUtf8).slice(0, wanted.limit) };
    }
    return { type: "document", document: entryOf(wanted.kind, wanted.id) };
  }

  function scan({ scan: kind, after, limit }: Scan): DocumentEntry[] {
    const ids: string[] = [];
    for (const { id } of source.all(kind)) if (after === null || compareUtf8(id, after) > 0) ids.push(id);
    return ids
      .sort(compareUtf8)
      .slice(0, limit)
      .map((id) => entryOf(kind, id));
  }

  function commitNow({ expect, puts, deletes, rows, changes }: Changeset): "committed" | "conflict" {
    if (expect.some(({ kind, id, version }) => source.version(kind, id) !== version)) return "conflict";
    // Before anything is planned: text that is no JSON must leave nothing behind.
    const docs = puts.map(({ kind, text }) => decodeDocument(kind, text, source.table) as Documents[Kind]);
    const view = new View(source);
    for (const [at, { kind, id }] of puts.entries()) view.put(kind, id, docs[at] as Documents[Kind]);
    for (const { kind, id } of deletes) view.put(kind, id, null);
    for (const { kind, owner, name, isPut } of rows) {
      if (isPut) view.putRow(kind, owner, name);
      else view.deleteRow(kind, owner, name);
    }
    view.changes.push(...changes);
    source.commit(view);
    return "committed";
  }

  return {
    source,
    async read(wanted, { signal } = {}) {
      checkOpen();
      signal?.throwIfAborted();
      const entries = wanted.map(answer);
      source.sweep();
      return entries;
    },
    async commit(changeset) {
      checkOpen();
      return commitNow(changeset);
    },
    async *changes(after, { signal } = {}): AsyncGenerator<FeedEntry> {
      checkOpen();
      const { end } = feed;
      for (let at = placeOf(after, end); at < end; at++) {
        signal?.throwIfAborted();
        if (at < feed.dropped) throw cursorExpired();
        const change = feed.at(at);
        if (change !== undefined) yield { cursor: String(at + 1), change };
      }
      signal?.throwIfAborted();
    },
    async feedBounds() {
      checkOpen();
      return { start: cursorAt(feed.dropped), end: cursorAt(feed.end) };
    },
    async trim(upTo) {
      checkOpen();
      const { dropped, end } = feed;
      const through = "keep" in upTo ? end - checkKeep(upTo.keep) : placeOf(upTo.through, end);
      const count = Math.max(0, through - dropped);
      feed.drop(count);
      return count;
    },
    async count(kind) {
      checkOpen();
      return source.count(kind);
    },
    async countWithin(kind, prefix) {
      checkOpen();
      let count = 0;
      for (const { id } of source.all(kind)) if (id.startsWith(prefix)) count++;
      return count;
    },
    async close() {
      isClosed = true;
    },
  };
}

/** Entries before a cursor. */
function placeOf(cursor: Cursor, end: number): number {
  if (cursor === null) return 0;
  if (/^[1-9]\d{0,14}$/.test(cursor) && Number(cursor) <= end) return Number(cursor);
  throw new StoreError("corrupt", "no such place in the feed: begin again with null");
}

function cursorAt(place: number): Cursor {
  return place === 0 ? null : String(place);
}

export function isMemoryStore(store: Store): store is MemoryStore {
  return "source" in store && store.source instanceof MemorySource;
}
