import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fault } from "../../src/fragment/validate.js";
import { createDefaultModel, type Model, validateModel } from "../../src/model/index.js";
import { models } from "./arbitraries.js";

type Path = readonly (string | number)[];

/** A small valid model as plain JSON, so that any member can be replaced by anything. */
function smallModel(): Record<string, unknown> {
  const model: Model = {
    ...createDefaultModel(),
    fields: {
      given_name: { from: ["attribute:first_name"], normalizer: "given-name" },
      phone: {
        from: ["identifier:phone", "kind", { from: "signal:x", normalizer: "exact" }],
        normalizer: "phone",
      },
    },
    blocks: {
      lasting: [{ name: "name", fields: ["given_name"] }],
      timeLocal: [
        {
          name: "near",
          first: { fields: ["phone"], kinds: ["session"] },
          second: { fields: ["phone"], unless: ["visitor_id"] },
          slotMs: 60_000,
          binMs: 10_000,
          levels: [
            { name: "close, alone", maxGapBins: 1, maxCrowd: 1 },
            { name: "close, few", maxGapBins: 1, maxCrowd: 3 },
            { name: "far, alone", maxGapBins: 6, maxCrowd: 1 },
          ],
        },
      ],
    },
    comparisons: [
      {
        name: "name",
        given: { known: "given_name" },
        levels: [
          {
            name: "equal",
            when: { all: [{ equal: "given_name" }, { not: { differs: "crm_id" } }] },
            bits: 4,
          },
          { name: "near", when: { timeLocal: "near", levels: ["close, few"] }, bits: 2 },
          { name: "else", bits: -1 },
        ],
      },
      {
        name: "phone",
        given: { sharesKey: ["phone"] },
        field: "phone",
        levels: [
          { name: "equal", when: { equal: "phone" }, m: 0.9, u: 0.01, tf: { field: "phone", weight: 0.5 } },
          { name: "else", m: 0.1, u: 1.6 },
        ],
      },
    ],
    termFrequencies: { phone: { "+13125550188": 0.5 } },
    sources: { web: { untrusted: true, reliability: 0.4, region: "GB" } },
  };
  return JSON.parse(JSON.stringify(model)) as Record<string, unknown>;
}

function faultsOf(input: unknown): readonly Fault[] {
  const outcome = validateModel(input);
  return outcome.ok ? [] : outcome.faults;
}

