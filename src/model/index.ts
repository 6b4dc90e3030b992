export { bitsOfProbability, probabilityOfBits } from "./compile.js";
export type { Bounds, Condition, SharedKeyCondition } from "./condition.js";
export { createDefaultModel } from "./defaultModel.js";
export type {
  AttributeSettings,
  Comparison,
  Field,
  FieldNormalizer,
  FieldSource,
  IdentifierNormalizer,
  IdentifierType,
  LastingBlock,
  Level,
  LevelWeight,
  Limits,
  Model,
  Prior,
  SourceSettings,
  TermFrequencyUse,
  TimeLocalBlock,
  TimeLocalLevel,
  TimeLocalSide,
} from "./model.js";
export { forPopulation, populationOfRows } from "./population.js";
export { parseModel, serializeModel } from "./serialize.js";
export { validateModel } from "./validate.js";
