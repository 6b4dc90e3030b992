import { createDefaultModel } from "../../src/model/defaultModel.js";
import type { Model } from "../../src/model/index.js";
import { forPopulation, populationOfRows } from "../../src/model/population.js";

export const MODEL_NAMES = ["deterministic", "default"] as const;

export type ModelName = (typeof MODEL_NAMES)[number];

export function modelFor(name: ModelName, fragments: number): Model {
  const model = createDefaultModel();
  return name === "default"
    ? forPopulation(model, populationOfRows(fragments))
    : sharedIdentifiersOnly(model);
}

/**
 * Only a shared identifier links: no comparison, no block, nothing drawn from a fragment but its identifiers and the two names by which
 * a value shared too widely is told (rung 3). Every pair has 0 bits, which a shared key accepts and a claim does not reach.
 */
function sharedIdentifiersOnly(model: Model): Model {
  const { given_name, family_name } = model.fields;
  if (given_name === undefined || family_name === undefined)
    throw new Error("the default model has no names");
  return {
    ...model,
    name: "shared identifiers only",
    prior: { type: "candidate", bits: 0 },
    thresholds: { review: 1, link: 1 },
    identifiers: Object.fromEntries(
      Object.entries(model.identifiers).map(([type, settings]) => [type, { ...settings, acceptAt: 0 }]),
    ),
    fields: { given_name, family_name },
    blocks: { lasting: [], timeLocal: [] },
    comparisons: [],
    termFrequencies: {},
  };
}
