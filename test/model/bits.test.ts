import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bitsOfProbability, probabilityOfBits, roundBits } from "../../src/model/compile.js";
import type { Comparison, Level, Model } from "../../src/model/index.js";
import { KeyTable } from "../../src/resolve/keys.js";
import { NO_LEVELS } from "../../src/resolve/levels.js";
import { attributeModel, evidenceOf, scorerOf } from "./evidence.js";

const known = (field: string) => ({ known: field });

/** Bits of two sides that hold one value, or none, of each field. */
function score(
  model: Model,
  x: Readonly<Record<string, string>>,
  y: Readonly<Record<string, string>>,
): number {
  const side = (values: Readonly<Record<string, string>>) =>
    evidenceOf(model, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]])));
  return scorerOf(model).bits(side(x), side(y), NO_LEVELS);
}

describe("a call-tracking number that many people share, scored as Splink scores it", () => {
  const model = attributeModel(
    ["phone", "name"],
    [
      {
        name: "phone",
        given: known("phone"),
        levels: [
          {
            name: "same",
            when: { equal: "phone" },
            m: 0.9,
            u: 0.01,
            tf: { field: "phone", weight: 0.5, minimumU: 0.05 },
          },
          { name: "other", m: 0.1, u: 0.99 },
        ],
      },
      {
        name: "name",
        given: known("name"),
        levels: [
          { name: "same", when: { equal: "name" }, m: 0.8, u: 0.02 },
          { name: "close", when: { jaroWinkler: "name", atLeast: 0.9 }, m: 0.1, u: 0.01 },
          { name: "other", m: 0.1, u: 0.97 },
        ],
      },
    ],
    {
      prior: { type: "random", probabilityTwoRandomRecordsMatch: 0.001 },
      termFrequencies: { phone: { A: 0.75, B: 0.25 } },
    },
  );
  const rows = [
    { phone: "A", name: "maria" },
    { phone: "A", name: "maria" },
    { phone: "B", name: "mario" },
    { phone: "A" },
  ] as const;

  test("pair 1-2: everything agrees", () => {
    const bits = score(model, rows[0], rows[1]);
    expect(bits).toBeCloseTo(-1.264969, 6);
    expect(probabilityOfBits(bits)).toBeCloseTo(0.293839, 6);
  });

  test.each([0, 1] as const)("pair %i-3: a missing name is no evidence", (row) => {
    const bits = score(model, rows[row], rows[3]);
    expect(bits).toBeCloseTo(-6.586897, 6);
    expect(probabilityOfBits(bits)).toBeCloseTo(0.010296, 6);
  });

  test("the addends are those of the worked example, and sum to the score exactly", () => {
    const [x, y] = [rows[0], rows[1]].map((row) =>
      evidenceOf(model, { phone: [row.phone], name: [row.name] }),
    );
    if (x === undefined || y === undefined) throw new Error("two rows make two sides");
    const scorer = scorerOf(model);
    const weights = scorer.weights(x, y, NO_LEVELS);
    const rounded = weights.map(({ comparison, level, bits }) => [
      comparison,
      level,
      Number(bits.toFixed(6)),
    ]);
    expect(rounded).toEqual([
      ["prior", "random", -9.964341],
      ["phone", "same", Number((6.491853 - 3.114409).toFixed(6))],
      ["name", "same", 5.321928],
    ]);
    expect(weights.reduce((sum, { bits }) => sum + bits, 0)).toBe(scorer.bits(x, y, NO_LEVELS));
  });

  test("close and different names", () => {
    const shared = score(model, rows[0], rows[3]);
    expect(score(model, rows[0], { phone: "A", name: "mario" }) - shared).toBeCloseTo(Math.log2(10), 9);
    expect(score(model, rows[0], { phone: "A", name: "zoe" }) - shared).toBeCloseTo(Math.log2(0.1 / 0.97), 9);
  });

  test("row 3 against row 1: other phone, close name", () => {
    expect(score(model, rows[0], rows[2])).toBeCloseTo(-9.964341 + Math.log2(0.1 / 0.99) + Math.log2(10), 6);
  });
});

