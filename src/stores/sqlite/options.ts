import type { BetterSqliteConstructor, BetterSqliteDatabase } from "./betterSqlite.js";

export interface SqliteOptions {
  /** The file; it is made where there is none. `:memory:` keeps everything in this process. Not read with an open database. */
  readonly path?: string;
  /**
   * The library that reads and writes the file. By default `node:sqlite` where Node has it (22.13 and later), else `libsql`,
   * which is installed with this package. Or a better-sqlite3: its name, its constructor, or a database of its own that it has
   * opened, and that is used for nothing else; `close` closes it.
   */
  readonly driver?:
    | "node:sqlite"
    | "libsql"
    | "better-sqlite3"
    | BetterSqliteConstructor
    | BetterSqliteDatabase;
  /**
   * When a commit counts as written. `full` (the default): when it is on the disk, so that it outlasts a loss of power. `normal`:
   * when the operating system has it; a crash of the process loses nothing, a loss of power may take the last commits, never a
   * part of one.
   */
  readonly synchronous?: "full" | "normal";
  /** How long a call waits, in milliseconds, while other processes hold the file. Default 5000. */
  readonly busyTimeoutMs?: number;
  /** Before the names of all tables: letters, digits and `_`. Default `leadweave_`. */
  readonly tablePrefix?: string;
  /** Refuses every change. Default false. */
  readonly readOnly?: boolean;
  /** Refuses to begin a new store where there is none. Default false. */
  readonly mustExist?: boolean;
}

export interface CheckedOptions {
  readonly path: string;
  readonly driver: NonNullable<SqliteOptions["driver"]> | null;
  readonly synchronous: "full" | "normal";
  readonly busyTimeoutMs: number;
  readonly prefix: string;
  readonly isReadOnly: boolean;
  readonly mustExist: boolean;
}

export const IN_MEMORY = ":memory:";
const DEFAULT_BUSY_TIMEOUT_MS = 5_000;
const PREFIX = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/;

/** @throws TypeError for options out of range */
export function checkOptions(given: string | SqliteOptions): CheckedOptions {
  const options = typeof given === "string" ? { path: given } : given;
  const { driver = null, synchronous = "full", busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS } = options;
  const { tablePrefix: prefix = "leadweave_", readOnly: isReadOnly = false, mustExist = false } = options;
  const path = options.path ?? (isDatabase(driver) ? driver.name || "the database given" : undefined);
  if (typeof path !== "string" || path === "" || path.includes("\0"))
    throw new TypeError("path must name a file");
  if (typeof driver === "string" && !["node:sqlite", "libsql", "better-sqlite3"].includes(driver))
    throw new TypeError('driver must be "node:sqlite", "libsql", "better-sqlite3" or a better-sqlite3');
  if (driver !== null && typeof driver === "object" && !isDatabase(driver))
    throw new TypeError("driver must have the methods exec, prepare and close");
  if (synchronous !== "full" && synchronous !== "normal")
    throw new TypeError('synchronous must be "full" or "normal"');
  if (!(Number.isFinite(busyTimeoutMs) && busyTimeoutMs >= 0))
    throw new TypeError("busyTimeoutMs must be a number of milliseconds of at least 0");
  if (!PREFIX.test(prefix)) throw new TypeError("tablePrefix must be at most 40 letters, digits and _");
  return { path, driver, synchronous, busyTimeoutMs, prefix, isReadOnly, mustExist };
}

export function isDatabase(driver: unknown): driver is BetterSqliteDatabase {
  if (typeof driver !== "object" || driver === null) return false;
  return ["exec", "prepare", "close"].every(
    (method) => typeof (driver as Record<string, unknown>)[method] === "function",
  );
}
