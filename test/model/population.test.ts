import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bitsOfProbability,
  createDefaultModel,
  forPopulation,
  type Model,
  populationOfRows,
  validateModel,
} from "../../src/model/index.js";
import { MAX_RELIEF_BITS } from "../../src/model/population.js";

const random = (probability: number, population = 1000): Model => ({
  ...createDefaultModel(),
  population,
  prior: { type: "random", probabilityTwoRandomRecordsMatch: probability },
});
const candidate = (bits: number, population = 1000): Model => ({
  ...createDefaultModel(),
  population,
  prior: { type: "candidate", bits },
});

function probabilityOf({ prior }: Model): number {
  return prior.type === "random" ? prior.probabilityTwoRandomRecordsMatch : Number.NaN;
}

function bitsOf({ prior }: Model): number {
  return prior.type === "candidate" ? prior.bits : bitsOfProbability(prior.probabilityTwoRandomRecordsMatch);
}

const size = fc.double({ min: 1, max: 1e9, noNaN: true });
const sizes = fc
  .tuple(size, size, size)
  .map((given) => given.sort((a, b) => a - b) as [number, number, number]);

describe("a model for another population", () => {
  test("a random prior keeps the expected matches of a record", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 0.5, noNaN: true }), sizes, (probability, [from, to]) => {
        const adapted = forPopulation(random(probability, from), to);
        expect(adapted.population).toBe(to);
        expect(probabilityOf(adapted) * to).toBeCloseTo(probability * from, 6);
      }),
    );
    expect(probabilityOf(forPopulation(random(0.001), 4000))).toBe(0.00025);
    expect(bitsOf(forPopulation(random(0.5), 2000))).toBeCloseTo(Math.log2(1 / 3), 12);
  });

  test("a random prior stays strictly between never and always", () => {
    expect(probabilityOf(forPopulation(random(0.9, 1e6), 1))).toBeLessThan(1);
    expect(Number.isFinite(bitsOf(forPopulation(random(0.9, 1e6), 1)))).toBe(true);
    expect(probabilityOf(forPopulation(random(1e-300), 1e9))).toBeGreaterThan(0);
  });

  test.each([
    [1000, 3000, -1],
    [1000, 9000, -2],
    [65_536, 65_536 * 27, -3],
  ])("a candidate prior loses a bit for each factor of 3: %i to %i", (from, to, change) => {
    expect(bitsOf(forPopulation(candidate(-0.5, from), to))).toBeCloseTo(-0.5 + change, 11);
  });

  test("a candidate prior gains no more than the greatest relief where the population is smaller", () => {
    fc.assert(
      fc.property(sizes, ([to, from]) => {
        const gained = bitsOf(forPopulation(candidate(2, from), to)) - 2;
        const symmetric = Math.log(from / to) / Math.log(3);
        expect(gained).toBeCloseTo(Math.min(MAX_RELIEF_BITS, symmetric), 9);
      }),
    );
  });

  test("is the same by way of any population between", () => {
    fc.assert(
      fc.property(sizes, fc.constantFrom(random(0.01, 1), candidate(-0.5, 1)), ([a, b, c], start) => {
        const model = { ...start, population: a };
        const direct = forPopulation(model, c);
        const stepwise = forPopulation(forPopulation(model, b), c);
        expect(bitsOf(stepwise)).toBeCloseTo(bitsOf(direct), 9);
        expect(stepwise.population).toBe(direct.population);
      }),
    );
  });

  test("is idempotent, and leaves the given model alone", () => {
    fc.assert(
      fc.property(size, size, fc.constantFrom(random(0.01), candidate(-0.5)), (from, to, start) => {
        const model = Object.freeze({ ...start, population: from });
        const once = forPopulation(model, to);
        expect(once).not.toBe(model);
        expect(forPopulation(once, to)).toEqual(once);
        expect(model).toEqual({ ...start, population: from });
        expect(validateModel(once).ok).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test("more strands never make a link easier", () => {
    fc.assert(
      fc.property(sizes, fc.constantFrom(random(0.01), candidate(-0.5)), ([a, b, c], start) => {
        const model = { ...start, population: a };
        expect(bitsOf(forPopulation(model, c))).toBeLessThanOrEqual(bitsOf(forPopulation(model, b)));
      }),
    );
  });

  test.each([[0], [-1], [0.5], [Number.NaN], [Number.POSITIVE_INFINITY]])(
    "%d is no population",
    (strands) => {
      expect(() => forPopulation(createDefaultModel(), strands)).toThrow(TypeError);
    },
  );
});

describe("the population of a file", () => {
  test.each([
    [0, 1],
    [1, 1],
    [2, 4],
    [4, 4],
    [5, 16],
    [100_000, 262_144],
    [1_048_576, 1_048_576],
    [1_048_577, 4_194_304],
  ])("of %i rows is %i", (rows, population) => {
    expect(populationOfRows(rows)).toBe(population);
  });

  test.each([[-1], [Number.NaN], [Number.POSITIVE_INFINITY]])("%d is no number of rows", (rows) => {
    expect(() => populationOfRows(rows)).toThrow(TypeError);
  });
});
