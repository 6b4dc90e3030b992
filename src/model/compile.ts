import type { Field, FieldNormalizer, IdentifierType, Model } from "./model.js";

/** A model with names turned into positions, made once per model and shared by every rung. */
export interface CompiledModel {
  readonly model: Model;
  readonly fieldNames: readonly string[];
  readonly fieldIndex: ReadonlyMap<string, number>;
  readonly fields: readonly CompiledField[];
  /** Fields drawn from the non-generic keys of a type, by type. */
  readonly derived: ReadonlyMap<string, readonly DerivedField[]>;
  /** Digest types by the plain type that implies them. */
  readonly digestTypes: ReadonlyMap<string, readonly string[]>;
  /** Bits before any comparison. */
  readonly priorBits: number;
}

export interface CompiledField {
  readonly index: number;
  readonly name: string;
  readonly maxValues: number;
  /** Sources read from raw fragments. */
  readonly observed: readonly CompiledSource[];
}

/** A field that is a function of a key's value. */
export interface DerivedField {
  readonly field: number;
  readonly normalizer: FieldNormalizer;
}

export interface CompiledSource {
  readonly origin: "identifier" | "signal" | "attribute" | "kind" | "source";
  readonly name: string;
  readonly normalizer: FieldNormalizer;
}

/** Weights are rounded once to a multiple of 2^-40, so that sums of them are exact and do not depend on their order. */
export function roundBits(bits: number): number {
  return Math.round(bits * 2 ** 40) / 2 ** 40;
}

/** log2 of the odds of a probability. */
export function bitsOfProbability(probability: number): number {
  return Math.log2(probability / (1 - probability));
}

/** The probability of a score in bits, computed stably on either side of 0. */
export function probabilityOfBits(bits: number): number {
  return bits >= 0 ? 1 / (1 + 2 ** -bits) : 2 ** bits / (1 + 2 ** bits);
}

/** Normalisers that read what was typed rather than a finished identifier. */
const TYPED_NORMALIZERS = new Set(["email-typed", "phone-typed"]);

export function compileModel(model: Model): CompiledModel {
  // Documents name fields by their place: a model means the same in any order of its members.
  const fieldNames = Object.keys(model.fields).sort();
  const derived = new Map<string, DerivedField[]>();
  const fields = fieldNames.map((name, index) => compileField(name, index, model, derived));
  const digestTypes = new Map<string, string[]>();
  for (const [type, settings] of Object.entries(model.identifiers)) {
    const plain = settings.digestOf;
    if (plain !== undefined) digestTypes.set(plain, [...(digestTypes.get(plain) ?? []), type]);
  }
  return {
    model,
    fieldNames,
    fieldIndex: new Map(fieldNames.map((name, index) => [name, index])),
    fields,
    derived,
    digestTypes,
    priorBits: roundBits(
      model.prior.type === "candidate"
        ? model.prior.bits
        : bitsOfProbability(model.prior.probabilityTwoRandomRecordsMatch),
    ),
  };
}

function compileField(
  name: string,
  index: number,
  model: Model,
  derived: Map<string, DerivedField[]>,
): CompiledField {
  const field = model.fields[name] as Field;
  const observed: CompiledSource[] = [];
  for (const source of field.from) {
    const { from, normalizer } =
      typeof source === "string" ? { from: source, normalizer: field.normalizer } : source;
    const colon = from.indexOf(":");
    const origin = (colon < 0 ? from : from.slice(0, colon)) as CompiledSource["origin"];
    const sourceName = from.slice(colon + 1);
    if (origin === "identifier" && !TYPED_NORMALIZERS.has(normalizer)) {
      derived.set(sourceName, [...(derived.get(sourceName) ?? []), { field: index, normalizer }]);
    } else observed.push({ origin, name: sourceName, normalizer });
  }
  return { index, name, maxValues: field.maxValues ?? model.limits.maxValues, observed };
}

/** The identifier type, with every default filled in. */
export function identifierSettings(
  model: Model,
  type: string,
): Required<Pick<IdentifierType, "deterministicAt" | "maxCells">> & IdentifierType {
  const settings = model.identifiers[type] as IdentifierType;
  return { deterministicAt: 0.9, maxCells: 64, ...settings };
}
