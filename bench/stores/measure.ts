// One measurement in a process of its own: prints its figures as one line of JSON. Started by `run.ts`.
import { createResolver } from "../../src/engine/resolver.js";
import type { Store } from "../../src/stores/store.js";
import { calibrate } from "../calibrate.js";
import { latencies } from "../statistics.js";
import { measureBare } from "./bare.js";
import { countTraffic } from "./counting.js";
import { inputOf } from "./inputs.js";
import { openStore } from "./opening.js";
import type { Figures, Task } from "./task.js";

const task = JSON.parse(process.argv[2] ?? "{}") as Task;
const calibrationMs = task.part === 0 ? calibrate() : 0;
const fragmentAt = inputOf(task.input, task.fragments + task.lookups, task.seed);
if (process.argv[3] === "wait") await begun();
process.stdout.write(`${JSON.stringify({ "calibration ms": calibrationMs, ...(await measure()) })}\n`);
process.exit(0);

/** Processes that are measured together begin together, once all of them have their fragments. */
function begun(): Promise<void> {
  process.stdout.write("ready\n");
  return new Promise((resolve) => process.stdin.once("data", () => resolve()));
}

async function measure(): Promise<Figures> {
  if (task.phase === "bare") return measureBare(task, fragmentAt);
  const { store, close } = await openStore(task.place);
  try {
    const ingested = task.phase === "ingest" || task.place.name === "memory" ? await ingest(store) : {};
    return task.phase === "lookup" ? await lookUp(store) : ingested;
  } finally {
    await close();
  }
}

async function ingest(store: Store): Promise<Figures> {
  const { store: counted, traffic } = countTraffic(store, false);
  const resolver = createResolver({ store: counted, maxRetries: 1_000 });
  const { fragments, part, of, batch } = task;
  const own = Math.ceil((fragments - part) / of);
  const took = new Float64Array(Math.ceil(own / batch));
  const startedAt = performance.now();
  for (let at = 0, nth = 0; at < own; at += batch, nth++) {
    const inputs = Array.from({ length: Math.min(batch, own - at) }, (_, index) =>
      fragmentAt(part + (at + index) * of),
    );
    const begunAt = performance.now();
    for await (const { type } of resolver.ingest(inputs, { batch }))
      if (type === "refused") throw new Error("a fragment was refused");
    took[nth] = performance.now() - begunAt;
  }
  const ms = performance.now() - startedAt;
  return {
    fragments: own,
    ms,
    "fragments/s": (own / ms) * 1e3,
    ...latencies("batch ms", took),
    "round trips / fragment": (traffic.reads + traffic.commits) / own,
    "round trips / batch": (traffic.reads + traffic.commits) / took.length,
    "conflicts / commit": traffic.conflicts / Math.max(1, traffic.commits),
  };
}

async function lookUp(store: Store): Promise<Figures> {
  const resolver = createResolver({ store });
  const took = new Float64Array(task.lookups);
  let found = 0;
  for (let at = 0; at < task.lookups; at++) {
    const { source, id, version, event, ...partial } = fragmentAt(task.fragments + at);
    const startedAt = performance.now();
    const { candidates } = await resolver.lookup(partial);
    took[at] = performance.now() - startedAt;
    if (candidates.length > 0) found++;
  }
  return { ...latencies("lookup ms", took), "lookups with a candidate, share": found / task.lookups };
}
