import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createResolver, type Resolver } from "../../src/engine/resolver.js";
import type { Change } from "../../src/resolve/plan/changes.js";
import { StoreError } from "../../src/stores/error.js";
import { createMemoryStore, type MemoryStore } from "../../src/stores/memoryStore.js";
import type { Store } from "../../src/stores/store.js";
import { createYieldingStore } from "../../src/stores/yielding.js";
import { history, RUNS } from "../properties/histories.js";
import { crowdHistory } from "./crowds.js";
import { foldFeed } from "./scratch.js";
import { scriptOf, TINY_WORK } from "./scripts.js";
import { deal, faceOf, write } from "./writers.js";

const scripts = fc.oneof(
  { weight: 3, arbitrary: scriptOf(history) },
  { weight: 1, arbitrary: scriptOf(crowdHistory) },
);
const hands = fc.array(fc.nat(11), { minLength: 20, maxLength: 20 });
const SCHEDULES = Math.min(RUNS, 20_000);

const DRAIN = { type: "drain", steps: null } as const;

/** Ids and strands with the last version of each: what a reader has who folds changes in their order. */
function stateOf(changes: readonly Change[]): object {
  const versions = new Map(changes.map(({ profile, version }) => [profile as string, version]));
  return [...foldFeed(changes)].map(([id, strands]) => [id, versions.get(id), strands]).sort();
}

/** What a reader reads who begins with a snapshot, and goes on once everybody has stopped. */
async function readFrom(
  resolver: Resolver,
  entries: readonly Change[],
  cursor: string | null,
): Promise<Change[]> {
  const read = [...entries];
  for await (const { change } of resolver.changes(cursor)) read.push(change);
  return read;
}

/** What the documents show: profile and strand, by where that is; those that the strand does not lead to apart. */
function lookAt(memory: MemoryStore): { readonly shown: Set<string>; readonly away: Set<string> } {
  const shown = new Set<string>();
  const away = new Set<string>();
  const bodies = new Map([...memory.source.all("strand")].map(({ id, doc }) => [id, doc.body]));
  for (const [id, body] of bodies) if (body?.profile) shown.add(`${body.profile.id} ${id}`);
  for (const { id, doc } of memory.source.all("component"))
    for (const profile of doc.profiles)
      for (const strand of profile.strands) {
        shown.add(`${profile.id} ${strand}`);
        if (bodies.get(strand)?.component !== id) away.add(`${profile.id} ${strand}`);
      }
  return { shown, away };
}

describe("24: a snapshot and what follows it fold to the state", () => {
  it("while one to three others write and drain, and the feed is compacted", async () => {
    let compacted = 0;
    let expired = 0;
    await fc.assert(
      fc.asyncProperty(
        scripts,
        fc.record({
          writers: fc.integer({ min: 1, max: 3 }),
          limits: fc.constantFrom({}, TINY_WORK, TINY_WORK),
          loaded: fc.nat(16),
          keep: fc.constantFrom(null, 0, 2, 8),
          patience: fc.nat(40),
        }),
        hands,
        fc.scheduler(),
        async (script, { writers, limits, loaded, keep, patience }, dealt, scheduler) => {
          const { model } = script.history;
          const memory = createMemoryStore();
          const all: Change[] = [];
          const witnessed: Store = {
            ...faceOf(memory),
            async commit(changeset) {
              const result = await memory.commit(changeset);
              if (result === "committed") all.push(...changeset.changes);
              return result;
            },
          };
          const store = createYieldingStore(witnessed, (point) =>
            scheduler.schedule(Promise.resolve(), point),
          );
          const first = createResolver({ model, store: witnessed, limits });
          await first.drain();
          await write(first, script.operations.slice(0, loaded), 1);
          const operations = deal(script.operations.slice(loaded), dealt, writers);
          const working: Promise<unknown>[] = operations.map((some) =>
            write(createResolver({ model, store, limits }), some, 1),
          );
          working.push(write(createResolver({ model, store, limits }), [DRAIN, DRAIN], 1));
          const reader = createResolver({ model, store, limits });
          const reading = async () => {
            const { cursor, entries } = await reader.snapshot();
            const read: Change[] = [];
            for await (const entry of entries) read.push(entry);
            return { cursor, read };
          };
          const compacting = async (): Promise<void> => {
            if (keep === null) return;
            // Somewhere among the others.
            for (let turn = 0; turn < patience; turn++)
              await scheduler.schedule(Promise.resolve(), "compact");
            compacted += (await createResolver({ model, store, limits }).compact({ keep })).dropped;
          };
          const [snapshot] = await scheduler.waitFor(Promise.all([reading(), compacting(), ...working]));
          try {
            expect(stateOf(await readFrom(first, snapshot.read, snapshot.cursor))).toEqual(stateOf(all));
          } catch (error) {
            if (!(error instanceof StoreError)) throw error;
            // Compacted past its cursor while it was read: it is told, and begins again.
            expect(error.code).toBe("cursor-expired");
            expect(keep).not.toBeNull();
            expired++;
          }
          const again = await first.snapshot();
          const whole: Change[] = [];
          for await (const entry of again.entries) whole.push(entry);
          expect(stateOf(whole)).toEqual(stateOf(all));
          expect(await readFrom(first, [], again.cursor)).toEqual([]);
        },
      ),
      { numRuns: SCHEDULES },
    );
    expect(compacted).toBeGreaterThan(0);
    expect(expired).toBeGreaterThan(0);
  });

  it("for whatever strand is away from the profile that shows it, the feed speaks of it before it is back", async () => {
    let back = 0;
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const memory = createMemoryStore();
        const resolver = createResolver({ model: script.history.model, store: memory, limits: TINY_WORK });
        let before = lookAt(memory);
        for (const operation of script.operations) {
          const from = memory.source.feed.end;
          await write(resolver, [operation], 1);
          const after = lookAt(memory);
          const said = new Set<string>();
          for (let at = from; at < memory.source.feed.end; at++) {
            const { profile, added } = memory.source.feed.at(at) as Change;
            for (const strand of added) said.add(`${profile} ${strand}`);
          }
          for (const one of before.away) {
            if (after.away.has(one) || !after.shown.has(one)) continue;
            back++;
            expect(said).toContain(one);
          }
          before = after;
        }
      }),
      { numRuns: SCHEDULES },
    );
    // One script in some two hundred.
    if (SCHEDULES >= 2_000) expect(back).toBeGreaterThan(0);
  });
});
