import { StoreError } from "../stores/error.js";
import { storeErrorOf } from "../stores/redis/failure.js";
import { createRedisStore } from "../stores/redis/index.js";
import type { Store } from "../stores/store.js";

const CONNECT_MS = 5_000;

export interface RedisConnection {
  readonly store: Store;
  disconnect(): void;
}

/**
 * Connects by ioredis, which is loaded only here. A connection that breaks is not made again: the command ends, and run once more it
 * goes on where it stopped.
 */
export async function openRedis(address: string, prefix: string | undefined): Promise<RedisConnection> {
  const { Redis } = await loadIoredis();
  const client = new Redis(address, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let broken: Error | null = null;
  client.on("error", (error) => {
    broken = error;
  });
  try {
    await client.connect();
    // A password that is refused shows with the first command.
    await client.ping();
  } catch (error) {
    client.disconnect();
    // What broke the connection says more than that it is closed.
    throw storeErrorOf(broken ?? error);
  }
  const store = createRedisStore({ client, ...(prefix === undefined ? {} : { prefix }) });
  return { store, disconnect: () => client.disconnect() };
}

async function loadIoredis(): Promise<typeof import("ioredis")> {
  try {
    return await import("ioredis");
  } catch (error) {
    throw new StoreError(
      "driver-missing",
      "a Redis store needs the client ioredis: npm install ioredis",
      error,
    );
  }
}
