import type { CompiledModel } from "../model/compile.js";
import type { LeadEvent } from "./events.js";
import type { EventNames, KeyFacts } from "./generic.js";
import type { FieldNormalizers } from "./normalizers.js";
import { type Claim, compareAge, type FieldValues, type Key, NONE, type Observation } from "./observation.js";
import { firstValues, mergeValues } from "./values.js";

/** What decides about a strand, or about several strands taken together. */
export interface Evidence {
  readonly fields: FieldValues;
  /** Non-generic keys that are stated, person- and session-scoped, by key index. */
  readonly keys: readonly Key[];
  /** UTC days (days since the epoch) of the first and last use of each of `keys`; NaN where no time is known. */
  readonly firstDays: readonly number[];
  readonly lastDays: readonly number[];
  /** Non-generic digests that `keys` imply and some other event states, by key index. */
  readonly implied: readonly Key[];
  /** Of values that are neither generic nor claimed by too many strands. */
  readonly claims: readonly Claim[];
}

/** The smallest thing that moves between profiles: a cell of like events, or one event that must stand alone. */
export interface Strand {
  /** Rank by oldest fragment: the canonical order of everything that follows. */
  readonly index: number;
  /** Oldest first. */
  readonly events: readonly LeadEvent[];
  readonly oldest: Observation;
  readonly evidence: Evidence;
}

const MS_PER_DAY = 86_400_000;

/** The oldest fragment of an event. */
function oldestOf(event: LeadEvent): Observation {
  return event.observations[0] as Observation;
}

/** Rung 4. One strand per cell; an event that its keys cannot tell from a stranger's stands alone. */
export function formStrands(
  events: readonly LeadEvent[],
  names: readonly EventNames[],
  cells: readonly string[],
  facts: KeyFacts,
  compiled: CompiledModel,
  normalizers: FieldNormalizers,
): Strand[] {
  const groups: LeadEvent[][] = [];
  const byCell = new Map<string, LeadEvent[]>();
  events.forEach((event, index) => {
    if (standsAlone(event, names[index] as EventNames, facts, compiled)) {
      groups.push([event]);
      return;
    }
    const cell = cells[index] as string;
    const held = byCell.get(cell);
    if (held !== undefined) held.push(event);
    else {
      const group = [event];
      byCell.set(cell, group);
      groups.push(group);
    }
  });
  for (const group of groups)
    if (group.length > 1) group.sort((a, b) => compareAge(oldestOf(a), oldestOf(b)));
  groups.sort((a, b) => compareAge(oldestOf(a[0] as LeadEvent), oldestOf(b[0] as LeadEvent)));
  const strands = groups.map((group, index) => ({
    index,
    events: group,
    oldest: oldestOf(group[0] as LeadEvent),
    evidence: gatherEvidence(group, facts, compiled, normalizers),
  }));
  return dropFullClaims(strands, compiled);
}

/** A value that more than `limits.maxBlock` strands claim is full: it tells nothing of them, nor of those who hold it. */
function dropFullClaims(strands: Strand[], { model }: CompiledModel): Strand[] {
  const claimants = new Map<Key, number>();
  for (const { evidence } of strands)
    for (const { key } of evidence.claims) claimants.set(key, (claimants.get(key) ?? 0) + 1);
  const isFull = ({ key }: Claim): boolean => (claimants.get(key) as number) > model.limits.maxBlock;
  return strands.map((strand) => {
    const { evidence } = strand;
    if (!evidence.claims.some(isFull)) return strand;
    const claims = evidence.claims.filter((claim) => !isFull(claim));
    return { ...strand, evidence: { ...evidence, claims: claims.length === 0 ? NONE : claims } };
  });
}

/** Calls from a family's landline are not one person: without a name, a shareable key does not make a cell. */
export function standsAlone(
  event: Pick<LeadEvent, "keys" | "untrusted">,
  names: EventNames,
  facts: KeyFacts,
  { model }: CompiledModel,
): boolean {
  const nameless = names.given.length === 0 && names.signatures.length === 0;
  return !event.keys.some((key, at) => {
    if (!mayLink(key, event.untrusted[at] === true, facts)) return false;
    return !nameless || model.identifiers[key.type]?.shareable !== true;
  });
}

/** Whether an occurrence of a key may link, given who states it. */
export function mayLink(key: Key, untrusted: boolean, facts: KeyFacts): boolean {
  return facts.generic[key.index] !== 1 && !(untrusted && facts.genericUntrusted[key.index] === 1);
}

interface Use {
  readonly key: Key;
  first: number;
  last: number;
}

