import { channel } from "node:diagnostics_channel";
import { beforeAll, describe, expect, it } from "vitest";
import { LeadweaveError } from "../../src/engine/error.js";
import type { LiveProfile } from "../../src/engine/profiles.js";
import { createResolver, openResolver, type Resolver } from "../../src/engine/resolver.js";
import { type Fragment, fragmentKey } from "../../src/fragment/fragment.js";
import { createDefaultModel } from "../../src/model/index.js";
import { createContentBuilder, explainPair } from "../../src/profile/index.js";
import { type Resolution, resolve } from "../../src/resolve/resolve.js";
import { StoreError } from "../../src/stores/error.js";
import { createMemoryStore, type MemoryStore } from "../../src/stores/memoryStore.js";
import type { Store } from "../../src/stores/store.js";
import { createYieldingStore } from "../../src/stores/yielding.js";
import { feedOf, foldFeed } from "../live/scratch.js";
import { fragmentsOf, partitionOf, simulatedLeads } from "./leads.js";

/** The engine over simulated leads: whatever the store and whoever writes, it says what `resolve` says from scratch. */

const NOW = Date.UTC(2026, 5, 1);
const model = createDefaultModel();
const leads = simulatedLeads(60, 5);

let scratch: Resolution;
/** The fragments of each profile → its content, without the id: ids depend on what came first. */
let contents: Map<string, object>;

beforeAll(() => {
  scratch = resolve(leads, model);
  const builder = createContentBuilder(scratch);
  contents = new Map(
    scratch.profiles.map((membership) => {
      const { id: _, ...content } = builder.build(membership, NOW);
      return [fragmentsOf(scratch, membership).join(" "), content];
    }),
  );
});

/** The asynchronous side of the memory store alone. */
function faceOf({ read, commit, changes, count, close }: Store): Store {
  return { read, commit, changes, count, close };
}

/** Lets writers go on in an order that a seed decides. */
function randomSchedule(seed: number): () => Promise<void> {
  let state = seed;
  return async () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    for (let turns = (state >> 8) % 4; turns > 0; turns--) await null;
  };
}

async function ingestAll(resolver: Resolver, fragments: readonly Fragment[], batch: number): Promise<void> {
  let again = fragments;
  while (again.length > 0) {
    const given = again;
    const contended: Fragment[] = [];
    let at = 0;
    for await (const outcome of resolver.ingest(given, { batch })) {
      if (outcome.type === "refused") {
        expect(outcome.code).toBe("contended");
        contended.push(given[at] as Fragment);
      }
      at++;
    }
    expect(at).toBe(given.length);
    again = contended;
  }
}

async function profilesOf(resolver: Resolver): Promise<LiveProfile[]> {
  const profiles: LiveProfile[] = [];
  for await (const profile of resolver.profiles({ now: NOW })) profiles.push(profile);
  return profiles;
}

async function expectScratch(resolver: Resolver): Promise<void> {
  expect(await resolver.drain()).toMatchObject({ left: 0 });
  const profiles = await profilesOf(resolver);
  expect(partitionOf(profiles.map(({ fragments }) => fragments.map(fragmentKey)))).toEqual(
    partitionOf(scratch.profiles.map((membership) => fragmentsOf(scratch, membership))),
  );
  for (const { id, version, pending, ...content } of profiles) {
    expect(pending).toBe(false);
    expect(version).toBeGreaterThan(0);
    expect(content).toEqual(contents.get(content.fragments.map(fragmentKey).sort().join(" ")));
    for (const fragment of content.fragments)
      expect(await resolver.profileOf(fragment.source, fragment.id)).toMatchObject({ id, pending: false });
  }
  const feed = foldFeed(await feedOf(resolver));
  expect([...feed.keys()].sort()).toEqual(profiles.map(({ id }) => id).sort());
  const { strands } = (await resolver.stats({ scan: true })).scanned ?? {};
  expect([...feed.values()].reduce((sum, members) => sum + members.length, 0)).toBe(strands);
}

