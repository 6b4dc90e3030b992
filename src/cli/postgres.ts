import type { Store } from "../stores/store.js";

export interface PostgresAddress {
  /** As given, password and all: it must not be shown. */
  readonly connectionString: string;
  readonly schema?: string;
  /** Create what is missing, and bring what is old up to date. */
  readonly migrate: boolean;
}

/** Opens the Postgres store; `pg` is loaded only here. */
export async function openPostgres(address: PostgresAddress): Promise<Store> {
  const { createPostgresStore } = await import("../stores/postgres/index.js");
  return createPostgresStore(address);
}
