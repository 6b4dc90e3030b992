import { fragmentKey } from "../../src/fragment/fragment.js";
import type { Model } from "../../src/model/model.js";
import { nameSignature } from "../../src/normalize/index.js";
import { byAge, impliedKeys, type Key, type Sighting, typeOf } from "./sighting.js";

/** One observed thing: the union of what its fragments say. */
export interface OracleEvent {
  readonly name: string;
  /** Oldest first. */
  readonly sightings: readonly Sighting[];
  /** Person-scoped keys that some fragment states → whether a trusted one does, or implies it. */
  readonly keys: ReadonlyMap<Key, boolean>;
  readonly sessionKeys: ReadonlySet<Key>;
  /** Digests implied and not stated here → the plain keys that imply them. */
  readonly implied: ReadonlyMap<Key, readonly Key[]>;
  readonly claims: ReadonlyMap<Key, number>;
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  readonly givenNames: ReadonlySet<string>;
  readonly signatures: ReadonlySet<string>;
  readonly typed: boolean;
}

/** Rung 2. */
export function formEvents(sightings: readonly Sighting[], model: Model): readonly OracleEvent[] {
  const events: OracleEvent[] = [];
  for (const name of new Set(sightings.map(({ event }) => event))) {
    const members = sightings.filter(({ event }) => event === name).sort(byAge);
    const identifiers = new Set(members.flatMap(({ keys, claims }) => [...keys, ...claims.keys()]));
    const isNone =
      members.length > model.limits.maxEventFragments || identifiers.size > model.limits.maxEventIdentifiers;
    if (isNone)
      for (const member of members)
        events.push(formEvent(`${name} ${fragmentKey(member.fragment)}`, [member], model));
    else events.push(formEvent(name, members, model));
  }
  return events;
}

function formEvent(name: string, sightings: readonly Sighting[], model: Model): OracleEvent {
  const isSession = (key: Key): boolean => model.identifiers[typeOf(key)]?.scope === "session";
  const stated = new Set(sightings.flatMap(({ keys }) => [...keys]));
  const trustedPlain = (key: Key): boolean =>
    sightings.some(({ keys, untrusted }) => keys.has(key) && !untrusted);
  const implied = new Map<Key, Key[]>();
  for (const key of stated)
    for (const digest of impliedKeys(key, model)) implied.set(digest, [...(implied.get(digest) ?? []), key]);

  const keys = new Map<Key, boolean>();
  for (const key of stated) {
    if (!isSession(key)) keys.set(key, trustedPlain(key) || (implied.get(key) ?? []).some(trustedPlain));
  }
  const claims = new Map<Key, number>();
  for (const sighting of sightings) {
    for (const [key, c] of sighting.claims)
      if (!stated.has(key)) claims.set(key, Math.max(claims.get(key) ?? 0, c));
  }
  const fields = new Map<string, ReadonlySet<string>>();
  for (const field of Object.keys(model.fields)) {
    const values = new Set(sightings.flatMap((sighting) => [...(sighting.fields.get(field) ?? [])]));
    if (values.size > 0) fields.set(field, values);
  }
  const givenNames = fields.get("given_name") ?? new Set<string>();
  const signatures = new Set<string>();
  for (const given of givenNames) {
    for (const family of fields.get("family_name") ?? []) {
      const signature = nameSignature(given, family);
      if (signature !== null) signatures.add(signature);
    }
  }
  return {
    name,
    sightings,
    keys,
    sessionKeys: new Set([...stated].filter(isSession)),
    implied: new Map([...implied].filter(([digest]) => !stated.has(digest))),
    claims,
    fields,
    givenNames,
    signatures,
    typed: sightings.some(({ typed }) => typed),
  };
}

/** Person-scoped keys with their trust, names, and the event itself where people said `different` of it. */
export function cellOf(event: OracleEvent, differing: ReadonlySet<string>): string {
  return JSON.stringify([
    [...event.keys].map(([key, trusted]) => JSON.stringify([key, trusted])).sort(),
    [...event.givenNames].sort(),
    [...event.signatures].sort(),
    differing.has(event.name) ? event.name : null,
  ]);
}

export function isNameless({ givenNames, signatures }: OracleEvent): boolean {
  return givenNames.size === 0 && signatures.size === 0;
}
