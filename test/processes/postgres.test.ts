import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPostgresStore } from "../../src/stores/postgres/index.js";
import { simulatedLeads } from "../engine/leads.js";
import { startPostgres } from "../servers/postgres.js";
import { buildWorker, runCrew } from "./crew.js";
import { expectWhole, scratchPartition } from "./outcome.js";
import type { Task } from "./task.js";

/** Says on the console why there is none. It writes in earnest: what is acknowledged must outlive it. */
const server = await startPostgres({ durable: true });
afterAll(() => server?.stop());

const PEOPLE = 70;
const SEED = 12;
const KILLS = [2, 3, 5, 1, 8, 4, 13, 2, 6, 1];
const RESTARTS = 3;

function tasksIn(connectionString: string, schema: string): Task[] {
  return [1, 2, 3, 4].map((order) => ({
    store: { type: "postgres", connectionString, schema },
    people: PEOPLE,
    seed: SEED,
    order,
    from: 0,
    batch: 8 + order,
  }));
}

describe.skipIf(server === null)("four processes that deliver the same leads into one Postgres", () => {
  const { connectionString, halt, start } = server ?? ({} as NonNullable<typeof server>);
  const leads = simulatedLeads(PEOPLE, SEED);
  let partition: string[];

  beforeAll(() => {
    buildWorker();
    partition = scratchPartition(leads);
  });

  it("come to what resolve makes of them, though one is killed again and again", async () => {
    const store = await createPostgresStore({ connectionString, schema: "killed", migrate: true });
    await runCrew(tasksIn(connectionString, "killed"), { kills: KILLS });
    await expectWhole(store, leads, partition);
    await store.close();
  });

  it("lose nothing when the server goes down under them and comes back", async () => {
    const begun = await createPostgresStore({ connectionString, schema: "restarted", migrate: true });
    await begun.close();
    let batches = 0;
    let restarts = 0;
    let restarting = Promise.resolve();
    const members = await runCrew(tasksIn(connectionString, "restarted"), {
      acknowledged() {
        // Each time that the four have come some way.
        if (++batches % 25 !== 0 || restarts === RESTARTS) return;
        restarts++;
        restarting = restarting.then(async () => {
          await halt();
          await delay(200);
          await start();
        });
      },
    });
    await restarting;
    expect(restarts).toBe(RESTARTS);
    expect(members.some((member) => member.again() > 0)).toBe(true);
    const store = await createPostgresStore({ connectionString, schema: "restarted" });
    await expectWhole(store, leads, partition);
    await store.close();
  });
});
