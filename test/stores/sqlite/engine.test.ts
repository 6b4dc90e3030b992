import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createResolver } from "../../../src/engine/resolver.js";
import { createSqliteStore } from "../../../src/stores/sqlite/index.js";
import { crowdHistory } from "../../live/crowds.js";
import { expectScratch, expectVersions, feedOf } from "../../live/scratch.js";
import { scriptOf, TINY_WORK } from "../../live/scripts.js";
import { deal, write } from "../../live/writers.js";
import { history, RUNS } from "../../properties/histories.js";
import { scratchFiles } from "./scratch.js";

const file = scratchFiles();

const scripts = fc.oneof(
  { weight: 3, arbitrary: scriptOf(history) },
  { weight: 1, arbitrary: scriptOf(crowdHistory) },
);

describe("the engine over a SQLite file", () => {
  it("comes to R, whoever writes, and finds it again in another process", async () => {
    await fc.assert(
      fc.asyncProperty(
        scripts,
        fc.array(fc.nat(1), { minLength: 20, maxLength: 20 }),
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom({}, TINY_WORK),
        async (script, hands, writers, batch, limits) => {
          const { model } = script.history;
          const path = file();
          const dealt = deal(script.operations, hands, writers);
          await Promise.all(
            dealt.map(async (operations) => {
              const store = await createSqliteStore({ path, synchronous: "normal", busyTimeoutMs: 60_000 });
              await write(createResolver({ model, store, limits }), operations, batch);
              await store.close();
            }),
          );
          const store = await createSqliteStore({ path, mustExist: true });
          const resolver = createResolver({ model, store, limits });
          await expectScratch(resolver, script.history);
          expectVersions(await feedOf(resolver));
          expect(await store.integrityCheck()).toEqual([]);
          await store.close();
        },
      ),
      { numRuns: Math.ceil(RUNS / 8) },
    );
  });
});
