import type { Entry, Store } from "./store.js";

/** Where a yielding store lets others go first. */
export type YieldPoint = "read" | "commit" | "committed";

/**
 * A store without snapshots and without haste: each wish of one read is read at its own time, and between them, and before and
 * after each commit, others may go first. What is rare with a quick store (documents that do not fit together, conflicts,
 * retries) happens all the time here, which is what tests of adapters and of their callers want.
 *
 * @param schedule decides when each step goes on; default: once all who wait already have had their turn
 */
export function createYieldingStore(
  store: Store,
  schedule: (point: YieldPoint) => Promise<void> = async () => {},
): Store {
  return {
    async read(wanted, options) {
      const entries: Entry[] = [];
      for (const wish of wanted) {
        await schedule("read");
        entries.push(...(await store.read([wish], options)));
      }
      return entries;
    },
    async commit(changeset) {
      await schedule("commit");
      const result = await store.commit(changeset);
      await schedule("committed");
      return result;
    },
    changes: (after, options) => store.changes(after, options),
    count: (kind) => store.count(kind),
    ...(store.countWithin === undefined ? {} : { countWithin: store.countWithin.bind(store) }),
    ...(store.feedBounds === undefined ? {} : { feedBounds: store.feedBounds.bind(store) }),
    ...(store.trim === undefined ? {} : { trim: store.trim.bind(store) }),
    ...(store.scrub === undefined ? {} : { scrub: store.scrub.bind(store) }),
    close: () => store.close(),
  };
}
