import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkStore } from "../../src/engine/check.js";
import { createResolver } from "../../src/engine/resolver.js";
import type { ProfileId } from "../../src/resolve/ids.js";
import type { Change } from "../../src/resolve/plan/changes.js";
import type { Kind } from "../../src/resolve/plan/documents.js";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import { createSqliteStore } from "../../src/stores/sqlite/index.js";
import type { Changeset, DocumentEntry, Store } from "../../src/stores/store.js";
import { crowdHistory } from "../live/crowds.js";
import { createStage, play } from "../live/playing.js";
import { membersOf, profilesOf } from "../live/scratch.js";
import { scriptOf, TINY_WORK } from "../live/scripts.js";
import { faceOf } from "../live/writers.js";
import { history, plainHistory, RUNS } from "../properties/histories.js";
import { simulatedLeads } from "./leads.js";

const scripts = fc.oneof(
  { weight: 3, arbitrary: scriptOf(history) },
  { weight: 1, arbitrary: scriptOf(plainHistory) },
  { weight: 1, arbitrary: scriptOf(crowdHistory) },
);

it.each([
  ["within the limits of work", {}],
  ["with nearly all work put off", TINY_WORK],
] as const)("a healthy store has no finding, drained or not, %s", async (_, limits) => {
  const property = fc.asyncProperty(scripts, fc.boolean(), async (script, isDrained) => {
    const { model } = script.history;
    const stage = createStage(model, limits);
    await play(stage, script);
    if (isDrained) await stage.resolver.drain();
    expect((await checkStore(stage.store, { model })).findings).toEqual([]);
  });
  await fc.assert(property, { numRuns: Math.ceil(RUNS / 4) });
});

it("nor has one whose feed was compacted somewhere on the way", async () => {
  const property = fc.asyncProperty(scripts, fc.nat(30), fc.nat(6), async (script, at, keep) => {
    const { model } = script.history;
    const stage = createStage(model, TINY_WORK);
    await play(stage, { ...script, operations: script.operations.slice(0, at) });
    await stage.store.trim?.({ keep });
    await play(stage, { ...script, operations: script.operations.slice(at) });
    expect((await checkStore(stage.store, { model })).findings).toEqual([]);
  });
  await fc.assert(property, { numRuns: Math.ceil(RUNS / 4) });
});

it("a compacted feed that tells another state than the documents is found", async () => {
  const store = faceOf(createMemoryStore());
  const resolver = createResolver({ store });
  for await (const _ of resolver.ingest(LEADS));
  await resolver.drain();
  await resolver.compact({ keep: 20 });
  const [shown] = await profilesOf(resolver);
  const change: Change = {
    type: "updated",
    profile: shown?.id as ProfileId,
    version: (shown?.version ?? 0) + 1,
    added: ["elsewhere"],
    removed: [],
    others: [],
    cause: { type: "drain" },
  };
  await store.commit({ ...NOTHING, changes: [change] });
  expect((await checkStore(store)).findings).toMatchObject([{ kind: "fold" }]);
});

const LEADS = simulatedLeads(24, 5);
/** How far the store had come when somebody put a copy of its documents aside. */
const COPIED_AT = Math.floor(LEADS.length * 0.6);

const NOTHING: Changeset = { expect: [], puts: [], deletes: [], rows: [], changes: [] };

async function documentsOf(store: Store, kind: Kind): Promise<(DocumentEntry & { readonly text: string })[]> {
  const [page] = await store.read([{ scan: kind, after: null, limit: 1e6 }]);
  if (page?.type !== "scan") throw new Error("not a scan");
  return page.documents.map((document) => ({ ...document, text: document.text as string }));
}

/** Leads in a store, and documents as they were before the last of them. */
async function filled(kind: Kind): Promise<{ readonly store: Store; readonly old: Map<string, string> }> {
  const store = faceOf(createMemoryStore());
  const resolver = createResolver({ store });
  for await (const _ of resolver.ingest(LEADS.slice(0, COPIED_AT)));
  const old = new Map((await documentsOf(store, kind)).map(({ id, text }) => [id, text]));
  for await (const _ of resolver.ingest(LEADS.slice(COPIED_AT)));
  await resolver.drain();
  return { store, old };
}

async function partitionIn(store: Store): Promise<string[]> {
  return (await profilesOf(createResolver({ store }))).map(membersOf).sort();
}

const DAMAGES = ["dropped", "swapped with another", "a stale copy"] as const;

