import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startPostgres } from "../../test/servers/postgres.js";
import { redisMissing, startRedis } from "../../test/servers/redis.js";
import type { Place, StoreName } from "./task.js";

/** Where stores of one kind are made, each empty. */
export interface Ground {
  next(): Place;
  /** Bytes on disk, or in memory for what is kept there. */
  bytes(place: Place): Promise<number>;
  stop(): Promise<void>;
}

/** Null where it cannot be had: why is said on the standard error stream. Servers write to disk as they would in earnest. */
export async function groundFor(name: StoreName): Promise<Ground | null> {
  if (name === "memory")
    return { next: () => ({ name }), bytes: async () => Number.NaN, stop: async () => {} };
  if (name === "sqlite") return sqliteGround();
  return name === "postgres" ? postgresGround() : redisGround();
}

function sqliteGround(): Ground {
  const folder = mkdtempSync(join(tmpdir(), "leadweave-bench-"));
  let files = 0;
  const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return {
    next: () => ({ name: "sqlite", path: join(folder, `${++files}.db`) }),
    bytes: async (place) =>
      place.name === "sqlite" ? sizeOf(place.path) + sizeOf(`${place.path}-wal`) : Number.NaN,
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function postgresGround(): Promise<Ground | null> {
  const server = await startPostgres({ durable: true });
  if (server === null) return null;
  const { connectionString } = server;
  let schemas = 0;
  return {
    next: () => ({ name: "postgres", connectionString, schema: `bench${++schemas}` }),
    async bytes(place) {
      if (place.name !== "postgres") return Number.NaN;
      const client = new pg.Client({ connectionString });
      await client.connect();
      const { rows } = await client.query<{ bytes: string }>(
        `SELECT sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c
         JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'`,
        [place.schema],
      );
      await client.end();
      return Number(rows[0]?.bytes);
    },
    stop: () => server.stop(),
  };
}

async function redisGround(): Promise<Ground | null> {
  const reason = redisMissing();
  if (reason !== null) {
    process.stderr.write(`no Redis: ${reason}\n`);
    return null;
  }
  const server = await startRedis(["--appendonly", "yes", "--appendfsync", "everysec"]);
  const url = `redis://127.0.0.1:${server.port}`;
  let prefixes = 0;
  return {
    next: () => ({ name: "redis", url, prefix: `bench${++prefixes}` }),
    async bytes() {
      const { Redis } = await import("ioredis");
      const client = new Redis(url);
      const info = await client.info("memory");
      client.disconnect();
      return Number(/used_memory_dataset:(\d+)/.exec(info)?.[1]);
    },
    stop: () => server.stop(),
  };
}
