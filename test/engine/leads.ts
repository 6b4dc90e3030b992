import { type Fragment, fragmentKey } from "../../src/fragment/fragment.js";
import { createRowParser } from "../../src/fragment/row.js";
import { parseInstant } from "../../src/normalize/index.js";
import type { Membership, Resolution } from "../../src/resolve/resolve.js";
import { simulate } from "../../src/simulate/index.js";

/** Fragments of simulated leads, in the order of their delivery. */
export function simulatedLeads(people: number, seed: number): Fragment[] {
  const parse = createRowParser({ source: "sim", parseInstant: (raw) => parseInstant(String(raw)) });
  return [...simulate({ people, seed, days: 20 })].flatMap(({ row }) => {
    const parsed = parse(row);
    return parsed.ok ? [parsed.fragment] : [];
  });
}

/** Keys of the fragments of a profile. */
export function fragmentsOf({ strands }: Resolution, { strands: own }: Membership): string[] {
  return own
    .flatMap((strand) => strands[strand]?.events ?? [])
    .flatMap(({ observations }) => observations.map(({ fragment }) => fragmentKey(fragment)))
    .sort();
}

/** The partition as text that two ways of resolving can be compared by. */
export function partitionOf(groups: Iterable<readonly string[]>): string[] {
  return [...groups].map((keys) => [...keys].sort().join(" ")).sort();
}