describe("the state after drain is that of resolve", () => {
  it("over the memory store, synchronously", async () => {
    const resolver = createResolver({ model });
    for (const fragment of leads) expect(resolver.ingestSync(fragment).type).not.toBe("refused");
    await expectScratch(resolver);
  });

  it("over the memory store as a store like any", async () => {
    const resolver = createResolver({ model, store: faceOf(createMemoryStore()) });
    await ingestAll(resolver, leads, 64);
    await expectScratch(resolver);
  });

  for (const batch of [1, 16]) {
    it(`over a store that yields at every wish, in batches of ${batch}`, async () => {
      const resolver = createResolver({ model, store: createYieldingStore(createMemoryStore()) });
      await ingestAll(resolver, leads, batch);
      await expectScratch(resolver);
    });
  }

  for (const seed of [1, 2]) {
    it(`by three writers at once, schedule ${seed}`, async () => {
      let conflicts = 0;
      const store = createYieldingStore(createMemoryStore(), randomSchedule(seed));
      const counted: Store = {
        ...store,
        async commit(changeset) {
          const result = await store.commit(changeset);
          if (result === "conflict") conflicts++;
          return result;
        },
      };
      const resolvers = [0, 1, 2].map(() => createResolver({ model, store: counted }));
      await Promise.all(
        resolvers.map((resolver, writer) =>
          ingestAll(
            resolver,
            leads.filter((_, index) => index % 3 === writer),
            1 + writer,
          ),
        ),
      );
      expect(conflicts).toBeGreaterThan(0);
      await expectScratch(resolvers[0] as Resolver);
    });
  }
});