describe("term frequencies", () => {
  const shares = { London: 0.8, Birmingham: 0.16, Truro: 0.04 };
  const cityModel = (
    tf: NonNullable<Level["tf"]>,
    termFrequencies: Model["termFrequencies"] = { city: shares },
  ) =>
    attributeModel(
      ["city"],
      [
        {
          name: "city",
          given: known("city"),
          levels: [
            { name: "equal", when: { equal: "city" }, m: 1, u: 0.2, tf },
            { name: "close", when: { edits: "city", atMost: 1 }, m: 0.5, u: 0.5, tf },
            { name: "different", m: 0.01, u: 0.8 },
          ],
        },
      ],
      { termFrequencies },
    );
  const factor = (model: Model, city: string, other = city): number =>
    2 ** score(model, { city }, { city: other });

  test.each([
    ["London", 1.25],
    ["Birmingham", 6.25],
    ["Truro", 25],
  ])("Splink's Bayes factor of %s", (city, bayesFactor) => {
    expect(factor(cityModel({ field: "city" }), city)).toBeCloseTo(bayesFactor, 9);
  });

  test("a smallest u bounds the rarest value", () => {
    expect(factor(cityModel({ field: "city", minimumU: 0.1 }), "Truro")).toBeCloseTo(10, 9);
    expect(factor(cityModel({ field: "city", minimumU: 0.1 }), "Birmingham")).toBeCloseTo(6.25, 9);
  });

  test.each([
    ["London", 5 * 0.25 ** 0.5],
    ["Birmingham", 5 * 1.25 ** 0.5],
    ["Truro", 5 * 5 ** 0.5],
  ])("a weight of a half for %s", (city, bayesFactor) => {
    expect(factor(cityModel({ field: "city", weight: 0.5 }), city)).toBeCloseTo(bayesFactor, 9);
  });

  test("weight and smallest u together", () => {
    const model = cityModel({ field: "city", weight: 0.5, minimumU: 0.1 });
    expect(factor(model, "Truro")).toBeCloseTo(5 * 2 ** 0.5, 9);
  });

  test("of a value without a share nothing is known", () => {
    const model = cityModel({ field: "city" }, { city: { London: 0.1 } });
    expect(factor(model, "London")).toBeCloseTo(5 * 2, 9);
    expect(factor(model, "Truro")).toBeCloseTo(5, 9);
    expect(factor(cityModel({ field: "city" }, {}), "London")).toBeCloseTo(5, 9);
    expect(factor(model, "constructor")).toBeCloseTo(5, 9);
  });

  test("a fuzzy level borrows u from the exact one, and the larger share speaks", () => {
    const model = cityModel({ field: "city" }, { city: { Truro: 0.04, Truru: 0.01 } });
    expect(factor(model, "Truro", "Truru")).toBeCloseTo(0.2 / 0.04, 9);
    const oneSided = cityModel({ field: "city" }, { city: { Truru: 0.01 } });
    expect(factor(oneSided, "Truro", "Truru")).toBeCloseTo(0.2 / 0.01, 9);
  });

  test("of several values in common the rarest speaks", () => {
    const model = cityModel({ field: "city" });
    const both = evidenceOf(model, { city: ["London", "Truro"] });
    expect(2 ** scorerOf(model).bits(both, both, NO_LEVELS)).toBeCloseTo(25, 9);
    const oneCommon = [
      ["London", "Bath"],
      ["London", "Truro"],
    ].map((city) => evidenceOf(model, { city }));
    const [x = both, y = both] = oneCommon;
    expect(2 ** scorerOf(model).bits(x, y, NO_LEVELS)).toBeCloseTo(1.25, 9);
  });

  // Splink 4 multiplies Bayes factors by (u / t)^weight; ours are the same in bits.
  test("a fractional weight is a power of the ratio", () => {
    const [u, t] = [0.0623, 0.00554];
    const model = attributeModel(
      ["city"],
      [
        {
          name: "city",
          given: known("city"),
          levels: [{ name: "equal", when: { equal: "city" }, m: u, u, tf: { field: "city", weight: 0.6 } }],
        },
      ],
      { termFrequencies: { city: { Bath: t } } },
    );
    expect(factor(model, "Bath")).toBeCloseTo((u / t) ** 0.6, 9);
  });
});

