import { decodeDocument, encodeDocument } from "../resolve/plan/codec.js";
import type { Documents, Kind } from "../resolve/plan/documents.js";
import { View } from "../resolve/plan/view.js";
import { MemorySource } from "./memory.js";
import type { Changeset, DocumentEntry, Entry, FeedEntry, Scan, Store, Wanted } from "./store.js";

/** The reference store. Whoever knows it may plan on `source` in one synchronous pass; to all others it is a store like any. */
export interface MemoryStore extends Store {
  readonly source: MemorySource;
}

/** Keeps everything in this process, for as long as it runs: for tests, for one-off runs, and to begin with. */
export function createMemoryStore(): MemoryStore {
  const source = new MemorySource();

  function entryOf(kind: Kind, id: string): DocumentEntry {
    const { doc } = source.slot(kind, id);
    const text = doc === null ? null : encodeDocument(kind, doc);
    return { kind, id, version: source.version(kind, id), text };
  }

  function answer(wanted: Wanted): Entry {
    if ("scan" in wanted) return { type: "scan", documents: scan(wanted) };
    if ("owner" in wanted) {
      const names = [...source.rows(wanted.kind, wanted.owner, Number.POSITIVE_INFINITY)].sort();
      return { type: "rows", names: names.slice(0, wanted.limit) };
    }
    return { type: "document", document: entryOf(wanted.kind, wanted.id) };
  }

  function scan({ scan: kind, after, limit }: Scan): DocumentEntry[] {
    const ids: string[] = [];
    for (const { id } of source.all(kind)) if (after === null || id > after) ids.push(id);
    return ids
      .sort()
      .slice(0, limit)
      .map((id) => entryOf(kind, id));
  }

  function commitNow({ expect, puts, deletes, rows, changes }: Changeset): "committed" | "conflict" {
    if (expect.some(({ kind, id, version }) => source.version(kind, id) !== version)) return "conflict";
    const view = new View(source);
    for (const { kind, id, text } of puts)
      view.put(kind, id, decodeDocument(kind, text, source.table) as Documents[Kind]);
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
      signal?.throwIfAborted();
      const entries = wanted.map(answer);
      source.sweep();
      return entries;
    },
    async commit(changeset) {
      return commitNow(changeset);
    },
    async *changes(after, { signal } = {}): AsyncGenerator<FeedEntry> {
      const end = source.changes.length;
      for (let at = after === null ? 0 : Number(after); at < end; at++) {
        signal?.throwIfAborted();
        const change = source.changes[at];
        if (change !== undefined) yield { cursor: String(at + 1), change };
      }
    },
    async count(kind) {
      return source.count(kind);
    },
    async close() {},
  };
}

export function isMemoryStore(store: Store): store is MemoryStore {
  return "source" in store && store.source instanceof MemorySource;
}