/** Damages one document of a kind, one place in the order after another; null where there is none to damage so. */
async function damage(
  store: Store,
  kind: Kind,
  how: (typeof DAMAGES)[number],
  place: number,
  old: ReadonlyMap<string, string>,
): Promise<Changeset | null> {
  const documents = await documentsOf(store, kind);
  const of = documents.slice(Math.floor(place * documents.length));
  if (how === "dropped") {
    const [one] = of;
    return one === undefined ? null : { ...NOTHING, deletes: [{ kind, id: one.id }] };
  }
  if (how === "a stale copy") {
    const one = of.find(({ id, text }) => old.has(id) && old.get(id) !== text);
    return one === undefined
      ? null
      : { ...NOTHING, puts: [{ kind, id: one.id, text: old.get(one.id) as string }] };
  }
  const [one] = of;
  const other = documents.find(({ id, text }) => id !== one?.id && text !== one?.text);
  if (one === undefined || other === undefined) return null;
  return {
    ...NOTHING,
    puts: [
      { kind, id: one.id, text: other.text },
      { kind, id: other.id, text: one.text },
    ],
  };
}

/** What is drawn from fragments: where one document is lost or old, the others and the fragments say what it was. */
const MENDED: readonly Kind[] = ["event", "strand", "key", "digest", "block", "time", "component", "id"];
/** Two that were swapped may each look right from one side; and of fragments nobody else knows what they said. */
const isMended = (kind: Kind, how: string): boolean => MENDED.includes(kind) && how === "dropped";

describe.each(["fragment", ...MENDED] as const)("a document of the kind %s", (kind) => {
  it.each(DAMAGES)("that was %s is found", async (how) => {
    for (const place of [0.1, 0.6]) {
      const { store, old } = await filled(kind);
      const partition = await partitionIn(store);
      const damaging = await damage(store, kind, how, place, old);
      if (damaging === null) continue;
      await store.commit(damaging);
      const found = await checkStore(store);
      expect(found.findings).not.toEqual([]);
      expect(found.repaired).toBe(0);
      const names = [...damaging.puts, ...damaging.deletes].map(({ id }) => id);
      for (const name of names) expect(JSON.stringify(found.findings)).not.toContain(name);
      if (!isMended(kind, how)) continue;
      const repaired = await checkStore(store, { repair: true });
      expect(repaired.findings).toEqual([]);
      expect(repaired.repaired).toBeGreaterThan(0);
      expect(await partitionIn(store)).toEqual(partition);
    }
  });
});

describe("a hand that wrote nonsense", () => {
  it.each(["{}", "[]", "null", '"?"', "{", '{"id":1,"strands":"?"}'])(
    "%s is found, not tripped over",
    async (text) => {
      const store = await createSqliteStore(":memory:");
      const resolver = createResolver({ store });
      for await (const _ of resolver.ingest(LEADS.slice(0, 40)));
      expect((await checkStore(store)).findings).toEqual([]);
      const kinds = ["fragment", "event", "strand", "key", "digest", "block", "id"] as const;
      for (const kind of kinds) {
        const [first] = await documentsOf(store, kind);
        if (first === undefined) continue;
        await store.commit({ ...NOTHING, puts: [{ kind, id: first.id, text }] });
        const { findings } = await checkStore(store);
        expect(findings.map((finding) => finding.kind)).toContain("unreadable");
        await store.commit({ ...NOTHING, puts: [{ kind, id: first.id, text: first.text }] });
      }
      expect((await checkStore(store)).findings).toEqual([]);
      await store.close();
    },
  );

  it("a store that has forgotten its model says so", async () => {
    const store = faceOf(createMemoryStore());
    for await (const _ of createResolver({ store }).ingest(LEADS.slice(0, 5)));
    await store.commit({ ...NOTHING, deletes: [{ kind: "settings", id: "" }] });
    expect((await checkStore(store)).findings.map(({ kind }) => kind)).toEqual(["settings"]);
  });

  it("an empty store has nothing to find", async () => {
    expect(await checkStore(createMemoryStore())).toEqual({ documents: 0, findings: [], repaired: 0 });
  });
});

describe("whoever has another pepper", () => {
  it("is told", async () => {
    const store = faceOf(createMemoryStore());
    const pepper = "sixteen characters or more";
    await createResolver({ store, pepper }).ingest(LEADS[0] as (typeof LEADS)[number]);
    await expect(checkStore(store)).rejects.toMatchObject({ code: "pepper-mismatch" });
    expect((await checkStore(store, { pepper })).findings).toEqual([]);
  });
});

describe("a feed that does not tell what is shown", () => {
  it("is found", async () => {
    const { store } = await filled("strand");
    const [last] = await documentsOf(store, "id");
    await store.commit({
      ...NOTHING,
      changes: [
        {
          type: "updated",
          profile: (last as DocumentEntry).id as never,
          version: 9,
          added: ["nobody"],
          removed: [],
          others: [],
          cause: { type: "drain" },
        },
      ],
    });
    expect((await checkStore(store)).findings.map(({ kind }) => kind)).toEqual(["fold"]);
  });
});
