import type { Fragment } from "../../src/fragment/fragment.js";
import { simulatedLeads } from "../engine/leads.js";

/** One fragment in so many is delivered twice. */
const DUPLICATES = 5;

/** A small generator of our own (mulberry32): the same order in every process that has the same seed. */
function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Simulated leads with some of them twice, in an order that belongs to `order`. */
export function shuffledLeads(people: number, seed: number, order: number): Fragment[] {
  const leads = simulatedLeads(people, seed);
  const stream = [...leads, ...leads.filter((_, at) => at % DUPLICATES === 0)];
  const next = random(order);
  for (let at = stream.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1));
    [stream[at], stream[other]] = [stream[other] as Fragment, stream[at] as Fragment];
  }
  return stream;
}
