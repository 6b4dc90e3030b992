import { distance } from "fastest-levenshtein";

/** Of the known words those that a typing slip could have made this one, nearest first. */
export function nearest(word: string, known: Iterable<string>, most = 1): string[] {
  const near: { readonly word: string; readonly edits: number }[] = [];
  const bound = Math.max(1, Math.floor(word.length / 3));
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > bound) continue;
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits <= bound) near.push({ word: candidate, edits });
  }
  return near
    .sort((a, b) => a.edits - b.edits)
    .slice(0, most)
    .map((found) => found.word);
}

/** ` (did you mean X?)`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>, prefix = ""): string {
  const [found] = nearest(word, known);
  return found === undefined ? "" : ` (did you mean ${prefix}${found}?)`;
}
