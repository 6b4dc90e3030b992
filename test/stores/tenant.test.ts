import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createResolver } from "../../src/engine/resolver.js";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import type { Changeset, Cursor, Store } from "../../src/stores/store.js";
import { createTenantStore } from "../../src/stores/tenant.js";
import { createYieldingStore } from "../../src/stores/yielding.js";
import {
  changeOf,
  changesetOf,
  commit,
  feedAfter,
  feedNames,
  KIND,
  OTHER_KIND,
  putOf,
  ROWS,
  readRows,
  readValue,
  scanAll,
} from "../../src/testing/wishes.js";
import { NOW, profilesOf } from "../live/scratch.js";
import { write } from "../live/writers.js";
import { history, RUNS } from "../properties/histories.js";

/** Invariant 16: tenants never see or influence each other. */

function bareMemory(): Store {
  const { source: _, ...store } = createMemoryStore();
  return store;
}

/** A store that cannot count within a prefix. */
function plainMemory(): Store {
  const { countWithin: _, ...store } = bareMemory();
  return store;
}

/** Names that begin like, look like, or stand next to each other. */
const TENANTS = ["a", "aa", "a:", "1:a:", ":", "ab", "b", "\u{10ffff}", "\uffff", "1", "11"];
const IDS = ["a", "1:a:a", ":a", "a:", "\u{10ffff}", "\uffff", "z"];

const id = fc.constantFrom(...IDS);
const writes = fc
  .record({
    puts: fc.uniqueArray(fc.tuple(id, fc.nat(9)), { selector: ([name]) => name, maxLength: 3 }),
    deleted: fc.option(id),
    rows: fc.uniqueArray(fc.record({ owner: id, name: id, isPut: fc.boolean() }), {
      selector: ({ owner, name }) => `${owner} ${name}`,
      maxLength: 3,
    }),
    changes: fc.array(id, { maxLength: 2 }),
  })
  .map(
    ({ puts, deleted, rows, changes }): Changeset =>
      changesetOf({
        puts: puts.filter(([name]) => name !== deleted).map(([name, value]) => putOf(name, value)),
        deletes: deleted === null ? [] : [{ kind: KIND, id: deleted }],
        rows: rows.map((row) => ({ kind: ROWS, ...row })),
        changes: changes.map((name) => changeOf(name)),
      }),
  );

/** All that can be seen through a store, but for versions and cursors, which mean nothing. */
async function seenThrough(store: Store): Promise<unknown> {
  return {
    documents: (await scanAll(store, 2)).map(({ id: name, text }) => [name, text]),
    others: await scanAll(store, 2, OTHER_KIND),
    rows: await Promise.all(IDS.map((owner) => readRows(store, owner))),
    feed: await feedNames(store),
    count: await store.count(KIND),
  };
}