describe("several values on a side", () => {
  const comparison: Comparison = {
    name: "city",
    given: known("city"),
    field: "city",
    levels: [
      { name: "equal", when: { equal: "city" }, m: 0.9, u: 0.02 },
      { name: "different", m: 0.1, u: 1.6 },
    ],
  };
  const model = attributeModel(["city"], [comparison]);
  const side = (prefix: string, count: number) =>
    evidenceOf(model, {
      city: ["Leeds", ...Array.from({ length: count - 1 }, (_, index) => `${prefix}${index}`)],
    });

  test("u of one agreement among a × b pairs is 1 − (1 − u)^(ab)", () => {
    for (const [a, b] of [
      [1, 1],
      [1, 2],
      [3, 4],
      [16, 16],
    ] as const) {
      const bits = scorerOf(model).bits(side("a", a), side("b", b), NO_LEVELS);
      expect(bits).toBeCloseTo(Math.log2(0.9 / (1 - (1 - 0.02) ** (a * b))), 9);
    }
  });

  test("an untrained u above 1 stays as it is", () => {
    const x = evidenceOf(model, { city: ["a", "b"] });
    const y = evidenceOf(model, { city: ["c", "d"] });
    expect(scorerOf(model).bits(x, y, NO_LEVELS)).toBeCloseTo(Math.log2(0.1 / 1.6), 9);
  });

  test("tiny probabilities stay finite", () => {
    const tiny = attributeModel(
      ["city"],
      [{ ...comparison, levels: [{ name: "equal", when: { equal: "city" }, m: 0, u: 1e-300 }] }],
    );
    const other = attributeModel(
      ["city"],
      [{ ...comparison, levels: [{ name: "equal", when: { equal: "city" }, m: 1, u: 1e-300 }] }],
    );
    expect(score(tiny, { city: "a" }, { city: "a" })).toBeCloseTo(0, 9);
    const x = evidenceOf(other, { city: ["a", "b"] });
    expect(scorerOf(other).bits(x, x, NO_LEVELS)).toBeCloseTo(-Math.log2(4e-300), 6);
  });
});

describe("scores", () => {
  const bitsOfLevel = fc.double({ min: -100, max: 100, noNaN: true });
  const fields = ["f0", "f1", "f2", "f3", "f4", "f5"];
  const comparisonsOf = (bits: readonly (readonly [number, number])[]): Comparison[] =>
    bits.map(([agree, differ], index) => ({
      name: `c${index}`,
      given: known(`f${index}`),
      levels: [
        { name: "equal", when: { equal: `f${index}` }, bits: agree },
        { name: "different", bits: differ },
      ],
    }));
  const levels = fc.array(fc.tuple(bitsOfLevel, bitsOfLevel), { minLength: 6, maxLength: 6 });
  const values = fc.record(
    Object.fromEntries(
      fields.map((name) => [name, fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 2 })]),
    ),
    { requiredKeys: [] },
  );

  test("do not depend on the order of the comparisons, bit for bit, nor on the order of the sides", () => {
    fc.assert(
      fc.property(
        levels,
        values,
        values,
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
        (bits, x, y, order) => {
          const comparisons = comparisonsOf(bits);
          const model = attributeModel(fields, comparisons, { prior: { type: "candidate", bits: -7.3 } });
          const shuffled = { ...model, comparisons: order.map((at) => comparisons[at] as Comparison) };
          const [p, q] = [evidenceOf(model, x), evidenceOf(model, y)];
          const sum = scorerOf(model).bits(p, q, NO_LEVELS);
          expect(scorerOf(shuffled).bits(p, q, NO_LEVELS)).toBe(sum);
          expect(scorerOf(model).bits(q, p, NO_LEVELS)).toBe(sum);
          const weights = scorerOf(model).weights(p, q, NO_LEVELS);
          for (const addends of [weights, [...weights].reverse()]) {
            expect(addends.reduce((total, weight) => total + weight.bits, 0)).toBe(sum);
          }
        },
      ),
    );
  });

  test("two sides that know nothing are at the prior", () => {
    const model = attributeModel(fields, comparisonsOf(fields.map(() => [50, -50] as const)), {
      prior: { type: "candidate", bits: -2.5 },
    });
    expect(score(model, {}, {})).toBe(-2.5);
    expect(score(model, { f0: "a" }, {})).toBe(-2.5);
    expect(score(model, { f0: "a" }, { f1: "a" })).toBe(-2.5);
  });

  test("the first true level counts", () => {
    const model = attributeModel(
      ["name"],
      [
        {
          name: "name",
          given: known("name"),
          levels: [
            { name: "close", when: { edits: "name", atMost: 2 }, bits: 1 },
            { name: "equal", when: { equal: "name" }, bits: 9 },
          ],
        },
      ],
    );
    expect(score(model, { name: "ann" }, { name: "ann" })).toBe(1);
    expect(score(model, { name: "ann" }, { name: "robert" })).toBe(0);
  });
});

