import type { Model } from "../../src/model/model.js";
import { cellOf, isNameless, type OracleEvent } from "./events.js";
import { impliedKeys, type Key, typeOf } from "./sighting.js";

/** Why a key is too widely shared to mean a person. */
export type GenericCause = "cells" | "names" | "alone" | "anchors" | "session events" | "plain value";

export interface KeyFact {
  /** Generic for everybody, and why; empty when it is not. */
  readonly generic: readonly GenericCause[];
  /** Generic for occurrences that untrusted sources alone state. */
  readonly genericUntrusted: readonly GenericCause[];
  /** Distinct given names in the events that hold the key, the trusted ones if there are any. */
  readonly names: number;
  readonly typed: boolean;
}

/** An event that holds a key, by stating it or by stating what implies it. */
interface Holding {
  readonly event: OracleEvent;
  readonly trusted: boolean;
  /** One plain key that implies it: it stands in the place of the key. Null where the key is stated. */
  readonly base: Key | null;
}

/** Rung 3, for every key that some event states. */
export function keyFacts(
  events: readonly OracleEvent[],
  differing: ReadonlySet<string>,
  model: Model,
): ReadonlyMap<Key, KeyFact> {
  const facts = new Map<Key, KeyFact>();
  for (const key of new Set(events.flatMap((event) => [...event.keys.keys(), ...event.sessionKeys]))) {
    const holdings = events.flatMap((event) => holdingOf(key, event) ?? []);
    // Strangers do not change what a victim's phone is worth: where trusted sources state it, they alone speak of it.
    const trustedHoldings = holdings.filter(({ trusted }) => trusted);
    const speaking = trustedHoldings.length > 0 ? trustedHoldings : holdings;
    const given = new Set(speaking.flatMap(({ event }) => [...event.givenNames]));
    const settings = model.identifiers[typeOf(key)];
    const causesAmong = (trusted: boolean): GenericCause[] =>
      genericCauses(
        key,
        holdings.filter((holding) => holding.trusted === trusted),
        differing,
        model,
      );
    const tooManyEvents = settings?.scope === "session" && holdings.length > (settings.maxCells ?? 64);
    const isSession = settings?.scope === "session";
    facts.set(key, {
      generic: isSession ? (tooManyEvents ? ["session events"] : []) : causesAmong(true),
      genericUntrusted: isSession ? [] : causesAmong(false),
      names: given.size,
      typed: speaking.some(({ event }) => event.typed),
    });
  }
  return withPlainValues(facts, model);
}

/** A digest shares the lot of every value that it is a digest of. */
function withPlainValues(facts: ReadonlyMap<Key, KeyFact>, model: Model): ReadonlyMap<Key, KeyFact> {
  const digestsOf = new Map([...facts.keys()].map((plain) => [plain, impliedKeys(plain, model)] as const));
  return new Map(
    [...facts].map(([key, fact]) => {
      const plain = [...facts].filter(([base]) => digestsOf.get(base)?.includes(key)).map(([, own]) => own);
      const cause = (isGeneric: boolean): GenericCause[] => (isGeneric ? ["plain value"] : []);
      return [
        key,
        {
          ...fact,
          generic: [...fact.generic, ...cause(plain.some(({ generic }) => generic.length > 0))],
          genericUntrusted: [
            ...fact.genericUntrusted,
            // What is generic for everybody says so of itself.
            ...cause(
              plain.some(
                ({ generic, genericUntrusted }) => generic.length === 0 && genericUntrusted.length > 0,
              ),
            ),
          ],
        },
      ] as const;
    }),
  );
}

function holdingOf(key: Key, event: OracleEvent): Holding | null {
  if (event.sessionKeys.has(key)) return { event, trusted: true, base: null };
  const trusted = event.keys.get(key);
  if (trusted !== undefined) return { event, trusted, base: null };
  const bases = event.implied.get(key);
  if (bases === undefined) return null;
  const trustedBase = bases.find((base) => event.keys.get(base) === true);
  return { event, trusted: trustedBase !== undefined, base: trustedBase ?? (bases[0] as Key) };
}

function genericCauses(
  key: Key,
  holdings: readonly Holding[],
  differing: ReadonlySet<string>,
  model: Model,
): GenericCause[] {
  // A digest is judged by the limits of what it is a digest of.
  const plainType = model.identifiers[typeOf(key)]?.digestOf ?? typeOf(key);
  const limits = model.identifiers[plainType];
  if (limits === undefined) return [];
  const others = ({ event, base }: Holding): Key[] =>
    [...event.keys.keys()].filter((other) => other !== key && other !== base);
  const cells = new Set(holdings.map(({ event }) => cellOf(event, differing)));
  const signatures = new Set(holdings.flatMap(({ event }) => [...event.signatures]));
  const alone = holdings.filter((holding) => others(holding).length === 0 && isNameless(holding.event));
  const tooManyAnchors = Object.entries(limits.maxAnchors ?? {}).some(([type, limit]) => {
    const anchors = new Set(holdings.flatMap(others).filter((other) => typeOf(other) === type));
    return type !== typeOf(key) && type !== plainType && anchors.size > limit;
  });
  const maxNames = limits.maxNames === undefined ? 4 : limits.maxNames;
  const maxAlone = limits.maxEventsAlone ?? null;
  const causes: GenericCause[] = [];
  if (cells.size > (limits.maxCells ?? 64)) causes.push("cells");
  if (maxNames !== null && signatures.size > maxNames) causes.push("names");
  if (maxAlone !== null && alone.length > maxAlone) causes.push("alone");
  if (tooManyAnchors) causes.push("anchors");
  return causes;
}

/** Whether an occurrence of the key may link: `trusted` is that of the event that holds it. */
export function mayLink(key: Key, trusted: boolean, facts: ReadonlyMap<Key, KeyFact>): boolean {
  const fact = facts.get(key);
  if (fact === undefined) return true;
  return fact.generic.length === 0 && (trusted || fact.genericUntrusted.length === 0);
}
