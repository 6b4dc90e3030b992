/** What a store is, for those who write adapters, and the store that comes with the package. */
export type { Cause, Change } from "../resolve/plan/changes.js";
export type { Kind, RowKind } from "../resolve/plan/documents.js";
export type { RowChange, RowRange } from "../resolve/plan/view.js";
export { StoreError, type StoreErrorCode } from "./error.js";
export { createMemoryStore, type MemoryStore } from "./memoryStore.js";
export type {
  Changeset,
  Cursor,
  DocumentEntry,
  Entry,
  FeedBounds,
  FeedEntry,
  ReadOptions,
  Ref,
  Scan,
  Store,
  Trim,
  Wanted,
} from "./store.js";
export { createTenantStore } from "./tenant.js";
export { compareUtf8 } from "./utf8Order.js";
export { createYieldingStore, type YieldPoint } from "./yielding.js";
