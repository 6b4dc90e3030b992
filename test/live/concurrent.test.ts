import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LeadweaveError } from "../../src/engine/error.js";
import { createResolver } from "../../src/engine/resolver.js";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import type { Store } from "../../src/stores/store.js";
import { createYieldingStore } from "../../src/stores/yielding.js";
import { history, RUNS } from "../properties/histories.js";
import { crowdHistory } from "./crowds.js";
import { expectScratch, NOW } from "./scratch.js";
import { type Operation, type Script, scriptOf, TINY_WORK } from "./scripts.js";
import { countCommits, deal, faceOf, Witness, write } from "./writers.js";

/**
 * Several writers, each with its own kernel, on one store that lets any of them go first at every wish and commit. `LEADWEAVE_RUNS`
 * schedules for each property, a fifth of them in deep runs.
 */
const SCHEDULES = RUNS > 2_000 ? Math.max(2_000, Math.ceil(RUNS / 5)) : RUNS;

const scripts = fc.oneof(
  { weight: 3, arbitrary: scriptOf(history) },
  { weight: 1, arbitrary: scriptOf(crowdHistory) },
);

const hands = fc.array(fc.nat(11), { minLength: 20, maxLength: 20 });

const DRAINS: readonly Operation[] = [
  { type: "drain", steps: null },
  { type: "drain", steps: null },
];

/** How the writers work: some have hardly a retry, and half of them put nearly all work off. */
const manners = fc.record({
  writers: fc.integer({ min: 1, max: 4 }),
  batch: fc.integer({ min: 1, max: 3 }),
  limits: fc.constantFrom({}, TINY_WORK),
  maxRetries: fc.constantFrom(20, 20, 2, 0),
  /** Operations that are over before the writers begin; then somebody drains while they work. */
  loaded: fc.oneof(fc.constant(0), fc.nat(16)),
});

describe("26, 30: whoever goes first, the result after drain is R", () => {
  it("of one to four writers, and whoever is refused has changed nothing", async () => {
    await fc.assert(
      fc.asyncProperty(
        scripts,
        manners,
        hands,
        fc.scheduler(),
        async (script, { writers, batch, limits, maxRetries, loaded }, dealt, scheduler) => {
          const { model } = script.history;
          const memory = createMemoryStore();
          const store = createYieldingStore(faceOf(memory), (point) =>
            scheduler.schedule(Promise.resolve(), point),
          );
          const first = createResolver({ model, store: faceOf(memory), limits });
          // The first to write begins the store: a commit of its own.
          await first.drain();
          await write(first, script.operations.slice(0, loaded), 1);
          const working = deal(script.operations.slice(loaded), dealt, writers).map(async (operations) => {
            const counted = countCommits(store);
            const resolver = createResolver({ model, store: counted.store, limits, maxRetries });
            let before = 0;
            await write(resolver, operations, batch, (outcomes) => {
              const accepted = outcomes.filter(({ type }) => type !== "refused" && type !== "unchanged");
              const commits = counted.commits() - before;
              // A batch is one commit, or, halved, one for each part that came through.
              if (outcomes.length > 0)
                expect(commits).toBeLessThanOrEqual(outcomes.filter(({ type }) => type !== "refused").length);
              if (accepted.length > 0) expect(commits).toBeGreaterThan(0);
              before = counted.commits();
            });
          });
          if (loaded > 0) working.push(write(createResolver({ model, store, limits }), DRAINS, 1));
          await scheduler.waitFor(Promise.all(working));
          await expectScratch(createResolver({ model, store: faceOf(memory), limits }), script.history);
        },
      ),
      { numRuns: SCHEDULES },
    );
  });
});

describe("27, 31: who reads while others write", () => {
  it("is told what was committed at one moment of the read, or that it was contended", async () => {
    await fc.assert(
      fc.asyncProperty(
        scripts,
        manners,
        hands,
        fc.scheduler(),
        async (script, { writers, batch, limits }, dealt, scheduler) => {
          const { model, inputs } = script.history;
          const memory = createMemoryStore();
          const witness = new Witness(memory, model);
          const store = createYieldingStore(witness.store, (point) =>
            scheduler.schedule(Promise.resolve(), point),
          );
          const working = deal(script.operations, dealt, writers).map((operations) =>
            write(createResolver({ model, store, limits }), operations, batch),
          );
          const counted = countCommits(store);
          const reader = createResolver({ model, store: counted.store, limits, maxRetries: 2 });
          const reading = async (): Promise<void> => {
            for (const { source, id } of inputs)
              await witness.expectConsistent({ source, id }, () =>
                reader.profile({ source, id }, { now: NOW }),
              );
          };
          await scheduler.waitFor(Promise.all([...working, reading()]));
          expect(counted.commits()).toBe(0);
        },
      ),
      { numRuns: SCHEDULES },
    );
  });
});

/** What goes wrong at one call of a store. */
type Fault = "read fails" | "crash before commit" | "crash after commit" | "commit twice";

function createFaultyStore(store: Store, fault: Fault, at: number): Store {
  let reads = 0;
  let commits = 0;
  return {
    ...store,
    async read(wanted, options) {
      if (fault === "read fails" && ++reads === at) throw new Error("no answer");
      return store.read(wanted, options);
    },
    async commit(changeset) {
      if (fault === "read fails" || ++commits !== at) return store.commit(changeset);
      if (fault === "crash before commit") throw new Error("never arrived");
      const result = await store.commit(changeset);
      if (fault === "crash after commit") throw new Error("the reply was lost");
      return result === "conflict" ? result : store.commit(changeset);
    },
  };
}

describe("28, 29: crashes, lost replies and commits that arrive twice", () => {
  const faults = fc.record({
    fault: fc.constantFrom<Fault>("read fails", "crash before commit", "crash after commit", "commit twice"),
    at: fc.integer({ min: 1, max: 40 }),
  });

  it("leave the old state or the new one, and everything delivered again gives R", async () => {
    let failures = 0;
    await fc.assert(
      fc.asyncProperty(
        scripts,
        manners,
        faults,
        hands,
        fc.scheduler(),
        async (script, { writers, batch, limits }, { fault, at }, dealt, scheduler) => {
          const { model } = script.history;
          const memory = createMemoryStore();
          const faulty = createFaultyStore(faceOf(memory), fault, at);
          const store = createYieldingStore(faulty, (point) => scheduler.schedule(Promise.resolve(), point));
          const lost: Operation[] = [];
          const working = deal(script.operations, dealt, writers).map(async (operations) => {
            for (const operation of operations) {
              try {
                // Each operation by a process of its own: nothing is remembered across a crash.
                await write(createResolver({ model, store, limits }), [operation], batch);
              } catch (error) {
                if (!(error instanceof LeadweaveError)) throw error;
                expect(error).toMatchObject({ code: "store-failed", retryable: true });
                failures++;
                lost.push(operation);
              }
            }
          });
          await scheduler.waitFor(Promise.all(working));
          const after = createResolver({ model, store: faceOf(memory), limits });
          await write(after, lost, batch);
          await expectScratch(after, script.history);
          const changes = memory.source.feed.end;
          const all: Script = {
            ...script,
            operations: script.operations.filter(({ type }) => type !== "drain"),
          };
          await write(after, all.operations, batch, (outcomes) => {
            for (const { type } of outcomes) expect(type).toBe("unchanged");
          });
          expect(memory.source.feed.end).toBe(changes);
        },
      ),
      { numRuns: SCHEDULES },
    );
    expect(failures).toBeGreaterThan(0);
  });
});
