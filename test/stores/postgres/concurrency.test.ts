import pg from "pg";
import { describe, expect, it } from "vitest";
import type { PostgresStore } from "../../../src/stores/postgres/index.js";
import type { Changeset, Ref } from "../../../src/stores/store.js";
import { changeNamed, changesetOf, documentOf, feedOf, useDatabase } from "./database.js";

const database = await useDatabase();

/** Each writer has connections of its own, as processes have. */
const WRITERS = 6;

const ref = (id: string): Ref => ({ kind: "key", id });

/** Reads, decides, commits, and does it all again for as long as it collides. */
async function transact(
  store: PostgresStore,
  refs: readonly Ref[],
  decide: (texts: readonly (string | null)[]) => Partial<Changeset>,
): Promise<number> {
  for (let conflicts = 0; ; conflicts++) {
    const entries = await store.read(refs);
    const documents = entries.map((entry) => {
      if (entry.type !== "document") throw new Error("a reference was not answered by a document");
      return entry.document;
    });
    const expected = documents.map(({ kind, id, version }) => ({ kind, id, version }));
    const decided = decide(documents.map(({ text }) => text));
    const result = await store.commit(changesetOf({ expect: expected, ...decided }));
    if (result === "committed") return conflicts;
  }
}

const numberIn = (text: string | null | undefined): number =>
  text === null || text === undefined ? 0 : (JSON.parse(text) as { n: number }).n;

