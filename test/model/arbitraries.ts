import fc from "fast-check";
import {
  type Comparison,
  type Condition,
  createDefaultModel,
  type Level,
  type Model,
} from "../../src/model/index.js";

const FIELDS = ["name", "phone number", "é", "0"] as const;
const field = fc.constantFrom(...FIELDS);
const name = fc.string({ minLength: 1, maxLength: 6 }).map((text) => `n${text}`);

/** Numbers whose text forms are easy to get wrong. */
const awkward = fc.constantFrom(-0, 0, 1e-300, 5e-324, 0.1 + 0.2, 1 / 3, 1e-7, 123_456_789.123_456_78);
const bits = fc
  .oneof(awkward, fc.double({ min: -1024, max: 1024, noNaN: true }))
  .filter((value) => Math.abs(value) <= 1024);
const share = fc.oneof(fc.constantFrom(0, -0, 1e-300, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const uncertain = fc.double({ min: 1e-300, max: 1, noNaN: true, maxExcluded: true });

const condition: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition; leaf: Condition }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ known: field, in: fc.constantFrom("both", "either") }, { requiredKeys: ["known"] }),
    fc.record({ equal: field }),
    fc.record({ equal: field, share: fc.record({ max: share }) }),
    fc.record(
      { edits: field, atMost: fc.nat(3), minLength: fc.nat(9) },
      { requiredKeys: ["edits", "atMost"] },
    ),
    fc.record({ prefix: field, of: field }),
    fc.record({ swapped: fc.tuple(field, field) }),
    fc.record({
      count: field,
      in: fc.constantFrom("both", "either"),
      bounds: fc.constant({ min: 1, max: 4 }),
    }),
    fc.record(
      { sharesKey: fc.constant(["email", "phone"]), names: fc.constant({ max: 2 }), typed: fc.boolean() },
      { requiredKeys: ["sharesKey"] },
    ),
    fc.constant<Condition>({ differs: "crm_id" }),
    fc.constant<Condition>({ timeLocal: "near", levels: ["close"] }),
  ),
  condition: fc.oneof(
    { depthSize: "small" },
    tie("leaf"),
    fc.record({ not: tie("condition") }),
    fc.record({ all: fc.array(tie("condition"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("condition"), { minLength: 1, maxLength: 3 }) }),
  ),
})).condition;

const level: fc.Arbitrary<Level> = fc.oneof(
  fc.record({ name, when: condition, bits }),
  fc.record(
    {
      name,
      when: condition,
      m: share,
      u: fc.double({ min: 1e-300, max: 2, noNaN: true }),
      tf: fc.record(
        { field, weight: fc.constantFrom(0, 0.6, 1), minimumU: share },
        { requiredKeys: ["field"] },
      ),
    },
    { requiredKeys: ["name", "when", "m", "u"] },
  ),
);

const comparison: fc.Arbitrary<Comparison> = fc
  .record(
    {
      name,
      given: condition,
      levels: fc.uniqueArray(level, { minLength: 1, maxLength: 4, selector: (one) => one.name }),
      field,
    },
    { requiredKeys: ["name", "given", "levels"] },
  )
  .chain((one) =>
    fc.boolean().map((isOpen) => {
      if (!isOpen || one.levels.some(({ name: taken }) => taken === "else")) return one;
      return { ...one, levels: [...one.levels, { name: "else", bits: -1.5 }] };
    }),
  );

/** Valid models with comparisons, frequencies and priors of any sort. */
export const models: fc.Arbitrary<Model> = fc
  .record({
    name: fc.string({ minLength: 1 }),
    population: fc.double({ min: 1, max: 1e12, noNaN: true }),
    prior: fc.oneof(
      fc.record({ type: fc.constant("candidate" as const), bits }),
      fc.record({ type: fc.constant("random" as const), probabilityTwoRandomRecordsMatch: uncertain }),
    ),
    comparisons: fc.uniqueArray(comparison, { maxLength: 5, selector: (one) => one.name }),
    termFrequencies: fc.dictionary(field, fc.dictionary(fc.string(), share), { maxKeys: 3 }),
    sources: fc.dictionary(
      fc.string({ minLength: 1 }),
      fc.record({ untrusted: fc.boolean() }, { requiredKeys: [] }),
    ),
  })
  .map((parts) => ({
    ...createDefaultModel(),
    // Cloned, since some of the generated objects have no prototype.
    ...structuredClone(parts),
    fields: Object.fromEntries(
      FIELDS.map((one) => [one, { from: [`attribute:${one}`], normalizer: "text" as const }]),
    ),
    blocks: {
      lasting: [{ name: "names", fields: ["name"] }],
      timeLocal: [
        {
          name: "near",
          first: { fields: ["name"] },
          slotMs: 60_000,
          binMs: 1000,
          levels: [{ name: "close", maxGapBins: 5, maxCrowd: 3 }],
        },
      ],
    },
  }));
