import { distance } from "fastest-levenshtein";

/** Longest text that is compared letter by letter: names and addresses are shorter, and the work grows with the square. */
const MAX_LENGTH = 128;

/**
 * Whether two texts are at most `atMost` edits apart, where an edit inserts, deletes or replaces a code unit or swaps two
 * neighbours (the commonest slip of a typist, which plain Levenshtein counts as two).
 */
export function withinEdits(a: string, b: string, atMost: number): boolean {
  if (a === b) return true;
  if (atMost < 1 || Math.abs(a.length - b.length) > atMost) return false;
  if (a.length > MAX_LENGTH || b.length > MAX_LENGTH) return false;
  if (atMost === 1) return isOneEdit(a, b);
  // A swap is two of Levenshtein's edits, so that his distance bounds ours from both sides.
  const edits = distance(a, b);
  return edits <= atMost || (edits <= 2 * atMost && editsWithSwaps(a, b) <= atMost);
}

/** One insertion, deletion, replacement or swap of neighbours; linear, no table. */
function isOneEdit(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let endA = a.length - 1;
  let endB = b.length - 1;
  while (endA >= start && endB >= start && a.charCodeAt(endA) === b.charCodeAt(endB)) {
    endA--;
    endB--;
  }
  if (endA - start <= 0 && endB - start <= 0) return true;
  return (
    endA - start === 1 &&
    endB - start === 1 &&
    a.charCodeAt(start) === b.charCodeAt(endB) &&
    a.charCodeAt(endA) === b.charCodeAt(start)
  );
}

/**
 * Optimal string alignment: Levenshtein's table with one more way into a cell, the swap of two neighbours that are not
 * edited again (B. J. Oommen and R. K. S. Loke, "Pattern recognition of strings with substitutions, insertions, deletions
 * and generalized transpositions", 1997).
 */
function editsWithSwaps(a: string, b: string): number {
  const width = b.length + 1;
  let beforeLast = new Uint8Array(width);
  let last = Uint8Array.from({ length: width }, (_, j) => j);
  let row = new Uint8Array(width);
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    const code = a.charCodeAt(i - 1);
    for (let j = 1; j < width; j++) {
      const other = b.charCodeAt(j - 1);
      let edits = (last[j - 1] as number) + (code === other ? 0 : 1);
      edits = Math.min(edits, (last[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && code === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other) {
        edits = Math.min(edits, (beforeLast[j - 2] as number) + 1);
      }
      row[j] = edits;
    }
    [beforeLast, last, row] = [last, row, beforeLast];
  }
  return last[b.length] as number;
}
