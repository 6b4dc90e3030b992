import { DEFAULT_COMPARISONS } from "./defaultComparisons.js";
import { DEFAULT_FIELDS, DEFAULT_LASTING_BLOCKS, DEFAULT_TIME_LOCAL_BLOCKS } from "./defaultFields.js";
import { DEFAULT_IDENTIFIERS } from "./defaultIdentifiers.js";
import type { Model } from "./model.js";
import { defaultNameFrequencies } from "./nameFrequencies.js";

/** The model that leadweave starts from: call-tracking leads of one market, some ten thousand strands. */
export function createDefaultModel(): Model {
  return {
    format: "leadweave-model",
    formatVersion: 1,
    name: "call-tracking leads",
    population: 16_384,
    // Crowd classes of the time-local blocks and the limits of generic keys already take up much of the growth: on simulated
    // leads from 10 thousand to 1 million fragments half a bit for each factor of 3 more than keeps precision.
    prior: { type: "candidate", bits: -2, bitsPerFactorOf3: 0.5 },
    thresholds: { review: -2, link: 1 },
    identifiers: DEFAULT_IDENTIFIERS,
    digests: { algorithms: ["sha256", "sha1", "md5"], emailRules: ["R1", "R2", "R3"] },
    fields: DEFAULT_FIELDS,
    blocks: { lasting: DEFAULT_LASTING_BLOCKS, timeLocal: DEFAULT_TIME_LOCAL_BLOCKS },
    comparisons: DEFAULT_COMPARISONS,
    termFrequencies: defaultNameFrequencies(),
    phone: { defaultRegion: "US", ownNumbers: [], blocked: [] },
    typedKinds: ["form", "crm", "disposition", "record", "chat", "form_partial"],
    sources: {},
    content: {
      reliability: {
        crm: 0.9,
        form: 0.9,
        disposition: 0.8,
        call: 0.6,
        call_update: 0.6,
        form_partial: 0.7,
        session: 0.5,
        pageview: 0.5,
      },
      defaultReliability: 0.7,
      halfLifeDays: 730,
      attributes: {
        first_name: { halfLifeDays: 3650, normalizer: "given-name" },
        last_name: { halfLifeDays: 3650, normalizer: "family-name" },
        full_name: { halfLifeDays: 3650 },
        date_of_birth: { halfLifeDays: 36_500, normalizer: "date" },
        street: { normalizer: "street" },
        city: { normalizer: "city" },
        region: { normalizer: "region" },
        postal_code: { normalizer: "postcode" },
        country: { normalizer: "country" },
        company: { normalizer: "company" },
        disposition: { cardinality: "many" },
        revenue: { cardinality: "many" },
        call_duration: { cardinality: "many" },
      },
    },
    limits: {
      maxBlock: 20,
      maxLastingBlocks: 16,
      maxPartners: 16,
      maxEventFragments: 64,
      maxEventIdentifiers: 32,
      maxSessionKeys: 64,
      maxValues: 16,
      maxAssertions: 64,
    },
  };
}
