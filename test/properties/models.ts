import type { Condition } from "../../src/model/condition.js";
import { createDefaultModel } from "../../src/model/defaultModel.js";
import type { Comparison, IdentifierType, Limits, Model } from "../../src/model/model.js";

/** Limits of two or three, so that every one of them is passed in histories of a dozen fragments. */
const TINY_LIMITS: Limits = {
  maxBlock: 3,
  maxLastingBlocks: 3,
  maxPartners: 1,
  maxEventFragments: 3,
  maxEventIdentifiers: 4,
  maxSessionKeys: 1,
  maxValues: 2,
  maxAssertions: 2,
};

const SETTINGS: Pick<Model, "sources" | "typedKinds"> = {
  sources: { pixel: { untrusted: true, region: "US" } },
  typedKinds: ["form", "crm"],
};

/** The default model, with its identifier types held to `limits` and its time-local blocks full at 5. */
function tinyDefault(name: string, limits: Limits, identifierLimits: Partial<IdentifierType>): Model {
  const model = createDefaultModel();
  const identifiers = Object.entries(model.identifiers).map(([type, settings]): [string, IdentifierType] => [
    type,
    { ...settings, ...(settings.scope === "person" ? identifierLimits : { maxCells: 2 }) },
  ]);
  return {
    ...model,
    ...SETTINGS,
    name,
    identifiers: { ...Object.fromEntries(identifiers) },
    blocks: { ...model.blocks, timeLocal: model.blocks.timeLocal.map((block) => ({ ...block, fullAt: 5 })) },
    limits,
  };
}

const all = (...conditions: Condition[]): Condition => ({ all: conditions });
const both = (field: string): Condition => ({ known: field });

