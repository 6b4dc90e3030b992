/** The SQLite store: durable, in one file, for any number of processes on one machine. */
export type { StoreErrorCode } from "../error.js";
export { StoreError } from "../error.js";
export type { BetterSqliteConstructor, BetterSqliteDatabase, BetterSqliteStatement } from "./betterSqlite.js";
export type { SqliteOptions } from "./options.js";
export {
  createSqliteStore,
  type Migration,
  migrateSqliteStore,
  type SqliteStore,
} from "./sqliteStore.js";
export type { Checkpoint, SqliteSize } from "./upkeep.js";
