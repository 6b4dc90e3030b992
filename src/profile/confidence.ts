import type { Support } from "../resolve/resolve.js";

const MS_PER_DAY = 86_400_000;

/**
 * Probability that a strand belongs to its profile: the bits that brought it there, weighed against standing alone and
 * against the best join that was refused to it. A strand that was there from the start is certain.
 */
export function membershipProbability({ joined, refused }: Support): number {
  if (joined === Number.POSITIVE_INFINITY) return 1;
  return 1 / (1 + 2 ** -joined + 2 ** (refused - joined));
}

/** Share of its worth that a value keeps after an age in milliseconds. No time known: no age known, nothing is lost. */
export function decay(ageMs: number, halfLifeDays: number): number {
  return ageMs <= 0 ? 1 : 2 ** (-ageMs / MS_PER_DAY / halfLifeDays);
}

/** What one independent source says for a value. */
export interface Testimony {
  /** Reliability × membership: how much it is worth when fresh, in [0, 1]. */
  readonly fresh: number;
  /** The same after decay. */
  readonly now: number;
}

/** Two sources that agree are right unless both are wrong: 1 − Π(1 − p). */
function combine(worths: readonly number[]): number {
  return 1 - worths.reduce((wrong, worth) => wrong * (1 - worth), 1);
}

/** Sources never make certain: beyond this, odds would swallow every contradiction. */
const MOST = 1 - 1e-9;

/**
 * Confidence of each of several values of one attribute. Every value has the combined worth of its sources now; where only
 * one of them can be right it is scaled by its share of the odds when fresh. Odds when fresh do not move with time, so that
 * a confidence never rises by waiting; an agreeing source raises both factors; a value without rivals keeps its worth.
 */
export function confidences(values: readonly (readonly Testimony[])[], single: boolean): number[] {
  const now = values.map((testimonies) => combine(testimonies.map((testimony) => testimony.now)));
  if (!single || values.length < 2) return now;
  const odds = values.map((testimonies) => {
    const fresh = Math.min(MOST, combine(testimonies.map((testimony) => testimony.fresh)));
    return fresh / (1 - fresh);
  });
  const sum = odds.reduce((total, one) => total + one, 0);
  return now.map((worth, index) => (sum === 0 ? 0 : worth * ((odds[index] as number) / sum)));
}
