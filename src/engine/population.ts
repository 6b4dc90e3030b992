import { channel } from "node:diagnostics_channel";
import { LeadweaveError } from "./error.js";

/** Wrong edges per strand that a model is made for, at the population that it names. */
const TARGET_FALSE_EDGES = 0.05;
const WARN_ABOVE = 2;
const REFUSE_ABOVE = 4;

const warnings = channel("leadweave:population");

/**
 * Wrong edges per strand to expect, an estimate: every strand meets strangers in proportion to how many there are, and a model
 * allows for as many as its population has.
 */
export function expectedFalseEdges(strands: number, population: number): number {
  return (TARGET_FALSE_EDGES * strands) / population;
}

/**
 * Looks at a store that is opened. A model for far fewer strands than it holds would join strangers, ever more of them; what is
 * ingested later changes nothing about that, so only opening refuses.
 *
 * @throws LeadweaveError `population-exceeded`
 */
export function checkPopulation(strands: number, population: number): void {
  const factor = expectedFalseEdges(strands, population) / TARGET_FALSE_EDGES;
  if (factor > REFUSE_ABOVE) {
    throw new LeadweaveError(
      "population-exceeded",
      `the store holds about ${strands} strands, the model is for ${population}: adapt it with forPopulation(model, ${strands}) and resolve afresh, or open with the model that the store was filled with and a larger population`,
    );
  }
  if (factor > WARN_ABOVE && warnings.hasSubscribers)
    warnings.publish({ strands, population, expectedFalseEdges: expectedFalseEdges(strands, population) });
}
