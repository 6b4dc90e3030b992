import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createResolver } from "../../../src/engine/resolver.js";
import type { PostgresStore } from "../../../src/stores/postgres/index.js";
import { crowdHistory } from "../../live/crowds.js";
import { expectScratch, expectVersions, feedOf, foldFeed } from "../../live/scratch.js";
import { scriptOf, TINY_WORK } from "../../live/scripts.js";
import { deal, write } from "../../live/writers.js";
import { history, RUNS } from "../../properties/histories.js";
import { useDatabase } from "./database.js";

const database = await useDatabase();

/** Each history is some hundred round trips: fewer of them than where the store is in memory. */
const HISTORIES = Math.ceil(RUNS / 20);
const TIMEOUT_MS = 60_000 + HISTORIES * 3_000;

const scripts = fc.oneof(
  { weight: 3, arbitrary: scriptOf(history) },
  { weight: 1, arbitrary: scriptOf(crowdHistory) },
);

const manners = fc.record({
  writers: fc.integer({ min: 1, max: 3 }),
  batch: fc.integer({ min: 1, max: 3 }),
  limits: fc.constantFrom({}, TINY_WORK),
});

const hands = fc.array(fc.nat(11), { minLength: 20, maxLength: 20 });

describe.skipIf(database === null)("the live engine on Postgres", async () => {
  const { open, nextSchema, admin } = database ?? ({} as NonNullable<typeof database>);

  it(
    "comes to R, and where nothing waits its feed to the same profiles, whoever of several writers goes first",
    async () => {
      const schema = nextSchema();
      const stores = (await Promise.all([0, 1, 2].map(() => open({ schema })))) as [
        PostgresStore,
        PostgresStore,
        PostgresStore,
      ];
      await fc.assert(
        fc.asyncProperty(scripts, manners, hands, async (script, { writers, batch, limits }, dealt) => {
          await admin.query(`truncate "${schema}".documents, "${schema}".rows, "${schema}".changes`);
          const { model } = script.history;
          await Promise.all(
            deal(script.operations, dealt, writers).map((operations, writer) =>
              write(
                createResolver({ model, store: stores[writer] as PostgresStore, limits }),
                operations,
                batch,
              ),
            ),
          );
          const resolver = createResolver({ model, store: stores[0], limits });
          const profiles = await expectScratch(resolver, script.history);
          // What the feed says while nearly all work is put off is the engine's open point: see test/live/sequential.test.ts.
          if (limits === TINY_WORK) return;
          const changes = await feedOf(resolver);
          expectVersions(changes);
          expect([...foldFeed(changes).keys()].sort()).toEqual(profiles.map(({ id }) => id).sort());
        }),
        { numRuns: HISTORIES },
      );
    },
    TIMEOUT_MS,
  );
});