describe("claims", () => {
  const model = attributeModel([], [], { prior: { type: "candidate", bits: -4 } });
  const table = new KeyTable();
  const key = table.intern("visitor_id", "v1");
  const other = table.intern("visitor_id", "v2");
  const probabilityOf = (confidence: number, held: typeof key): number => {
    const claimant = evidenceOf(model, {}, { claims: [{ key, confidence }] });
    const holder = evidenceOf(model, {}, { keys: [held] });
    const scorer = scorerOf(model, table.keys);
    expect(scorer.bits(claimant, holder, NO_LEVELS)).toBe(scorer.bits(holder, claimant, NO_LEVELS));
    const weights = scorer.weights(claimant, holder, NO_LEVELS);
    expect(weights.reduce((sum, { bits }) => sum + bits, 0)).toBe(scorer.bits(claimant, holder, NO_LEVELS));
    return probabilityOfBits(scorer.bits(claimant, holder, NO_LEVELS));
  };

  test.each([0.02, 0.3, 0.85])("a claim of %d that is met alone yields that probability", (confidence) => {
    expect(probabilityOf(confidence, key)).toBeCloseTo(confidence, 9);
  });

  test("a claim that is not met, or only by another claim, says nothing", () => {
    const prior = probabilityOfBits(-4);
    expect(probabilityOf(0.85, other)).toBeCloseTo(prior, 12);
    const claimant = evidenceOf(model, {}, { claims: [{ key, confidence: 0.85 }] });
    expect(scorerOf(model, table.keys).bits(claimant, claimant, NO_LEVELS)).toBe(-4);
  });
});

describe("rounding", () => {
  test("weights are multiples of 2^-40, at most half of one away, and sums of them are exact in any order", () => {
    const bits = fc.double({ min: -1024, max: 1024, noNaN: true });
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 7 }), (given) => {
        const rounded = given.map(roundBits);
        rounded.forEach((weight, index) => {
          expect(Number.isInteger(weight * 2 ** 40)).toBe(true);
          expect(Math.abs(weight - (given[index] as number))).toBeLessThanOrEqual(2 ** -41);
        });
        const sum = (weights: readonly number[]): number =>
          weights.reduce((total, weight) => total + weight, 0);
        expect(sum([...rounded].reverse())).toBe(sum(rounded));
        expect(sum([...rounded].sort((a, b) => a - b))).toBe(sum(rounded));
      }),
      { numRuns: 500 },
    );
  });

  test("sums of weights as they are would depend on their order", () => {
    expect(0.1 + 0.2 + 0.3).not.toBe(0.3 + 0.2 + 0.1);
    const [a, b, c] = [roundBits(0.1), roundBits(0.2), roundBits(0.3)];
    expect(a + b + c).toBe(c + b + a);
  });
});

describe("probabilities and bits", () => {
  test("are inverse to one another", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-9, noNaN: true }), (probability) => {
        const back = probabilityOfBits(bitsOfProbability(probability));
        expect(Math.abs(back - probability) / probability).toBeLessThan(1e-12);
      }),
    );
  });

  test("stay stable far out", () => {
    expect(probabilityOfBits(-900)).toBeGreaterThan(0);
    expect(probabilityOfBits(2000)).toBe(1);
    expect(probabilityOfBits(0)).toBe(0.5);
    expect(bitsOfProbability(0.001)).toBeCloseTo(-9.964341, 6);
  });
});
