import type { CompiledModel } from "../model/compile.js";
import {
  type Claim,
  compareAge,
  type FieldValues,
  type ImpliedKey,
  type Key,
  type Observation,
} from "./observation.js";

/** One observed thing: a call, a form, a page view, with everything its fragments say about it. */
export interface LeadEvent {
  /** Unique; the event's name, or that of its only fragment. */
  readonly name: string;
  /** Oldest first. */
  readonly observations: readonly Observation[];
  /** Person-scoped keys that some fragment states, by code units of type and value. */
  readonly keys: readonly Key[];
  /** For each of `keys`: no trusted fragment states it. */
  readonly untrusted: readonly boolean[];
  readonly implied: readonly ImpliedKey[];
  readonly sessionKeys: readonly Key[];
  readonly claims: readonly Claim[];
  /** Union over the fragments, each in code-unit order. */
  readonly fields: FieldValues;
  readonly typed: boolean;
}

/**
 * Rung 2. Fragments that name one event are one event; one that has grown past the limits is none, and its fragments
 * stand alone: a name used for everything names nothing.
 */
export function groupEvents(observations: readonly Observation[], compiled: CompiledModel): LeadEvent[] {
  const byName = new Map<string, Observation[]>();
  for (const observation of observations) {
    const held = byName.get(observation.event);
    if (held === undefined) byName.set(observation.event, [observation]);
    else held.push(observation);
  }
  const events: LeadEvent[] = [];
  for (const [name, members] of byName) {
    if (members.length === 1) {
      events.push(makeEvent(name, members, compiled));
    } else if (isOverflowing(members, compiled)) {
      members.forEach((member) => {
        events.push(
          makeEvent(
            `${name}${JSON.stringify([member.fragment.source, member.fragment.id])}`,
            [member],
            compiled,
          ),
        );
      });
    } else {
      members.sort(compareAge);
      events.push(makeEvent(name, members, compiled));
    }
  }
  return events;
}

function isOverflowing(members: readonly Observation[], { model }: CompiledModel): boolean {
  if (members.length > model.limits.maxEventFragments) return true;
  const identifiers = new Set<Key>();
  for (const member of members) {
    for (const key of member.keys) identifiers.add(key);
    for (const claim of member.claims) identifiers.add(claim.key);
  }
  return identifiers.size > model.limits.maxEventIdentifiers;
}

export function compareKeys(a: Key, b: Key): number {
  if (a === b) return 0;
  if (a.type !== b.type) return a.type < b.type ? -1 : 1;
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.scope < b.scope ? -1 : 1;
}

function makeEvent(
  name: string,
  observations: readonly Observation[],
  { model, fields }: CompiledModel,
): LeadEvent {
  const trusted = new Map<Key, boolean>();
  const implied = new Map<Key, ImpliedKey>();
  const claims = new Map<Key, Claim>();
  let typed = false;
  for (const observation of observations) {
    for (const key of observation.keys) trusted.set(key, trusted.get(key) === true || !observation.untrusted);
    for (const claim of observation.claims) {
      const held = claims.get(claim.key);
      if (held === undefined || held.confidence < claim.confidence) claims.set(claim.key, claim);
    }
    typed ||= observation.typed;
  }
  for (const observation of observations) {
    for (const one of observation.implied) {
      const held = implied.get(one.key);
      if (held === undefined || compareImplied(one, held, trusted) < 0) implied.set(one.key, one);
    }
  }
  for (const [key, { by }] of implied) {
    if (!trusted.has(key)) continue;
    // Stated and implied by a trusted fragment: as trusted as that.
    if (trusted.get(by) === true) trusted.set(key, true);
    implied.delete(key);
  }
  for (const key of trusted.keys()) claims.delete(key);
  const keys: Key[] = [];
  const sessionKeys: Key[] = [];
  for (const key of trusted.keys())
    (model.identifiers[key.type]?.scope === "session" ? sessionKeys : keys).push(key);
  keys.sort(compareKeys);
  sessionKeys.sort(compareKeys);
  return {
    name,
    observations,
    keys,
    untrusted: keys.map((key) => trusted.get(key) !== true),
    implied: [...implied.values()],
    sessionKeys,
    claims: [...claims.values()],
    fields:
      observations.length === 1
        ? (observations[0] as Observation).fields
        : fields.map(({ index }) => unionOf(observations, index)),
    typed,
  };
}

/** Of two values that imply one digest the trusted one speaks for it, else the first in code-unit order. */
function compareImplied(a: ImpliedKey, b: ImpliedKey, trusted: ReadonlyMap<Key, boolean>): number {
  const rank = (implied: ImpliedKey): number => (trusted.get(implied.by) === true ? 0 : 1);
  return rank(a) - rank(b) || compareKeys(a.by, b.by);
}

function unionOf(observations: readonly Observation[], field: number): readonly string[] | undefined {
  let union: readonly string[] | undefined;
  for (const { fields } of observations) union = mergeValues(union, fields[field]);
  return union;
}

/** Union of two lists of distinct values; a side that adds nothing is returned as it is. */
export function mergeValues(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): readonly string[] | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  const added = b.filter((value) => !a.includes(value));
  return added.length === 0 ? a : [...a, ...added];
}
