import type { Change } from "../resolve/plan/changes.js";
import type { Kind, RowKind } from "../resolve/plan/documents.js";
import type { RowChange, RowRange } from "../resolve/plan/view.js";

/** Names a document. */
export interface Ref {
  readonly kind: Kind;
  readonly id: string;
}

/** Documents of one kind in the order of their ids (code units), after `after`, at most `limit`. */
export interface Scan {
  readonly scan: Kind;
  readonly after: string | null;
  readonly limit: number;
}

export type Wanted = Ref | RowRange | Scan;

/** A document as the store holds it. Versions are opaque, never reused, and 0 where there is none. */
export interface DocumentEntry extends Ref {
  readonly version: number;
  /** JSON; null where there is none. */
  readonly text: string | null;
}

/** What answers one wish, in the order of the wishes. */
export type Entry =
  | { readonly type: "document"; readonly document: DocumentEntry }
  | { readonly type: "rows"; readonly names: readonly string[] }
  | { readonly type: "scan"; readonly documents: readonly DocumentEntry[] };

/** Everything one plan would change, and everything that it rests on. */
export interface Changeset {
  /** Documents read, with the version seen; 0 where there was none. */
  readonly expect: readonly (Ref & { readonly version: number })[];
  readonly puts: readonly (Ref & { readonly text: string })[];
  readonly deletes: readonly Ref[];
  /** Rows are put and deleted without being expected: the documents that they belong to guard them. */
  readonly rows: readonly RowChange[];
  readonly changes: readonly Change[];
}

/** A place in the feed: opaque; null is the beginning. */
export type Cursor = string | null;

export interface FeedEntry {
  /** Continue after this one from here. */
  readonly cursor: string;
  readonly change: Change;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
}

/**
 * Where documents are kept. It knows nothing of identity: it reads, and it changes all or nothing, provided that what a changeset
 * expects still holds.
 */
export interface Store {
  /** One round trip. Documents may be read at different times: whoever needs them to fit together finds out at `commit`. */
  read(wanted: readonly Wanted[], options?: ReadOptions): Promise<readonly Entry[]>;
  /** All or nothing: "conflict" when an expectation does not hold, and then nothing has changed. */
  commit(changeset: Changeset): Promise<"committed" | "conflict">;
  /** The feed after a cursor, up to what is committed now. A reader never skips a change that commits later. */
  changes(after: Cursor, options?: ReadOptions): AsyncIterable<FeedEntry>;
  /** Documents of a kind, approximately. */
  count(kind: Kind): Promise<number>;
  /** Removes for good what was deleted or written over, as far as the store can: from free pages, logs and the like. */
  scrub?(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

export type { RowKind };
