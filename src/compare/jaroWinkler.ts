/**
 * Jaro-Winkler similarity in [0, 1] on code units: M. A. Jaro, "Advances in record-linkage methodology" (1989), with
 * W. E. Winkler's prefix bonus (1990) of 0.1 per common leading character, up to 4, given only above a Jaro similarity
 * of 0.7, as DuckDB and hence Splink do. Two empty strings have similarity 0: missing is never agreement.
 */
export function jaroWinkler(a: string, b: string): number {
  const jaro = jaroSimilarity(a, b);
  if (jaro <= 0.7) return jaro;
  let prefix = 0;
  const longest = Math.min(4, a.length, b.length);
  while (prefix < longest && a.charCodeAt(prefix) === b.charCodeAt(prefix)) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

export function jaroSimilarity(a: string, b: string): number {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length === 0) return 0;
  if (a === b) return 1;
  const reach = Math.max(0, Math.floor(long.length / 2) - 1);
  const taken = new Uint8Array(long.length);
  const matches: number[] = [];
  for (let i = 0; i < short.length; i++) {
    const code = short.charCodeAt(i);
    const end = Math.min(long.length, i + reach + 1);
    for (let j = Math.max(0, i - reach); j < end; j++) {
      if (taken[j] === 1 || long.charCodeAt(j) !== code) continue;
      taken[j] = 1;
      matches.push(code);
      break;
    }
  }
  const count = matches.length;
  if (count === 0) return 0;
  // Half of those out of place, rounded down: so in Winkler's own code and in DuckDB's.
  let outOfPlace = 0;
  let next = 0;
  for (let j = 0; j < long.length; j++)
    if (taken[j] === 1 && long.charCodeAt(j) !== matches[next++]) outOfPlace++;
  return (count / short.length + count / long.length + (count - Math.floor(outOfPlace / 2)) / count) / 3;
}
