import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkStore } from "../../src/engine/check.js";
import type { LiveProfile } from "../../src/engine/profiles.js";
import { createResolver, type Resolver } from "../../src/engine/resolver.js";
import { type RotatePepperOptions, rotatePepper } from "../../src/engine/rotate/rotate.js";
import { KINDS } from "../../src/resolve/plan/documents.js";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import { createPostgresStore } from "../../src/stores/postgres/index.js";
import { createSqliteStore } from "../../src/stores/sqlite/index.js";
import type { Store } from "../../src/stores/store.js";
import { createFaultyStore, type FaultType } from "../../src/testing/faultyStore.js";
import { crowdHistory } from "../live/crowds.js";
import { feedOf, foldFeed, profilesOf } from "../live/scratch.js";
import { type Script, scriptOf, TINY_WORK } from "../live/scripts.js";
import { faceOf, write } from "../live/writers.js";
import { history, RUNS } from "../properties/histories.js";
import { startPostgres } from "../servers/postgres.js";
import { simulatedLeads } from "./leads.js";

const scripts = fc.oneof(
  { weight: 3, arbitrary: scriptOf(history) },
  { weight: 1, arbitrary: scriptOf(crowdHistory) },
);
const OLD = "the pepper of old days";
const NEW = "the pepper of these days";
const NEWEST = "the pepper of days to come";
const ERASURE = { reason: "asked for", suppress: "identifiers" } as const;

function empty(): Store {
  return faceOf(createMemoryStore());
}

function open(store: Store, script: Script, pepper?: string, limits = {}): Resolver {
  return createResolver({
    store,
    model: script.history.model,
    limits,
    ...(pepper === undefined ? {} : { pepper }),
  });
}

/** A store at the end of a script, in whose middle somebody was erased. */
async function played(script: Script, at: number, erased: boolean, pepper?: string): Promise<Store> {
  const store = empty();
  const resolver = open(store, script, pepper, TINY_WORK);
  await write(resolver, script.operations.slice(0, at), 1);
  const [one] = await profilesOf(resolver);
  if (erased && one !== undefined) await resolver.erase(one.id, ERASURE);
  await write(resolver, script.operations.slice(at), 1);
  return store;
}

async function idsOf(store: Store): Promise<readonly string[]> {
  const [page] = await store.read([{ scan: "id", after: null, limit: 1e6 }]);
  return page?.type === "scan" ? page.documents.map(({ id }) => id) : [];
}

const byId = (profiles: readonly LiveProfile[]): LiveProfile[] =>
  [...profiles].sort((a, b) => (a.id < b.id ? -1 : 1));

/** What can be seen of a store, whatever its documents are called. */
async function seenOf(store: Store, resolver: Resolver): Promise<object> {
  const ids = await idsOf(store);
  return {
    profiles: byId(await profilesOf(resolver)),
    ids: await Promise.all(ids.map(async (id) => [id, await resolver.resolveId(id)])),
  };
}

async function textOf(store: Store): Promise<string> {
  const pages = await store.read(KINDS.map((kind) => ({ scan: kind, after: null, limit: 1e6 })));
  return JSON.stringify(pages);
}

/** Everything that the store was told, told again: what becomes of it, and what it leaves. */
async function toldAgain(resolver: Resolver, script: Script): Promise<object> {
  const outcomes: string[] = [];
  for (const operation of script.operations) {
    if (operation.type === "input") outcomes.push((await resolver.ingest(operation.input)).type);
    if (operation.type === "assertion") outcomes.push((await resolver.assert(operation.assertion)).type);
  }
  await resolver.drain();
  return { outcomes, profiles: (await profilesOf(resolver)).map(({ fragments }) => fragments.length).sort() };
}

