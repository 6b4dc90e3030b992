import type { Changeset, Store } from "../../src/stores/store.js";

/** What a resolver asked of a store, and what it sent. */
export interface Traffic {
  reads: number;
  commits: number;
  conflicts: number;
  /** The largest changesets of those that came through, to be sent again as they are. */
  readonly changesets: Changeset[];
}

const KEPT = 2_000;

/** A store that counts round trips and conflicts, and keeps the first changesets. */
export function countTraffic(
  store: Store,
  isKeeping: boolean,
): { readonly store: Store; readonly traffic: Traffic } {
  const traffic: Traffic = { reads: 0, commits: 0, conflicts: 0, changesets: [] };
  return {
    traffic,
    store: {
      changes: (after, options) => store.changes(after, options),
      count: (kind) => store.count(kind),
      close: () => store.close(),
      read(wanted, options) {
        traffic.reads++;
        return store.read(wanted, options);
      },
      async commit(changeset) {
        traffic.commits++;
        const result = await store.commit(changeset);
        if (result === "conflict") traffic.conflicts++;
        else if (isKeeping && traffic.changesets.length < KEPT && changeset.puts.length > 0)
          traffic.changesets.push(changeset);
        return result;
      },
    },
  };
}
