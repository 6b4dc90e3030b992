import type { CompiledModel } from "../model/compile.js";
import { identifierSettings } from "../model/compile.js";
import { nameSignature } from "../normalize/index.js";
import { Distinct } from "./distinct.js";
import type { LeadEvent } from "./events.js";
import { createImplication } from "./implied.js";
import { KeyTable } from "./keys.js";
import type { Key } from "./observation.js";
import { createTypeSettings, type TypeSettings } from "./typeSettings.js";

/** What the whole set says about each key, by key index. */
export interface KeyFacts {
  /** Too widely shared to mean a person: links nothing, and is no evidence. */
  readonly generic: Uint8Array;
  /** The same for occurrences that only untrusted sources state. */
  readonly genericUntrusted: Uint8Array;
  /** Distinct given names in the events that hold the key, up to 255; where trusted sources state it, in those events only. */
  readonly names: Uint8Array;
  /** Some event of a typed kind holds the key; where trusted sources state it, some such event. */
  readonly typed: Uint8Array;
}

/** What an event says of names: given names after folding, and signatures (initial and sound of the family name). */
export interface EventNames {
  readonly given: readonly string[];
  readonly signatures: readonly string[];
}

export function namesOf(event: LeadEvent, compiled: CompiledModel): EventNames {
  const givenAt = compiled.fieldIndex.get("given_name");
  const familyAt = compiled.fieldIndex.get("family_name");
  const given = (givenAt === undefined ? undefined : event.fields[givenAt]) ?? NO_NAMES;
  const families = (familyAt === undefined ? undefined : event.fields[familyAt]) ?? NO_NAMES;
  if (given.length === 0 || families.length === 0) return { given: sorted(given), signatures: NO_NAMES };
  const signatures = new Set<string>();
  for (const first of given) {
    for (const last of families) {
      const signature = nameSignature(first, last);
      if (signature !== null) signatures.add(signature);
    }
  }
  return { given: sorted(given), signatures: sorted([...signatures]) };
}

const NO_NAMES: readonly string[] = [];

function sorted(values: readonly string[]): readonly string[] {
  return values.length > 1 ? [...values].sort() : values;
}

/** Cell of each event as text: events of one cell have the same keys, the same names, and nobody said `different` of them. */
export function cellsOf(
  events: readonly LeadEvent[],
  names: readonly EventNames[],
  differing: ReadonlySet<LeadEvent>,
): readonly string[] {
  return events.map((event, index) => {
    const { given, signatures } = names[index] as EventNames;
    const keys = event.keys
      .map((key, at) => (event.untrusted[at] ? `${key.index}?` : `${key.index}`))
      .join(" ");
    const base = `${keys}|${given.join(" ")}|${signatures.join(" ")}`;
    return differing.has(event) ? `${base}|${event.name}` : base;
  });
}

/** Distinct things counted for one key, forgotten once the limit is passed: the exact number above it tells nothing more. */
export interface Tally {
  readonly cells: Distinct<string>;
  readonly given: Distinct<string>;
  readonly signatures: Distinct<string>;
  /** Keys that stand beside it, by type; null until there is one. */
  anchors: Map<string, Distinct<Key>> | null;
  alone: number;
  events: number;
  typed: boolean;
}

export function newTally(): Tally {
  return {
    cells: new Distinct(),
    given: new Distinct(),
    signatures: new Distinct(),
    anchors: null,
    alone: 0,
    events: 0,
    typed: false,
  };
}

export const KEPT_NAMES = 255;

/**
 * Rung 3. Counts, for every key, the cells, anchors, names and lone events that hold it, stated or implied, and marks
 * those above the limits of their type, and the digests of those. Counts are of events, never of strands or profiles: that
 * would be circular.
 */
export function findGenericKeys(
  events: readonly LeadEvent[],
  names: readonly EventNames[],
  cells: readonly string[],
  compiled: CompiledModel,
  keyCount: number,
): KeyFacts {
  const facts: KeyFacts = {
    generic: new Uint8Array(keyCount),
    genericUntrusted: new Uint8Array(keyCount),
    names: new Uint8Array(keyCount),
    typed: new Uint8Array(keyCount),
  };
  const stated = new Uint8Array(keyCount);
  for (const event of events) for (const key of event.keys) stated[key.index] = 1;
  const holders = new Map<Key, number[]>();
  events.forEach((event, index) => {
    for (const key of event.keys) hold(holders, key, index);
    for (const key of event.sessionKeys) hold(holders, key, index);
    // An implied digest that nobody states meets nothing: it need not be counted.
    for (const { key } of event.implied) if (stated[key.index] === 1) hold(holders, key, index);
  });

  const settingsOf = createTypeSettings(compiled.model);
  for (const [key, eventIndexes] of holders) {
    const settings = settingsOf(key.type);
    const trusted = newTally();
    const untrusted = newTally();
    for (const index of eventIndexes) {
      const event = events[index] as LeadEvent;
      const base = event.keys.includes(key) || event.sessionKeys.includes(key) ? null : baseOf(key, event);
      const isUntrusted = event.untrusted[event.keys.indexOf(base ?? key)] === true;
      count(
        isUntrusted ? untrusted : trusted,
        key,
        base,
        event.keys,
        event.typed,
        names[index] as EventNames,
        cells[index] as string,
        1,
      );
    }
    // Strangers must not change what a victim's phone is worth: what trusted sources say of it counts, if they speak of it.
    const speaking = trusted.events > 0 ? trusted : untrusted;
    facts.names[key.index] = Math.min(KEPT_NAMES, speaking.given.size);
    facts.typed[key.index] = speaking.typed ? 1 : 0;
    if (settings.scope === "session") {
      if (eventIndexes.length > settings.maxCells) facts.generic[key.index] = 1;
    } else if (isAbove(trusted, key, settingsOf)) facts.generic[key.index] = 1;
    else if (isAbove(untrusted, key, settingsOf)) facts.genericUntrusted[key.index] = 1;
  }
  markDigests([...holders.keys()], facts, compiled);
  return facts;
}