describe("a resolver", () => {
  it("explains pairs as a resolution from scratch does", async () => {
    const resolver = createResolver({ model, store: faceOf(createMemoryStore()) });
    await ingestAll(resolver, leads, 64);
    await resolver.drain();
    for (let at = 0; at < 40; at++) {
      const [a, b] = [leads[(at * 7) % leads.length], leads[(at * 7 + 1 + (at % 5)) % leads.length]];
      if (a !== undefined && b !== undefined)
        expect(await resolver.explain(a, b)).toEqual(explainPair(scratch, a, b));
    }
  });

  it("resolves ids, forwards those that merged, and forgets what was removed", async () => {
    const resolver = createResolver({ model });
    const ref = { source: "web", id: "1" };
    const outcome = await resolver.ingest({ ...ref, kind: "form", attributes: { first_name: "Anna" } });
    if (outcome.type === "refused" || outcome.profile === null) throw new Error("expected a profile");
    const { profile } = outcome;
    expect(outcome.type).toBe("created");
    expect(await resolver.resolveId(profile)).toMatchObject({ id: profile, pending: false });
    expect((await resolver.profile(profile, { now: NOW }))?.attributes.first_name?.value).toBe("Anna");
    expect(await resolver.profile(ref, { now: NOW })).toEqual(await resolver.profile(profile, { now: NOW }));
    expect((await resolver.remove(ref)).type).toBe("removed");
    expect(await resolver.resolveId(profile)).toBeNull();
    expect(await resolver.profile(ref)).toBeNull();
    expect(await resolver.resolveId("p_never")).toBeNull();
  });

  it("parts what somebody declares different, and says when it has heard it before", async () => {
    const resolver = createResolver({ model, store: faceOf(createMemoryStore()) });
    const identifiers = [{ type: "email", value: "anna@harbor.example" }];
    const [a, b] = ["1", "2"].map((id): Fragment => ({ source: "web", id, kind: "form", identifiers }));
    if (a === undefined || b === undefined) throw new Error("expected two");
    await ingestAll(resolver, [a, b], 2);
    const refs = { a: { source: "web", id: "1" }, b: { source: "web", id: "2" } };
    expect((await resolver.explain(a, b)).together).toBe(true);
    expect(await resolver.assert({ type: "different", ...refs })).toMatchObject({ type: "accepted" });
    expect((await resolver.explain(a, b)).together).toBe(false);
    expect(await resolver.assert({ type: "different", ...refs })).toMatchObject({ type: "unchanged" });
    const broken = { type: "perhaps", ...refs } as unknown as Parameters<Resolver["assert"]>[0];
    expect(await resolver.assert(broken)).toMatchObject({ type: "refused", code: "invalid-assertion" });
  });

  it("refuses what is no fragment, counts every input, and goes on", async () => {
    const resolver = createResolver({ model });
    const inputs = [leads[0], { source: "web" }, leads[0], null] as readonly Fragment[];
    const types: string[] = [];
    for await (const outcome of resolver.ingest(inputs)) types.push(outcome.type);
    expect(types).toEqual(["created", "refused", "unchanged", "refused"]);
    const { inputs: sum, ...others } = (await resolver.stats()).outcomes;
    expect(sum).toBe(4);
    expect(Object.values(others).reduce((total, count) => total + count, 0)).toBe(4);
  });

  it.each([1, 2])(
    "reads an object again that says something else by now, in batches of %i",
    async (batch) => {
      const resolver = createResolver({ store: faceOf(createMemoryStore()) });
      const said = (id: string) => ({
        source: "web",
        id,
        kind: "form",
        identifiers: [{ type: "email", value: `${id}@harbor.example` }],
        attributes: { city: "Springfield" },
      });
      const [one, two] = [said("one"), said("two")];
      await ingestAll(resolver, [one, two], batch);
      Object.assign(two, { version: 1, identifiers: one.identifiers });
      await ingestAll(resolver, [two], batch);
      const [p, q] = await Promise.all(["one", "two"].map((id) => resolver.profileOf("web", id)));
      expect(p?.id).toBe(q?.id);
    },
  );

  it("keeps what it resolved, whatever becomes of an input on its way", async () => {
    const of = (id: string, value: string) => ({
      source: "w",
      id,
      kind: "form",
      identifiers: [{ type: "email", value }],
    });
    const face = faceOf(createMemoryStore());
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const store: Store = {
      ...face,
      async read(wanted, options) {
        await turn();
        return face.read(wanted, options);
      },
    };
    const resolver = createResolver({ store });
    await resolver.ingest(of("0", "zoe@harbor.example"));
    const input = of("1", "ann@harbor.example");
    const ingesting = resolver.ingest(input);
    // It is validated, and the first documents are being read.
    await turn();
    (input.identifiers[0] as { value: string }).value = "ben@harbor.example";
    await ingesting;
    for (const [id, email] of [
      ["2", "ann@harbor.example"],
      ["3", "ben@harbor.example"],
    ] as const)
      await resolver.ingest(of(id, email));
    const profile = await resolver.profile({ source: "w", id: "1" });
    const stated = profile?.identifiers.email?.[0]?.value;
    const other = stated === "ann@harbor.example" ? "2" : "3";
    expect((await resolver.profileOf("w", other))?.id).toBe(profile?.id);
  });

  it("pulls inputs only as outcomes are pulled", async () => {
    const resolver = createResolver({ model });
    let pulled = 0;
    async function* source(): AsyncGenerator<Fragment> {
      for (const fragment of leads) {
        pulled++;
        yield fragment;
      }
    }
    for await (const _ of resolver.ingest(source(), { batch: 4 })) break;
    expect(pulled).toBeLessThanOrEqual(5);
  });

  it("answers contended, and has changed nothing, when others are always faster", async () => {
    const memory = createMemoryStore();
    await createResolver({ model, store: faceOf(memory) }).drain();
    const store: Store = { ...faceOf(memory), commit: async () => "conflict" };
    const resolver = createResolver({ model, store, maxRetries: 3 });
    expect(await resolver.ingest(leads[0] as Fragment)).toEqual({ type: "refused", code: "contended" });
    expect(await memory.count("fragment")).toBe(0);
  });

  it("is misused by a TypeError, and closed for good", async () => {
    const resolver = createResolver({ model, store: faceOf(createMemoryStore()) });
    expect(() => resolver.ingestSync(leads[0] as Fragment)).toThrow(TypeError);
    expect(() => createResolver({ maxRetries: -1 })).toThrow(TypeError);
    expect(() => createResolver({ store: "./leads.db" as unknown as Store })).toThrow(/opened store/);
    await resolver.close();
    await resolver.close();
    const failure = await resolver.ingest(leads[0] as Fragment).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LeadweaveError);
    expect(failure).toMatchObject({ code: "closed", retryable: false });
  });

  it("tells those who listen what each input took, and no values", async () => {
    const heard: unknown[] = [];
    const listen = (message: unknown): void => {
      heard.push(message);
    };
    const ingests = channel("leadweave:ingest");
    ingests.subscribe(listen);
    const resolver = createResolver({ model });
    resolver.ingestSync(leads[0] as Fragment);
    await resolver.ingest(leads[0] as Fragment);
    ingests.unsubscribe(listen);
    resolver.ingestSync(leads[1] as Fragment);
    expect(heard).toMatchObject([
      { type: "created", status: "live", retries: 0, pending: false },
      { type: "unchanged", status: "duplicate" },
    ]);
    expect(Object.values(heard[0] as object).every((value) => !String(value).includes("@"))).toBe(true);
  });
});

