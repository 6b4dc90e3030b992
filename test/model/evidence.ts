import { compileModel } from "../../src/model/compile.js";
import { type Comparison, createDefaultModel, type Model, type Prior } from "../../src/model/index.js";
import { createScorer, type Scorer } from "../../src/resolve/bits.js";
import type { KeyFacts } from "../../src/resolve/generic.js";
import type { Claim, Key } from "../../src/resolve/observation.js";
import type { Evidence } from "../../src/resolve/strands.js";

/** A model of attributes that are compared as they stand, and of nothing else. */
export function attributeModel(
  fields: readonly string[],
  comparisons: readonly Comparison[],
  settings: { readonly prior?: Prior; readonly termFrequencies?: Model["termFrequencies"] } = {},
): Model {
  return {
    ...createDefaultModel(),
    prior: settings.prior ?? { type: "candidate", bits: 0 },
    fields: Object.fromEntries(
      fields.map((name) => [name, { from: [`attribute:${name}`], normalizer: "exact" as const }]),
    ),
    blocks: { lasting: [], timeLocal: [] },
    comparisons,
    termFrequencies: settings.termFrequencies ?? {},
  };
}

/** What a side holds, by field name; a field that is not named has no value. */
export function evidenceOf(
  model: Model,
  values: Readonly<Record<string, readonly string[] | undefined>>,
  held: {
    readonly keys?: readonly Key[];
    readonly days?: readonly (readonly [number, number])[];
    readonly implied?: readonly Key[];
    readonly claims?: readonly Claim[];
  } = {},
): Evidence {
  const {
    keys = [],
    days = keys.map(() => [Number.NaN, Number.NaN] as const),
    implied = [],
    claims = [],
  } = held;
  return {
    fields: Object.keys(model.fields)
      .sort()
      .map((name) => (Object.hasOwn(values, name) ? values[name] : undefined)),
    keys,
    firstDays: days.map(([first]) => first),
    lastDays: days.map(([, last]) => last),
    implied,
    claims,
  };
}

export function factsOf(
  keys: readonly Key[],
  facts: { readonly names?: readonly number[]; readonly typed?: readonly boolean[] } = {},
): KeyFacts {
  return {
    generic: new Uint8Array(keys.length),
    genericUntrusted: new Uint8Array(keys.length),
    names: Uint8Array.from(keys, (_, index) => facts.names?.[index] ?? 0),
    typed: Uint8Array.from(keys, (_, index) => (facts.typed?.[index] === true ? 1 : 0)),
  };
}

export function scorerOf(model: Model, keys: readonly Key[] = []): Scorer {
  return createScorer(compileModel(model), factsOf(keys));
}
