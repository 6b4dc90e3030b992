import type { Random } from "./random.js";

/** Picks by the `weight` of the entries. The lists are short: a linear scan over running sums is enough. */
export function weighted<T>(entries: readonly T[], weightOf: (entry: T) => number): (random: Random) => T {
  const sums: number[] = [];
  let total = 0;
  for (const entry of entries) {
    total += weightOf(entry);
    sums.push(total);
  }
  return (random) => {
    const u = random.unit() * total;
    let i = 0;
    while (i < sums.length - 1 && (sums[i] as number) <= u) i++;
    return entries[i] as T;
  };
}
