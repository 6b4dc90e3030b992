import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createResolver } from "../../src/engine/resolver.js";
import { createDefaultModel } from "../../src/model/index.js";
import { createRedisStore, type RedisClient } from "../../src/stores/redis/index.js";
import { testStore } from "../../src/testing/index.js";
import {
  changeOf,
  changesetOf,
  commit,
  feedNames,
  KIND,
  putOf,
  readDocument,
  readValue,
} from "../../src/testing/wishes.js";
import { type RedisServer, redisMissing, startRedis } from "../servers/redis.js";
import { announceSkip, notChosen } from "./chosen.js";

const missing = notChosen("redis") ?? redisMissing();
announceSkip("the tests on Redis", missing);

const clients: Redis[] = [];

/** A client that gives up at once: tests are about what the store says then. */
function connect(port: number, options: object = {}): Redis {
  const client = new Redis({ host: "127.0.0.1", port, maxRetriesPerRequest: 1, ...options });
  client.on("error", () => {});
  clients.push(client);
  return client;
}

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

/** The shape of node-redis over the same connection. */
function asNodeRedis(client: Redis): RedisClient {
  return { sendCommand: ([command = "", ...args]) => client.call(command, args) };
}

describe.skipIf(missing !== null)("the Redis store", () => {
  let server: RedisServer;
  let shared: Redis;
  let fixtures = 0;

  beforeAll(async () => {
    server = await startRedis();
    shared = new Redis({ host: "127.0.0.1", port: server.port });
  });

  afterAll(async () => {
    shared?.disconnect();
    await server?.stop();
  });

  for (const [shape, shaped] of [
    ["ioredis", (client: Redis): RedisClient => client],
    ["node-redis", asNodeRedis],
  ] as const) {
    describe(`through ${shape}`, () => {
      testStore({
        test: it,
        factory: () => {
          const prefix = `t${fixtures++}`;
          return {
            store: createRedisStore({ client: shaped(shared), prefix }),
            open: async () => createRedisStore({ client: shaped(shared), prefix }),
            remove: async () => {
              await shared.unlink(
                ...["meta", "docs", "ids", "rows", "feed"].map((name) => `{${prefix}}:${name}`),
              );
            },
          };
        },
        capabilities: { countsWithin: true, trims: true },
        runs: shape === "ioredis" ? 100 : 10,
        tenant: shape === "ioredis",
      });
    });
  }

  it("keeps the keys of one store in one slot, and stores of two prefixes apart", async () => {
    for (const prefix of ["one", "two", "{tag}:three"])
      await commit(createRedisStore({ client: shared, prefix }), {
        puts: [putOf("a", prefix)],
        rows: [{ kind: "block-member", owner: "o", name: "n", isPut: true }],
        changes: [changeOf(prefix)],
      });
    for (const prefix of ["one", "two", "{tag}:three"]) {
      const store = createRedisStore({ client: shared, prefix });
      expect(await readValue(store, "a")).toBe(prefix);
      expect(await feedNames(store)).toEqual([prefix]);
    }
    const keys = await shared.keys("*{[otw]*");
    expect(keys.filter((key) => key.startsWith("{one}:")).sort()).toEqual(
      ["docs", "feed", "ids", "meta", "rows"].map((name) => `{one}:${name}`),
    );
    expect(keys.filter((key) => key.includes("three"))).toHaveLength(5);
    expect(() => createRedisStore({ client: shared, prefix: "" })).toThrow(TypeError);
    expect(() => createRedisStore({ client: {} as RedisClient })).toThrow(TypeError);
  });

  it("makes one round trip for a read and one for a commit", async () => {
    const sent: string[] = [];
    const client: RedisClient = {
      call(command, args) {
        sent.push(command);
        return shared.call(command, args);
      },
    };
    const store = createRedisStore({ client, prefix: "trips" });
    await commit(store, { puts: [putOf("a", 1)] });
    sent.length = 0;
    await store.read([
      { kind: KIND, id: "a" },
      { kind: "block-member", owner: "o", limit: 3 },
      { scan: KIND, after: null, limit: 3 },
    ]);
    expect(sent).toEqual(["EVALSHA"]);
    const held = await readDocument(store, "a");
    sent.length = 0;
    await commit(store, { expect: [held], puts: [putOf("a", 2)], changes: [changeOf("a"), changeOf("b")] });
    expect(sent).toEqual(["EVALSHA"]);
  });

  it("sends a script again that the server has forgotten", async () => {
    const store = createRedisStore({ client: shared, prefix: "forgotten" });
    await commit(store, { puts: [putOf("a", 1)] });
    await shared.script("FLUSH");
    expect(await readValue(store, "a")).toBe(1);
    await shared.script("FLUSH");
    await commit(store, { puts: [putOf("a", 2)] });
    expect(await readValue(store, "a")).toBe(2);
  });

  it("refuses data of a newer format, and keys that are not its own", async () => {
    const store = createRedisStore({ client: shared, prefix: "newer" });
    await shared.hset("{newer}:meta", "format", "2");
    await expect(readValue(store, "a")).rejects.toMatchObject({ code: "format-newer" });
    await expect(commit(store, { puts: [putOf("a", 1)] })).rejects.toMatchObject({ code: "format-newer" });
    await expect(feedNames(store)).rejects.toMatchObject({ code: "format-newer" });
    await expect(store.count(KIND)).rejects.toMatchObject({ code: "format-newer" });
    expect(await shared.exists("{newer}:docs")).toBe(0);
    await shared.set("{strange}:docs", "text");
    const strange = createRedisStore({ client: shared, prefix: "strange" });
    await expect(readValue(strange, "a")).rejects.toMatchObject({ code: "corrupt" });
  });

  it("never gives a version again, although the server has lost its last writes", async () => {
    const store = createRedisStore({ client: shared, prefix: "lost" });
    await commit(store, { puts: [putOf("a", 1)] });
    const [version, document] = [await shared.hget("{lost}:meta", "version"), await readDocument(store, "a")];
    await commit(store, { puts: [putOf("a", 2)] });
    const held = await readDocument(store, "a");
    // As after a crash without the last second.
    await shared.hset("{lost}:meta", "version", String(version));
    await shared.hset("{lost}:docs", `${KIND}\u0000a`, `${document.version} ${document.text}`);
    await commit(store, { puts: [putOf("a", 3)] });
    const again = await readDocument(store, "a");
    expect(again.version).toBeGreaterThan(held.version);
    // Nor where its clock went back.
    await shared.hset("{lost}:meta", "version", String(Number.MAX_SAFE_INTEGER - 10));
    await commit(store, { puts: [putOf("a", 4)] });
    expect((await readDocument(store, "a")).version).toBe(Number.MAX_SAFE_INTEGER - 9);
  });

  it("writers with connections of their own give what one gives", async () => {
    const model = createDefaultModel();
    const inputs = Array.from({ length: 24 }, (_, at) => ({
      source: "web",
      id: String(at),
      kind: "form",
      identifiers: [{ type: "email", value: `ann${at % 5}@harbor.example` }],
    }));
    await Promise.all(
      [0, 1, 2, 3].map(async (writer) => {
        const store = createRedisStore({ client: connect(server.port), prefix: "writers" });
        const resolver = createResolver({ model, store });
        for (const [at, input] of inputs.entries())
          if (at % 2 === writer % 2) while ((await resolver.ingest(input)).type === "refused");
      }),
    );
    const resolver = createResolver({
      model,
      store: createRedisStore({ client: shared, prefix: "writers" }),
    });
    let fragments = 0;
    let profiles = 0;
    for await (const profile of resolver.profiles()) {
      profiles++;
      fragments += profile.fragments.length;
    }
    expect({ profiles, fragments }).toEqual({ profiles: 5, fragments: inputs.length });
  });
});