/** The model with one member replaced; `undefined` takes it away. */
function changed(path: Path, value: unknown): Record<string, unknown> {
  const model = smallModel();
  let holder: Record<string | number, unknown> = model;
  for (const step of path.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
  const last = path.at(-1) as string | number;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return model;
}

function pathsAfter(path: Path, value: unknown): string[] {
  return faultsOf(changed(path, value)).map((fault) => fault.path);
}

const LEVELS = ["comparisons", 0, "levels"] as const;
const NEAR = ["blocks", "timeLocal", 0] as const;

describe("valid models", () => {
  test("the default model and the small one", () => {
    const model = createDefaultModel();
    expect(validateModel(model)).toEqual({ ok: true, value: model });
    expect(faultsOf(smallModel())).toEqual([]);
  });

  test("any generated model, returned as given", () => {
    fc.assert(
      fc.property(models, (model) => {
        const outcome = validateModel(model);
        expect(outcome).toEqual({ ok: true, value: model });
        expect(outcome.ok && outcome.value).toBe(model);
      }),
      { numRuns: 200 },
    );
  });
});

describe("one fault", () => {
  const cases: readonly (readonly [string, Path, unknown, string])[] = [
    ["another format", ["format"], "model", "format"],
    ["a version of another kind", ["formatVersion"], "1", "formatVersion"],
    ["version 0", ["formatVersion"], 0, "formatVersion"],
    ["no name", ["name"], "", "name"],
    ["no population", ["population"], 0.5, "population"],
    ["an endless population", ["population"], Number.POSITIVE_INFINITY, "population"],
    ["a prior of another type", ["prior"], { type: "flat", bits: 1 }, "prior.type"],
    ["a prior without bits", ["prior"], { type: "candidate" }, "prior.bits"],
    [
      "a certain prior",
      ["prior"],
      { type: "random", probabilityTwoRandomRecordsMatch: 1 },
      "prior.probabilityTwoRandomRecordsMatch",
    ],
    ["review above link", ["thresholds"], { review: 2, link: 1 }, "thresholds.review"],
    ["a threshold that is no number", ["thresholds", "link"], Number.NaN, "thresholds.link"],
    ["an unknown member", ["colour"], "red", "colour"],
    ["a missing part", ["limits"], undefined, "limits"],
    ["a limit of 0", ["limits", "maxBlock"], 0, "limits.maxBlock"],
    ["a limit that is not whole", ["limits", "maxValues"], 1.5, "limits.maxValues"],
    ["an unknown limit", ["limits", "maxPhones"], 3, "limits.maxPhones"],
    ["a scope that is none", ["identifiers", "email", "scope"], "people", "identifiers.email.scope"],
    [
      "an unknown normaliser",
      ["identifiers", "crm_id", "normalizer"],
      "text",
      "identifiers.crm_id.normalizer",
    ],
    [
      "an unknown anchor",
      ["identifiers", "email", "maxAnchors"],
      { fax: 3 },
      "identifiers.email.maxAnchors.fax",
    ],
    [
      "an anchor of its own",
      ["identifiers", "email", "maxAnchors"],
      { email: 3 },
      "identifiers.email.maxAnchors.email",
    ],
    [
      "an anchor limit of 0",
      ["identifiers", "email", "maxAnchors"],
      { phone: 0 },
      "identifiers.email.maxAnchors.phone",
    ],
    [
      "a digest of what is none",
      ["identifiers", "email_digest", "digestOf"],
      "fax",
      "identifiers.email_digest.digestOf",
    ],
    [
      "a digest of a digest",
      ["identifiers", "email_digest", "digestOf"],
      "phone_digest",
      "identifiers.email_digest.digestOf",
    ],
    [
      "a digest of a cookie",
      ["identifiers", "email_digest", "digestOf"],
      "visitor_id",
      "identifiers.email_digest.digestOf",
    ],
    [
      "a digest normalised as text",
      ["identifiers", "email_digest", "normalizer"],
      "opaque",
      "identifiers.email_digest.normalizer",
    ],
    [
      "a confidence above 1",
      ["identifiers", "email", "deterministicAt"],
      1.1,
      "identifiers.email.deterministicAt",
    ],
    ["no limit spelled wrongly", ["identifiers", "email", "maxNames"], 0, "identifiers.email.maxNames"],
    ["an unknown algorithm", ["digests", "algorithms"], ["sha512"], "digests.algorithms[0]"],
    ["an unknown e-mail rule", ["digests", "emailRules"], ["R1", "R9"], "digests.emailRules[1]"],
    ["a source of nothing", ["fields", "phone", "from"], [], "fields.phone.from"],
    ["a source that is none", ["fields", "phone", "from", 1], "colour", "fields.phone.from[1]"],
    ["a source without a name", ["fields", "phone", "from", 1], "signal:", "fields.phone.from[1]"],
    ["a source of an unknown type", ["fields", "phone", "from", 0], "identifier:fax", "fields.phone.from[0]"],
    [
      "a source with an unknown normaliser",
      ["fields", "phone", "from", 2, "normalizer"],
      "x",
      "fields.phone.from[2].normalizer",
    ],
    [
      "a block of an unknown field",
      ["blocks", "lasting", 0, "fields"],
      ["fax"],
      "blocks.lasting[0].fields[0]",
    ],
    [
      "a side of an unknown field",
      [...NEAR, "second", "fields"],
      ["fax"],
      "blocks.timeLocal[0].second.fields[0]",
    ],
    [
      "a side silenced by an unknown type",
      [...NEAR, "second", "unless"],
      ["fax"],
      "blocks.timeLocal[0].second.unless[0]",
    ],
    ["a slot of broken bins", [...NEAR, "slotMs"], 65_000, "blocks.timeLocal[0].slotMs"],
    ["a block that is full at once", [...NEAR, "fullAt"], 1, "blocks.timeLocal[0].fullAt"],
    [
      "a gap longer than a slot",
      [...NEAR, "levels", 2, "maxGapBins"],
      7,
      "blocks.timeLocal[0].levels[2].maxGapBins",
    ],
    [
      "a level hidden by an earlier one",
      [...NEAR, "levels", 2, "maxGapBins"],
      1,
      "blocks.timeLocal[0].levels[2]",
    ],
    [
      "two levels of one name",
      [...NEAR, "levels", 2, "name"],
      "close, few",
      "blocks.timeLocal[0].levels[2].name",
    ],
    ["no levels", ["comparisons", 1, "levels"], [], "comparisons[1].levels"],
    ["two comparisons of one name", ["comparisons", 1, "name"], "name", "comparisons[1].name"],
    ["a comparison named like the prior", ["comparisons", 1, "name"], "prior", "comparisons[1].name"],
    ["a level named like the null level", [...LEVELS, 2, "name"], "null", "comparisons[0].levels[2].name"],
    [
      "a level for the rest that is not the last",
      [...LEVELS, 1, "when"],
      undefined,
      "comparisons[0].levels[1].when",
    ],
    ["a level without a weight", [...LEVELS, 2], { name: "else" }, "comparisons[0].levels[2]"],
    ["a level with two weights", [...LEVELS, 2, "m"], 0.5, "comparisons[0].levels[2].m"],
    ["endless bits", [...LEVELS, 0, "bits"], Number.POSITIVE_INFINITY, "comparisons[0].levels[0].bits"],
    ["bits beyond exact sums", [...LEVELS, 0, "bits"], 5000, "comparisons[0].levels[0].bits"],
    ["m above 1", ["comparisons", 1, "levels", 1, "m"], 1.1, "comparisons[1].levels[1].m"],
    ["u of 0", ["comparisons", 1, "levels", 1, "u"], 0, "comparisons[1].levels[1].u"],
    ["m without u", ["comparisons", 1, "levels", 1, "u"], undefined, "comparisons[1].levels[1].u"],
    [
      "frequencies of an unknown field",
      ["comparisons", 1, "levels", 0, "tf", "field"],
      "fax",
      "comparisons[1].levels[0].tf.field",
    ],
    ["frequencies beside bits", [...LEVELS, 0, "tf"], { field: "phone" }, "comparisons[0].levels[0].tf"],
    [
      "frequencies for the rest",
      ["comparisons", 1, "levels", 1, "tf"],
      { field: "phone" },
      "comparisons[1].levels[1].tf",
    ],
    ["widening by an unknown field", ["comparisons", 1, "field"], "fax", "comparisons[1].field"],
    [
      "a share above 1",
      ["termFrequencies", "phone", "+13125550188"],
      1.5,
      "termFrequencies.phone.+13125550188",
    ],
    ["shares of an unknown field", ["termFrequencies", "fax"], {}, "termFrequencies.fax"],
    ["a region in words", ["phone", "defaultRegion"], "usa", "phone.defaultRegion"],
    ["a certain source", ["sources", "web", "reliability"], 1, "sources.web.reliability"],
    ["a certain kind", ["content", "reliability", "crm"], 0, "content.reliability.crm"],
    ["a half-life of nothing", ["content", "halfLifeDays"], 0, "content.halfLifeDays"],
    [
      "a cardinality of few",
      ["content", "attributes", "city"],
      { cardinality: "few" },
      "content.attributes.city.cardinality",
    ],
    ["kinds that are no texts", ["typedKinds", 0], 7, "typedKinds[0]"],
  ];

  test.each(cases)("%s", (_, path, value, at) => {
    expect(pathsAfter(path, value)).toEqual([at]);
  });

  const conditions: readonly (readonly [string, unknown, string])[] = [
    ["of no kind", { colour: "red" }, ""],
    ["of two kinds", { equal: "phone", known: "phone" }, ""],
    ["that is a text", "phone", ""],
    ["of an unknown field", { equal: "fax" }, ".equal"],
    [
      "deep inside",
      { all: [{ known: "phone" }, { any: [{ not: { equal: "fax" } }] }] },
      ".all[1].any[0].not.equal",
    ],
    ["of nothing", { all: [] }, ".all"],
    ["with an unknown member", { equal: "phone", atMost: 1 }, ".atMost"],
    ["with half an edit", { edits: "phone", atMost: 0.5 }, ".atMost"],
    ["with a similarity of nothing", { jaroWinkler: "phone", atLeast: 0 }, ".atLeast"],
    ["of a prefix in an unknown field", { prefix: "phone", of: "fax" }, ".of"],
    ["that swaps one field", { swapped: ["phone"] }, ".swapped"],
    ["that swaps an unknown field", { swapped: ["phone", "fax"] }, ".swapped[1]"],
    ["with negative days", { days: "phone", atMost: -1 }, ".atMost"],
    ["with an overlap above 1", { overlap: "phone", atLeast: 2 }, ".atLeast"],
    ["that counts sides without values", { count: "phone", in: "both", bounds: { max: 2 } }, ".bounds.min"],
    ["with crossed bounds", { equal: "phone", share: { min: 0.5, max: 0.1 } }, ".share"],
    ["on keys of no type", { sharesKey: [] }, ".sharesKey"],
    ["on keys of an unknown type", { sharesKey: ["email", "fax"] }, ".sharesKey[1]"],
    ["with bounds that are a number", { sharesKey: ["email"], names: 1 }, ".names"],
    ["on other keys of an unknown type", { differs: "fax" }, ".differs"],
    ["on an unknown block", { timeLocal: "never" }, ".timeLocal"],
    ["on an unknown level", { timeLocal: "near", levels: ["close, many"] }, ".levels[0]"],
    ["on no level", { timeLocal: "near", levels: [] }, ".levels"],
    ["on neither side", { known: "phone", in: "none" }, ".in"],
  ];

  test.each(conditions)("a condition %s", (_, condition, at) => {
    expect(pathsAfter(["comparisons", 1, "given"], condition)).toEqual([`comparisons[1].given${at}`]);
    expect(pathsAfter([...LEVELS, 1, "when"], condition)).toEqual([`comparisons[0].levels[1].when${at}`]);
  });
});

describe("what a fault tells", () => {
  test("the names that exist, where one is unknown", () => {
    const expectedOf = (path: Path, value: unknown): string =>
      faultsOf(changed(path, value))[0]?.expected ?? "";
    expect(expectedOf(["comparisons", 0, "given"], { known: "fax" })).toContain("given_name, phone");
    expect(expectedOf(["comparisons", 0, "given"], { differs: "fax" })).toContain("crm_id, account_id");
    expect(expectedOf(["comparisons", 0, "given"], { timeLocal: "x" })).toContain("near");
    expect(expectedOf([...LEVELS, 1, "when"], { timeLocal: "near", levels: ["x"] })).toContain(
      "close, alone, close, few, far, alone",
    );
    expect(expectedOf(["colour"], 1)).toContain("thresholds");
  });

  test("the shape of what stood there, not its content", () => {
    const [fault] = faultsOf(changed(["prior", "bits"], "qqzzxx"));
    expect(fault).toEqual({
      path: "prior.bits",
      expected: expect.any(String),
      received: "a string of 6 characters",
    });
  });

  test("one thing of a newer format, since its other members are not known", () => {
    const faults = faultsOf({ ...smallModel(), formatVersion: 2, prior: { type: "dreamt" } });
    expect(faults).toEqual([
      { path: "formatVersion", expected: expect.stringContaining("later release"), received: "version 2" },
    ]);
  });

  test("everything else at once", () => {
    const cases: readonly (readonly [Path, unknown, string])[] = [
      [["name"], 7, "name"],
      [["thresholds", "review"], 9, "thresholds.review"],
      [["identifiers", "phone", "scope"], "x", "identifiers.phone.scope"],
      [[...LEVELS, 0, "when", "all", 0, "equal"], "fax", "comparisons[0].levels[0].when.all[0].equal"],
      [["limits", "maxBlock"], -1, "limits.maxBlock"],
    ];
    const model = smallModel();
    for (const [path, value] of cases) {
      let holder: Record<string | number, unknown> = model;
      for (const step of path.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
      holder[path.at(-1) as string] = value;
    }
    const paths = faultsOf(model).map(({ path }) => path);
    expect(paths.sort()).toEqual(cases.map(([, , path]) => path).sort());
  });

  test.each([[null], [undefined], [[]], ["model"], [7]])("%j is no model", (input) => {
    expect(faultsOf(input).map(({ path }) => path)).toEqual([""]);
  });
});

describe("damaged models", () => {
  /** Paths of all members of a value, its own empty one excluded. */
  function pathsOf(value: unknown): Path[] {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, member]): Path[] => {
      const step = Array.isArray(value) ? Number(name) : name;
      return [[step], ...pathsOf(member).map((path) => [step, ...path])];
    });
  }
  const everywhere = pathsOf(smallModel());

  test("a member that nothing may be is found wherever it stands", () => {
    // No member of a model may be a function, and no number of it NaN.
    for (const path of everywhere) {
      for (const nothing of [() => undefined, Number.NaN]) {
        expect(faultsOf(changed(path, nothing)).length, path.join(".")).toBeGreaterThan(0);
      }
    }
    expect(everywhere.length).toBeGreaterThan(200);
  });

  test("never throws, whatever stands anywhere", () => {
    fc.assert(
      fc.property(fc.constantFrom(...everywhere), fc.anything(), (path, value) => {
        const outcome = validateModel(changed(path, value));
        if (!outcome.ok) expect(outcome.faults.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  test("conditions without end are refused", () => {
    const condition: Record<string, unknown> = {};
    condition.not = condition;
    expect(pathsAfter(["comparisons", 0, "given"], condition).length).toBe(1);
  });
});
