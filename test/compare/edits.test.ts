import fc from "fast-check";
import { distance } from "fastest-levenshtein";
import { describe, expect, test } from "vitest";
import { withinEdits } from "../../src/compare/edits.js";

/** Optimal string alignment by its recursive definition. */
function alignment(a: string, b: string): number {
  const known = new Map<string, number>();
  const edits = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i} ${j}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const choices = [
      edits(i - 1, j) + 1,
      edits(i, j - 1) + 1,
      edits(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
    ];
    if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
      choices.push(edits(i - 2, j - 2) + 1);
    const least = Math.min(...choices);
    known.set(key, least);
    return least;
  };
  return edits(a.length, b.length);
}

/** Every text that one insertion, deletion, replacement or swap of neighbours away. */
function oneEditAway(text: string, letters: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (let at = 0; at <= text.length; at++) {
    const [head, tail] = [text.slice(0, at), text.slice(at)];
    for (const letter of letters) {
      found.add(head + letter + tail);
      if (tail !== "") found.add(head + letter + tail.slice(1));
    }
    if (tail !== "") found.add(head + tail.slice(1));
    if (tail.length > 1) found.add(head + tail.charAt(1) + tail.charAt(0) + tail.slice(2));
  }
  return found;
}

const LETTERS = ["a", "b", "c"];
const word = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 7 });

describe("edits", () => {
  test("no edits means equal", () => {
    fc.assert(fc.property(word, word, (a, b) => withinEdits(a, b, 0) === (a === b)));
    expect(withinEdits("mclean.anna", "mclean.anne", 0)).toBe(false);
    expect(withinEdits("mclean.anna", "mcelan.anna", 0)).toBe(false);
  });

  test("one edit is what one edit makes", () => {
    fc.assert(
      fc.property(word, word, (a, b) => withinEdits(a, b, 1) === (a === b || oneEditAway(a, LETTERS).has(b))),
      { numRuns: 2000 },
    );
  });

  test("one edit reaches everything that one edit makes", () => {
    fc.assert(
      fc.property(word, (a) => {
        for (const b of oneEditAway(a, LETTERS)) expect(withinEdits(a, b, 1)).toBe(true);
      }),
    );
  });

  test("equals the alignment distance at every limit, and is never stricter than Levenshtein", () => {
    fc.assert(
      fc.property(word, word, fc.nat(5), (a, b, atMost) => {
        expect(withinEdits(a, b, atMost)).toBe(alignment(a, b) <= atMost);
        if (distance(a, b) <= atMost) expect(withinEdits(a, b, atMost)).toBe(true);
        expect(withinEdits(b, a, atMost)).toBe(withinEdits(a, b, atMost));
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ["harry", "barry", 1],
    ["harry", "gary", 2],
    ["harry", "sally", 3],
    ["harry", "haryr", 1],
    ["harry", "ahrry", 1],
    ["harry", "ahrrx", 2],
    ["2015551234", "2015551243", 1],
  ])("%s and %s are %i apart", (a, b, apart) => {
    expect(withinEdits(a, b, apart)).toBe(true);
    expect(withinEdits(a, b, apart - 1)).toBe(false);
  });

  test("texts too long for a table are equal or not", () => {
    const long = "x".repeat(200);
    expect(withinEdits(long, long, 1)).toBe(true);
    expect(withinEdits(long, `${long}y`, 1)).toBe(false);
  });
});