describe.skipIf(database === null)("many writers on one Postgres", async () => {
  const { open, nextSchema, admin, server } = database ?? ({} as NonNullable<typeof database>);

  async function openMany(count = WRITERS): Promise<{ stores: PostgresStore[]; schema: string }> {
    const schema = nextSchema();
    const stores = await Promise.all(Array.from({ length: count }, () => open({ schema })));
    return { stores, schema };
  }

  it("lose no increment of counters", async () => {
    const { stores } = await openMany();
    const refs = [ref("a"), ref("b"), ref("c")];
    let conflicts = 0;
    await Promise.all(
      stores.flatMap((store, writer) =>
        [0, 1].map(async (hand) => {
          for (let turn = 0; turn < 100; turn++) {
            // Each names its two documents in an order of its own.
            const two = [0, 1].map((at) => refs[(writer + hand + at * (turn % 2 === 0 ? 1 : 2)) % 3] as Ref);
            conflicts += await transact(store, two, (texts) => ({
              puts: two.map((one, at) => ({ ...one, text: JSON.stringify({ n: numberIn(texts[at]) + 1 }) })),
              changes: [changeNamed(`${writer}.${hand}.${turn}`)],
            }));
          }
        }),
      ),
    );
    const [store] = stores as [PostgresStore];
    const sum = await Promise.all(refs.map(async (one) => numberIn((await documentOf(store, one)).text)));
    expect(sum.reduce((a, b) => a + b, 0)).toBe(WRITERS * 2 * 100 * 2);
    expect(await feedOf(store)).toHaveLength(WRITERS * 2 * 100);
    expect(conflicts).toBeGreaterThan(0);
  });

  it("never both write what each expects of the other: no write skew", async () => {
    const { stores } = await openMany();
    for (let round = 0; round < 150; round++) {
      const [a, b] = [ref(`${round}a`), ref(`${round}b`)];
      const expected = [a, b].map((one) => ({ ...one, version: 0 }));
      const results = await Promise.all(
        stores.map((store, at) =>
          store.commit(
            changesetOf({ expect: expected, puts: [{ ...(at % 2 === 0 ? a : b), text: `{"n":${at}}` }] }),
          ),
        ),
      );
      expect(results.filter((result) => result === "committed")).toHaveLength(1);
    }
  });

  it("never both write over documents that are there, which each only reads of the other", async () => {
    const { stores } = await openMany(2);
    const [first, second] = stores as [PostgresStore, PostgresStore];
    for (let round = 0; round < 300; round++) {
      const [a, b] = [ref(`${round}a`), ref(`${round}b`)];
      await first.commit(changesetOf({ puts: [a, b].map((one) => ({ ...one, text: '{"n":0}' })) }));
      const [entry] = await first.read([a]);
      if (entry?.type !== "document") throw new Error("no document");
      const expected = [a, b].map((one) => ({ ...one, version: entry.document.version }));
      const results = await Promise.all([
        first.commit(changesetOf({ expect: expected, puts: [{ ...a, text: '{"n":1}' }] })),
        second.commit(changesetOf({ expect: expected, deletes: [b] })),
      ]);
      expect(results.sort()).toEqual(["committed", "conflict"]);
    }
  });

  it("create each document once", async () => {
    const { stores } = await openMany();
    for (let round = 0; round < 150; round++) {
      const one = ref(`created ${round}`);
      const results = await Promise.all(
        stores.map((store, writer) =>
          store.commit(
            changesetOf({ expect: [{ ...one, version: 0 }], puts: [{ ...one, text: `{"n":${writer}}` }] }),
          ),
        ),
      );
      expect(results.filter((result) => result === "committed")).toHaveLength(1);
      const winner = results.indexOf("committed");
      expect(numberIn((await documentOf(stores[0] as PostgresStore, one)).text)).toBe(winner);
    }
  });

  it("keep these promises against changesets too large for a lock each", async () => {
    const { stores } = await openMany();
    const many = Array.from({ length: 600 }, (_, at) => ref(`many ${at}`));
    for (let round = 0; round < 25; round++) {
      const guard = ref(`guard ${round}`);
      const results = await Promise.all(
        stores.map((store, writer) => {
          // Half of them are small, half large; each expects what the other kind writes.
          const isLarge = writer % 2 === 0;
          const own = isLarge ? [ref(`large ${round}`), ...many] : [guard];
          const other = isLarge ? [guard] : [ref(`large ${round}`)];
          return store.commit(
            changesetOf({
              expect: [own[0] as Ref, ...other].map((one) => ({ ...one, version: 0 })),
              puts: own.map((one) => ({ ...one, text: `{"n":${writer}}` })),
            }),
          );
        }),
      );
      expect(results.filter((result) => result === "committed")).toHaveLength(1);
    }
  });

  it("put and delete the same rows in any order without a failure", async () => {
    const { stores } = await openMany();
    await Promise.all(
      stores.map(async (store, writer) => {
        for (let turn = 0; turn < 40; turn++) {
          const names = Array.from({ length: 30 }, (_, at) => `${(at * 7 + writer) % 30}`);
          const rows = (turn % 2 === 0 ? names : names.reverse()).map((name) => ({
            kind: "key-holder" as const,
            owner: "o",
            name,
            isPut: (turn + writer) % 3 !== 0,
          }));
          let result = await store.commit(changesetOf({ rows }));
          while (result === "conflict") result = await store.commit(changesetOf({ rows }));
        }
      }),
    );
    const [store] = stores as [PostgresStore];
    const [entry] = await store.read([{ kind: "key-holder", owner: "o", limit: 1_000 }]);
    expect(entry?.type === "rows" ? new Set(entry.names).size : -1).toBe(
      entry?.type === "rows" ? entry.names.length : 0,
    );
  });

  it("are verified as of one moment: a consistent read is told from a torn one", async () => {
    const { stores } = await openMany();
    const [a, b] = [ref("left"), ref("right")];
    let isOver = false;
    const writing = stores.slice(1).map(async (store) => {
      for (let turn = 0; turn < 80; turn++)
        await transact(store, [a, b], (texts) => ({
          puts: [a, b].map((one) => ({ ...one, text: JSON.stringify({ n: numberIn(texts[0]) + 1 }) })),
        }));
    });
    const reading = (async () => {
      const [reader] = stores as [PostgresStore];
      let verified = 0;
      while (!isOver) {
        const first = await documentOf(reader, a);
        const second = await documentOf(reader, b);
        const result = await reader.commit(
          changesetOf({
            expect: [
              { ...a, version: first.version },
              { ...b, version: second.version },
            ],
          }),
        );
        if (result === "conflict") continue;
        expect(numberIn(first.text)).toBe(numberIn(second.text));
        verified++;
      }
      return verified;
    })();
    await Promise.all(writing);
    isOver = true;
    expect(await reading).toBeGreaterThan(0);
    expect(numberIn((await documentOf(stores[0] as PostgresStore, a)).text)).toBe(80 * (WRITERS - 1));
  });

  describe("the feed", () => {
    const slow = async (schema: string, profile: string): Promise<pg.Client> => {
      const client = new pg.Client({ connectionString: server.connectionString });
      await client.connect();
      await client.query("begin");
      await client.query(`select "${schema}"."commit"('[]', null, null, $1, false, '1000')`, [
        JSON.stringify([[changeNamed(profile)]]),
      ]);
      return client;
    };
    const profiles = async (store: PostgresStore, after: string | null = null): Promise<string[]> =>
      (await feedOf(store, after)).map(({ change }) => change.profile);

    it("never skips what commits later than something younger", async () => {
      const { stores, schema } = await openMany(2);
      const [writer, reader] = stores as [PostgresStore, PostgresStore];
      await writer.commit(changesetOf({ changes: [changeNamed("before")] }));
      const client = await slow(schema, "slow");
      await writer.commit(changesetOf({ changes: [changeNamed("quick")] }));
      const seen = await feedOf(reader);
      expect(seen.map(({ change }) => change.profile)).toEqual(["before"]);
      await client.query("commit");
      await client.end();
      expect(await profiles(reader, seen.at(-1)?.cursor)).toEqual(["slow", "quick"]);
    });

    it("goes on when what was waited for is rolled back", async () => {
      const { stores, schema } = await openMany(1);
      const [store] = stores as [PostgresStore];
      const client = await slow(schema, "never");
      await store.commit(changesetOf({ changes: [changeNamed("quick")] }));
      expect(await profiles(store)).toEqual([]);
      await client.query("rollback");
      await client.end();
      expect(await profiles(store)).toEqual(["quick"]);
    });

    it("does not wait for transactions that have nothing to do with it", async () => {
      const { stores, schema } = await openMany(1);
      const other = await openMany(1);
      const [store] = stores as [PostgresStore];
      const stranger = new pg.Client({ connectionString: server.connectionString });
      await stranger.connect();
      await stranger.query("begin");
      await stranger.query("select pg_current_xact_id()");
      const neighbour = await slow(other.schema, "in another schema");
      await store.commit(changesetOf({ changes: [changeNamed("quick")] }));
      expect(await profiles(store)).toEqual(["quick"]);
      expect(schema).not.toBe(other.schema);
      for (const client of [stranger, neighbour]) await client.end();
    });

    it("survives a move to another server, where all of it was dropped", async () => {
      const { stores, schema } = await openMany(1);
      const [store] = stores as [PostgresStore];
      await store.commit(changesetOf({ changes: [changeNamed("old 1"), changeNamed("old 2")] }));
      await store.trim?.({ keep: 0 });
      // As a restored dump has it: the mark is of a transaction that this server has yet to begin.
      await admin.query(
        `update "${schema}".meta set value = split_part(value, '.', 1) || '.' ||
           (split_part(value, '.', 2)::bigint + 1000000000)::text || '.' || split_part(value, '.', 3)
         where name = 'feed_start'`,
      );
      const moved = await open({ schema });
      const endOf = async (): Promise<string | null> => (await moved.feedBounds?.())?.end ?? null;
      const end = await endOf();
      await moved.commit(changesetOf({ changes: [changeNamed("new")] }));
      expect(await profiles(moved, end)).toEqual(["new"]);
      expect(await profiles(moved, await endOf())).toEqual([]);
    });

    it("is read whole by somebody who follows it while many write", async () => {
      const { stores } = await openMany();
      const [reader, ...writers] = stores as [PostgresStore, ...PostgresStore[]];
      let isOver = false;
      const writing = writers.flatMap((store, writer) =>
        [0, 1, 2].map(async (hand) => {
          for (let turn = 0; turn < 60; turn++)
            await store.commit(changesetOf({ changes: [changeNamed(`${writer}.${hand}.${turn}`)] }));
        }),
      );
      const seen: string[] = [];
      const following = (async () => {
        let cursor: string | null = null;
        for (let isLast = false; !isLast; ) {
          isLast = isOver;
          for await (const entry of reader.changes(cursor)) {
            seen.push(entry.change.profile);
            cursor = entry.cursor;
          }
        }
      })();
      await Promise.all(writing);
      isOver = true;
      await following;
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toHaveLength(writers.length * 3 * 60);
      // What one hand committed one after the other stands in that order.
      for (const hand of ["0.0", "1.2", "4.1"]) {
        const turns = seen.filter((name) => name.startsWith(`${hand}.`));
        expect(turns).toEqual(Array.from({ length: 60 }, (_, turn) => `${hand}.${turn}`));
      }
    });

    it("survives a move to another server, whose transactions begin anew", async () => {
      const schema = nextSchema();
      const store = await open({ schema });
      await store.commit(changesetOf({ changes: [changeNamed("old 1"), changeNamed("old 2")] }));
      const [first] = await feedOf(store);
      // As a restored dump has it: entries of transactions that this server has yet to begin.
      await admin.query(`update "${schema}".changes set xid = (xid::text::bigint + 1000000000)::text::xid8`);
      const moved = await open({ schema });
      await moved.commit(changesetOf({ changes: [changeNamed("new")] }));
      expect(await profiles(moved)).toEqual(["old 1", "old 2", "new"]);
      const [, epoch] = /^(\d+)\./.exec(first?.cursor ?? "") ?? [];
      const entries = await feedOf(moved);
      expect(entries[2]?.cursor.startsWith(`${Number(epoch) + 1}.`)).toBe(true);
      expect(await profiles(moved, entries[0]?.cursor)).toEqual(["old 2", "new"]);
    });
  });
});
