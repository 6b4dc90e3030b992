import type { FragmentRef, Scalar } from "../fragment/fragment.js";
import type { ProfileId } from "../resolve/ids.js";

/** A value with how sure it is and where it comes from. */
export interface AttributeValue {
  /** In the spelling that most fragments use. */
  readonly value: Scalar;
  /** Probability, in [0, 1], that the value is right for this person at the `now` the profile was built for. */
  readonly confidence: number;
  readonly sources: readonly string[];
  /** The fragments that state it, oldest first. */
  readonly fragments: readonly FragmentRef[];
  /** ISO 8601; null when no fragment has a time. */
  readonly firstAt: string | null;
  readonly lastAt: string | null;
}

/** The most confident value of an attribute, and the others. */
export interface ProfileAttribute extends AttributeValue {
  readonly cardinality: "one" | "many";
  readonly alternatives: readonly AttributeValue[];
}

/** One event of a profile's history. */
export interface TimelineEntry {
  /** ISO 8601; null when unknown. */
  readonly at: string | null;
  readonly event: string;
  readonly kinds: readonly string[];
  readonly fragments: readonly FragmentRef[];
}

/** A unified lead: who it is, why, and how sure. */
export interface Profile {
  readonly id: ProfileId;
  /** Oldest first. */
  readonly fragments: readonly FragmentRef[];
  readonly events: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** Probability that its least certain strand belongs to it. */
  readonly confidence: number;
  /** Non-generic identifiers by type, in normal form. */
  readonly identifiers: Readonly<Record<string, readonly AttributeValue[]>>;
  readonly attributes: Readonly<Record<string, ProfileAttribute>>;
  /** Purpose → granted by every fragment that speaks of it. */
  readonly consent: Readonly<Record<string, boolean>>;
  /** Oldest first. */
  readonly timeline: readonly TimelineEntry[];
}

/** The profile on one line: its id, the best value of every identifier and attribute, and its span. */
export function goldenRecord(profile: Profile): Record<string, Scalar> {
  const flat: Record<string, Scalar> = {
    profile_id: profile.id,
    fragments: profile.fragments.length,
    events: profile.events,
  };
  if (profile.firstAt !== null) flat.first_at = profile.firstAt;
  if (profile.lastAt !== null) flat.last_at = profile.lastAt;
  flat.confidence = profile.confidence;
  for (const [type, values] of Object.entries(profile.identifiers))
    if (values[0] !== undefined && !Object.hasOwn(flat, type)) flat[type] = values[0].value;
  for (const [name, { value }] of Object.entries(profile.attributes))
    if (!Object.hasOwn(flat, name)) flat[name] = value;
  return flat;
}
