import { channel } from "node:diagnostics_channel";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createResolver } from "../../src/engine/resolver.js";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import { createYieldingStore } from "../../src/stores/yielding.js";
import { history } from "../properties/histories.js";
import { crowdHistory } from "./crowds.js";
import { createStage } from "./playing.js";
import { type Operation, scriptOf, TINY_WORK } from "./scripts.js";
import { CONCURRENT_SITUATIONS, noteSequential, noteTorn, SEQUENTIAL_SITUATIONS } from "./situations.js";
import { deal, faceOf, write } from "./writers.js";

const crowds = scriptOf(crowdHistory);
const scripts = fc.oneof(scriptOf(history), crowds);

const SEED = 20_260_105;

function createCounts(situations: readonly string[]): {
  readonly note: (situation: string) => void;
  readonly expectAll: () => void;
} {
  const counts = new Map(situations.map((situation) => [situation, 0]));
  return {
    note: (situation) => counts.set(situation, (counts.get(situation) ?? 0) + 1),
    expectAll: () => {
      if (process.env.LEADWEAVE_COVERAGE !== undefined) console.table(Object.fromEntries(counts));
      expect([...counts].filter(([, count]) => count === 0).map(([situation]) => situation)).toEqual([]);
    },
  };
}

it.each([
  [
    "within the limits of work",
    {},
    ["component put off", "component drained", "cell put off", "cell drained"],
  ],
  ["with nearly all work put off", TINY_WORK, []],
] as const)("scripts bring about every situation, %s", async (_, limits, without) => {
  const { note, expectAll } = createCounts(
    SEQUENTIAL_SITUATIONS.filter((situation) => !(without as readonly string[]).includes(situation)),
  );
  for (const script of fc.sample(scripts, { numRuns: 600, seed: SEED }))
    await noteSequential(createStage(script.history.model, limits), script, note);
  expectAll();
});

it("writers at once bring about every situation", async () => {
  const { note, expectAll } = createCounts(CONCURRENT_SITUATIONS);
  const listen = (message: unknown): void => {
    const { retries } = message as { readonly retries: number };
    if (retries > 0) note("retry");
  };
  const ingests = channel("leadweave:ingest");
  ingests.subscribe(listen);
  try {
    await fc.assert(
      fc.asyncProperty(
        // Values come back below their limits, while others add to them, where many meet at them.
        fc.oneof(scripts, crowds),
        fc.array(fc.nat(11), { minLength: 20, maxLength: 20 }),
        fc.constantFrom(20, 0),
        fc.scheduler(),
        fc.nat(16),
        async (script, hands, maxRetries, scheduler, loaded) => {
          const { model } = script.history;
          const memory = faceOf(createMemoryStore());
          const store = createYieldingStore(memory, (point) => scheduler.schedule(Promise.resolve(), point));
          const first = createResolver({ model, store: memory, limits: TINY_WORK });
          await write(first, script.operations.slice(0, loaded), 1);
          const rest: Operation[] = script.operations.slice(loaded);
          for (const at of [0, 3]) rest.splice(at, 0, { type: "drain", steps: null });
          const working = deal(rest, hands, 3).map(async (operations, writer) => {
            const noted = noteTorn(store, note);
            const resolver = createResolver({ model, store: noted.store, limits: TINY_WORK, maxRetries });
            for (const operation of operations) {
              noted.begin();
              await write(resolver, [operation], 1 + writer, (outcomes) => {
                for (const { type } of outcomes) if (type === "refused") note("contended");
                noted.begin();
              });
            }
          });
          await scheduler.waitFor(Promise.all(working));
        },
      ),
      { numRuns: 1_000, seed: SEED },
    );
  } finally {
    ingests.unsubscribe(listen);
  }
  expectAll();
});