describe("a store under another pepper", () => {
  it("shows the same profiles, versions and ids, lets nobody back in, and is well", async () => {
    let suppressed = 0;
    const property = fc.asyncProperty(
      scripts,
      fc.nat(16),
      fc.boolean(),
      fc.constantFrom(OLD, undefined),
      async (script, at, erased, pepper) => {
        const { model } = script.history;
        const from = await played(script, at, erased, pepper);
        const to = empty();
        const options: RotatePepperOptions = {
          from,
          to,
          newPepper: NEW,
          model,
          ...(pepper === undefined ? {} : { pepper }),
        };
        if ((await from.count("settings")) === 0) return;
        expect((await rotatePepper(options)).wasDone).toBe(false);
        const [before, after] = [open(from, script, pepper), open(to, script, NEW)];
        const seen = await seenOf(from, before);
        expect(await seenOf(to, after)).toEqual(seen);
        expect((await checkStore(to, { model, pepper: NEW })).findings).toEqual([]);
        // Folding the new feed gives the state.
        expect([...foldFeed(await feedOf(after)).keys()].sort()).toEqual(
          (await profilesOf(after)).map(({ id }) => id).sort(),
        );
        const text = await textOf(to);
        if (pepper !== undefined) expect(text).not.toContain(pepper);
        expect(text).not.toContain(NEW);
        // Once more, under yet another one.
        const third = empty();
        await rotatePepper({ from: to, to: third, model, pepper: NEW, newPepper: NEWEST });
        const last = open(third, script, NEWEST);
        expect(await seenOf(third, last)).toEqual(seen);
        const again = await toldAgain(before, script);
        suppressed += JSON.stringify(again).split("suppressed").length - 1;
        expect(await toldAgain(after, script)).toEqual(again);
        expect(await toldAgain(last, script)).toEqual(again);
      },
    );
    await fc.assert(property, { numRuns: Math.ceil(RUNS / 2) });
    expect(suppressed).toBeGreaterThan(0);
  });

  it("comes about whatever happens on the way, and is not opened before", async () => {
    let unfinished = 0;
    const property = fc.asyncProperty(
      scripts,
      fc.nat(16),
      fc.array(
        fc.record({
          call: fc.integer({ min: 1, max: 60 }),
          type: fc.constantFrom<FaultType>("crash-before", "crash-after", "lost-reply", "duplicated-call"),
        }),
        { maxLength: 4 },
      ),
      async (script, at, faults) => {
        const { model } = script.history;
        const from = await played(script, at, true, OLD);
        if ((await from.count("settings")) === 0) return;
        const before = open(from, script, OLD);
        await before.drain();
        const seen = await seenOf(from, before);
        const to = empty();
        for (const fault of faults) {
          const faulty = createFaultyStore(to, [fault]);
          try {
            await rotatePepper({ from, to: faulty, model, pepper: OLD, newPepper: NEW });
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/store-failed|contended/) });
            unfinished++;
            const isDone = JSON.stringify(await to.read([{ kind: "settings", id: "" }])).includes("done");
            if (!isDone && (await to.count("settings")) > 0)
              await expect(open(to, script, NEW).resolveId("")).rejects.toMatchObject({
                code: "rotation-unfinished",
              });
          }
          // The old store is as it was.
          expect(await seenOf(from, before)).toEqual(seen);
        }
        await rotatePepper({ from, to, model, pepper: OLD, newPepper: NEW });
        expect(await seenOf(to, open(to, script, NEW))).toEqual(seen);
        expect((await checkStore(to, { model, pepper: NEW })).findings).toEqual([]);
        expect(await rotatePepper({ from, to, model, pepper: OLD, newPepper: NEW })).toMatchObject({
          wasDone: true,
        });
      },
    );
    await fc.assert(property, { numRuns: Math.ceil(RUNS / 4) });
    expect(unfinished).toBeGreaterThan(0);
  });
});

it("that was taken for dead does no harm to the store that another one has finished", async () => {
  const of = (id: string) => ({
    source: "w",
    id,
    kind: "form",
    identifiers: [{ type: "email", value: `${id}@harbor.example` }],
  });
  const [from, to] = [empty(), empty()];
  const old = createResolver({ store: from, pepper: OLD });
  for (const id of ["1", "2", "3"]) await old.ingest(of(id));
  // It hangs in the middle of its first step.
  const { promise: hung, resolve: goOn } = promised();
  const { promise: hanging, resolve: hang } = promised();
  let isFirst = true;
  const slow: Store = {
    ...from,
    async read(wanted, options) {
      if (isFirst && wanted.some((one) => "scan" in one && one.scan === "assertion")) {
        isFirst = false;
        hang();
        await hung;
      }
      return from.read(wanted, options);
    },
  };
  const late = rotatePepper({ from: slow, to, pepper: OLD, newPepper: NEW });
  await hanging;
  await rotatePepper({ from, to, pepper: OLD, newPepper: NEW });
  const outcome = await createResolver({ store: to, pepper: NEW }).ingest(of("4"));
  const id = (outcome as { readonly profile: string }).profile;
  goOn();
  await expect(late).rejects.toMatchObject({ code: "contended" });
  expect((await createResolver({ store: to, pepper: NEW }).resolveId(id))?.id).toBe(id);
});

