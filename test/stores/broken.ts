import { setImmediate as turn } from "node:timers/promises";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import type { Changeset, DocumentEntry, Entry, FeedEntry, Ref, Store } from "../../src/stores/store.js";

/** Stores with one defect each, such as adapters have had, and the test of the kit that is named for it. */
export interface BrokenStore {
  readonly defect: string;
  readonly failsBy: string;
  readonly create: () => Store;
}

function intact(): Store {
  const { source: _, ...store } = createMemoryStore();
  return store;
}

function broken(defect: string, failsBy: string, breakStore: (store: Store) => Partial<Store>): BrokenStore {
  return {
    defect,
    failsBy,
    create() {
      const store = intact();
      return { ...store, ...breakStore(store) };
    },
  };
}

const nameOf = ({ kind, id }: Ref): string => `${kind} ${id}`;

/** The store with other versions in the place of its own. */
function withVersions(
  store: Store,
  versionOf: (ref: Ref) => number,
  written: (changeset: Changeset) => void,
): Partial<Store> {
  const told = (document: DocumentEntry): DocumentEntry => ({ ...document, version: versionOf(document) });
  return {
    async read(wanted, options) {
      const entries = await store.read(wanted, options);
      return entries.map((entry): Entry => {
        if (entry.type === "document") return { ...entry, document: told(entry.document) };
        return entry.type === "scan" ? { ...entry, documents: entry.documents.map(told) } : entry;
      });
    },
    async commit(changeset) {
      if (changeset.expect.some((ref) => versionOf(ref) !== ref.version)) return "conflict";
      const result = await store.commit({ ...changeset, expect: [] });
      written(changeset);
      return result;
    },
  };
}

/** The store with what `scan` answers changed. */
function withScans(
  store: Store,
  change: (all: readonly DocumentEntry[], after: string | null, limit: number) => readonly DocumentEntry[],
): Partial<Store> {
  return {
    async read(wanted, options) {
      const entries: Entry[] = [];
      for (const wish of wanted) {
        if (!("scan" in wish)) entries.push(...(await store.read([wish], options)));
        else {
          const [all] = await store.read([{ ...wish, after: null, limit: 1_000_000 }], options);
          const documents = all?.type === "scan" ? change(all.documents, wish.after, wish.limit) : [];
          entries.push({ type: "scan", documents });
        }
      }
      return entries;
    },
  };
}

const page = (
  documents: readonly DocumentEntry[],
  after: string | null,
  limit: number,
): readonly DocumentEntry[] => documents.filter(({ id }) => after === null || id > after).slice(0, limit);

