import { beforeAll, describe, expect, it } from "vitest";
import { createSqliteStore } from "../../src/stores/sqlite/index.js";
import { simulatedLeads } from "../engine/leads.js";
import { scratchFiles } from "../stores/sqlite/scratch.js";
import { buildWorker, runCrew } from "./crew.js";
import { expectWhole, scratchPartition } from "./outcome.js";
import type { Task } from "./task.js";

const file = scratchFiles();
const PEOPLE = 120;
const SEED = 11;
const KILLS = [2, 3, 5, 1, 8, 4, 13, 2, 6, 1];

beforeAll(buildWorker);

describe("four processes that deliver the same leads into one SQLite file", () => {
  it("come to what resolve makes of them, though one is killed again and again", async () => {
    const path = file();
    const leads = simulatedLeads(PEOPLE, SEED);
    const begun = await createSqliteStore(path);
    await begun.close();
    const tasks = [1, 2, 3, 4].map(
      (order): Task => ({
        store: { type: "sqlite", path },
        people: PEOPLE,
        seed: SEED,
        order,
        from: 0,
        batch: 8 + order,
      }),
    );
    const members = await runCrew(tasks, { kills: KILLS });
    for (const { done } of members) expect(done()).toBeGreaterThanOrEqual(leads.length);
    const store = await createSqliteStore({ path, mustExist: true });
    await expectWhole(store, leads, scratchPartition(leads));
    expect(await store.integrityCheck()).toEqual([]);
    await store.close();
  });
});
