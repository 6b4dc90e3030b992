import { StoreError } from "../stores/error.js";
import type { FeedBounds, Store, Trim } from "../stores/store.js";

/** What to drop from the feed, by its place or by what is to stay. */
export type CompactOptions = Trim & { readonly signal?: AbortSignal };

/** The feed after it was compacted. */
export interface Compacted extends FeedBounds {
  /** Entries that were dropped. */
  readonly dropped: number;
}

/** @throws StoreError `unsupported`, or as `trim` of the store; TypeError for a number of entries that is none */
export async function compactFeed(
  store: Store,
  upTo: Trim,
  signal: AbortSignal | undefined,
): Promise<Compacted> {
  if (store.trim === undefined || store.feedBounds === undefined)
    throw new StoreError(
      "unsupported",
      "this store keeps all of its feed: a tenant's part is compacted with the whole store, another store by what it has for that",
    );
  const dropped = await store.trim(upTo, signal === undefined ? {} : { signal });
  return { dropped, ...(await store.feedBounds()) };
}
