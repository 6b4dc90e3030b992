import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ProfilePlace } from "../../src/engine/profiles.js";
import { createResolver } from "../../src/engine/resolver.js";
import { type Fragment, type FragmentInput, fragmentKey, isRemoval } from "../../src/fragment/fragment.js";
import { createDefaultModel } from "../../src/model/defaultModel.js";
import { selectLive } from "../../src/resolve/live.js";
import type { IdDoc } from "../../src/resolve/plan/documents.js";
import { history, plainHistory, RUNS } from "../properties/histories.js";
import { HANDMADE_TIGHT } from "../properties/models.js";
import { crowdHistory, ebbingScript } from "./crowds.js";
import { createStage, type Given, play, type Stage } from "./playing.js";
import { expectSame, expectScratch, expectVersions, feedOf, foldFeed, profilesOf } from "./scratch.js";
import { type Script, scriptOf, TINY_WORK } from "./scripts.js";

/**
 * One writer: whatever the order, the batches and the drains in between, the state after `drain` is what `resolve` makes of
 * everything from scratch, and ids keep their promises. `LEADWEAVE_RUNS` histories for each property.
 */

const WORK = [
  ["within the limits of work", {}],
  ["with nearly all work put off", TINY_WORK],
] as const;

const scripts = fc.oneof(
  { weight: 3, arbitrary: scriptOf(history) },
  { weight: 1, arbitrary: scriptOf(plainHistory) },
  { weight: 1, arbitrary: scriptOf(crowdHistory) },
);

async function tryScripts(
  numRuns: number,
  predicate: (script: Script, batch: number) => Promise<void>,
): Promise<void> {
  const batch = fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 5 }));
  await fc.assert(fc.asyncProperty(scripts, batch, predicate), { numRuns });
}

/** Where each live fragment is. */
async function placesOf({ resolver }: Pick<Stage, "resolver">): Promise<Map<string, string>> {
  const places = new Map<string, string>();
  for (const { id, fragments } of await profilesOf(resolver))
    for (const fragment of fragments) places.set(fragmentKey(fragment), id);
  return places;
}

/** Id → strands, as the documents have it. */
function shownOf({ store: { source } }: Stage): Map<string, string[]> {
  const shown = new Map<string, string[]>();
  for (const { doc } of source.all("component"))
    for (const { id, strands } of doc.profiles) shown.set(id, [...strands].sort());
  for (const { id, doc } of source.all("strand"))
    if (doc.body?.component === null && doc.body.profile !== null) shown.set(doc.body.profile.id, [id]);
  return shown;
}

