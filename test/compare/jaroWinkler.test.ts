import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jaroSimilarity, jaroWinkler } from "../../src/compare/jaroWinkler.js";

/** Jaro's definition word by word: assign common characters within reach, then count those out of order. */
function textbookJaro(a: string, b: string): number {
  if (a.length === 0 || b.length === 0) return 0;
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const assignedB: boolean[] = [...b].map(() => false);
  const commonA: string[] = [];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) {
      if (Math.abs(i - j) <= reach && !assignedB[j] && a.charAt(i) === b.charAt(j)) {
        assignedB[j] = true;
        commonA.push(a.charAt(i));
        break;
      }
    }
  }
  const commonB = [...b].filter((_, j) => assignedB[j]);
  const m = commonA.length;
  if (m === 0) return 0;
  const t = Math.floor(commonA.filter((char, k) => char !== commonB[k]).length / 2);
  return (m / a.length + m / b.length + (m - t) / m) / 3;
}

function textbookJaroWinkler(a: string, b: string): number {
  const jaro = textbookJaro(a, b);
  if (jaro <= 0.7) return jaro;
  let prefix = 0;
  while (prefix < 4 && a[prefix] !== undefined && a[prefix] === b[prefix]) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), maxLength: 14 });

/** A word and a typist's version of it, so that high similarities occur as often as low ones. */
const likeWords = fc
  .tuple(word, fc.array(fc.tuple(fc.nat(13), fc.constantFrom("a", "b", "c", "d", "")), { maxLength: 4 }))
  .map(([original, slips]) => {
    let typed = original;
    for (const [at, letter] of slips) typed = typed.slice(0, at) + letter + typed.slice(at + 1);
    return [original, typed] as const;
  });

describe("Jaro-Winkler", () => {
  test.each([
    ["MARTHA", "MARHTA", 0.9444, 0.9611],
    ["DIXON", "DICKSONX", 0.7667, 0.8133],
    ["DWAYNE", "DUANE", 0.8222, 0.84],
    ["JONES", "JOHNSON", 0.7905, 0.8324],
    ["ABROMS", "ABRAMS", 0.8889, 0.9222],
    ["MASSEY", "MASSIE", 0.8889, 0.9333],
    ["JERALDINE", "GERALDINE", 0.9259, 0.9259],
    ["MICHELLE", "MICHAEL", 0.869, 0.9214],
  ])("published values of %s and %s", (a, b, jaro, winkler) => {
    expect(jaroSimilarity(a, b)).toBeCloseTo(jaro, 4);
    expect(jaroWinkler(a, b)).toBeCloseTo(winkler, 4);
  });

  test("thresholds of Splink's name levels part Stephen from Stephan, Steven and Steve", () => {
    expect(jaroWinkler("Stephen", "Stephan")).toBeGreaterThanOrEqual(0.92);
    expect(jaroWinkler("Stephen", "Steven")).toBeGreaterThanOrEqual(0.88);
    expect(jaroWinkler("Stephen", "Steven")).toBeLessThan(0.98);
    expect(jaroWinkler("Stephen", "Steve")).toBeGreaterThanOrEqual(0.7);
    expect(jaroWinkler("Stephen", "Maria")).toBeLessThan(0.7);
  });

  test("three letters in a ring are one transposition, not one and a half", () => {
    expect(jaroSimilarity("xabcyz", "xbcayz")).toBeCloseTo((1 + 1 + 5 / 6) / 3, 12);
  });

  test("equals the textbook", () => {
    fc.assert(
      fc.property(fc.oneof(likeWords, fc.tuple(word, word)), ([a, b]) => {
        expect(jaroSimilarity(a, b)).toBeCloseTo(textbookJaro(a, b), 12);
        expect(jaroWinkler(a, b)).toBeCloseTo(textbookJaroWinkler(a, b), 12);
      }),
      { numRuns: 2000 },
    );
  });

  test("is symmetric, within [0, 1], and 1 for equal texts alone", () => {
    fc.assert(
      fc.property(fc.oneof(likeWords, fc.tuple(fc.string(), fc.string())), ([a, b]) => {
        const similarity = jaroWinkler(a, b);
        expect(jaroWinkler(b, a)).toBe(similarity);
        expect(similarity).toBeGreaterThanOrEqual(0);
        expect(similarity).toBeLessThanOrEqual(1);
        expect(similarity === 1).toBe(a === b && a !== "");
      }),
      { numRuns: 2000 },
    );
  });

  test("empty texts resemble nothing, not even one another", () => {
    expect(jaroWinkler("", "")).toBe(0);
    expect(jaroWinkler("", "a")).toBe(0);
  });
});
