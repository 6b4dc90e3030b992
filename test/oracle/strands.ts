import type { Model } from "../../src/model/model.js";
import { cellOf, isNameless, type OracleEvent } from "./events.js";
import { type KeyFact, mayLink } from "./generic.js";
import {
  byAge,
  fieldSources,
  isReadFromKeys,
  type Key,
  normalFormOf,
  normalizeField,
  type Reader,
  type Sighting,
  typeOf,
} from "./sighting.js";

/** Days since the epoch, UTC; null where no time is known. */
export interface Days {
  readonly first: number | null;
  readonly last: number | null;
}

export interface OracleEvidence {
  /** Field → values, in code-unit order, at most the field's maximum. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly keys: ReadonlyMap<Key, Days>;
  readonly implied: ReadonlySet<Key>;
  readonly claims: ReadonlyMap<Key, number>;
}

export interface OracleStrand {
  readonly events: readonly OracleEvent[];
  readonly oldest: Sighting;
  readonly evidence: OracleEvidence;
}

type Facts = ReadonlyMap<Key, KeyFact>;

const MS_PER_DAY = 24 * 60 * 60 * 1000;

/** Rung 4, oldest strand first. */
export function formStrands(
  events: readonly OracleEvent[],
  differing: ReadonlySet<string>,
  facts: Facts,
  reader: Reader,
): readonly OracleStrand[] {
  const groups = new Map<string, OracleEvent[]>();
  for (const event of events) {
    const name = standsAlone(event, facts, reader.model)
      ? `alone ${event.name}`
      : `cell ${cellOf(event, differing)}`;
    groups.set(name, [...(groups.get(name) ?? []), event]);
  }
  const { maxBlock, maxSessionKeys } = reader.model.limits;
  const claimed = [...groups.values()].map((members) => {
    const own = claimedBy(members);
    return own.size > maxSessionKeys ? new Map<Key, number>() : own;
  });
  const isFull = (key: Key): boolean => claimed.filter((own) => own.has(key)).length > maxBlock;
  const strands = [...groups.values()].map((members, index): OracleStrand => {
    const claims = [...(claimed[index] ?? [])].filter(([key]) => !isFull(key) && mayLink(key, true, facts));
    const sightings = members.flatMap(({ sightings: own }) => own).sort(byAge);
    return {
      events: members,
      oldest: sightings[0] as Sighting,
      evidence: { ...strandEvidence(members, facts, reader), claims: new Map(claims) },
    };
  });
  return strands.sort((a, b) => byAge(a.oldest, b.oldest));
}

/** Values that the events claim, each with the greatest confidence, before anything is left out. */
export function claimedBy(events: readonly OracleEvent[]): ReadonlyMap<Key, number> {
  const claims = new Map<Key, number>();
  for (const event of events)
    for (const [key, c] of event.claims) claims.set(key, Math.max(claims.get(key) ?? 0, c));
  return claims;
}

function standsAlone(event: OracleEvent, facts: Facts, model: Model): boolean {
  const linking = [...event.keys]
    .filter(([key, trusted]) => mayLink(key, trusted, facts))
    .map(([key]) => key);
  if (linking.length === 0) return true;
  return isNameless(event) && linking.every((key) => model.identifiers[typeOf(key)]?.shareable === true);
}

function strandEvidence(
  events: readonly OracleEvent[],
  facts: Facts,
  reader: Reader,
): Omit<OracleEvidence, "claims"> {
  const { model } = reader;
  const personKeys = new Map<Key, Days>();
  const sessionKeys = new Map<Key, Days>();
  const implied = new Set<Key>();
  for (const event of events) {
    for (const [key, trusted] of event.keys) {
      if (mayLink(key, trusted, facts))
        personKeys.set(key, spanOf([personKeys.get(key), dayOfUse(key, event)]));
    }
    for (const key of event.sessionKeys) {
      if (mayLink(key, true, facts))
        sessionKeys.set(key, spanOf([sessionKeys.get(key), dayOfUse(key, event)]));
    }
    for (const [digest, bases] of event.implied) {
      const isLive = bases.some((base) => {
        const trusted = event.keys.get(base) === true;
        return mayLink(base, trusted, facts) && mayLink(digest, trusted, facts);
      });
      if (isLive) implied.add(digest);
    }
  }
  const isOver =
    new Set(events.flatMap((event) => [...event.sessionKeys])).size > model.limits.maxSessionKeys;
  const keys = isOver ? personKeys : new Map([...personKeys, ...sessionKeys]);
  const fields = new Map<string, readonly string[]>();
  for (const name of Object.keys(model.fields)) {
    const values = new Set(events.flatMap((event) => [...(event.fields.get(name) ?? [])]));
    for (const { from, normalizer } of fieldSources(name, model)) {
      if (!isReadFromKeys(from, normalizer)) continue;
      for (const key of keys.keys()) {
        const value =
          from === `identifier:${typeOf(key)}`
            ? normalizeField(normalizer, normalFormOf(key), undefined, reader)
            : null;
        if (value !== null) values.add(value);
      }
    }
    if (values.size > 0) fields.set(name, firstValues(values, name, model));
  }
  return { fields, keys, implied };
}

function dayOfUse(key: Key, event: OracleEvent): Days {
  const times = event.sightings.filter(({ keys }) => keys.has(key)).flatMap(({ atMs }) => atMs ?? []);
  if (times.length === 0) return { first: null, last: null };
  const day = Math.floor(Math.min(...times) / MS_PER_DAY);
  return { first: day, last: day };
}

function spanOf(parts: readonly (Days | undefined)[]): Days {
  const firsts = parts.flatMap((part) => part?.first ?? []);
  const lasts = parts.flatMap((part) => part?.last ?? []);
  return {
    first: firsts.length === 0 ? null : Math.min(...firsts),
    last: lasts.length === 0 ? null : Math.max(...lasts),
  };
}

function firstValues(values: Iterable<string>, field: string, model: Model): readonly string[] {
  return [...new Set(values)].sort().slice(0, model.fields[field]?.maxValues ?? model.limits.maxValues);
}

/** Evidence of several strands taken together. */
export function clusterEvidence(strands: readonly OracleStrand[], model: Model): OracleEvidence {
  const all = strands.map(({ evidence }) => evidence);
  const fields = new Map<string, readonly string[]>();
  for (const name of Object.keys(model.fields)) {
    const values = all.flatMap((evidence) => evidence.fields.get(name) ?? []);
    if (values.length > 0) fields.set(name, firstValues(values, name, model));
  }
  const keys = new Map<Key, Days>();
  for (const key of new Set(all.flatMap((evidence) => [...evidence.keys.keys()]))) {
    keys.set(key, spanOf(all.map((evidence) => evidence.keys.get(key))));
  }
  const claims = new Map<Key, number>();
  for (const evidence of all)
    for (const [key, c] of evidence.claims) claims.set(key, Math.max(claims.get(key) ?? 0, c));
  return { fields, keys, implied: new Set(all.flatMap(({ implied }) => [...implied])), claims };
}
