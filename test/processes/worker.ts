// One of several processes that deliver the same leads: started by `crew.ts`.
import { writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { LeadweaveError } from "../../src/engine/error.js";
import type { IngestOutcome } from "../../src/engine/outcome.js";
import { createResolver, type Resolver } from "../../src/engine/resolver.js";
import type { Fragment } from "../../src/fragment/fragment.js";
import { StoreError } from "../../src/stores/error.js";
import { createPostgresStore } from "../../src/stores/postgres/index.js";
import { createSqliteStore } from "../../src/stores/sqlite/index.js";
import type { Store } from "../../src/stores/store.js";
import { shuffledLeads } from "./stream.js";
import type { Acknowledged, Task } from "./task.js";

const PAUSE_MS = 20;

const task = JSON.parse(process.argv[2] ?? "{}") as Task;
let again = 0;

/** On its way as soon as it returns, so that a kill right after takes nothing back. */
function say(said: Acknowledged): void {
  writeSync(1, `${JSON.stringify(said)}\n`);
}

function open(): Promise<Store> {
  const { store } = task;
  return store.type === "sqlite"
    ? createSqliteStore({ path: store.path, busyTimeoutMs: 30_000 })
    : createPostgresStore({ connectionString: store.connectionString, schema: store.schema });
}

/** Does it until it is done: what the store says may be tried again is. */
async function persist<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      const cause = error instanceof LeadweaveError ? error.cause : error;
      if (!(cause instanceof StoreError && cause.retryable)) throw error;
      again++;
      await delay(PAUSE_MS);
    }
  }
}

async function deliver(resolver: Resolver, fragments: readonly Fragment[]): Promise<void> {
  for (let left = fragments; left.length > 0; ) {
    const outcomes: IngestOutcome[] = [];
    const isAll = await persist(async () => {
      outcomes.length = 0;
      for await (const outcome of resolver.ingest(left, { batch: task.batch })) outcomes.push(outcome);
      return true;
    });
    if (isAll)
      left = left.filter((_, at) => {
        const outcome = outcomes[at];
        if (outcome?.type === "refused" && outcome.code !== "contended") throw new Error("refused a lead");
        return outcome?.type === "refused";
      });
  }
}

const stream = shuffledLeads(task.people, task.seed, task.order);
const store = await persist(open);
const resolver = createResolver({ store });
for (let from = task.from; from < stream.length; from += task.batch) {
  const until = Math.min(stream.length, from + task.batch);
  await deliver(resolver, stream.slice(from, until));
  say({ from, until, again });
}
await store.close();
