import { createMemoryStore } from "../../src/stores/memoryStore.js";
import { createPostgresStore } from "../../src/stores/postgres/index.js";
import { createRedisStore } from "../../src/stores/redis/index.js";
import { createSqliteStore } from "../../src/stores/sqlite/index.js";
import type { Store } from "../../src/stores/store.js";
import type { Place } from "./task.js";

/** Opens a store where it is; `close` closes what was opened for it too. */
export async function openStore(place: Place): Promise<{ readonly store: Store; close(): Promise<void> }> {
  if (place.name === "memory") {
    // As any store: its asynchronous side, so that what is measured is the same work.
    const { read, commit, changes, count, close } = createMemoryStore();
    return { store: { read, commit, changes, count, close }, close };
  }
  if (place.name === "sqlite") {
    const store = await createSqliteStore({ path: place.path, busyTimeoutMs: 60_000 });
    return { store, close: () => store.close() };
  }
  if (place.name === "postgres") {
    const { connectionString, schema } = place;
    const store = await createPostgresStore({ connectionString, schema, migrate: true });
    return { store, close: () => store.close() };
  }
  const { Redis } = await import("ioredis");
  const client = new Redis(place.url);
  const store = createRedisStore({ client, prefix: place.prefix });
  return {
    store,
    async close() {
      await store.close();
      client.disconnect();
    },
  };
}
