import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { confidences, decay, membershipProbability, type Testimony } from "../../src/profile/confidence.js";
import { check } from "../properties/check.js";

/** Invariant 19 of the design, on the formulas themselves; over whole profiles it is tried in content.test.ts. */

const DAY = 86_400_000;
/** Sums and quotients round; a law may be missed by no more than that. */
const ROUNDING = 1e-12;

const probability = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));

const testimony: fc.Arbitrary<Testimony> = fc
  .tuple(probability, probability)
  .map(([fresh, kept]) => ({ fresh, now: fresh * kept }));

const value = fc.array(testimony, { minLength: 1, maxLength: 4 });
const values = fc.array(value, { minLength: 1, maxLength: 4 });

const at = (list: readonly number[], index: number): number => list[index] as number;

describe("confidences", () => {
  it("lie in [0, 1]; those of a single-valued attribute sum to at most 1", () => {
    check(fc.tuple(values, fc.boolean()), ([all, single]) => {
      const found = confidences(all, single);
      expect(found).toHaveLength(all.length);
      for (const one of found) {
        expect(one).toBeGreaterThanOrEqual(0);
        expect(one).toBeLessThanOrEqual(1);
      }
      if (single)
        expect(found.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(
          1 + (all.length > 1 ? ROUNDING : 0),
        );
    });
  });

  it("never fall by another source that agrees, and never raise a rival's", () => {
    check(fc.tuple(values, fc.nat(3), testimony, fc.boolean()), ([all, pick, more, single]) => {
      const index = pick % all.length;
      const before = confidences(all, single);
      const after = confidences(
        all.map((own, position) => (position === index ? [...own, more] : own)),
        single,
      );
      expect(at(after, index)).toBeGreaterThanOrEqual(at(before, index) - ROUNDING);
      before.forEach((one, position) => {
        if (position === index) return;
        if (single) expect(at(after, position)).toBeLessThanOrEqual(one + ROUNDING);
        else expect(at(after, position)).toBe(one);
      });
    });
  });

  it("never rise by a rival, nor by waiting", () => {
    check(fc.tuple(values, value, probability), ([all, rival, kept]) => {
      const before = confidences(all, true);
      confidences([...all, rival], true)
        .slice(0, all.length)
        .forEach((one, index) => {
          expect(one).toBeLessThanOrEqual(at(before, index) + ROUNDING);
        });
      const waited = all.map((own) => own.map(({ fresh, now }) => ({ fresh, now: now * kept })));
      confidences(waited, true).forEach((one, index) => {
        expect(one).toBeLessThanOrEqual(at(before, index));
      });
    });
  });

  it("of one source are its worth, of two the chance that not both are wrong", () => {
    expect(confidences([[{ fresh: 0.8, now: 0.6 }]], true)[0]).toBeCloseTo(0.6, 12);
    const two = [
      { fresh: 0.9, now: 0.9 },
      { fresh: 0.5, now: 0.5 },
    ];
    expect(confidences([two], true)[0]).toBeCloseTo(0.95, 12);
  });

  it("of rivals are their worth now by their share of the odds when fresh", () => {
    // Odds 9 and 1: shares 0.9 and 0.1, whatever time has taken.
    const rivals = [[{ fresh: 0.9, now: 0.45 }], [{ fresh: 0.5, now: 0.5 }]];
    const [first, second] = confidences(rivals, true);
    expect(first).toBeCloseTo(0.45 * 0.9, 12);
    expect(second).toBeCloseTo(0.5 * 0.1, 12);
    const [one, other] = confidences(rivals, false);
    expect(one).toBeCloseTo(0.45, 12);
    expect(other).toBe(0.5);
  });

  it("of two certain rivals are halves; of rivals that nobody believes, none", () => {
    const certain = [[{ fresh: 1, now: 1 }], [{ fresh: 1, now: 1 }]];
    expect(confidences(certain, true)).toEqual([0.5, 0.5]);
    const worthless = [[{ fresh: 0, now: 0 }], [{ fresh: 0, now: 0 }]];
    expect(confidences(worthless, true)).toEqual([0, 0]);
  });
});

describe("decay", () => {
  it("halves with every half-life, and takes nothing from what is of today or of tomorrow", () => {
    expect(decay(0, 30)).toBe(1);
    expect(decay(-DAY, 30)).toBe(1);
    expect(decay(30 * DAY, 30)).toBe(0.5);
    expect(decay(90 * DAY, 30)).toBe(0.125);
    expect(decay(DAY, 2)).toBeCloseTo(Math.SQRT1_2, 15);
  });

  it("never rises with age", () => {
    const age = fc.integer({ min: -10 * DAY, max: 20_000 * DAY });
    check(fc.tuple(age, age, fc.integer({ min: 1, max: 5_000 })), ([one, other, halfLife]) => {
      const [younger, older] = [Math.min(one, other), Math.max(one, other)];
      expect(decay(older, halfLife)).toBeLessThanOrEqual(decay(younger, halfLife));
    });
  });
});

describe("membership", () => {
  const ALONE = Number.NEGATIVE_INFINITY;

  it("is certain for a strand that was there from the start", () => {
    expect(membershipProbability({ joined: Number.POSITIVE_INFINITY, refused: ALONE })).toBe(1);
    expect(membershipProbability({ joined: Number.POSITIVE_INFINITY, refused: 12 })).toBe(1);
  });

  it("weighs the join against standing alone and against the best one refused", () => {
    expect(membershipProbability({ joined: 3, refused: ALONE })).toBeCloseTo(8 / 9, 12);
    expect(membershipProbability({ joined: 0, refused: ALONE })).toBe(0.5);
    expect(membershipProbability({ joined: 3, refused: 3 })).toBeCloseTo(8 / 17, 12);
    expect(membershipProbability({ joined: 3, refused: 1 })).toBeCloseTo(8 / 11, 12);
  });

  it("lies in [0, 1], rises with the bits of the join and falls with those of the refused one", () => {
    const bits = fc.double({ min: -60, max: 60, noNaN: true });
    const refusal = fc.oneof(fc.constant(ALONE), bits);
    const more = fc.double({ min: 0, max: 20, noNaN: true });
    check(fc.tuple(bits, refusal, more), ([joined, refused, extra]) => {
      const held = membershipProbability({ joined, refused });
      expect(held).toBeGreaterThanOrEqual(0);
      expect(held).toBeLessThanOrEqual(1);
      expect(membershipProbability({ joined: joined + extra, refused })).toBeGreaterThanOrEqual(held);
      expect(membershipProbability({ joined, refused: refused + extra })).toBeLessThanOrEqual(held);
    });
  });
});