describe("the population", () => {
  const model = { ...createDefaultModel(), population: 2 };

  it("is checked when a store is opened, and never stops what was opened", async () => {
    const store = createMemoryStore();
    const resolver = createResolver({ store, model });
    for (const lead of simulatedLeads(12, 3)) expect((await resolver.ingest(lead)).type).not.toBe("refused");
    const { scanned } = await resolver.stats({ scan: true });
    expect(scanned?.expectedFalseEdges).toBeCloseTo(0.05 * ((scanned?.strands ?? 0) / 2), 12);
    const refused = createResolver({ store, model });
    await expect(refused.drain()).rejects.toMatchObject({ code: "population-exceeded", retryable: false });
    expect(() => refused.ingestSync({ source: "web", id: "1", kind: "form" })).toThrow(/forPopulation/);
    const other = createResolver({ store, model: { ...model, population: 16_384 } });
    await expect(other.drain()).rejects.toMatchObject({ code: "model-mismatch", retryable: false });
  });
});

describe("a store", () => {
  it.each([
    ["directly", (store: MemoryStore): Store => store],
    ["as a store like any", faceOf],
  ])("remembers the model and the pepper that it was begun with, %s", async (_, face) => {
    const store = face(createMemoryStore());
    const pepper = "a pepper of some length";
    await createResolver({ store, model, pepper }).drain();
    await createResolver({ store, model, pepper }).drain();
    const reordered = JSON.parse(JSON.stringify(model));
    await createResolver({
      store,
      model: Object.fromEntries(Object.entries(reordered).reverse()) as never,
      pepper,
    }).drain();
    await expect(createResolver({ store, model }).drain()).rejects.toMatchObject({ code: "pepper-mismatch" });
    await expect(
      createResolver({ store, pepper, model: { ...model, population: 7 } }).drain(),
    ).rejects.toMatchObject({ code: "model-mismatch" });
    expect(() => createResolver({ pepper: "short" })).toThrow(TypeError);
  });

  it("that a hand has edited is told of, without a word of what stands there", async () => {
    const memory = createMemoryStore();
    await createResolver({ store: faceOf(memory), model }).ingest(leads[0] as Fragment);
    const store: Store = {
      ...faceOf(memory),
      async read(wanted) {
        const entries = await memory.read(wanted);
        return entries.map((entry) =>
          entry.type === "document" && entry.document.kind === "fragment" && entry.document.text !== null
            ? { type: "document", document: { ...entry.document, text: "nonsense of Ann" } }
            : entry,
        );
      },
    };
    const failed = createResolver({ store, model }).ingest(leads[0] as Fragment);
    await expect(failed).rejects.toMatchObject({ code: "store-inconsistent", retryable: false });
    await expect(failed).rejects.not.toThrow(/Ann/);
  });

  it("that fails is passed on with its words", async () => {
    const failing: Store = {
      ...createMemoryStore(),
      source: undefined,
      read: () => Promise.reject(new StoreError("access-denied", "the password was refused: mend it")),
    } as Store;
    await expect(createResolver({ store: failing }).drain()).rejects.toMatchObject({
      code: "store-failed",
      retryable: false,
      message: "the store could not read: the password was refused: mend it",
    });
  });

  it("is opened with the model that it remembers", async () => {
    const store = createMemoryStore();
    const own = { ...model, population: 77 };
    await (await openResolver({ store, model: own })).ingest(leads[0] as Fragment);
    const resolver = await openResolver({ store });
    expect(await resolver.ingest(leads[0] as Fragment)).toMatchObject({ type: "unchanged" });
    expect(resolver.model.population).toBe(77);
  });
});
