import { fragmentKey } from "../fragment/fragment.js";
import type { ProfileId } from "../resolve/ids.js";
import { type Claim, type FieldValues, type Key, NONE } from "../resolve/observation.js";
import type {
  Age,
  FoundedId,
  Near,
  SessionUses,
  ShownProfile,
  StrandBody,
  StrandDoc,
} from "../resolve/plan/documents.js";
import type { Evidence } from "../resolve/strands.js";

/**
 * The document of a strand as it rests in memory. There it is five objects and some ten lists, most of them of one item or of none,
 * and several that say the same; here it is one object, without what follows from the rest of it.
 */

/** Of one item the item, else the list. Items are no lists. */
type Few<T> = T | readonly T[];

const few = <T>(list: readonly T[]): Few<T> => (list.length === 1 ? (list[0] as T) : list);
const listOf = <T>(held: Few<T>): readonly T[] => (Array.isArray(held) ? held : [held as T]);

/** Values of the fields that have any; `mask` says which these are. */
type Values = readonly Few<string>[];

/** More fields than the bits of a small integer are kept as they are. */
const MOST_MASKED = 30;

const IS_CELL = 1;
const IS_ALONE = 2;
const IS_MOVING = 4;
const HAS_BODY = 8;
/** Days of last use are those of first use. */
const SAME_DAYS = 16;
/** Evidence has the strand's keys and days. */
const ALL_KEYS = 32;
/** Evidence has the values of the events and no others. */
const ALL_OWN = 64;
/** The one id is founded on the oldest fragment, at rank 0. */
const OWN_ID = 128;
/** The profile shows that id, at rank 0. */
const SHOWS_OWN = 256;
const ALL_TRUSTED = 512;

export class RestingStrand {
  constructor(
    readonly flags: number,
    readonly cell: string | null,
    readonly keys: Few<Key>,
    readonly untrusted: readonly boolean[],
    readonly given: readonly string[],
    readonly signatures: readonly string[],
    readonly count: number,
    readonly typed: number,
    readonly events: Few<string>,
    readonly atMs: number | null,
    readonly source: string,
    readonly id: string,
    /** Which fields have values, and how many fields there are; -1 where `own` is all of them. */
    readonly ownMask: number,
    readonly fieldCount: number,
    readonly own: Values | FieldValues,
    readonly firstDays: Few<number>,
    readonly lastDays: Few<number> | null,
    readonly session: SessionUses | null,
    readonly claims: readonly Claim[] | null,
    readonly evidence: RestingEvidence | null,
    readonly blocks: Few<string>,
    readonly times: Few<string>,
    readonly near: readonly Near[],
    readonly component: string | null,
    /** Where it shows its own id the version alone. */
    readonly profile: ShownProfile | number | null,
    readonly ids: readonly FoundedId[] | ProfileId,
    readonly said: readonly string[],
  ) {}
}

/** What of the evidence does not follow from the strand. */
class RestingEvidence {
  constructor(
    readonly fieldMask: number,
    readonly fieldCount: number,
    readonly fields: Values | FieldValues | null,
    readonly keys: readonly Key[] | null,
    readonly firstDays: readonly number[] | null,
    readonly lastDays: readonly number[] | null,
    readonly implied: readonly Key[],
    readonly claims: readonly Claim[],
  ) {}
}

export function packStrand(doc: StrandDoc): RestingStrand {
  const { body } = doc;
  let flags =
    (doc.cell === doc.id ? IS_CELL : 0) |
    (doc.alone ? IS_ALONE : 0) |
    (doc.moving ? IS_MOVING : 0) |
    (body === null ? 0 : HAS_BODY);
  const isTrusted = doc.untrusted.length === doc.keys.length && !doc.untrusted.includes(true);
  if (isTrusted) flags |= ALL_TRUSTED;
  let ids: RestingStrand["ids"] = NONE;
  let profile: RestingStrand["profile"] = null;
  let evidence: RestingEvidence | null = null;
  if (body !== null) {
    ids = body.ids;
    profile = body.profile;
    const [founded] = body.ids;
    if (founded !== undefined && body.ids.length === 1 && isOwn(founded, body.oldest)) {
      flags |= OWN_ID;
      ids = founded.id;
      if (profile !== null && profile.id === founded.id && profile.rank === 0) {
        flags |= SHOWS_OWN;
        profile = profile.version;
      }
    }
    if (isSameList(body.firstDays, body.lastDays)) flags |= SAME_DAYS;
    if (
      isSameList(body.evidence.keys, doc.keys) &&
      isSameList(body.evidence.firstDays, body.firstDays) &&
      isSameList(body.evidence.lastDays, body.lastDays)
    )
      flags |= ALL_KEYS;
    if (body.evidence.fields === body.own) flags |= ALL_OWN;
    evidence = packEvidence(body.evidence, flags);
  }
  const own = body?.own ?? NONE;
  const ownMask = maskOf(own);
  return new RestingStrand(
    flags,
    doc.cell === doc.id ? null : doc.cell,
    few(doc.keys),
    isTrusted ? NONE : doc.untrusted,
    doc.given,
    doc.signatures,
    doc.count,
    doc.typed,
    few(doc.events),
    body?.oldest.atMs ?? null,
    body?.oldest.source ?? "",
    body?.oldest.id ?? "",
    ownMask,
    own.length,
    ownMask < 0 ? own : valuesOf(own),
    few(body?.firstDays ?? NONE),
    body === null || (flags & SAME_DAYS) !== 0 ? null : few(body.lastDays),
    body === null || isEmptySession(body.session) ? null : body.session,
    body === null ? NONE : body.claims,
    evidence,
    few(body?.blocks ?? NONE),
    few(body?.times ?? NONE),
    body?.near ?? NONE,
    body?.component ?? null,
    profile,
    ids,
    body?.said ?? NONE,
  );
}

