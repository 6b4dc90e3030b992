import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileModel } from "../../src/model/compile.js";
import type { Condition, Model } from "../../src/model/index.js";
import { createConditionCompiler } from "../../src/resolve/conditions.js";
import { KeyTable } from "../../src/resolve/keys.js";
import { NO_LEVELS, type TimeLocalLevels, withLevel } from "../../src/resolve/levels.js";
import type { Key } from "../../src/resolve/observation.js";
import type { Evidence } from "../../src/resolve/strands.js";
import { attributeModel, evidenceOf, factsOf } from "./evidence.js";

const MODEL: Model = {
  ...attributeModel(["a", "b"], [], { termFrequencies: { a: { smith: 0.01, zoe: 0.0001 } } }),
  blocks: {
    lasting: [],
    timeLocal: ["near", "far"].map((name) => ({
      name,
      first: { fields: ["a"] },
      slotMs: 1000,
      binMs: 100,
      levels: [
        { name: "alone", maxGapBins: 2, maxCrowd: 1 },
        { name: "few", maxGapBins: 2, maxCrowd: 3 },
      ],
    })),
  },
};

const table = new KeyTable();
const EMAIL = table.intern("email", "ann@example.com");
const DIGEST = table.intern("email_digest", "md5:0123456789abcdef0123456789abcdef");
const PHONE = table.intern("phone", "+13125550188");
const CRM_1 = table.intern("crm_id", "1", "east");
const CRM_2 = table.intern("crm_id", "2", "east");
const CRM_WEST = table.intern("crm_id", "2", "west");
const KEYS = [EMAIL, DIGEST, PHONE, CRM_1, CRM_2, CRM_WEST];
const FACTS = factsOf(KEYS, {
  names: [1, 1, 3, 0, 0, 0],
  typed: [true, false, false, false, false, false],
});

const compile = createConditionCompiler(compileModel(MODEL), FACTS);

type Values = Readonly<Record<string, readonly string[]>>;

function holds(condition: Condition, x: Values, y: Values): boolean {
  return compile(condition)(evidenceOf(MODEL, x), evidenceOf(MODEL, y), NO_LEVELS);
}

function holdsOfKeys(
  condition: Condition,
  x: Parameters<typeof evidenceOf>[2],
  y: Parameters<typeof evidenceOf>[2],
): boolean {
  return compile(condition)(evidenceOf(MODEL, {}, x), evidenceOf(MODEL, {}, y), NO_LEVELS);
}