/**
 * A digest is generic whenever a plain value that implies it is. Counting alone does not see to that: an event that holds
 * the value by untrusted sources may hold the digest by trusted ones, and then counts on the other side.
 */
function markDigests(keys: readonly Key[], facts: KeyFacts, compiled: CompiledModel): void {
  const { generic, genericUntrusted } = facts;
  const spreading = keys.filter(
    ({ type, index }) =>
      compiled.digestTypes.has(type) && (generic[index] === 1 || genericUntrusted[index] === 1),
  );
  if (spreading.length === 0) return;
  const digests = keys.filter(({ type }) => identifierSettings(compiled.model, type).digestOf !== undefined);
  // A table of these alone, so that a key's index in it is its place in `digests`.
  const stated = new KeyTable();
  for (const { type, value, scope } of digests) stated.intern(type, value, scope);
  const impliedBy = createImplication(compiled, stated);
  for (const plain of spreading) {
    for (const { key } of impliedBy(plain)) {
      const { index } = digests[key.index] as Key;
      (generic[plain.index] === 1 ? generic : genericUntrusted)[index] = 1;
    }
  }
  for (const { index } of digests) if (generic[index] === 1) genericUntrusted[index] = 0;
}

function hold(holders: Map<Key, number[]>, key: Key, event: number): void {
  const held = holders.get(key);
  if (held === undefined) holders.set(key, [event]);
  else if (held.at(-1) !== event) held.push(event);
}

/** The plain key by which an event holds a digest: a trusted one, if there is one. */
function baseOf(key: Key, event: LeadEvent): Key {
  const bases = event.implied.filter((implied) => implied.key === key).map(({ by }) => by);
  return bases.find((by) => event.untrusted[event.keys.indexOf(by)] !== true) ?? (bases[0] as Key);
}

/** Counts `times` events of one cell that hold `key`, by way of `base` where it is implied. */
export function count(
  tally: Tally,
  key: Key,
  base: Key | null,
  keys: readonly Key[],
  typed: boolean,
  names: EventNames,
  cell: string,
  times: number,
): void {
  tally.events += times;
  tally.typed ||= typed;
  tally.cells.add(cell);
  for (const name of names.given) tally.given.add(name);
  for (const signature of names.signatures) tally.signatures.add(signature);
  let others = 0;
  for (const other of keys) {
    if (other === key || other === base) continue;
    others++;
    tally.anchors ??= new Map();
    let anchors = tally.anchors.get(other.type);
    if (anchors === undefined) {
      anchors = new Distinct();
      tally.anchors.set(other.type, anchors);
    }
    anchors.add(other);
  }
  if (others === 0 && names.given.length === 0 && names.signatures.length === 0) tally.alone += times;
}

/** Whether the counts pass a limit of the key's type. */
export function isAbove(tally: Tally, key: Key, settingsOf: (type: string) => TypeSettings): boolean {
  if (tally.events === 0) return false;
  const settings = settingsOf(key.type);
  // A digest is judged like what it is a digest of: blocking a value blocks its digests.
  const plainType = settings.digestOf ?? key.type;
  const limits = settings.digestOf === undefined ? settings : settingsOf(plainType);
  if (tally.cells.size > limits.maxCells) return true;
  const maxNames = limits.maxNames === undefined ? 4 : limits.maxNames;
  if (maxNames !== null && tally.signatures.size > maxNames) return true;
  const maxAlone = limits.maxEventsAlone ?? null;
  if (maxAlone !== null && tally.alone > maxAlone) return true;
  if (tally.anchors === null) return false;
  for (const [type, limit] of limits.anchors) {
    if (type !== key.type && type !== plainType && (tally.anchors.get(type)?.size ?? 0) > limit) return true;
  }
  return false;
}
