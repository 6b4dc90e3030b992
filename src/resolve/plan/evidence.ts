import { lastingTokens } from "../blocks.js";
import type { LeadEvent } from "../events.js";
import { compareText, type Key, NONE } from "../observation.js";
import { addClaim, dayOfUse, type Evidence, lesser, mayLink } from "../strands.js";
import { firstValues, mergeValues } from "../values.js";
import { copyBody } from "./copies.js";
import type { Age, StrandBody, StrandDoc } from "./documents.js";
import type { Work } from "./work.js";

/** Rung 4, incrementally: evidence is a fold over events in any order, so that one more costs one step. */

const NO_SESSION: StrandBody["session"] = { keys: NONE, firstDays: NONE, lastDays: NONE };

const NO_EVIDENCE: Evidence = {
  fields: NONE,
  keys: NONE,
  firstDays: NONE,
  lastDays: NONE,
  implied: NONE,
  claims: NONE,
};

export function ageOf(event: LeadEvent): Age {
  const { atMs, fragment } = event.observations[0] as LeadEvent["observations"][number];
  return { atMs, source: fragment.source, id: fragment.id };
}

/** "Oldest" everywhere: by time, unknown last, then source, then id. */
export function compareAges(a: Age, b: Age): number {
  if (a.atMs !== b.atMs) return (a.atMs ?? Number.POSITIVE_INFINITY) - (b.atMs ?? Number.POSITIVE_INFINITY);
  return compareText(a.source, b.source) || compareText(a.id, b.id);
}

/** The body of a strand that gains an event; returns what it was given where nothing is new. */
export function foldEvent(
  { kernel }: Work,
  body: StrandBody | null,
  { keys }: StrandDoc,
  event: LeadEvent,
): StrandBody {
  const age = ageOf(event);
  const { maxSessionKeys } = kernel.compiled.model.limits;
  if (body === null) {
    const days = keys.length === 0 ? NONE : keys.map((key) => dayOfUse(key, event));
    const sessionDays = event.sessionKeys.map((key) => dayOfUse(key, event));
    const isOver = event.sessionKeys.length > maxSessionKeys;
    return {
      oldest: age,
      own: ownValues(event, kernel.compiled.fields),
      firstDays: days,
      lastDays: days,
      session: isOver
        ? { keys: null, firstDays: NONE, lastDays: NONE }
        : event.sessionKeys.length === 0
          ? NO_SESSION
          : { keys: event.sessionKeys.slice(), firstDays: sessionDays, lastDays: sessionDays },
      claims: event.claims.length > maxSessionKeys ? null : event.claims,
      evidence: NO_EVIDENCE,
      blocks: NONE,
      times: NONE,
      near: NONE,
      component: null,
      profile: null,
      ids: NONE,
      said: NONE,
    };
  }
  const { own, firstDays, lastDays, session, claims } = body;
  const folded = copyBody(body);
  if (compareAges(age, body.oldest) < 0) folded.oldest = age;
  folded.own = mergeOwn(own, event, kernel.compiled.fields);
  folded.firstDays = mergeDays(firstDays, keys, event, lesser);
  folded.lastDays = mergeDays(lastDays, keys, event, greater);
  folded.session = mergeSession(session, event, maxSessionKeys);
  folded.claims = mergeClaims(claims, event, maxSessionKeys);
  return folded.oldest === body.oldest &&
    folded.own === own &&
    folded.firstDays === firstDays &&
    folded.lastDays === lastDays &&
    folded.session === session &&
    folded.claims === claims
    ? body
    : folded;
}

type Fields = Work["kernel"]["compiled"]["fields"];

function ownValues(event: LeadEvent, fields: Fields): StrandBody["own"] {
  for (const { index, maxValues } of fields) {
    const values = event.fields[index];
    if (values !== undefined && values.length > maxValues)
      return fields.map((field) => firstValues(event.fields[field.index], field.maxValues));
  }
  return event.fields;
}

function mergeOwn(own: StrandBody["own"], event: LeadEvent, fields: Fields): StrandBody["own"] {
  let merged: (readonly string[] | undefined)[] | undefined;
  for (const { index, maxValues } of fields) {
    const held = own[index];
    const more = event.fields[index];
    if (more === undefined || more === held) continue;
    const values = mergeValues(held, more);
    if (values === held) continue;
    const first = firstValues(values, maxValues);
    if (held !== undefined && first !== undefined && isSameList(first, held)) continue;
    merged ??= [...own];
    merged[index] = first;
  }
  return merged ?? own;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value) => b.includes(value));
}

function mergeDays(
  days: readonly number[],
  keys: readonly Key[],
  event: LeadEvent,
  choose: (a: number, b: number) => number,
): readonly number[] {
  let merged: number[] | undefined;
  keys.forEach((key, at) => {
    const held = days[at] as number;
    const chosen = choose(held, dayOfUse(key, event));
    if (Object.is(chosen, held)) return;
    merged ??= [...days];
    merged[at] = chosen;
  });
  return merged ?? days;
}

/** The larger of two numbers, of which NaN means unknown. */
function greater(a: number, b: number): number {
  return -lesser(-a, -b);
}