describe("conditions on values", () => {
  const cases: readonly (readonly [string, Condition, Values, Values, boolean])[] = [
    ["known in both", { known: "a" }, { a: ["x"] }, { a: ["y"] }, true],
    ["known in one alone", { known: "a" }, { a: ["x"] }, {}, false],
    ["known in either", { known: "a", in: "either" }, { a: ["x"] }, {}, true],
    ["known in neither", { known: "a", in: "either" }, { b: ["x"] }, {}, false],
    ["equal", { equal: "a" }, { a: ["x", "y"] }, { a: ["z", "y"] }, true],
    ["not equal", { equal: "a" }, { a: ["x"] }, { a: ["y"] }, false],
    ["equal in another field", { equal: "a" }, { a: ["x"] }, { b: ["x"] }, false],
    ["equal and common", { equal: "a", share: { min: 0.005 } }, { a: ["smith"] }, { a: ["smith"] }, true],
    ["equal and rare", { equal: "a", share: { min: 0.005 } }, { a: ["zoe"] }, { a: ["zoe"] }, false],
    ["unknown values have share 0", { equal: "a", share: { max: 0 } }, { a: ["q"] }, { a: ["q"] }, true],
    [
      "a name of the prototype has share 0",
      { equal: "a", share: { max: 0 } },
      { a: ["valueOf"] },
      { a: ["valueOf"] },
      true,
    ],
    ["no edit", { edits: "a", atMost: 0 }, { a: ["anna"] }, { a: ["anne"] }, false],
    ["one edit", { edits: "a", atMost: 1 }, { a: ["anna"] }, { a: ["anne"] }, true],
    ["a swap", { edits: "a", atMost: 1 }, { a: ["anna"] }, { a: ["nana"] }, true],
    [
      "one edit, too short",
      { edits: "a", atMost: 1, minLength: 5 },
      { a: ["anna"] },
      { a: ["annae"] },
      false,
    ],
    ["Jaro-Winkler", { jaroWinkler: "a", atLeast: 0.96 }, { a: ["martha"] }, { a: ["marhta"] }, true],
    ["Jaro-Winkler below", { jaroWinkler: "a", atLeast: 0.97 }, { a: ["martha"] }, { a: ["marhta"] }, false],
    ["prefix", { prefix: "a" }, { a: ["rob"] }, { a: ["robert"] }, true],
    ["prefix in another field", { prefix: "a", of: "b" }, { a: ["rob"] }, { b: ["robert"] }, true],
    ["whole values are no prefixes", { prefix: "a" }, { a: ["rob"] }, { a: ["rob"] }, false],
    ["prefix too long", { prefix: "a", length: { max: 2 } }, { a: ["rob"] }, { a: ["robert"] }, false],
    ["prefix too short", { prefix: "a", length: { min: 4 } }, { a: ["rob"] }, { a: ["robert"] }, false],
    ["nickname", { nickname: "a" }, { a: ["robert"] }, { a: ["bob"] }, true],
    ["no nickname", { nickname: "a" }, { a: ["robert"] }, { a: ["ann"] }, false],
    ["swapped", { swapped: ["a", "b"] }, { a: ["ann"], b: ["lee"] }, { a: ["lee"], b: ["ann"] }, true],
    ["half swapped", { swapped: ["a", "b"] }, { a: ["ann"], b: ["lee"] }, { a: ["lee"], b: ["kim"] }, false],
    ["days", { days: "a", atMost: 2 }, { a: ["2024-02-28"] }, { a: ["2024-03-01"] }, true],
    ["more days", { days: "a", atMost: 1 }, { a: ["2024-02-28"] }, { a: ["2024-03-01"] }, false],
    ["no dates", { days: "a", atMost: 9 }, { a: ["soon"] }, { a: ["soon"] }, false],
    ["numbers", { numbers: "a", atMost: 2 }, { a: ["8"] }, { a: ["10"] }, true],
    ["numbers farther apart", { numbers: "a", atMost: 1 }, { a: ["8"] }, { a: ["10"] }, false],
    ["numbers by share", { numbers: "a", atMost: 0.2, relative: true }, { a: ["8"] }, { a: ["10"] }, true],
    ["no numbers", { numbers: "a", atMost: 9 }, { a: ["x"] }, { a: ["x"] }, false],
    ["overlap", { overlap: "a", atLeast: 0.5 }, { a: ["1", "2", "3"] }, { a: ["2", "3", "4"] }, true],
    ["less overlap", { overlap: "a", atLeast: 0.6 }, { a: ["1", "2", "3"] }, { a: ["2", "3", "4"] }, false],
    ["count", { count: "a", in: "both", bounds: { min: 1, max: 2 } }, { a: ["1", "2"] }, { a: ["1"] }, true],
    ["count of one", { count: "a", in: "both", bounds: { min: 2 } }, { a: ["1", "2"] }, { a: ["1"] }, false],
    ["count in either", { count: "a", in: "either", bounds: { min: 2 } }, { a: ["1", "2"] }, {}, true],
    ["all", { all: [{ equal: "a" }, { equal: "b" }] }, { a: ["1"], b: ["2"] }, { a: ["1"], b: ["3"] }, false],
    ["any", { any: [{ equal: "a" }, { equal: "b" }] }, { a: ["1"], b: ["2"] }, { a: ["1"], b: ["3"] }, true],
    ["not", { not: { equal: "a" } }, { a: ["1"] }, { a: ["2"] }, true],
  ];

  test.each(cases)("%s", (_, condition, x, y, expected) => {
    expect(holds(condition, x, y)).toBe(expected);
    expect(holds(condition, y, x)).toBe(expected);
  });

  test("equal conditions are one test", () => {
    expect(compile({ equal: "a" })).toBe(compile({ equal: "a" }));
    expect(compile({ equal: "a" })).not.toBe(compile({ equal: "b" }));
  });
});

