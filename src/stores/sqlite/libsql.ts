import { pathToFileURL } from "node:url";
import { StoreError } from "../error.js";
import { type BetterSqliteConstructor, driveBetterSqlite } from "./betterSqlite.js";
import type { Opening, SqliteDriver } from "./driver.js";

/**
 * libsql 0.5 has the shape of better-sqlite3, with two gaps. A transaction begun by a prepared statement that found the file
 * busy, and `RETURNING` through `run`, leave locks behind (tursodatabase/libsql-js#237, #238): `exec` begins and ends
 * transactions, and nothing here returns what it writes. And its option `readonly` does nothing: the address of the file says it.
 */
export async function openLibsql({ path, isReadOnly }: Opening): Promise<SqliteDriver> {
  const Database = await loadLibsql();
  const address = isReadOnly ? `${pathToFileURL(path).href}?mode=ro` : path;
  return driveBetterSqlite(new Database(address, { timeout: 0 }), "libsql");
}

async function loadLibsql(): Promise<BetterSqliteConstructor> {
  try {
    const { default: Database } = await import("libsql");
    return Database as unknown as BetterSqliteConstructor;
  } catch (error) {
    throw new StoreError(
      "driver-missing",
      "libsql has no build for this platform, or was not installed: use Node 22.13 or later, or pass a better-sqlite3 as the option driver",
      error,
    );
  }
}
