import { roundBits } from "./compile.js";
import type { Model, Prior } from "./model.js";

/**
 * Bits by which the prior of a candidate pair rises at most when a model is taken to a smaller population than its own. 0:
 * a small set has fewer chance pairs, but whether its pairs deserve more trust than those of training is not measured, and
 * a model should not link more freely for having seen little.
 */
export const MAX_RELIEF_BITS = 0;

const SMALLEST_PROBABILITY = 1e-300;
const LARGEST_PROBABILITY = 1 - Number.EPSILON;

/**
 * The model for another number of strands. Among more strands a pair that looks alike is more often a coincidence, so the
 * prior falls: with fixed weights false edges per strand grow with the population until most of it is one component.
 *
 * A `random` prior is scaled by `model.population / strands`, which keeps the expected matches of a record constant; it
 * stays inside (0, 1). A `candidate` prior loses `bitsPerFactorOf3` (default 1) bits for each factor of 3, and gains at most `MAX_RELIEF_BITS` (0). Steps of growth add up: by way of any population between, the result is the same.
 *
 * @param strands strands expected in the set, at least 1
 * @returns a new model with `population: strands`; the given one is unchanged
 * @throws TypeError when `strands` is not a finite number of at least 1
 */
export function forPopulation(model: Model, strands: number): Model {
  if (!(Number.isFinite(strands) && strands >= 1)) {
    throw new TypeError("strands must be a finite number of at least 1");
  }
  return { ...model, population: strands, prior: priorFor(model.prior, strands / model.population) };
}

function priorFor(prior: Prior, growth: number): Prior {
  if (growth === 1) return prior;
  if (prior.type === "random") {
    const scaled = prior.probabilityTwoRandomRecordsMatch / growth;
    const probability = Math.min(LARGEST_PROBABILITY, Math.max(SMALLEST_PROBABILITY, scaled));
    return { type: "random", probabilityTwoRandomRecordsMatch: probability };
  }
  const relief = (-Math.log(growth) / Math.log(3)) * (prior.bitsPerFactorOf3 ?? 1);
  return { ...prior, bits: roundBits(prior.bits + Math.min(MAX_RELIEF_BITS, relief)) };
}

/**
 * The population to adapt a model to for a one-off run over `rows` rows: rounded up to a power of 4, so that a few rows
 * more or less do not change the result.
 *
 * @throws TypeError when `rows` is not a finite number of at least 0
 */
export function populationOfRows(rows: number): number {
  if (!(Number.isFinite(rows) && rows >= 0))
    throw new TypeError("rows must be a finite number of at least 0");
  let population = 1;
  while (population < rows) population *= 4;
  return population;
}
