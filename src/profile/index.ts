import type { Membership, Resolution, Support } from "../resolve/resolve.js";
import { membershipProbability } from "./confidence.js";
import { createContentBuilder } from "./content.js";
import type { Profile } from "./profile.js";

export { type ContentBasis, type ContentBuilder, createContentBuilder } from "./content.js";
export {
  type ExplainedDecision,
  type ExplanationBasis,
  explainPair,
  type PairExplanation,
  type PairStatus,
} from "./explain.js";
export {
  type AttributeValue,
  goldenRecord,
  type Profile,
  type ProfileAttribute,
  type TimelineEntry,
} from "./profile.js";

/**
 * The content of one profile at `now` (epoch milliseconds): a pure function of its fragments and `now`. To build many, make
 * one builder with `createContentBuilder`.
 */
export function buildProfile(resolution: Resolution, membership: Membership, now: number): Profile {
  return createContentBuilder(resolution).build(membership, now);
}

/** Probability, in [0, 1], that a strand belongs to its profile. */
export function membershipConfidence({ support }: Resolution, strand: number): number {
  return membershipProbability(support[strand] as Support);
}