const byKey = <T>(map: ReadonlyMap<string, T>): [string, T][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

/** Watches the documents of ids: what is once a tombstone, or forwarded, stays so, and none ever goes. */
function watchIds({ store: { source } }: Stage): () => void {
  let before = new Map<string, IdDoc>();
  return () => {
    const now = new Map([...source.all("id")].map(({ id, doc }) => [id, doc]));
    for (const [id, doc] of before) {
      const next = now.get(id);
      expect(next).toBeDefined();
      if (doc.founder === null) expect(next).toEqual(doc);
    }
    before = now;
  };
}

/** Each id is founded once: on a fragment that is live, and known to the one strand that holds this fragment. */
function expectFounded({ store: { source } }: Stage): void {
  const founded = new Map<string, string>();
  for (const { doc } of source.all("strand")) {
    for (const { id, founder } of doc.body?.ids ?? []) {
      expect(founded.has(id)).toBe(false);
      founded.set(id, founder);
    }
  }
  for (const { id, doc } of source.all("id")) {
    expect(founded.get(id) ?? null).toBe(doc.founder);
    if (doc.founder !== null)
      expect(source.slot("fragment", doc.founder).doc?.text).toEqual(expect.any(String));
  }
  source.sweep();
}

/** The status of each input as of its arrival; of contents that conflict the engine says so also when the new one wins. */
function expectStatuses(given: readonly Given[]): void {
  const inputs = given.map(({ input }) => input);
  given.forEach(({ outcome }, at) => {
    const status = selectLive(inputs.slice(0, at + 1)).statuses[at];
    if (outcome.type === "refused") throw new Error("a valid input was refused");
    if (outcome.status === "conflicting-content") expect(["live", "conflicting-content"]).toContain(status);
    else expect(outcome.status).toBe(status);
    if (status === "superseded" || status === "duplicate") expect(outcome.type).toBe("unchanged");
  });
}

describe.each(WORK)("1, 2, 17, 20: live is R after drain, %s", (_, limits) => {
  it("and 12, 13, 25, 15 and 24 where nothing waits: ids, versions, feed and counts keep their laws", async () => {
    await tryScripts(RUNS, async (script, batch) => {
      const { model } = script.history;
      const stage = createStage(model, limits);
      const look = watchIds(stage);
      const given = await play(stage, script, batch, look);
      const profiles = await expectScratch(stage.resolver, script.history);
      look();
      expectFounded(stage);
      expectStatuses(given);

      const changes = await feedOf(stage.resolver);
      expectVersions(changes);
      expectSame(byKey(foldFeed(changes)), byKey(shownOf(stage)));

      const again = createResolver({ model, store: stage.store, limits });
      expectSame(byKey(await placesOf({ resolver: again })), byKey(await placesOf(stage)));

      const live = new Set<string>(profiles.map(({ id }) => id));
      const shown = new Set([
        ...changes.map(({ profile }) => profile),
        ...given.flatMap(({ outcome }) => (outcome.type === "refused" ? [] : (outcome.profile ?? []))),
      ]);
      for (const id of shown) {
        const place = await stage.resolver.resolveId(id);
        if (place === null) expect(live.has(id)).toBe(false);
        else {
          expect(live.has(place.id)).toBe(true);
          expect(await stage.resolver.resolveId(place.id)).toEqual(place);
        }
      }
      for (const id of live) expect((await stage.resolver.resolveId(id))?.id).toBe(id);

      const { inputs, ...others } = (await stage.resolver.stats()).outcomes;
      expect(inputs).toBe(given.length);
      expect(Object.values(others).reduce((sum, count) => sum + count, 0)).toBe(inputs);
    });
  });
});

it.each(WORK)(
  "a crowd that comes and goes again, twice at one value, leaves nothing behind, %s",
  async (_, limits) => {
    const property = fc.asyncProperty(ebbingScript, async (script) => {
      const stage = createStage(script.history.model, limits);
      await play(stage, script);
      await expectScratch(stage.resolver, script.history);
    });
    await fc.assert(property, { numRuns: Math.ceil(RUNS / 4) });
  },
);

it("15: a version stands by the id that shows it, where the fragment that brings it tells a strand nothing new", async () => {
  const at = Date.UTC(2026, 0, 5, 10);
  const say = (source: string, id: string, type: string, value: string, more: object = {}): Fragment => ({
    source,
    id,
    kind: "session",
    observedAt: at,
    identifiers: [{ type, value }],
    ...more,
  });
  const stage = createStage(HANDMADE_TIGHT, TINY_WORK);
  // All of one version: which content of an id is live is decided anew each time.
  for (const input of [
    say("web", "5", "gclid", "Cj0KCQiA-one", { observedAt: null }),
    say("web", "0", "email", "ann.doe@gmail.com", { attributes: {} }),
    say("web", "0", "gclid", "Cj0KCQiA-one", { version: 0 }),
    say("web", "5", "gclid", "Cj0KCQiA-two", { kind: "call", observedAt: at + 660_000, event: "e1" }),
    say("pixel", "0", "email", "anndoe@gmail.com", { version: 0 }),
    say("web", "5", "email", "ann.doe@gmail.com"),
    say("web", "0", "email", "anndoe@gmail.com"),
    say("web", "0", "gclid", "Cj0KCQiA-one", { version: 0, consent: {} }),
  ])
    stage.resolver.ingestSync(input);
  await stage.resolver.drain();
  const changes = await feedOf(stage.resolver);
  expectVersions(changes);
  expectSame(byKey(foldFeed(changes)), byKey(shownOf(stage)));
});

it("what was said of a fragment comes with it to a strand that it tells nothing new", async () => {
  const { resolver } = createStage(createDefaultModel(), {});
  const say = (source: string, id: string, email: string): FragmentInput => ({
    source,
    id,
    kind: "form",
    identifiers: [{ type: "email", value: email }],
  });
  const inputs = [
    say("web", "0", "ann@harbor.example"),
    say("web", "2", "ann@harbor.example"),
    say("pixel", "6", "ann@harbor.example"),
    say("pixel", "1", "ben@harbor.example"),
  ];
  for (const input of inputs) resolver.ingestSync(input);
  const [web2, pixel1, pixel6] = [
    { source: "web", id: "2" },
    { source: "pixel", id: "1" },
    { source: "pixel", id: "6" },
  ] as const;
  await resolver.assert({ type: "same", a: pixel1, b: web2 });
  // It stands alone for as long as the other is live, and comes home then.
  await resolver.assert({ type: "different", a: pixel6, b: web2 });
  await resolver.remove(pixel6);
  await resolver.drain();
  const profiles = await profilesOf(resolver);
  expect(profiles.map(({ fragments }) => fragments.length)).toEqual([3]);
});

it("24: folding the feed gives what is shown, after every operation, with nearly all work put off", async () => {
  await tryScripts(RUNS, async (script, batch) => {
    const stage = createStage(script.history.model, TINY_WORK);
    await play(stage, script, batch, async () => {
      expectSame(byKey(foldFeed(await feedOf(stage.resolver))), byKey(shownOf(stage)));
    });
    await stage.resolver.drain();
    expectVersions(await feedOf(stage.resolver));
  });
});

describe.each(WORK)("what comes again or goes again, %s", (_, limits) => {
  it("3: everything once more changes nothing and emits nothing", async () => {
    await tryScripts(Math.ceil(RUNS / 2), async (script, batch) => {
      const stage = createStage(script.history.model, limits);
      await play(stage, script);
      await stage.resolver.drain();
      const before = { places: byKey(await placesOf(stage)), changes: (await feedOf(stage.resolver)).length };
      const operations = script.operations.filter(({ type }) => type !== "drain");
      for (const { outcome } of await play(stage, { ...script, operations }, batch))
        expect(outcome.type).toBe("unchanged");
      const { pending, rechecks } = await stage.resolver.stats();
      expect({ pending, rechecks }).toEqual({ pending: 0, rechecks: 0 });
      const after = { places: byKey(await placesOf(stage)), changes: (await feedOf(stage.resolver)).length };
      expect(after).toEqual(before);
    });
  });

  it("4, 14: what joins, and is taken back, leaves memberships and ids as they were", async () => {
    const ends = fc.tuple(fc.nat(30), fc.nat(30), fc.boolean(), fc.boolean());
    await fc.assert(
      fc.asyncProperty(scripts, ends, async (script, [p, q, isSaid, isDrained]) => {
        const stage = createStage(script.history.model, limits);
        await play(stage, script);
        await stage.resolver.drain();
        const before = byKey(await placesOf(stage));
        const fragments = script.history.inputs.filter((input): input is Fragment => !isRemoval(input));
        const [a, b] = [fragments[p % fragments.length], fragments[q % fragments.length]] as [
          Fragment,
          Fragment,
        ];
        const isSame = isSaid && !script.history.assertions.some(({ type }) => type === "same");
        const refs = { a: { source: a.source, id: a.id }, b: { source: b.source, id: b.id } };
        const joining: FragmentInput = {
          source: "web",
          id: "fresh",
          kind: "form",
          identifiers: [...(a.identifiers ?? []), ...(b.identifiers ?? [])],
        };
        if (isSame) await stage.resolver.assert({ type: "same", ...refs });
        else stage.resolver.ingestSync(joining);
        if (isDrained) await stage.resolver.drain();
        if (isSame) await stage.resolver.assert({ type: "same", ...refs, version: 1, retracted: true });
        else await stage.resolver.remove({ source: "web", id: "fresh" });
        await stage.resolver.drain();
        expect(byKey(await placesOf(stage))).toEqual(before);
        expectFounded(stage);
      }),
      { numRuns: Math.ceil(RUNS / 2) },
    );
  });

  it("an outcome names the profile in which a later read finds the fragment", async () => {
    await tryScripts(Math.ceil(RUNS / 4), async (script) => {
      const stage = createStage(script.history.model, limits);
      for (const operation of script.operations) {
        const [one] = await play(stage, { ...script, operations: [operation] });
        if (one === undefined || one.outcome.type === "refused") continue;
        const { source, id } = one.input;
        const place: ProfilePlace | null = await stage.resolver.profileOf(source, id);
        expect(place?.id ?? null).toBe(one.outcome.profile);
        if (!one.outcome.pending && place !== null) expect(place.pending).toBe(false);
      }
    });
  });
});