describe("conditions on keys", () => {
  test("a key of the type is shared, stated on both sides or implied on one", () => {
    const email: Condition = { sharesKey: ["email", "email_digest"] };
    expect(holdsOfKeys(email, { keys: [EMAIL, PHONE] }, { keys: [EMAIL] })).toBe(true);
    expect(holdsOfKeys(email, { keys: [PHONE] }, { keys: [PHONE] })).toBe(false);
    expect(holdsOfKeys(email, { keys: [EMAIL], implied: [DIGEST] }, { keys: [DIGEST] })).toBe(true);
    expect(holdsOfKeys(email, { keys: [DIGEST] }, { keys: [EMAIL], implied: [DIGEST] })).toBe(true);
    expect(holdsOfKeys(email, { implied: [DIGEST] }, { implied: [DIGEST] })).toBe(false);
  });

  test("the class of the key is that of the whole set", () => {
    const shares = (condition: object, key: Key): boolean =>
      holdsOfKeys({ sharesKey: ["email", "phone"], ...condition }, { keys: [key] }, { keys: [key] });
    expect(shares({ names: { max: 1 } }, EMAIL)).toBe(true);
    expect(shares({ names: { max: 1 } }, PHONE)).toBe(false);
    expect(shares({ names: { min: 2, max: 3 } }, PHONE)).toBe(true);
    expect(shares({ typed: true }, EMAIL)).toBe(true);
    expect(shares({ typed: true }, PHONE)).toBe(false);
    expect(shares({ typed: false }, PHONE)).toBe(true);
  });

  test.each([
    [[10, 12], [11, 20], 0],
    [[10, 12], [12, 12], 0],
    [[10, 12], [14, 20], 2],
    [[30, 31], [14, 20], 10],
  ] as const)("uses on days %j and %j are %i days apart", (x, y, gap) => {
    const within = (max: number): boolean =>
      holdsOfKeys(
        { sharesKey: ["phone"], gapDays: { max } },
        { keys: [PHONE], days: [x] },
        { keys: [PHONE], days: [y] },
      );
    expect(within(gap)).toBe(true);
    expect(within(gap - 1)).toBe(false);
  });

  test("uses at unknown times are at no gap", () => {
    const condition: Condition = { sharesKey: ["phone"], gapDays: { min: 0, max: 99_999 } };
    expect(holdsOfKeys(condition, { keys: [PHONE] }, { keys: [PHONE], days: [[10, 12]] })).toBe(false);
  });

  test("keys differ where both sides hold some in one scope and none in common", () => {
    const condition: Condition = { differs: "crm_id" };
    expect(holdsOfKeys(condition, { keys: [CRM_1] }, { keys: [CRM_2] })).toBe(true);
    expect(holdsOfKeys(condition, { keys: [CRM_1] }, { keys: [CRM_WEST] })).toBe(false);
    expect(holdsOfKeys(condition, { keys: [CRM_1] }, { keys: [CRM_1, CRM_2] })).toBe(false);
    expect(holdsOfKeys(condition, { keys: [CRM_1] }, {})).toBe(false);
  });
});

describe("what the time-local blocks found", () => {
  const test_ = (condition: Condition, levels: TimeLocalLevels): boolean =>
    compile(condition)(evidenceOf(MODEL, {}), evidenceOf(MODEL, {}), levels);

  test("is read for the block and the levels asked for", () => {
    const few = withLevel(NO_LEVELS, 1, 1);
    expect(test_({ timeLocal: "far" }, few)).toBe(true);
    expect(test_({ timeLocal: "near" }, few)).toBe(false);
    expect(test_({ timeLocal: "far", levels: ["few"] }, few)).toBe(true);
    expect(test_({ timeLocal: "far", levels: ["alone"] }, few)).toBe(false);
    expect(test_({ timeLocal: "far" }, NO_LEVELS)).toBe(false);
  });
});

const field = fc.constantFrom("a", "b");
const bounds = fc.constantFrom({}, { min: 1 }, { max: 2 }, { min: 1, max: 3 });
const limit = fc.constantFrom(0, 1, 2, 30);

