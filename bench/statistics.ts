/** The value below which so large a share of the values lies, of values sorted ascending. */
function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** Mean, 99th percentile and maximum, under names that begin with `name`. */
export function tails(name: string, values: Float64Array): Record<string, number> {
  const sorted = values.slice().sort();
  let sum = 0;
  for (const value of sorted) sum += value;
  return {
    [`${name} mean`]: sum / sorted.length,
    [`${name} p99`]: quantile(sorted, 0.99),
    [`${name} max`]: quantile(sorted, 1),
  };
}

/** Median, tail and maximum of latencies, under names that begin with `name`. */
export function latencies(name: string, values: Float64Array): Record<string, number> {
  const sorted = values.slice().sort();
  return {
    [`${name} p50`]: quantile(sorted, 0.5),
    [`${name} p99`]: quantile(sorted, 0.99),
    [`${name} p99.9`]: quantile(sorted, 0.999),
    [`${name} max`]: quantile(sorted, 1),
  };
}

/** Median, tail and maximum of sizes, under names that begin with `name`. */
export function sizes(name: string, values: Float64Array): Record<string, number> {
  const sorted = values.slice().sort();
  return {
    [`${name} p50`]: quantile(sorted, 0.5),
    [`${name} p99`]: quantile(sorted, 0.99),
    [`${name} max`]: quantile(sorted, 1),
  };
}
