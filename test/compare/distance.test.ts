import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { daysBetween, intersects, jaccard, numberDistance } from "../../src/compare/distance.js";

const values = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"));

describe("sets of values", () => {
  test("jaccard equals the share of the union that both have", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const union = new Set([...a, ...b]);
        const common = [...union].filter((value) => a.includes(value) && b.includes(value));
        expect(jaccard(a, b)).toBe(union.size === 0 ? 0 : common.length / union.size);
        expect(intersects(a, b)).toBe(common.length > 0);
      }),
    );
  });

  test("nothing and nothing have nothing in common", () => {
    expect(jaccard([], [])).toBe(0);
    expect(intersects([], [])).toBe(false);
  });
});

describe("dates", () => {
  test.each([
    ["2026-01-05", "2026-01-05", 0],
    ["2026-01-05", "2026-01-06", 1],
    ["2024-02-28", "2024-03-01", 2],
    ["2023-02-28", "2023-03-01", 1],
    ["1990-12-31", "1991-01-01", 1],
    ["1900-01-01", "2000-01-01", 36_524],
  ])("%s to %s", (a, b, days) => {
    expect(daysBetween(a, b)).toBe(days);
    expect(daysBetween(b, a)).toBe(days);
  });

  test("what is no date is at no distance, so that no limit holds", () => {
    expect(daysBetween("", "2026-01-05")).toBeNaN();
    expect(daysBetween("2026-01-05", "soon")).toBeNaN();
  });
});

describe("numbers", () => {
  test.each([
    ["10", "12.5", false, 2.5],
    ["10", "-10", false, 20],
    ["8", "10", true, 0.2],
    ["-8", "-10", true, 0.2],
    ["0", "0.0", true, 0],
    ["0", "5", true, 1],
  ])("%s and %s, relative %s", (a, b, relative, apart) => {
    expect(numberDistance(a, b, relative)).toBeCloseTo(apart, 12);
    expect(numberDistance(b, a, relative)).toBeCloseTo(apart, 12);
  });

  test("what is no number is at no distance", () => {
    for (const relative of [false, true]) {
      expect(numberDistance("", "0", relative)).toBeNaN();
      expect(numberDistance(" ", " ", relative)).toBeNaN();
      expect(numberDistance("ten", "10", relative)).toBeNaN();
      expect(numberDistance("Infinity", "Infinity", relative)).toBeNaN();
    }
  });
});
