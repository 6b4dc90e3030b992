import { createResolver, type Resolver } from "../../src/engine/resolver.js";
import type { FragmentInput } from "../../src/fragment/fragment.js";
import type { Model } from "../../src/model/index.js";
import { createMemoryStore, type MemoryStore } from "../../src/stores/memoryStore.js";
import { latencies, sizes } from "../statistics.js";
import type { Leads } from "./leads.js";

const US_PER_MS = 1_000;

/** A lookup that takes longer is none for a caller who waits on the line. */
const LOOKUP_DEADLINE_MS = 50;

/**
 * The whole of a resolver, by its public methods: rate, latencies, memory, and what came of it.
 *
 * @param lookups fragments after the first `fragments`, which are looked up and not ingested
 */
export async function measureIngest(
  leads: Leads,
  fragments: number,
  lookups: number,
  model: Model,
): Promise<Record<string, number>> {
  const took = new Float64Array(fragments);
  const before = liveBytes();
  const store = createMemoryStore();
  const resolver = createResolver({ store, model });
  let pending = 0;
  const cpuBefore = process.cpuUsage();
  for (let index = 0; index < fragments; index++) {
    const fragment = leads.at(index);
    const startedAt = performance.now();
    const outcome = resolver.ingestSync(fragment);
    took[index] = (performance.now() - startedAt) * US_PER_MS;
    if (outcome.type === "refused") throw new Error(`fragment ${index} was refused`);
    if (outcome.pending) pending++;
  }
  const cpu = process.cpuUsage(cpuBefore);
  const held = liveBytes() - before;
  const lastTenth = took.subarray(Math.floor(fragments * 0.9));
  const drainedAt = performance.now();
  const { steps, left } = await resolver.drain();
  const drainMs = performance.now() - drainedAt;
  return {
    "all-in /s": rateOf(took),
    "all-in /s, last tenth": rateOf(lastTenth),
    ...latencies("ingest µs", took),
    "processor µs / fragment": (cpu.user + cpu.system) / fragments,
    "bytes / fragment": held / fragments,
    "pending outcomes": pending,
    "drain steps": steps,
    "drain ms": drainMs,
    "left after drain": left,
    ...sizesIn(store),
    ...(await measureLookup(resolver, leads, fragments, lookups)),
  };
}

/** Of what is live: all else is collected before it is measured. Array buffers are part of what Node calls external. */
function liveBytes(): number {
  if (gc === undefined) throw new Error("run with --expose-gc");
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Fragments per second of the time that was measured: parsing and clocks apart. */
function rateOf(microseconds: Float64Array): number {
  let sum = 0;
  for (const one of microseconds) sum += one;
  return (microseconds.length / sum) * 1e6;
}

/** Sizes in strands; a strand that nothing is linked to is a component and a profile of one. */
function sizesIn({ source }: MemoryStore): Record<string, number> {
  const components: number[] = [];
  const profiles: number[] = [];
  for (const { doc } of source.all("component")) {
    components.push(doc.strands.length);
    for (const { strands } of doc.profiles) profiles.push(strands.length);
  }
  for (const { doc } of source.all("strand")) {
    if (doc.body === null || doc.body.component !== null) continue;
    components.push(1);
    profiles.push(1);
  }
  return {
    profiles: profiles.length,
    ...sizes("component strands", Float64Array.from(components)),
    ...sizes("profile strands", Float64Array.from(profiles)),
  };
}

async function measureLookup(
  resolver: Resolver,
  leads: Leads,
  from: number,
  lookups: number,
): Promise<Record<string, number>> {
  const took = new Float64Array(lookups);
  let found = 0;
  let late = 0;
  for (let index = 0; index < lookups; index++) {
    const partial = partialOf(leads.at(from + index));
    const startedAt = performance.now();
    const { candidates } = await resolver.lookup(partial, { deadlineMs: LOOKUP_DEADLINE_MS });
    const elapsed = performance.now() - startedAt;
    took[index] = elapsed * US_PER_MS;
    if (candidates.length > 0) found++;
    if (elapsed > LOOKUP_DEADLINE_MS) late++;
  }
  return {
    ...latencies("lookup µs", took),
    "lookups with a candidate, share": found / lookups,
    [`lookups over ${LOOKUP_DEADLINE_MS} ms`]: late,
  };
}

/** What a caller knows of somebody: the fragment without its name. */
function partialOf(input: FragmentInput): Parameters<Resolver["lookup"]>[0] {
  if ("gone" in input) throw new Error("the simulator makes no removals");
  const { source, id, version, event, ...partial } = input;
  return partial;
}
