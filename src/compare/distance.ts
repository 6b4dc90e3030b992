/** Whether two lists of distinct values have one in common. */
export function intersects(a: readonly string[], b: readonly string[]): boolean {
  for (const value of a) if (b.includes(value)) return true;
  return false;
}

/** Jaccard overlap of two lists of distinct values, in [0, 1]. */
export function jaccard(a: readonly string[], b: readonly string[]): number {
  let common = 0;
  for (const value of a) if (b.includes(value)) common++;
  const union = a.length + b.length - common;
  return union === 0 ? 0 : common / union;
}

/** Days between two `YYYY-MM-DD` dates; NaN if either is none. */
export function daysBetween(a: string, b: string): number {
  return Math.abs(Date.parse(`${a}T00:00:00Z`) - Date.parse(`${b}T00:00:00Z`)) / 86_400_000;
}

/** Distance of two numbers, absolutely or as a share of the larger; NaN if either is none. */
export function numberDistance(a: string, b: string, relative: boolean): number {
  const [x, y] = [a.trim() === "" ? Number.NaN : Number(a), b.trim() === "" ? Number.NaN : Number(b)];
  const apart = Math.abs(x - y);
  if (!relative) return apart;
  return apart === 0 ? 0 : apart / Math.max(Math.abs(x), Math.abs(y));
}
