import type { Change } from "../resolve/plan/changes.js";
import type { Kind, RowKind } from "../resolve/plan/documents.js";
import type { RowChange, RowRange } from "../resolve/plan/view.js";

/**
 * Names a document. Ids, owners and names of rows are well-formed Unicode text without U+0000, of up to 10,000 characters; the
 * same text means the same document only within one kind.
 */
export interface Ref {
  readonly kind: Kind;
  readonly id: string;
}

/**
 * Documents of one kind in the order of the UTF-8 bytes of their ids (the order of code points), beyond `after`, at most `limit`
 * (a whole number of at least 1). `after` need not name a document; null begins with the first.
 */
export interface Scan {
  readonly scan: Kind;
  readonly after: string | null;
  readonly limit: number;
}

/** One wish of a read: a document, the first rows of an owner in the order of their UTF-8 bytes, or a page of a kind. */
export type Wanted = Ref | RowRange | Scan;

/**
 * A document as the store holds it. A version is a safe integer of at least 1, or 0 where there is no document. It means nothing
 * but "as it was": a store never gives one document the same version twice, not after it was deleted and made again either.
 */
export interface DocumentEntry extends Ref {
  readonly version: number;
  /**
   * JSON that parses to what was put; spaces and the order of members may differ. Values hold any character, U+0000 and lone
   * surrogates as escapes among them. Null where there is no document.
   */
  readonly text: string | null;
}

/** What answers one wish, in the order of the wishes. */
export type Entry =
  | { readonly type: "document"; readonly document: DocumentEntry }
  | { readonly type: "rows"; readonly names: readonly string[] }
  | { readonly type: "scan"; readonly documents: readonly DocumentEntry[] };

/** Everything one plan would change, and everything that it rests on. It names a document, or a row, once in each list. */
export interface Changeset {
  /**
   * Documents read, with the version seen; 0 where there was none, and then there must be none still: of two who make the same
   * document at the same time one gets a conflict. Alone, without anything to change, it asks whether what was read fits together.
   */
  readonly expect: readonly (Ref & { readonly version: number })[];
  /** Made, or written over. What is not expected is written blindly. */
  readonly puts: readonly (Ref & { readonly text: string })[];
  /** Deleting what is not there is fine. No document is both put and deleted. */
  readonly deletes: readonly Ref[];
  /** Rows are put and deleted without being expected: the documents that they belong to guard them. Again is fine. */
  readonly rows: readonly RowChange[];
  /** Appended to the feed, in this order and next to each other. */
  readonly changes: readonly Change[];
}

/** A place in the feed: opaque; null is the beginning. */
export type Cursor = string | null;

export interface FeedEntry {
  /** Continue after this one from here. */
  readonly cursor: string;
  readonly change: Change;
}

/** Where the feed begins and ends now: places that stay good for as long as nobody drops what lies behind them. */
export interface FeedBounds {
  /** The first place from which a reader may go on; null where nothing was ever dropped. */
  readonly start: Cursor;
  /** After the last entry that a reader may see; null for a feed that never had one. */
  readonly end: Cursor;
}

/** What is dropped from the feed: all up to a place in it, that entry included, or all but the last entries. */
export type Trim = { readonly through: string } | { readonly keep: number };

export interface ReadOptions {
  /** Once it is aborted the call rejects with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Where documents are kept. It knows nothing of identity: it reads, and it changes all or nothing, provided that what a changeset
 * expects still holds. Any number of stores in any number of processes may be open on the same data.
 *
 * What fails throws a `StoreError`, which says by its code what to do next. `testStore` of `leadweave/testing` proves a store.
 */
export interface Store {
  /**
   * One round trip, whatever is wanted. Every commit that was acknowledged before the call is seen. Documents may be read at
   * different times: whoever needs them to fit together finds out at `commit`.
   */
  read(wanted: readonly Wanted[], options?: ReadOptions): Promise<readonly Entry[]>;
  /**
   * All or nothing, and for ever: "conflict" when an expectation does not hold, and then nothing has changed. Where the reply was
   * lost (`connection-lost`) it may have taken effect: the same changeset sent again then conflicts, if it expects anything that
   * it changes.
   */
  commit(changeset: Changeset): Promise<"committed" | "conflict">;
  /**
   * The feed after a cursor, up to what is committed when the iteration begins, in an order in which effects follow their
   * causes. A reader who goes on from its last cursor never skips a change that commits later.
   *
   * @throws StoreError while iterating, for a cursor that no feed gives; `cursor-expired` where entries after the cursor were
   *   dropped (see `trim`), also those after null: a reader is told, and never passes over them
   */
  changes(after: Cursor, options?: ReadOptions): AsyncIterable<FeedEntry>;
  /** Documents of a kind, approximately. */
  count(kind: Kind): Promise<number>;
  /** Removes for good what was deleted or written over, as far as the store can: from free pages, logs and the like. */
  scrub?(): Promise<void>;
  /**
   * Documents of a kind whose ids begin with `prefix`, approximately. A capability: where a store lacks it, a tenant's documents
   * are counted by reading all of them (see `createTenantStore`).
   */
  countWithin?(kind: Kind, prefix: string): Promise<number>;
  /**
   * Where the feed begins and ends now. A capability: where a store lacks it, who wants the end reads all of the feed, and nothing
   * may ever be dropped from it.
   */
  feedBounds?(): Promise<FeedBounds>;
  /**
   * Drops entries from the beginning of the feed, in bounded steps, each of which is of one piece with the mark that says so to
   * readers; others read and write meanwhile. Cut off, it has dropped a part: called again it goes on. A capability that needs
   * `feedBounds`; where a store lacks it, its feed grows for ever.
   *
   * @returns entries that were dropped; 0 where there were none to drop
   * @throws StoreError for a place that no feed gives, or that no reader may have seen yet
   */
  trim?(upTo: Trim, options?: ReadOptions): Promise<number>;
  /** Idempotent. Every call made afterwards rejects with a `StoreError`, code `closed`. */
  close(): Promise<void>;
}

export type { RowKind };
