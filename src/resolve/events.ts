import type { FragmentRef } from "../fragment/fragment.js";
import type { CompiledModel } from "../model/compile.js";
import {
  type Claim,
  compareAge,
  type FieldValues,
  type ImpliedKey,
  type Key,
  NONE,
  type Observation,
} from "./observation.js";
import { mergeValues } from "./values.js";

/** One observed thing: a call, a form, a page view, with everything its fragments say about it. */
export interface LeadEvent {
  /** Unique; the event's name, or that of its only fragment. */
  readonly name: string;
  /** Oldest first. */
  readonly observations: readonly Observation[];
  /** Person-scoped keys that some fragment states, by code units of type and value. */
  readonly keys: readonly Key[];
  /** For each of `keys`: no trusted fragment states it. Empty where that holds for none. */
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
export function groupEvents(
  observations: readonly Observation[],
  compiled: CompiledModel,
  impliedBy: (key: Key) => readonly ImpliedKey[],
): LeadEvent[] {
  const makeEvent = createEventMaker(compiled, impliedBy);
  const byName = new Map<string, Observation[]>();
  for (const observation of observations) {
    const held = byName.get(observation.event);
    if (held === undefined) byName.set(observation.event, [observation]);
    else held.push(observation);
  }
  const events: LeadEvent[] = [];
  for (const [name, members] of byName) {
    if (members.length === 1) {
      events.push(makeEvent(name, members));
    } else if (isOverflowing(members, compiled)) {
      members.forEach((member) => {
        events.push(makeEvent(partName(name, member.fragment), [member]));
      });
    } else {
      members.sort(compareAge);
      events.push(makeEvent(name, members));
    }
  }
  return events;
}

/** It has grown past the limits: too many fragments, or too many identifiers. */
export function isOverflowing(members: readonly Observation[], { model }: CompiledModel): boolean {
  if (members.length > model.limits.maxEventFragments) return true;
  const identifiers = new Set<Key>();
  for (const member of members) {
    for (const key of member.keys) identifiers.add(key);
    for (const claim of member.claims) identifiers.add(claim.key);
  }
  return identifiers.size > model.limits.maxEventIdentifiers;
}

/** Name of a fragment that stands alone because its event has overflowed. */
export function partName(event: string, { source, id }: FragmentRef): string {
  return `${event}${JSON.stringify([source, id])}`;
}

function compareKeys(a: Key, b: Key): number {
  if (a === b) return 0;
  if (a.type !== b.type) return a.type < b.type ? -1 : 1;
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.scope < b.scope ? -1 : 1;
}

/** Makes the function that puts the observations of one event, oldest first, together. */
export function createEventMaker(
  { model, fields }: CompiledModel,
  impliedBy: (key: Key) => readonly ImpliedKey[],
): (name: string, observations: readonly Observation[]) => LeadEvent {
  const sessionTypes = new Set(
    Object.keys(model.identifiers).filter((type) => model.identifiers[type]?.scope === "session"),
  );

  return (name, observations) => {
    const trusted = new Map<Key, boolean>();
    let typed = false;
    let claiming = false;
    for (const observation of observations) {
      for (const key of observation.keys)
        trusted.set(key, trusted.get(key) === true || !observation.untrusted);
      typed ||= observation.typed;
      claiming ||= observation.claims.length > 0;
    }
    const implied = impliedKeys(trusted, impliedBy);
    const keys: Key[] = [];
    const sessionKeys: Key[] = [];
    for (const key of trusted.keys()) (sessionTypes.has(key.type) ? sessionKeys : keys).push(key);
    keys.sort(compareKeys);
    sessionKeys.sort(compareKeys);
    return {
      name,
      observations,
      keys: keys.length === 0 ? NONE : keys,
      untrusted: keys.some((key) => trusted.get(key) !== true)
        ? keys.map((key) => trusted.get(key) !== true)
        : NONE,
      implied,
      sessionKeys: sessionKeys.length === 0 ? NONE : sessionKeys,
      claims: claiming ? bestClaims(observations, trusted) : NONE,
      fields:
        observations.length === 1
          ? (observations[0] as Observation).fields
          : fields.map(({ index }) => unionOf(observations, index)),
      typed,
    };
  };
}

/**
 * Digests implied by what an event states, one entry for each value that implies one, without those it states itself; marks
 * these as trusted as what implies them.
 */
function impliedKeys(
  trusted: Map<Key, boolean>,
  impliedBy: (key: Key) => readonly ImpliedKey[],
): readonly ImpliedKey[] {
  let implied: ImpliedKey[] | undefined;
  for (const stated of trusted.keys()) {
    for (const one of impliedBy(stated)) {
      if (!trusted.has(one.key)) {
        implied ??= [];
        implied.push(one);
      } else if (trusted.get(one.by) === true) trusted.set(one.key, true);
    }
  }
  return implied ?? NONE;
}

/** The most confident claim of each value; a value that is stated outright needs none. */
function bestClaims(observations: readonly Observation[], stated: ReadonlyMap<Key, boolean>): Claim[] {
  const claims = new Map<Key, Claim>();
  for (const observation of observations) {
    for (const claim of observation.claims) {
      const held = claims.get(claim.key);
      if (!stated.has(claim.key) && (held === undefined || held.confidence < claim.confidence))
        claims.set(claim.key, claim);
    }
  }
  return [...claims.values()];
}

function unionOf(observations: readonly Observation[], field: number): readonly string[] | undefined {
  let union: readonly string[] | undefined;
  for (const { fields } of observations) union = mergeValues(union, fields[field]);
  return union;
}
