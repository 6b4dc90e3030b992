import { StoreError } from "../error.js";

/** Primary result codes of SQLite: https://www.sqlite.org/rescode.html */
const CODES = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  PROTOCOL: 15,
  AUTH: 23,
  NOTADB: 26,
} as const;

/** The primary result code in an error of any of the drivers; null where there is none. */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  const { code, errcode, message } = error as Error & { code?: unknown; errcode?: unknown };
  if (typeof errcode === "number") return errcode & 0xff;
  // Longer names are of the form SQLITE_BUSY_SNAPSHOT.
  const name = /^SQLITE_([A-Z]+)/.exec(String(code))?.[1];
  if (name !== undefined && name in CODES) return CODES[name as keyof typeof CODES];
  // libsql, when it opens: ConnectionFailed("Unable to open connection to local database ./leads.db: 14").
  const opened = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(message)?.[1];
  return opened === undefined ? null : Number(opened) & 0xff;
}

/** Somebody else holds the file: it may be free a moment later. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === CODES.BUSY || code === CODES.LOCKED || code === CODES.PROTOCOL;
}

/** What SQLite said, as an error that says what to do. */
export function toStoreError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  switch (resultCode(error)) {
    case CODES.BUSY:
    case CODES.LOCKED:
    case CODES.PROTOCOL:
      return busy(path, error);
    case CODES.READONLY:
      return new StoreError(
        "read-only",
        `${path} can only be read: make the file and its folder writable, or open it with readOnly`,
        error,
      );
    case CODES.PERM:
    case CODES.AUTH:
      return new StoreError(
        "access-denied",
        `${path}: no permission: let this user read and write it`,
        error,
      );
    case CODES.FULL:
      return new StoreError(
        "disk-full",
        `no room left for ${path}: make room on its disk, then do the same again; nothing of the last commit was kept`,
        error,
      );
    case CODES.CANTOPEN:
      return new StoreError(
        "store-missing",
        `${path} could not be opened: check that its folder is there and that this user may use it`,
        error,
      );
    case CODES.NOTADB:
      return new StoreError(
        "corrupt",
        `${path} is not a SQLite database: name another file, or restore this one from a backup`,
        error,
      );
    case CODES.CORRUPT:
      return new StoreError("corrupt", `${path} is damaged: restore it from a backup`, error);
    case CODES.IOERR:
      return new StoreError(
        "failed",
        `the disk refused to read or write ${path}: check the disk, then open the store again`,
        error,
      );
    default:
      return new StoreError("failed", `SQLite could not do what was asked of ${path}: see the cause`, error);
  }
}

export function busy(path: string, cause: unknown): StoreError {
  return new StoreError(
    "busy",
    `others held ${path} for longer than busyTimeoutMs: do the same again, or allow more time`,
    cause,
  );
}