function promised(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

it("goes from a file to a server, and from schema to schema", async ({ skip }) => {
  const server = await startPostgres();
  if (server === null) return skip("no Postgres server could be started");
  const { connectionString } = server;
  const stores = [
    await createSqliteStore({ path: ":memory:" }),
    await createPostgresStore({ connectionString, schema: "one", migrate: true }),
    await createPostgresStore({ connectionString, schema: "two", migrate: true }),
  ] as const;
  try {
    const [file, one, two] = stores;
    const before = createResolver({ store: file, pepper: OLD });
    for await (const _ of before.ingest(simulatedLeads(30, 3)));
    const [somebody] = await profilesOf(before);
    await before.erase(somebody?.id as string, ERASURE);
    await rotatePepper({ from: file, to: one, pepper: OLD, newPepper: NEW });
    await rotatePepper({ from: one, to: two, pepper: NEW, newPepper: NEWEST });
    const seen = await seenOf(file, before);
    expect(await seenOf(two, createResolver({ store: two, pepper: NEWEST }))).toEqual(seen);
    expect((await checkStore(two, { pepper: NEWEST })).findings).toEqual([]);
  } finally {
    for (const store of stores) await store.close();
    await server.stop();
  }
});

describe("what is refused", () => {
  const email = (value: string) => [{ type: "email", value }];
  async function filled(pepper: string): Promise<Store> {
    const store = empty();
    await createResolver({ store, pepper }).ingest({
      source: "web",
      id: "1",
      kind: "form",
      identifiers: email("ann.lee@mail.example"),
    });
    return store;
  }

  it.each([
    ["a pepper that is not the store's", { pepper: NEWEST }, "pepper-mismatch"],
    ["no pepper where there is one", { pepper: undefined }, "pepper-mismatch"],
  ])("%s", async (_, wrong, code) => {
    const from = await filled(OLD);
    const { pepper } = wrong;
    const options = { from, to: empty(), newPepper: NEW, ...(pepper === undefined ? {} : { pepper }) };
    await expect(rotatePepper(options)).rejects.toMatchObject({ code });
    expect(await idsOf(options.to)).toEqual([]);
  });

  it("a store that holds something else, or the copy under other peppers", async () => {
    const from = await filled(OLD);
    const to = await filled(NEW);
    const text = await textOf(to);
    await expect(rotatePepper({ from, to, pepper: OLD, newPepper: NEW })).rejects.toMatchObject({
      code: "store-not-empty",
    });
    expect(await textOf(to)).toBe(text);
    const copy = empty();
    await rotatePepper({ from, to: copy, pepper: OLD, newPepper: NEW });
    await expect(rotatePepper({ from, to: copy, pepper: OLD, newPepper: NEWEST })).rejects.toMatchObject({
      code: "store-not-empty",
    });
  });

  it("peppers that are none, and memory stores", async () => {
    const from = await filled(OLD);
    for (const wrong of [
      { newPepper: "short" },
      { newPepper: OLD },
      { to: from },
      { to: createMemoryStore() },
    ])
      await expect(
        rotatePepper({ from, to: empty(), pepper: OLD, newPepper: NEW, ...wrong }),
      ).rejects.toBeInstanceOf(TypeError);
  });

  it("a copy to which somebody else has written", async () => {
    const from = await filled(OLD);
    const to = empty();
    const meddled: Store = {
      ...to,
      async commit(changeset) {
        const result = await to.commit(changeset);
        // Once the ids are taken over, the old store goes on.
        if (changeset.puts.some(({ kind }) => kind === "id"))
          await createResolver({ store: from, pepper: OLD }).ingest({
            source: "web",
            id: `${Math.random()}`,
            kind: "form",
            identifiers: email("bob.ray@mail.example"),
          });
        return result;
      },
    };
    await expect(rotatePepper({ from, to: meddled, pepper: OLD, newPepper: NEW })).rejects.toMatchObject({
      code: "store-inconsistent",
    });
  });
});