function mergeSession(held: StrandBody["session"], event: LeadEvent, limit: number): StrandBody["session"] {
  if (event.sessionKeys.length === 0 || held.keys === null) return held;
  const keys = [...held.keys];
  const firstDays = [...held.firstDays];
  const lastDays = [...held.lastDays];
  let isChanged = false;
  for (const key of event.sessionKeys) {
    const day = dayOfUse(key, event);
    const at = keys.indexOf(key);
    if (at < 0) {
      keys.push(key);
      firstDays.push(day);
      lastDays.push(day);
      isChanged = true;
      continue;
    }
    const [first, last] = [lesser(firstDays[at] as number, day), greater(lastDays[at] as number, day)];
    if (Object.is(first, firstDays[at]) && Object.is(last, lastDays[at])) continue;
    firstDays[at] = first;
    lastDays[at] = last;
    isChanged = true;
  }
  if (!isChanged) return held;
  return keys.length > limit
    ? { keys: null, firstDays: NONE, lastDays: NONE }
    : { keys, firstDays, lastDays };
}

function mergeClaims(held: StrandBody["claims"], event: LeadEvent, limit: number): StrandBody["claims"] {
  if (held === null || event.claims.length === 0) return held;
  const claims = [...held];
  for (const claim of event.claims) addClaim(claims, claim);
  if (claims.length === held.length && claims.every((claim, at) => claim === held[at])) return held;
  return claims.length > limit ? null : claims;
}

/** What decides about a strand, as its keys stand now. */
export function drawEvidence(work: Work, doc: StrandDoc, body: StrandBody): Evidence {
  const { kernel } = work;
  const { facts, compiled } = kernel;
  const uses: { key: Key; first: number; last: number }[] = [];
  let implied: Key[] | undefined;
  doc.keys.forEach((key, at) => {
    const untrusted = doc.untrusted[at] === true;
    const held = work.key(key);
    if (!mayLink(key, untrusted, facts)) return;
    uses.push({ key, first: body.firstDays[at] as number, last: body.lastDays[at] as number });
    for (const digest of held?.digests ?? NONE) {
      if (doc.keys.includes(digest)) continue;
      work.key(digest);
      if (!mayLink(digest, untrusted, facts) || implied?.includes(digest) === true) continue;
      implied ??= [];
      implied.push(digest);
    }
  });
  body.session.keys?.forEach((key, at) => {
    work.key(key);
    if (facts.generic[key.index] !== 1)
      uses.push({
        key,
        first: body.session.firstDays[at] as number,
        last: body.session.lastDays[at] as number,
      });
  });
  if (uses.length > 1) uses.sort((a, b) => a.key.index - b.key.index);
  let fields: (readonly string[] | undefined)[] | undefined;
  for (const { key } of uses) {
    for (const { field, normalizer } of compiled.derived.get(key.type) ?? NONE) {
      fields ??= [...body.own];
      fields[field] = mergeValues(
        fields[field],
        kernel.normalizers.values(normalizer, key.value, compiled.model.phone.defaultRegion),
      );
    }
  }
  if (fields !== undefined) {
    for (const { index, maxValues } of compiled.fields) {
      const values = fields[index];
      if (values !== undefined && values.length > maxValues) fields[index] = firstValues(values, maxValues);
    }
  }
  const claims =
    body.claims === null || body.claims.length === 0
      ? NONE
      : body.claims.filter(({ key }) => {
          const held = work.key(key);
          return facts.generic[key.index] !== 1 && held?.claimsFull !== true;
        });
  // Most strands link by all that they state: then they share the lists.
  const isAll = uses.length === doc.keys.length && uses.every(({ key }, at) => key === doc.keys[at]);
  return {
    fields: fields ?? body.own,
    keys: isAll ? doc.keys : uses.map(({ key }) => key),
    firstDays: isAll ? body.firstDays : uses.map(({ first }) => first),
    lastDays: isAll ? body.lastDays : uses.map(({ last }) => last),
    implied: implied === undefined ? NONE : implied.sort((a, b) => a.index - b.index).slice(),
    claims: claims.length === 0 ? NONE : claims,
  };
}

/** How two states of a strand's evidence differ: not, in the recency of keys alone, or in what it says. */
export function evidenceChange(a: Evidence, b: Evidence): "none" | "days" | "all" {
  if (a === b) return "none";
  if (!isSame(a.keys, b.keys) || !isSame(a.implied, b.implied) || a.claims.length !== b.claims.length)
    return "all";
  for (const { key, confidence } of a.claims)
    if (!b.claims.some((other) => other.key === key && other.confidence === confidence)) return "all";
  if (a.fields !== b.fields) {
    for (let field = 0; field < a.fields.length; field++) {
      const [p, q] = [a.fields[field], b.fields[field]];
      if (p === q) continue;
      if (p === undefined || q === undefined || !isSameList(p, q)) return "all";
    }
  }
  return isSameDays(a.firstDays, b.firstDays) && isSameDays(a.lastDays, b.lastDays) ? "none" : "days";
}

function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((value, at) => value === b[at]));
}

function isSameDays(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((value, at) => Object.is(value, b[at])));
}

/** Names of the lasting blocks that a strand enters: the first by kind, then value. */
export function lastingBlocks({ kernel }: Work, evidence: Evidence): readonly string[] {
  const { maxLastingBlocks } = kernel.compiled.model.limits;
  let names: string[] | undefined;
  for (const { position, fields } of kernel.lasting) {
    const free = maxLastingBlocks - (names?.length ?? 0);
    if (free <= 0) break;
    for (const token of lastingTokens(evidence, fields, free)) {
      names ??= [];
      names.push(kernel.blockId(position, token));
    }
  }
  return names?.slice() ?? NONE;
}