describe("16: tenants of one store", () => {
  it("each see what they would see alone", async () => {
    const turns = fc.array(fc.record({ tenant: fc.constantFrom(...TENANTS), writes }), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(turns, fc.constantFrom(bareMemory, plainMemory), async (all, create) => {
        const shared = create();
        const alone = new Map(TENANTS.map((tenant) => [tenant, bareMemory()]));
        for (const { tenant, writes: changeset } of all)
          for (const store of [createTenantStore(shared, tenant), alone.get(tenant) as Store])
            expect(await store.commit(changeset)).toBe("committed");
        for (const [tenant, store] of alone)
          expect(await seenThrough(createTenantStore(shared, tenant))).toEqual(await seenThrough(store));
      }),
      { numRuns: Math.ceil(RUNS / 10) },
    );
  });

  it("resolve what they would resolve alone, ids and versions included, whoever goes first", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(history, { minLength: 2, maxLength: 3 }),
        fc.scheduler(),
        async (histories, scheduler) => {
          const shared = bareMemory();
          const yielding = createYieldingStore(shared, (point) =>
            scheduler.schedule(Promise.resolve(), point),
          );
          const operations = histories.map(({ inputs }) =>
            inputs.map((input) => ({ type: "input", input }) as const),
          );
          const working = histories.map(({ model }, at) =>
            write(
              createResolver({ model, store: createTenantStore(yielding, TENANTS[at] as string) }),
              operations[at] ?? [],
              1,
            ),
          );
          await scheduler.waitFor(Promise.all(working));
          for (const [at, { model }] of histories.entries()) {
            const told = [];
            const alone = bareMemory();
            await write(createResolver({ model, store: alone }), operations[at] ?? [], 1);
            for (const store of [createTenantStore(shared, TENANTS[at] as string), alone]) {
              const resolver = createResolver({ model, store, now: () => NOW });
              await resolver.drain();
              const changes = (await feedAfter(store, null)).map(({ change }) => change);
              told.push({ profiles: await profilesOf(resolver), changes, stats: await resolver.stats() });
            }
            expect(told[0]).toEqual({ ...told[1], stats: expect.anything() });
            expect(told[0]?.stats.documents).toEqual(told[1]?.stats.documents);
          }
        },
      ),
      { numRuns: Math.ceil(RUNS / 40) },
    );
  });

  it("cannot conflict with each other", async () => {
    const shared = bareMemory();
    const [a, b] = [createTenantStore(shared, "a"), createTenantStore(shared, "b")];
    const absent = { kind: KIND, id: "x", version: 0 };
    await commit(a, { expect: [absent], puts: [putOf("x", "of a")] });
    await commit(b, { expect: [absent], puts: [putOf("x", "of b")] });
    await commit(b, { deletes: [{ kind: KIND, id: "x" }] });
    expect(await readValue(a, "x")).toBe("of a");
  });

  it("go on in the feed from their own cursors, and skip nothing", async () => {
    const shared = bareMemory();
    const stores = ["a", "b"].map((tenant) => createTenantStore(shared, tenant));
    const read: string[][] = [[], []];
    const cursors: Cursor[] = [null, null];
    const written: string[][] = [[], []];
    for (let turn = 0; turn < 30; turn++) {
      const writer = turn % 3 === 0 ? 0 : 1;
      await commit(stores[writer] as Store, { changes: [changeOf(`c${turn}`)] });
      written[writer]?.push(`c${turn}`);
      const reader = turn % 2;
      for (const { cursor, change } of await feedAfter(stores[reader] as Store, cursors[reader] ?? null)) {
        read[reader]?.push(change.profile);
        cursors[reader] = cursor;
      }
    }
    for (const reader of [0, 1])
      for (const { change } of await feedAfter(stores[reader] as Store, cursors[reader] ?? null))
        read[reader]?.push(change.profile);
    expect(read).toEqual(written);
  });

  it("close their own part", async () => {
    const shared = bareMemory();
    const [a, b] = [createTenantStore(shared, "a"), createTenantStore(shared, "b")];
    await a.close();
    await expect(a.count(KIND)).rejects.toMatchObject({ code: "closed" });
    await commit(b, { puts: [putOf("x", 1)] });
    expect(await shared.count(KIND)).toBe(1);
  });

  it("may stand within each other", async () => {
    const shared = bareMemory();
    const [outer, other] = [createTenantStore(shared, "a"), createTenantStore(shared, "1:b")];
    const inner = createTenantStore(outer, "b");
    await commit(inner, { puts: [putOf("x", "inner")], changes: [changeOf("c")] });
    await commit(other, { puts: [putOf("x", "other")] });
    expect(await readValue(inner, "x")).toBe("inner");
    expect(await feedNames(inner)).toEqual(["c"]);
    expect([await inner.count(KIND), await other.count(KIND)]).toEqual([1, 1]);
    expect(await readValue(createTenantStore(shared, "b"), "x")).toBeUndefined();
  });

  it.each(["", "a\u0000b", "\ud800", "x".repeat(201)])("have a name: not %j", (tenant) => {
    expect(() => createTenantStore(bareMemory(), tenant)).toThrow(TypeError);
  });

  it.each([undefined, null, 7, {}])("have a name that is a text: not %j", (tenant) => {
    expect(() => createTenantStore(bareMemory(), tenant as unknown as string)).toThrow(TypeError);
  });
});

describe("the feed of a store with tenants", () => {
  it("is compacted for all of them at once, and each is told", async () => {
    const store = bareMemory();
    const [a, b] = [createTenantStore(store, "a"), createTenantStore(store, "b")];
    for (const one of [a, b, a, b]) await commit(one, { changes: [changeOf("p")] });
    expect(a.trim).toBeUndefined();
    await expect(createResolver({ store: a }).compact({ keep: 0 })).rejects.toMatchObject({
      code: "unsupported",
    });
    expect(await a.feedBounds?.()).toEqual({ start: null, end: "4" });
    await store.trim?.({ keep: 1 });
    for (const one of [a, b]) {
      await expect(feedAfter(one, null)).rejects.toMatchObject({ code: "cursor-expired" });
      expect(await one.feedBounds?.()).toEqual({ start: "3", end: "4" });
    }
    expect(await feedNames(a, "3")).toEqual([]);
    expect(await feedNames(b, "3")).toEqual(["p"]);
  });

  it("has a snapshot for each, to go on from", async () => {
    const store = bareMemory();
    const [a, b] = ["a", "b"].map((tenant) => createResolver({ store: createTenantStore(store, tenant) }));
    const identifiers = [{ type: "email", value: "ann.lee@mail.example" }];
    await a?.ingest({ source: "web", id: "1", kind: "form", identifiers });
    await b?.ingest({ source: "web", id: "1", kind: "form", identifiers });
    const { cursor, entries } = (await a?.snapshot()) ?? expect.fail();
    const seen: string[] = [];
    for await (const { profile } of entries) seen.push(profile);
    expect(seen).toEqual([(await a?.profileOf("web", "1"))?.id]);
    await b?.ingest({ source: "web", id: "2", kind: "form", identifiers: [] });
    await a?.ingest({ source: "web", id: "3", kind: "form", identifiers: [] });
    const after: string[] = [];
    for await (const { change } of a?.changes(cursor) ?? []) after.push(change.profile);
    expect(after).toEqual([(await a?.profileOf("web", "3"))?.id]);
  });
});