/** Every kind of condition, weights by m and u, term frequencies, widening, exclusive types, a maximum per profile. */
const HANDMADE_COMPARISONS: readonly Comparison[] = [
  {
    name: "email",
    field: "email",
    given: {
      any: [{ sharesKey: ["email", "email_digest"] }, both("email"), { prefix: "email_typed", of: "email" }],
    },
    levels: [
      {
        name: "one name",
        when: { sharesKey: ["email", "email_digest"], names: { max: 1 } },
        m: 0.6,
        u: 0.0004,
      },
      { name: "several names", when: { sharesKey: ["email", "email_digest"] }, m: 0.3, u: 0.004 },
      { name: "mailbox", when: { equal: "mailbox" }, m: 0.1, u: 0.002 },
      { name: "local part", when: { edits: "email_local", atMost: 1, minLength: 4 }, m: 0.2, u: 0.01 },
      {
        name: "typed",
        when: { prefix: "email_typed", of: "email", length: { min: 4, max: 9 } },
        m: 0.3,
        u: 0.05,
      },
      { name: "else", m: 0.2, u: 0.9 },
    ],
  },
  {
    name: "phone",
    given: { sharesKey: ["phone", "phone_digest"] },
    levels: [
      {
        name: "typed",
        when: { sharesKey: ["phone", "phone_digest"], typed: true, gapDays: { max: 1 } },
        m: 0.5,
        u: 0.01,
      },
      {
        name: "typed later",
        when: { sharesKey: ["phone"], typed: true, gapDays: { min: 2 } },
        m: 0.3,
        u: 0.05,
      },
      {
        name: "untyped",
        when: { sharesKey: ["phone", "phone_digest"], typed: false, names: { min: 1, max: 2 } },
        m: 0.3,
        u: 0.08,
      },
      { name: "else", m: 0.2, u: 0.3 },
    ],
  },
  {
    name: "browser",
    given: { any: [{ sharesKey: ["visitor_id"] }, { differs: "visitor_id" }] },
    levels: [
      { name: "same", when: { sharesKey: ["visitor_id"] }, m: 0.9, u: 0.02 },
      { name: "differs", m: 0.2, u: 0.6 },
    ],
  },
  {
    name: "account",
    given: {
      any: [
        { sharesKey: ["crm_id", "account_id", "gclid"] },
        { differs: "account_id" },
        { differs: "crm_id" },
      ],
    },
    levels: [
      { name: "same", when: { sharesKey: ["crm_id", "account_id", "gclid"] }, bits: 7 },
      { name: "differs", bits: -3 },
    ],
  },
  { name: "devices", given: { differs: "visitor_id" }, levels: [{ name: "apart", bits: -0.375 }] },
  {
    name: "given name",
    field: "given_name",
    given: both("given_name"),
    levels: [
      { name: "common", when: { equal: "given_name", share: { min: 0.05 } }, m: 0.7, u: 0.1 },
      {
        name: "exact",
        when: { equal: "given_name" },
        m: 0.7,
        u: 0.01,
        tf: { field: "given_name", minimumU: 0.001 },
      },
      { name: "nickname", when: { nickname: "given_name" }, m: 0.1, u: 0.01 },
      { name: "initial", when: { prefix: "given_name", length: { max: 1 } }, m: 0.1, u: 0.05 },
      { name: "swapped", when: { swapped: ["given_name", "family_name"] }, m: 0.05, u: 0.004 },
      {
        name: "close",
        when: { jaroWinkler: "given_name", atLeast: 0.85 },
        m: 0.1,
        u: 0.02,
        tf: { field: "given_name", weight: 0.5 },
      },
      { name: "else", m: 0.05, u: 0.95 },
    ],
  },
  {
    name: "family name",
    field: "family_name",
    given: both("family_name"),
    levels: [
      { name: "exact", when: { equal: "family_name" }, m: 0.8, u: 0.05, tf: { field: "family_name" } },
      {
        name: "close",
        when: { edits: "family_name", atMost: 1 },
        m: 0.1,
        u: 0.03,
        tf: { field: "family_name", weight: 0.5 },
      },
      { name: "else", m: 0.1, u: 0.9 },
    ],
  },
  {
    name: "birth",
    given: both("date_of_birth"),
    levels: [
      { name: "equal", when: { equal: "date_of_birth" }, m: 0.9, u: 0.01 },
      { name: "close", when: { days: "date_of_birth", atMost: 31 }, m: 0.05, u: 0.02 },
      { name: "else", m: 0.02, u: 0.98 },
    ],
  },
  {
    name: "amount",
    given: { known: "amount", in: "either" },
    levels: [
      { name: "close", when: { numbers: "amount", atMost: 3 }, bits: 1 },
      { name: "relative", when: { numbers: "amount", atMost: 0.1, relative: true }, bits: 0.5 },
      { name: "one side only", when: { not: both("amount") }, bits: 0 },
      { name: "else", bits: -0.5 },
    ],
  },
  {
    name: "interests",
    given: all(both("interest"), { not: { count: "amount", in: "either", bounds: { min: 2 } } }),
    levels: [
      { name: "many", when: { count: "interest", in: "both", bounds: { min: 2 } }, bits: 0.25 },
      { name: "overlap", when: { overlap: "interest", atLeast: 0.5 }, bits: 1.5 },
      { name: "else", bits: -1 },
    ],
  },
  {
    name: "device",
    given: { any: [both("fingerprint"), { equal: "ip" }] },
    levels: [
      { name: "fingerprint", when: { equal: "fingerprint" }, bits: 5 },
      { name: "address", when: { equal: "ip" }, bits: 2 },
      { name: "else", bits: -1 },
    ],
  },
  {
    name: "number dialled",
    given: { timeLocal: "number" },
    levels: [
      { name: "soon", when: { timeLocal: "number", levels: ["soon, alone", "soon, few"] }, bits: 6 },
      { name: "later", bits: 4 },
    ],
  },
  { name: "network", given: { timeLocal: "network" }, levels: [{ name: "any", bits: 3.5 }] },
  {
    name: "kind",
    given: all({ known: "kind" }, { known: "origin" }),
    levels: [
      { name: "same", when: { equal: "kind" }, bits: 0.125 },
      { name: "else", bits: 0 },
    ],
  },
];

