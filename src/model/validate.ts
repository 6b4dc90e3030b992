import type { Fault, Validated } from "../fragment/validate.js";
import type { DigestAlgorithm, EmailRule } from "../normalize/index.js";
import { declaredNames } from "./declaredNames.js";
import {
  addFault,
  atLeast,
  type Check,
  expect,
  finite,
  flag,
  isPlainObject,
  listOf,
  mapOf,
  members,
  nameOf,
  objectOf,
  oneOf,
  positive,
  share,
  text,
  uncertain,
  weightBits,
  wholeNumber,
  wordsOf,
} from "./expected.js";
import type { AttributeSettings, Limits, Model, SourceSettings } from "./model.js";
import { createBlocksCheck } from "./validateBlocks.js";
import { createComparisonsCheck } from "./validateComparisons.js";
import { createFieldsCheck, fieldNormalizer } from "./validateFields.js";
import { createIdentifiersCheck } from "./validateIdentifiers.js";

const FORMAT: Model["format"] = "leadweave-model";
const FORMAT_VERSION: Model["formatVersion"] = 1;

/** Region codes are checked for their form only: which ones exist is for the phone metadata to say. */
const regionCode = expect(
  "an ISO 3166 alpha-2 code such as US",
  (value) => typeof value === "string" && /^[A-Z]{2}$/.test(value),
);

const checkPrior: Check = (value, path, faults) => {
  const type = isPlainObject(value) ? value.type : undefined;
  const named = { type: oneOf(["candidate", "random"]) };
  if (type === "random")
    members({ ...named, probabilityTwoRandomRecordsMatch: uncertain }, {})(value, path, faults);
  else if (type === "candidate")
    members({ ...named, bits: weightBits }, { bitsPerFactorOf3: atLeast(0) })(value, path, faults);
  else if (isPlainObject(value)) named.type(type, `${path}.type`, faults);
  else addFault(faults, path, "an object", value);
};

const checkThresholdMembers = objectOf<Model["thresholds"]>({ review: finite, link: finite }, {});

const checkThresholds: Check = (value, path, faults) => {
  checkThresholdMembers(value, path, faults);
  if (!isPlainObject(value) || typeof value.review !== "number" || typeof value.link !== "number") return;
  if (value.review > value.link)
    addFault(faults, `${path}.review`, "bits of at most thresholds.link", value.review);
};

const checkPhone = objectOf<Model["phone"]>(
  { defaultRegion: regionCode, ownNumbers: listOf(text), blocked: listOf(text) },
  {},
);

const checkDigests = objectOf<Model["digests"]>(
  {
    algorithms: listOf(
      oneOf(wordsOf({ sha256: true, sha1: true, md5: true } satisfies Record<DigestAlgorithm, true>)),
    ),
    emailRules: listOf(
      oneOf(
        wordsOf({ R1: true, R2: true, R3: true, R4: true, R5: true, R6: true } satisfies Record<
          EmailRule,
          true
        >),
      ),
    ),
  },
  {},
);

const checkSources = mapOf(
  objectOf<SourceSettings>({}, { untrusted: flag, reliability: uncertain, region: regionCode }),
  text,
);

const checkContent = objectOf<Model["content"]>(
  {
    reliability: mapOf(uncertain, text),
    defaultReliability: uncertain,
    halfLifeDays: positive,
    attributes: mapOf(
      objectOf<AttributeSettings>(
        {},
        { cardinality: oneOf(["one", "many"]), halfLifeDays: positive, normalizer: fieldNormalizer },
      ),
      text,
    ),
  },
  {},
);

const limit = wholeNumber(1);

const checkLimits = objectOf<Limits>(
  {
    maxBlock: limit,
    maxLastingBlocks: limit,
    maxPartners: limit,
    maxEventFragments: limit,
    maxEventIdentifiers: limit,
    maxSessionKeys: limit,
    maxValues: limit,
    maxAssertions: limit,
  },
  {},
);

/** Of a newer format one fault is told, not the many that its new members would make. */
function newerFormat(input: Readonly<Record<string, unknown>>): Fault | null {
  const version = input.formatVersion;
  if (input.format !== FORMAT || !Number.isSafeInteger(version) || Number(version) <= FORMAT_VERSION)
    return null;
  return {
    path: "formatVersion",
    expected: `at most ${FORMAT_VERSION}: a later release wrote this model, and is needed to read it`,
    received: `version ${version}`,
  };
}

/**
 * Checks a model of unknown shape, such as a parsed file, and reports every fault it has, not only the first: with the path
 * of the member, what was expected there (the names the model declares, where a reference is unknown) and the shape of what
 * stood there. A valid model is returned as given.
 */
export function validateModel(input: unknown): Validated<Model> {
  const faults: Fault[] = [];
  if (!isPlainObject(input)) {
    addFault(faults, "", "a model object", input);
    return { ok: false, faults };
  }
  const newer = newerFormat(input);
  if (newer !== null) return { ok: false, faults: [newer] };
  const names = declaredNames(input);
  objectOf<Model>(
    {
      format: oneOf([FORMAT]),
      formatVersion: expect(`the number ${FORMAT_VERSION}`, (value) => value === FORMAT_VERSION),
      name: text,
      population: atLeast(1),
      prior: checkPrior,
      thresholds: checkThresholds,
      identifiers: createIdentifiersCheck(names),
      digests: checkDigests,
      fields: createFieldsCheck(names),
      blocks: createBlocksCheck(names),
      comparisons: createComparisonsCheck(names),
      termFrequencies: mapOf(mapOf(share), nameOf("fields", names.fields)),
      phone: checkPhone,
      typedKinds: listOf(text),
      sources: checkSources,
      content: checkContent,
      limits: checkLimits,
    },
    {},
  )(input, "", faults);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: input as unknown as Model };
}