function gatherEvidence(
  events: readonly LeadEvent[],
  facts: KeyFacts,
  compiled: CompiledModel,
  normalizers: FieldNormalizers,
): Evidence {
  const uses: Use[] = [];
  const implied: Key[] = [];
  const claims: Claim[] = [];
  // Counted with generic ones: whether a strand has too many must not change with what others make generic.
  const { maxSessionKeys } = compiled.model.limits;
  const linksBySession = !hasMoreThan(maxSessionKeys, events, sessionKeysOf);
  const mayClaim = !hasMoreThan(maxSessionKeys, events, claimedKeysOf);
  for (const event of events) {
    event.keys.forEach((key, at) => {
      if (mayLink(key, event.untrusted[at] === true, facts)) addUse(uses, key, event);
    });
    for (const key of linksBySession ? event.sessionKeys : NONE)
      if (facts.generic[key.index] !== 1) addUse(uses, key, event);
    for (const { key, by } of event.implied) {
      const untrusted = event.untrusted[event.keys.indexOf(by)] === true;
      // A value that may not link has made its digests such already.
      if (mayLink(key, untrusted, facts) && !implied.includes(key)) implied.push(key);
    }
    for (const claim of mayClaim ? event.claims : NONE)
      if (facts.generic[claim.key.index] !== 1) addClaim(claims, claim);
  }
  uses.sort((a, b) => a.key.index - b.key.index);
  implied.sort((a, b) => a.index - b.index);
  return {
    fields: gatherFields(events, uses, compiled, normalizers),
    keys: uses.length === 0 ? NONE : uses.map(({ key }) => key),
    firstDays: uses.length === 0 ? NONE : uses.map(({ first }) => first),
    lastDays: uses.length === 0 ? NONE : uses.map(({ last }) => last),
    implied: implied.length === 0 ? NONE : implied,
    claims: claims.length === 0 ? NONE : claims,
  };
}

const sessionKeysOf = (event: LeadEvent): readonly Key[] => event.sessionKeys;
const claimedKeysOf = ({ claims }: LeadEvent): readonly Key[] =>
  claims.length === 0 ? NONE : claims.map(({ key }) => key);

/** Whether the events name more than `limit` different keys. */
function hasMoreThan(
  limit: number,
  events: readonly LeadEvent[],
  keysOf: (event: LeadEvent) => readonly Key[],
): boolean {
  // Most events name none, and there are millions of them.
  let named: Set<Key> | undefined;
  for (const event of events) {
    for (const key of keysOf(event)) {
      named ??= new Set();
      named.add(key);
      if (named.size > limit) return true;
    }
  }
  return false;
}

/** UTC day on which an event first uses a key; NaN where no time is known. */
export function dayOfUse(key: Key, event: LeadEvent): number {
  let at = Number.POSITIVE_INFINITY;
  for (const observation of event.observations) {
    if (observation.atMs !== null && observation.atMs < at && observation.keys.includes(key))
      at = observation.atMs;
  }
  return Number.isFinite(at) ? Math.floor(at / MS_PER_DAY) : Number.NaN;
}

function addUse(uses: Use[], key: Key, event: LeadEvent): void {
  const day = dayOfUse(key, event);
  const held = uses.find((use) => use.key === key);
  if (held === undefined) uses.push({ key, first: day, last: day });
  else if (!Number.isNaN(day)) {
    held.first = Number.isNaN(held.first) ? day : Math.min(held.first, day);
    held.last = Number.isNaN(held.last) ? day : Math.max(held.last, day);
  }
}

/** The most confident claim of a value speaks for it. */
export function addClaim(claims: Claim[], claim: Claim): void {
  const at = claims.findIndex((held) => held.key === claim.key);
  if (at < 0) claims.push(claim);
  else if ((claims[at] as Claim).confidence < claim.confidence) claims[at] = claim;
}

/** Values of the events' own fields, and those drawn from the keys that may link. */
function gatherFields(
  events: readonly LeadEvent[],
  uses: readonly Use[],
  compiled: CompiledModel,
  normalizers: FieldNormalizers,
): FieldValues {
  const fields: (readonly string[] | undefined)[] = [...(events[0] as LeadEvent).fields];
  for (let at = 1; at < events.length; at++) {
    const more = (events[at] as LeadEvent).fields;
    for (let field = 0; field < fields.length; field++)
      fields[field] = mergeValues(fields[field], more[field]);
  }
  const region = compiled.model.phone.defaultRegion;
  for (const { key } of uses) {
    for (const { field, normalizer } of compiled.derived.get(key.type) ?? NONE) {
      fields[field] = mergeValues(fields[field], normalizers.values(normalizer, key.value, region));
    }
  }
  for (const { index, maxValues } of compiled.fields) fields[index] = firstValues(fields[index], maxValues);
  return fields;
}

/** The evidence of two sides taken together. */
export function mergeEvidence(x: Evidence, y: Evidence, compiled: CompiledModel): Evidence {
  const keys: Key[] = [];
  const firstDays: number[] = [];
  const lastDays: number[] = [];
  let i = 0;
  let j = 0;
  while (i < x.keys.length || j < y.keys.length) {
    const a = x.keys[i];
    const b = y.keys[j];
    if (b === undefined || (a !== undefined && a.index < b.index)) {
      keys.push(a as Key);
      firstDays.push(x.firstDays[i] as number);
      lastDays.push(x.lastDays[i++] as number);
    } else if (a === undefined || b.index < a.index) {
      keys.push(b);
      firstDays.push(y.firstDays[j] as number);
      lastDays.push(y.lastDays[j++] as number);
    } else {
      keys.push(a);
      firstDays.push(lesser(x.firstDays[i] as number, y.firstDays[j] as number));
      lastDays.push(-lesser(-(x.lastDays[i++] as number), -(y.lastDays[j++] as number)));
    }
  }
  const claims = [...x.claims];
  for (const claim of y.claims) addClaim(claims, claim);
  return {
    fields: compiled.fields.map(({ index, maxValues }) =>
      firstValues(mergeValues(x.fields[index], y.fields[index]), maxValues),
    ),
    keys,
    firstDays,
    lastDays,
    implied:
      y.implied.length === 0
        ? x.implied
        : [...new Set([...x.implied, ...y.implied])].sort((a, b) => a.index - b.index),
    claims,
  };
}

/** The smaller of two numbers, of which NaN means unknown. */
export function lesser(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b);
}
