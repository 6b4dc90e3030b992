import assert from "node:assert/strict";
import fc from "fast-check";
import { LeadweaveError } from "../engine/error.js";
import type { AssertOutcome, IngestOutcome } from "../engine/outcome.js";
import type { LiveProfile } from "../engine/profiles.js";
import { createResolver, type Resolver } from "../engine/resolver.js";
import { fragmentKey } from "../fragment/fragment.js";
import { resolve } from "../resolve/resolve.js";
import { createMemoryStore } from "../stores/memoryStore.js";
import type { FeedEntry, Store } from "../stores/store.js";
import { createYieldingStore } from "../stores/yielding.js";
import { createFaultyStore, type FaultType } from "./faultyStore.js";
import type { Stage, StoreTest } from "./fixture.js";
import { history, SMALL_MODEL, SMALL_WORK, type Step } from "./histories.js";
import { feedAfter } from "./wishes.js";

/** The whole engine over a store: histories must end as they end over the memory store, and as `resolve` says. */

const NOW = Date.UTC(2026, 3, 1);
const limits = fc.constantFrom({}, SMALL_WORK);

/** The asynchronous side alone: resolvers take it for a store like any. */
function memoryFace(): Store {
  const { source: _, ...face } = createMemoryStore();
  return face;
}

function resolverOver(store: Store, work: typeof SMALL_WORK): Resolver {
  return createResolver({ store, model: SMALL_MODEL, limits: work, maxRetries: 100 });
}

/** Whoever is refused because others were faster tries again. */
async function take(resolver: Resolver, step: Step): Promise<void> {
  if (step.type === "drain") {
    await resolver.drain();
    return;
  }
  for (let tries = 0; ; tries++) {
    const outcome: IngestOutcome | AssertOutcome =
      step.type === "input" ? await resolver.ingest(step.input) : await resolver.assert(step.assertion);
    if (outcome.type !== "refused") return;
    assert.equal(outcome.code, "contended");
    assert.ok(tries < 100, "somebody comes through");
  }
}

async function profilesOf(resolver: Resolver): Promise<LiveProfile[]> {
  const profiles: LiveProfile[] = [];
  for await (const profile of resolver.profiles({ now: NOW })) profiles.push(profile);
  return profiles;
}

function partitionOf(groups: Iterable<readonly string[]>): string[] {
  return [...groups].map((keys) => [...keys].sort().join(" ")).sort();
}

/** The partition by `resolve`, from nothing but what came in. */
function scratchOf(steps: readonly Step[]): string[] {
  const inputs = steps.flatMap((step) => (step.type === "input" ? [step.input] : []));
  const assertions = steps.flatMap((step) => (step.type === "assertion" ? [step.assertion] : []));
  const { profiles, strands } = resolve(inputs, SMALL_MODEL, assertions);
  return partitionOf(
    profiles.map(({ strands: own }) =>
      own
        .flatMap((strand) => strands[strand]?.events ?? [])
        .flatMap(({ observations }) => observations.map(({ fragment }) => fragmentKey(fragment))),
    ),
  );
}

async function expectScratch(resolver: Resolver, steps: readonly Step[]): Promise<LiveProfile[]> {
  assert.equal((await resolver.drain()).left, 0);
  const profiles = await profilesOf(resolver);
  assert.deepEqual(
    partitionOf(profiles.map(({ fragments }) => fragments.map(fragmentKey))),
    scratchOf(steps),
  );
  return profiles;
}

async function changesOf(store: Store): Promise<FeedEntry["change"][]> {
  return (await feedAfter(store, null)).map(({ change }) => change);
}

const FAULTS: readonly FaultType[] = [
  "crash-before",
  "crash-after",
  "lost-reply",
  "duplicated-call",
  "delay",
  "stale-read",
  "torn-batch",
];

const faults = fc.array(
  fc.record({ call: fc.integer({ min: 1, max: 80 }), type: fc.constantFrom(...FAULTS) }),
  {
    minLength: 1,
    maxLength: 6,
  },
);

/** Carries steps out as processes that come up again after each crash; what failed is delivered again. */
async function takeAll(
  faulty: Store,
  below: Store,
  steps: readonly Step[],
  work: typeof SMALL_WORK,
): Promise<void> {
  let store = faulty;
  let resolver = resolverOver(store, work);
  for (const step of steps) {
    for (;;) {
      try {
        await take(resolver, step);
        break;
      } catch (error) {
        if (!(error instanceof LeadweaveError && error.code === "store-failed")) throw error;
        // Of a lost reply the connection recovers; after a crash the process that comes next has another one.
        if (store === below) throw error;
        const isUp = await faulty.read([]).then(
          () => true,
          () => false,
        );
        if (!isUp) store = below;
        resolver = resolverOver(store, work);
      }
    }
  }
}

export const ENGINE: readonly StoreTest[] = [
  {
    name: "engine: a history gives what it gives over the memory store: profiles, ids, versions, feed",
    run: ({ withFixture, runs }: Stage) =>
      fc.assert(
        fc.asyncProperty(history, limits, (steps, work) =>
          withFixture(async ({ store }) => {
            const told = [];
            for (const one of [memoryFace(), store]) {
              const resolver = resolverOver(one, work);
              for (const step of steps) await take(resolver, step);
              const profiles = await expectScratch(resolver, steps);
              told.push({ profiles, changes: await changesOf(one) });
            }
            assert.deepEqual(told[1], told[0]);
          }),
        ),
        { numRuns: runs },
      ),
  },
  {
    name: "engine: several writers in any interleaving give what `resolve` gives",
    run: ({ withFixture, runs }: Stage) =>
      fc.assert(
        fc.asyncProperty(
          history,
          limits,
          fc.integer({ min: 2, max: 3 }),
          fc.scheduler(),
          (steps, work, writers, scheduler) =>
            withFixture(async ({ store }) => {
              const yielding = createYieldingStore(store, (point) =>
                scheduler.schedule(Promise.resolve(), point),
              );
              const working = Array.from({ length: writers }, async (_, writer) => {
                const resolver = resolverOver(yielding, work);
                for (const [at, step] of steps.entries())
                  if (at % writers === writer) await take(resolver, step);
              });
              await scheduler.waitFor(Promise.all(working));
              await expectScratch(resolverOver(store, work), steps);
            }),
        ),
        { numRuns: runs },
      ),
  },
  {
    name: "engine: after a fault at any call, what is delivered again gives what `resolve` gives",
    run: ({ withFixture, runs }: Stage) =>
      fc.assert(
        fc.asyncProperty(history, limits, faults, (steps, work, plan) =>
          withFixture(async ({ store }) => {
            await takeAll(createFaultyStore(store, plan), store, steps, work);
            const resolver = resolverOver(store, work);
            await expectScratch(resolver, steps);
            const before = await changesOf(store);
            for (const step of steps) await take(resolver, step);
            assert.deepEqual(await changesOf(store), before, "delivered again it changes nothing");
          }),
        ),
        { numRuns: runs },
      ),
  },
];
