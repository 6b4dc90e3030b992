/** Why a store could not do what it was asked. */
export type StoreErrorCode =
  /** No file, database, schema or table where one is expected. */
  | "store-missing"
  /** Nobody answers at the address. */
  | "store-unreachable"
  /** User, password or permission refused. */
  | "access-denied"
  /** Data written by a newer release: update the package. */
  | "format-newer"
  /** Data written by an older release: run `leadweave migrate`. */
  | "format-older"
  /** The data may only be read. */
  | "read-only"
  | "disk-full"
  /** Another writer held the store for longer than the time-out. */
  | "busy"
  /** The connection broke; whether a commit took effect is unknown: the same changeset may be committed again. */
  | "connection-lost"
  /** A document, row or file is not what a store writes. */
  | "corrupt"
  /** The client or driver that the store needs is not installed, or not one that works here. */
  | "driver-missing"
  /** Entries of the feed after the cursor were dropped: read a snapshot, and go on from its cursor. */
  | "cursor-expired"
  /** The store lacks the capability that is asked for. */
  | "unsupported"
  /** The store was closed. */
  | "closed"
  /** Anything else that the server or the file system said; `cause` has it. */
  | "failed";

const RETRYABLE: ReadonlySet<StoreErrorCode> = new Set([
  "store-unreachable",
  "busy",
  "connection-lost",
  "disk-full",
]);

/** What stores throw. The message says what happened and what to do next, holds no personal data, and no password. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;
  /** Doing the same again may succeed. */
  readonly retryable: boolean;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = RETRYABLE.has(code);
  }
}

/** What a reader of the feed is told whose place lies before its beginning. */
export function cursorExpired(): StoreError {
  return new StoreError(
    "cursor-expired",
    "entries of the feed after this cursor were dropped: read resolver.snapshot(), and go on from its cursor",
  );
}