export function unpackStrand(id: string, held: RestingStrand): StrandDoc {
  const { flags } = held;
  const keys = listOf(held.keys);
  return {
    id,
    cell: (flags & IS_CELL) !== 0 ? id : held.cell,
    keys,
    untrusted: (flags & ALL_TRUSTED) !== 0 ? allFalse(keys.length) : held.untrusted,
    given: held.given,
    signatures: held.signatures,
    count: held.count,
    typed: held.typed,
    events: listOf(held.events),
    alone: (flags & IS_ALONE) !== 0,
    moving: (flags & IS_MOVING) !== 0,
    body: (flags & HAS_BODY) === 0 ? null : unpackBody(held, keys),
  };
}

function unpackBody(held: RestingStrand, keys: readonly Key[]): StrandBody {
  const { flags, ids, profile } = held;
  const oldest: Age = { atMs: held.atMs, source: held.source, id: held.id };
  const own = fieldsOf(held.ownMask, held.fieldCount, held.own);
  const firstDays = listOf(held.firstDays);
  const lastDays = held.lastDays === null ? firstDays : listOf(held.lastDays);
  const rest = held.evidence;
  const evidence: Evidence = {
    fields: rest?.fields ? fieldsOf(rest.fieldMask, rest.fieldCount, rest.fields) : own,
    keys: rest?.keys ?? keys,
    firstDays: rest?.firstDays ?? firstDays,
    lastDays: rest?.lastDays ?? lastDays,
    implied: rest?.implied ?? NONE,
    claims: rest?.claims ?? NONE,
  };
  return {
    oldest,
    own,
    firstDays,
    lastDays,
    session: held.session ?? NO_SESSION,
    claims: held.claims,
    evidence,
    blocks: listOf(held.blocks),
    times: listOf(held.times),
    near: held.near,
    component: held.component,
    profile:
      (flags & SHOWS_OWN) !== 0
        ? { id: ids as ProfileId, version: profile as number, rank: 0 }
        : (profile as ShownProfile | null),
    ids:
      (flags & OWN_ID) !== 0
        ? [{ id: ids as ProfileId, rank: 0, founder: fragmentKey(oldest), age: oldest }]
        : (ids as readonly FoundedId[]),
    said: held.said,
  };
}

function packEvidence(evidence: Evidence, flags: number): RestingEvidence | null {
  const { fields, keys, firstDays, lastDays, implied, claims } = evidence;
  const [hasAllKeys, hasOwn] = [(flags & ALL_KEYS) !== 0, (flags & ALL_OWN) !== 0];
  if (hasAllKeys && hasOwn && implied.length + claims.length === 0) return null;
  const mask = hasOwn ? 0 : maskOf(fields);
  return new RestingEvidence(
    mask,
    fields.length,
    hasOwn ? null : mask < 0 ? fields : valuesOf(fields),
    hasAllKeys ? null : keys,
    hasAllKeys ? null : firstDays,
    hasAllKeys ? null : lastDays,
    implied,
    claims,
  );
}

const NO_SESSION: SessionUses = { keys: NONE, firstDays: NONE, lastDays: NONE };

function isEmptySession({ keys }: SessionUses): boolean {
  return keys !== null && keys.length === 0;
}

function isOwn({ rank, founder, age }: FoundedId, oldest: Age): boolean {
  return (
    rank === 0 &&
    age.atMs === oldest.atMs &&
    age.source === oldest.source &&
    age.id === oldest.id &&
    founder === fragmentKey(oldest)
  );
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (!Object.is(a[at], b[at])) return false;
  return true;
}

/** Which fields have values, a bit each; -1 where there are too many fields. */
function maskOf(fields: FieldValues): number {
  if (fields.length > MOST_MASKED) return -1;
  let mask = 0;
  for (let index = 0; index < fields.length; index++) if (fields[index] !== undefined) mask |= 1 << index;
  return mask;
}

function valuesOf(fields: FieldValues): Values {
  let count = 0;
  for (const list of fields) if (list !== undefined) count++;
  if (count === 0) return NONE;
  const values = new Array<Few<string>>(count);
  let at = 0;
  for (const list of fields) if (list !== undefined) values[at++] = few(list);
  return values;
}

function fieldsOf(mask: number, length: number, values: Values | FieldValues): FieldValues {
  if (mask < 0) return values as FieldValues;
  if (length === 0) return NONE;
  const fields = new Array<readonly string[] | undefined>(length);
  let at = 0;
  for (let index = 0; index < length; index++)
    fields[index] = (mask & (1 << index)) === 0 ? undefined : listOf((values as Values)[at++] as Few<string>);
  return fields;
}

const FALSE = [false];

function allFalse(length: number): readonly boolean[] {
  return length === 0 ? NONE : length === 1 ? FALSE : new Array<boolean>(length).fill(false);
}