function handmade(name: string, limits: Limits, identifierLimits: Partial<IdentifierType>): Model {
  const person = { scope: "person", ...identifierLimits } as const;
  return {
    format: "leadweave-model",
    formatVersion: 1,
    name,
    population: 100,
    prior: { type: "random", probabilityTwoRandomRecordsMatch: 0.03 },
    thresholds: { review: -1, link: 2 },
    identifiers: {
      email: { ...person, normalizer: "email", maxAnchors: { phone: 1, visitor_id: 2 }, acceptAt: -4 },
      email_digest: { ...person, normalizer: "digest", digestOf: "email" },
      phone: { ...person, normalizer: "phone", shareable: true, maxAnchors: { email: 1 }, acceptAt: 0 },
      phone_digest: { ...person, normalizer: "digest", digestOf: "phone", shareable: true },
      visitor_id: { ...person, normalizer: "opaque", maxPerProfile: 2, deterministicAt: 0.75, acceptAt: -20 },
      crm_id: { ...person, normalizer: "opaque", scopedBySource: true, exclusive: true },
      account_id: { ...person, normalizer: "opaque", exclusive: true, maxNames: null },
      gclid: { scope: "session", normalizer: "click-id", maxCells: 3 },
    },
    digests: { algorithms: ["sha256", "md5", "sha1"], emailRules: ["R1", "R3"] },
    fields: {
      email: { from: ["identifier:email"], normalizer: "email" },
      mailbox: { from: ["identifier:email"], normalizer: "email-mailbox" },
      email_local: { from: ["identifier:email"], normalizer: "email-local" },
      email_typed: { from: ["identifier:email"], normalizer: "email-typed" },
      given_name: {
        from: ["attribute:first_name", { from: "attribute:full_name", normalizer: "full-name-given" }],
        normalizer: "given-name",
      },
      family_name: {
        from: ["attribute:last_name", { from: "attribute:full_name", normalizer: "full-name-family" }],
        normalizer: "family-name",
        maxValues: 1,
      },
      date_of_birth: { from: ["attribute:date_of_birth"], normalizer: "date" },
      postal_code: { from: ["attribute:postal_code"], normalizer: "postcode" },
      amount: { from: ["attribute:revenue"], normalizer: "exact" },
      interest: { from: ["attribute:interest"], normalizer: "text", maxValues: 3 },
      ip: { from: ["signal:ip"], normalizer: "ip" },
      network: { from: ["signal:ip"], normalizer: "network" },
      agent: { from: ["signal:user_agent"], normalizer: "agent" },
      fingerprint: { from: ["signal:fingerprint"], normalizer: "exact" },
      number_shown: { from: ["signal:number_shown"], normalizer: "number" },
      number_dialled: { from: ["signal:number_dialled"], normalizer: "number" },
      kind: { from: ["kind"], normalizer: "exact" },
      origin: { from: ["source"], normalizer: "exact" },
    },
    blocks: {
      lasting: [
        { name: "fingerprint", fields: ["fingerprint", "agent"] },
        { name: "name", fields: ["given_name", "postal_code"] },
        { name: "birth", fields: ["date_of_birth"] },
        { name: "mailbox", fields: ["mailbox"] },
        { name: "family", fields: ["family_name", "interest"] },
      ],
      timeLocal: [
        {
          name: "number",
          first: { fields: ["number_shown"] },
          second: { kinds: ["call", "disposition"], fields: ["number_dialled"], unless: ["visitor_id"] },
          slotMs: 7_200_000,
          binMs: 300_000,
          levels: [
            { name: "soon, alone", maxGapBins: 2, maxCrowd: 1 },
            { name: "soon, few", maxGapBins: 2, maxCrowd: 4 },
            { name: "later", maxGapBins: 24, maxCrowd: 4 },
          ],
          fullAt: 5,
        },
        {
          name: "network",
          first: { kinds: ["session", "pageview", "form", "call"], fields: ["network", "agent"] },
          slotMs: 604_800_000,
          binMs: 21_600_000,
          levels: [
            { name: "same day", maxGapBins: 4, maxCrowd: 3 },
            { name: "same week", maxGapBins: 27, maxCrowd: 4 },
          ],
          fullAt: 5,
        },
      ],
    },
    comparisons: HANDMADE_COMPARISONS,
    termFrequencies: { given_name: { ann: 0.08, bob: 0.004 }, family_name: { doe: 0.002, dow: 0.03 } },
    phone: { defaultRegion: "US", ownNumbers: ["+18005550199"], blocked: [] },
    content: { reliability: {}, defaultReliability: 0.7, halfLifeDays: 730, attributes: {} },
    ...SETTINGS,
    limits,
  };
}

const LOOSE_LIMITS: Limits = {
  maxBlock: 6,
  maxLastingBlocks: 8,
  maxPartners: 2,
  maxEventFragments: 5,
  maxEventIdentifiers: 8,
  maxSessionKeys: 3,
  maxValues: 3,
  maxAssertions: 3,
};

const TIGHT: Partial<IdentifierType> = { maxCells: 2, maxNames: 2, maxEventsAlone: 2 };
const LOOSE: Partial<IdentifierType> = { maxCells: 5, maxNames: 3, maxEventsAlone: 4 };

export const HANDMADE_TIGHT = handmade("handmade, tight", TINY_LIMITS, TIGHT);
export const HANDMADE_LOOSE = handmade("handmade, loose", LOOSE_LIMITS, LOOSE);
const DEFAULT_TIGHT = tinyDefault("default, tight", TINY_LIMITS, {
  ...TIGHT,
  maxAnchors: { phone: 2, email: 1, visitor_id: 1 },
});
const DEFAULT_LOOSE = tinyDefault("default, loose", LOOSE_LIMITS, LOOSE);

export const TINY_MODELS: readonly Model[] = [HANDMADE_TIGHT, HANDMADE_LOOSE, DEFAULT_TIGHT, DEFAULT_LOOSE];