describe.skipIf(missing !== null)("a Redis that cannot", () => {
  const servers: RedisServer[] = [];

  async function start(...settings: string[]): Promise<RedisServer> {
    const server = await startRedis(settings);
    servers.push(server);
    return server;
  }

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  it("is gone: says so, and that it may be tried again", async () => {
    const server = await start();
    const client = connect(server.port, { retryStrategy: null });
    const store = createRedisStore({ client });
    await commit(store, { puts: [putOf("a", 1)] });
    await server.kill();
    await expect(readValue(store, "a")).rejects.toMatchObject({
      name: "StoreError",
      code: expect.stringMatching(/^(connection-lost|store-unreachable)$/),
      retryable: true,
    });
    const never = createRedisStore({ client: connect(server.port) });
    await expect(commit(never, { puts: [putOf("a", 1)] })).rejects.toMatchObject({ retryable: true });
  });

  it("comes up again with what it acknowledged, where every write is synced", async () => {
    const settings = ["--appendonly", "yes", "--appendfsync", "always"];
    const server = await start(...settings);
    const store = createRedisStore({ client: connect(server.port) });
    for (let turn = 0; turn < 20; turn++)
      await commit(store, { puts: [putOf("a", turn)], changes: [changeOf(`c${turn}`)] });
    await server.kill();
    servers.push(await startRedis(settings, server));
    const again = createRedisStore({ client: connect(server.port) });
    expect(await readValue(again, "a")).toBe(19);
    expect(await feedNames(again)).toHaveLength(20);
  });

  it("asks for another password", async () => {
    const server = await start("--requirepass", "right");
    for (const options of [{}, { password: "wrong" }]) {
      const store = createRedisStore({ client: connect(server.port, options) });
      const error: unknown = await readValue(store, "a").catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "access-denied", retryable: false });
      expect(String(error)).not.toContain("wrong");
    }
    const right = createRedisStore({ client: connect(server.port, { password: "right" }) });
    await commit(right, { puts: [putOf("a", 1)] });
  });

  it("is a read-only replica: reads are answered, commits refused", async () => {
    const primary = await start();
    const store = createRedisStore({ client: connect(primary.port) });
    await commit(store, { puts: [putOf("a", 1)] });
    const replica = await start("--replicaof", "127.0.0.1", String(primary.port));
    const client = connect(replica.port);
    const other = createRedisStore({ client });
    await expect.poll(() => readValue(other, "a").catch(() => null), { timeout: 20_000 }).toBe(1);
    await expect(commit(other, { puts: [putOf("a", 2)] })).rejects.toMatchObject({ code: "read-only" });
  });

  it("is short of memory: a commit is refused whole, and reads go on", async () => {
    const server = await start("--maxmemory-policy", "noeviction");
    const client = connect(server.port);
    const store = createRedisStore({ client });
    await commit(store, { puts: [putOf("a", 1), putOf("b", 1)], changes: [changeOf("first")] });
    await client.config("SET", "maxmemory", "1");
    const changeset = changesetOf({
      puts: [putOf("a", 2)],
      deletes: [{ kind: KIND, id: "b" }],
      changes: [changeOf("second")],
    });
    await expect(store.commit(changeset)).rejects.toMatchObject({ code: "disk-full", retryable: true });
    expect([await readValue(store, "a"), await readValue(store, "b")]).toEqual([1, 1]);
    await client.config("SET", "maxmemory", "0");
    await commit(store, changeset);
    expect([await readValue(store, "a"), await readValue(store, "b")]).toEqual([2, undefined]);
    expect(await feedNames(store)).toEqual(["first", "second"]);
  });

  it("may evict any key: it is refused before anything is written", async () => {
    const server = await start("--maxmemory-policy", "allkeys-lru");
    const client = connect(server.port);
    const store = createRedisStore({ client });
    await expect(commit(store, { puts: [putOf("a", 1)] })).rejects.toMatchObject({ code: "failed" });
    expect(await client.dbsize()).toBe(0);
    await client.config("SET", "maxmemory-policy", "volatile-lru");
    await commit(store, { puts: [putOf("a", 1)] });
  });
});
