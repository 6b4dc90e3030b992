import {
  createSqliteStore,
  type Migration,
  migrateSqliteStore,
  type SqliteOptions,
  type SqliteStore,
  StoreError,
} from "../stores/sqlite/index.js";

/** A store in a file, read and written by the library that says nothing of itself on standard error, where it can be had. */
export function openFile(options: SqliteOptions): Promise<SqliteStore> {
  return quietly(options, createSqliteStore);
}

export function migrateFile(options: SqliteOptions): Promise<Migration> {
  return quietly(options, migrateSqliteStore);
}

/** `node:sqlite` prints a warning when it is first used. */
async function quietly<T>(options: SqliteOptions, work: (options: SqliteOptions) => Promise<T>): Promise<T> {
  try {
    return await work({ ...options, driver: "libsql" });
  } catch (error) {
    if (error instanceof StoreError && error.code === "driver-missing") return work(options);
    throw error;
  }
}
