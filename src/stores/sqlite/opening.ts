import { resolve } from "node:path";
import { StoreError } from "../error.js";
import { driveBetterSqlite, loadBetterSqlite, openBetterSqlite } from "./betterSqlite.js";
import { Connection } from "./connection.js";
import type { Opening, SqliteDriver } from "./driver.js";
import { toStoreError } from "./failure.js";
import { checkPath } from "./files.js";
import { openLibsql } from "./libsql.js";
import { bringTables } from "./migrating.js";
import { hasNodeSqlite, openNodeSqlite } from "./nodeSqlite.js";
import { type CheckedOptions, IN_MEMORY, isDatabase } from "./options.js";
import { patiently } from "./patience.js";
import { checkFormat, FORMAT, formatOf, readSchema } from "./schema.js";
import { Session } from "./session.js";

/** Memory for pages of the file. */
const CACHE_KIB = 32 * 1024;
/** The write-ahead log goes back into the file at about 16 MiB: four times the usual, for batches write thousands of pages. */
const CHECKPOINT_PAGES = 4_000;
const LARGEST_LOG_BYTES = 64 * 2 ** 20;

/** A store that was opened, and the format that it had before; null for none. */
export interface Opened {
  readonly session: Session;
  readonly from: number | null;
}

export async function openSession(options: CheckedOptions): Promise<Opened> {
  await checkPath(options);
  const connection = new Connection(await openDriver(options));
  try {
    const waiting = { path: options.path, timeoutMs: options.busyTimeoutMs };
    await patiently(() => configure(connection, options), waiting);
    const from = await patiently(() => prepareTables(connection, options), waiting);
    const schema = await patiently(() => readSchema(connection, options.prefix), waiting);
    return { session: new Session(connection, schema, options), from };
  } catch (error) {
    connection.close();
    throw toStoreError(error, options.path);
  }
}

async function openDriver(options: CheckedOptions): Promise<SqliteDriver> {
  const { driver, isReadOnly } = options;
  const path = options.path === IN_MEMORY ? IN_MEMORY : resolve(options.path);
  const opening: Opening = { path, isReadOnly };
  const waiting = { path, timeoutMs: options.busyTimeoutMs };
  try {
    if (isDatabase(driver)) return driveBetterSqlite(driver);
    if (typeof driver === "function") return openBetterSqlite(driver, opening);
    if (driver === "better-sqlite3") return openBetterSqlite(loadBetterSqlite(), opening);
    if (driver === "node:sqlite" || (driver === null && hasNodeSqlite()))
      return await patiently(() => openNodeSqlite(opening), waiting);
    return await openLibsql(opening);
  } catch (error) {
    throw toStoreError(error, options.path);
  }
}

function configure({ driver }: Connection, { path, synchronous, isReadOnly }: CheckedOptions): void {
  // Waiting is done between calls, where the event loop is free.
  driver.exec(`PRAGMA busy_timeout = 0; PRAGMA cache_size = -${CACHE_KIB}`);
  if (isReadOnly) {
    driver.exec("PRAGMA query_only = 1");
    return;
  }
  const [mode] = driver.prepare("PRAGMA journal_mode = WAL").get() ?? [];
  if (mode !== "wal" && mode !== "memory")
    throw new StoreError(
      "failed",
      `${path} lies where SQLite can keep no write-ahead log, such as a network drive: put it on a local disk`,
    );
  driver.exec(
    `PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
     PRAGMA journal_size_limit = ${LARGEST_LOG_BYTES}`,
  );
  // What is deleted is overwritten, in pages that are written anyhow.
  driver.exec("PRAGMA secure_delete = 1");
}

/** @returns the format of what was there; null for nothing */
function prepareTables(connection: Connection, options: CheckedOptions): number | null {
  const { path, prefix, isReadOnly, mustExist } = options;
  const format = formatOf(connection, prefix);
  if (format === null && (isReadOnly || mustExist))
    throw new StoreError(
      "store-missing",
      `${path} holds no store with the prefix ${prefix}: check both, or begin a new store`,
    );
  // Whoever only reads, or finds all as it should be, waits for nobody.
  if (format !== null && (isReadOnly || format >= FORMAT)) {
    checkFormat(format, path);
    return format;
  }
  return bringTables(connection, prefix, path);
}