export const BROKEN_STORES: readonly BrokenStore[] = [
  broken(
    "no version check",
    "commit: a document that is not at the version expected is a conflict",
    (store) => ({
      // Absence is checked: an insert fails by its primary key.
      commit: (changeset) =>
        store.commit({ ...changeset, expect: changeset.expect.filter(({ version }) => version === 0) }),
    }),
  ),
  broken("lost write", "commit: what was acknowledged is there, every document and row of it", (store) => ({
    // The last piece of a write that was cut into pieces.
    commit: (changeset) =>
      store.commit({ ...changeset, puts: changeset.puts.slice(0, Math.max(25, changeset.puts.length - 5)) }),
  })),
  broken(
    "torn commit",
    "commit: a conflict changes nothing: no document, no row, no entry of the feed",
    (store) => ({
      async commit(changeset) {
        const result = await store.commit(changeset);
        // The rows went out on a connection that was not in the transaction.
        if (result === "conflict")
          await store.commit({ ...changeset, expect: [], puts: [], deletes: [], changes: [] });
        return result;
      },
    }),
  ),
  broken("stale read", "read: every commit that was acknowledged before is seen", (store) => {
    const replica = new Map<string, Entry>();
    return {
      async read(wanted, options) {
        const entries = await store.read(wanted, options);
        const stale = wanted.map((wish, at) => replica.get(JSON.stringify(wish)) ?? (entries[at] as Entry));
        for (const [at, wish] of wanted.entries()) replica.set(JSON.stringify(wish), entries[at] as Entry);
        return stale;
      },
    };
  }),
  broken("skipped feed entry", "changes: every entry once, in the order of commits", (store) => ({
    // One number for all changes of a commit.
    commit: (changeset) => store.commit({ ...changeset, changes: changeset.changes.slice(-1) }),
  })),
  broken(
    "feed numbered before it is committed",
    "changes: a reader never skips one that commits later",
    (store) => {
      let next = 1;
      const feed: (FeedEntry & { readonly number: number })[] = [];
      return {
        async commit(changeset) {
          const first = next;
          next += changeset.changes.length;
          for (let turns = 0; turns < changeset.changes.length; turns++) await turn();
          const result = await store.commit({ ...changeset, changes: [] });
          if (result === "committed")
            for (const [at, change] of changeset.changes.entries())
              feed.push({ number: first + at, cursor: String(first + at), change });
          feed.sort((a, b) => a.number - b.number);
          return result;
        },
        async *changes(after) {
          for (const entry of [...feed]) if (after === null || entry.number > Number(after)) yield entry;
        },
      };
    },
  ),
  broken(
    "version reset on delete",
    "versions: never used again, not after delete and making anew either",
    (store) => {
      const versions = new Map<string, number>();
      return withVersions(
        store,
        (ref) => versions.get(nameOf(ref)) ?? 0,
        ({ puts, deletes }) => {
          for (const ref of puts) versions.set(nameOf(ref), (versions.get(nameOf(ref)) ?? 0) + 1);
          for (const ref of deletes) versions.delete(nameOf(ref));
        },
      );
    },
  ),
  broken("unordered scan", "scan: in the order of the UTF-8 bytes of ids", (store) =>
    withScans(store, (all, after, limit) => {
      const unordered = [...all].reverse();
      const from = after === null ? 0 : unordered.findIndex(({ id }) => id === after) + 1;
      return unordered.slice(from, from + limit);
    }),
  ),
  broken("scan in the order of UTF-16 code units", "scan: in the order of the UTF-8 bytes of ids", (store) =>
    withScans(store, (all, after, limit) =>
      page(
        [...all].sort((a, b) => (a.id < b.id ? -1 : 1)),
        after,
        limit,
      ),
    ),
  ),
  broken(
    "phantom on create",
    "commit: of those who make one document at the same time one succeeds",
    (store) => ({
      async commit(changeset) {
        const absent = changeset.expect.filter(({ version }) => version === 0);
        const found = await store.read(absent.map(({ kind, id }) => ({ kind, id })));
        if (found.some((entry) => entry.type === "document" && entry.document.version > 0)) return "conflict";
        // There is no row to lock.
        await turn();
        return store.commit({ ...changeset, expect: changeset.expect.filter(({ version }) => version > 0) });
      },
    }),
  ),
  broken("expected absence ignored", "commit: what is expected absent must be absent", (store) => ({
    commit: (changeset) =>
      store.commit({ ...changeset, expect: changeset.expect.filter(({ version }) => version > 0) }),
  })),
  broken(
    "verification without a look",
    "commit: only expectations tell whether what was read still holds",
    (store) => ({
      async commit(changeset) {
        const { puts, deletes, rows, changes } = changeset;
        return puts.length + deletes.length + rows.length + changes.length === 0
          ? "committed"
          : store.commit(changeset);
      },
    }),
  ),
  broken(
    "only what is written is checked",
    "commit: what is expected and not changed guards too",
    (store) => ({
      commit(changeset) {
        const written = new Set([...changeset.puts, ...changeset.deletes].map(nameOf));
        const isWriting = changeset.puts.length + changeset.deletes.length > 0;
        return store.commit({
          ...changeset,
          expect: changeset.expect.filter((ref) => !isWriting || written.has(nameOf(ref))),
        });
      },
    }),
  ),
  broken("U+0000 taken out", "documents: any JSON value comes back as it was", (store) => ({
    commit: (changeset) =>
      store.commit({
        ...changeset,
        puts: changeset.puts.map((put) => ({ ...put, text: put.text.replaceAll("\\u0000", "") })),
      }),
  })),
  broken(
    "ids without case",
    "names: any text without U+0000 names one document and one row, of every length up to 10,000",
    (store) => ({
      async read(wanted, options) {
        const entries = await store.read(
          wanted.map((wish) => ("id" in wish ? { ...wish, id: wish.id.toLowerCase() } : wish)),
          options,
        );
        return entries.map((entry, at): Entry => {
          const wish = wanted[at];
          return entry.type === "document" && wish !== undefined && "id" in wish
            ? { ...entry, document: { ...entry.document, id: wish.id } }
            : entry;
        });
      },
      commit(changeset) {
        const fold = <T extends Ref>(ref: T): T => ({ ...ref, id: ref.id.toLowerCase() });
        return store.commit({
          ...changeset,
          expect: changeset.expect.map(fold),
          puts: changeset.puts.map(fold),
          deletes: changeset.deletes.map(fold),
        });
      },
    }),
  ),
  broken("limits ignored", "rows: the first ones in the order of the UTF-8 bytes of names", (store) => ({
    read: (wanted, options) =>
      store.read(
        wanted.map((wish) => ("owner" in wish ? { ...wish, limit: 1_000_000 } : wish)),
        options,
      ),
  })),
  broken("any cursor is the beginning", "changes: a cursor that no feed gives is refused", (store) => ({
    changes: (after, options) => store.changes(after !== null && /^\d+$/.test(after) ? after : null, options),
  })),
  broken("answers when closed", "close: again is fine, and every call afterwards rejects", () => ({
    async close() {},
  })),
  broken("signals ignored", "signal: a call that is aborted rejects with the reason", (store) => ({
    read: (wanted) => store.read(wanted),
    changes: (after) => store.changes(after),
  })),
  broken(
    "what was dropped is passed over",
    "trim: a reader from before what was dropped is told, and never passes over it",
    (store) => ({
      async *changes(after, options) {
        const start = (await store.feedBounds?.())?.start ?? null;
        const isBefore = start !== null && Number(after ?? 0) < Number(start);
        yield* store.changes(isBefore ? start : after, options);
      },
    }),
  ),
  broken(
    "an emptied feed begins anew",
    "trim: a feed without entries goes on, and still tells whoever comes from before",
    (store) => ({
      async *changes(after, options) {
        const { start, end } = (await store.feedBounds?.()) ?? { start: null, end: null };
        if (start === null || start !== end) yield* store.changes(after, options);
      },
    }),
  ),
  broken(
    "one entry too many dropped",
    "trim: drops the entries up to a place, that one included, and no other",
    (store) => ({
      async trim(upTo, options) {
        const next = "keep" in upTo ? upTo : { through: String(Number(upTo.through) + 1) };
        return (await store.trim?.(next, options)) ?? 0;
      },
    }),
  ),
  broken(
    "a reader who has begun is not told",
    "trim: who reads meanwhile reads every entry, or is told",
    (store) => ({
      async *changes(after, options) {
        try {
          yield* store.changes(after, options);
        } catch (error) {
          const start = (await store.feedBounds?.())?.start ?? null;
          if (start === null || after !== null) throw error;
          yield* store.changes(start, options);
        }
      },
    }),
  ),
];