/** Every kind of condition that asks for something. */
const positive: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition; leaf: Condition }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ known: field, in: fc.constantFrom("both", "either") }),
    fc.record({ equal: field }),
    fc.record({ equal: field, share: bounds }),
    fc.record({ edits: field, atMost: limit }),
    fc.record({ jaroWinkler: field, atLeast: fc.constantFrom(0.1, 0.8, 1) }),
    fc.record({ prefix: field, of: field, length: bounds }),
    fc.record({ nickname: field }),
    fc.constant<Condition>({ swapped: ["a", "b"] }),
    fc.record({ days: field, atMost: limit }),
    fc.record({ numbers: field, atMost: limit, relative: fc.boolean() }),
    fc.record({ overlap: field, atLeast: fc.constantFrom(0.1, 0.5, 1) }),
    fc.record({
      count: field,
      in: fc.constantFrom("both", "either"),
      bounds: fc.constantFrom({ min: 1 }, { min: 1, max: 1 }, { min: 2 }),
    }),
    fc.record(
      {
        sharesKey: fc.subarray(["email", "email_digest", "phone", "crm_id"], { minLength: 1 }),
        names: bounds,
        typed: fc.boolean(),
        gapDays: bounds,
      },
      { requiredKeys: ["sharesKey"] },
    ),
    fc.record({ differs: fc.constantFrom("email", "crm_id") }),
    fc.record({ timeLocal: fc.constantFrom("near", "far") }),
  ),
  condition: fc.oneof(
    { depthSize: "small" },
    tie("leaf"),
    fc.record({ all: fc.array(tie("condition"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("condition"), { minLength: 1, maxLength: 3 }) }),
  ),
})).condition;

const anyCondition = fc.oneof(
  positive,
  positive.map((condition): Condition => ({ not: condition })),
);

const values = fc.uniqueArray(
  fc.constantFrom("ann", "anna", "bob", "robert", "smith", "zoe", "7", "8.5", "2024-02-28", "2024-03-01"),
  { minLength: 1, maxLength: 3 },
);
const side: fc.Arbitrary<Evidence> = fc
  .record({
    values: fc.record({ a: values, b: values }, { requiredKeys: [] }),
    keys: fc.subarray(KEYS),
    days: fc.array(fc.tuple(fc.nat(50), fc.nat(5)), { minLength: KEYS.length, maxLength: KEYS.length }),
  })
  .map(({ values: held, keys, days }) =>
    evidenceOf(MODEL, held, {
      keys,
      days: keys.map((_, at) => {
        const [first, length] = days[at] as [number, number];
        return [first, first + length] as const;
      }),
      implied: keys.includes(EMAIL) && !keys.includes(DIGEST) ? [DIGEST] : [],
    }),
  );
const levels = fc
  .tuple(fc.integer({ min: -1, max: 1 }), fc.integer({ min: -1, max: 1 }))
  .map(([near, far]) => withLevel(withLevel(NO_LEVELS, 0, near), 1, far));

describe("every condition", () => {
  test("is symmetric in the sides", () => {
    fc.assert(
      fc.property(anyCondition, side, side, levels, (condition, x, y, found) => {
        const check = compile(condition);
        expect(check(x, y, found)).toBe(check(y, x, found));
      }),
      { numRuns: 3000 },
    );
  });

  test("asks for something: of sides without evidence only a negation is true", () => {
    const nothing = evidenceOf(MODEL, {});
    fc.assert(
      fc.property(positive, (condition) => {
        expect(compile(condition)(nothing, nothing, NO_LEVELS)).toBe(false);
      }),
      { numRuns: 1000 },
    );
    expect(compile({ not: { equal: "a" } })(nothing, nothing, NO_LEVELS)).toBe(true);
  });

  test("asks for it of both sides, unless it says otherwise", () => {
    const isOneSided = (condition: Condition): boolean => JSON.stringify(condition).includes('"either"');
    fc.assert(
      fc.property(positive, side, (condition, x) => {
        fc.pre(!isOneSided(condition));
        expect(compile(condition)(x, evidenceOf(MODEL, {}), NO_LEVELS)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test("a side agrees with itself where both hold the value", () => {
    fc.assert(
      fc.property(side, field, (x, name) => {
        const at = Object.keys(MODEL.fields).sort().indexOf(name);
        const known = x.fields[at] !== undefined;
        for (const condition of [
          { equal: name },
          { edits: name, atMost: 0 },
          { overlap: name, atLeast: 1 },
        ]) {
          expect(compile(condition)(x, x, NO_LEVELS)).toBe(known);
        }
      }),
    );
  });
});
