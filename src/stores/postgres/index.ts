/** The store for many writers: any server that speaks the wire protocol and the SQL of Postgres 13 or later. */
export { StoreError, type StoreErrorCode } from "../error.js";
export type { PostgresClient } from "./client.js";
export { createPostgresStore, type PostgresStore, type PostgresStoreOptions } from "./store.js";
