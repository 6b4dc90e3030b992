/** The store on Redis. */
export type { IoredisClient, NodeRedisClient, RedisClient } from "./client.js";
export { createRedisStore, type RedisStoreOptions } from "./redisStore.js";
