import type { FragmentRef } from "../fragment/fragment.js";
import { findCandidates } from "./edges.js";
import type { Resolution } from "./resolve.js";
import type { Strand } from "./strands.js";

/** Two strands of different profiles that may be one person, named by their oldest fragments. */
export interface PossiblePair {
  readonly a: FragmentRef;
  readonly b: FragmentRef;
  /** At least `thresholds.review`. */
  readonly bits: number;
}

/**
 * Pairs for a person to review: compared, at or above `thresholds.review`, and not in one profile. They connect nothing.
 * Strongest first; computed anew at every call.
 */
export function findPossiblePairs({ strands, profiles, judge }: Resolution): PossiblePair[] {
  const { compiled, scorer } = judge;
  const profileOf = new Uint32Array(strands.length);
  profiles.forEach((profile, index) => {
    for (const strand of profile.strands) profileOf[strand] = index;
  });
  const found: { a: number; b: number; bits: number }[] = [];
  findCandidates(strands, compiled).forEach((a, b, levels) => {
    if (profileOf[a] === profileOf[b]) return;
    const bits = scorer.bits((strands[a] as Strand).evidence, (strands[b] as Strand).evidence, levels);
    if (bits >= compiled.model.thresholds.review) found.push({ a, b, bits });
  });
  const refOf = (strand: number): FragmentRef => {
    const { source, id } = (strands[strand] as Strand).oldest.fragment;
    return { source, id };
  };
  return found
    .sort((p, q) => q.bits - p.bits || p.a - q.a || p.b - q.b)
    .map(({ a, b, bits }) => ({ a: refOf(a), b: refOf(b), bits }));
}
