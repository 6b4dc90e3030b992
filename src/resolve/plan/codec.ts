import type { KeyTable } from "../keys.js";
import { type Claim, type FieldValues, type Key, NONE } from "../observation.js";
import type { Evidence } from "../strands.js";
import type {
  ComponentDoc,
  DigestDoc,
  Documents,
  KeyDoc,
  Kind,
  SessionUses,
  StoredEdge,
  StrandBody,
  StrandDoc,
} from "./documents.js";

/**
 * Documents as JSON texts, for stores that write them down. A key is written as `[type, scope, value]` and interned when read; a
 * day that nobody knows (NaN) and a field without values (undefined) are null, as JSON writes them by itself.
 */
export function encodeDocument<K extends Kind>(kind: K, doc: Documents[K]): string {
  switch (kind) {
    case "strand":
      return JSON.stringify(writeStrand(doc as StrandDoc));
    case "key":
      return JSON.stringify({ ...(doc as KeyDoc), digests: (doc as KeyDoc).digests.map(writeKey) });
    case "digest":
      return JSON.stringify({ ...(doc as DigestDoc), by: (doc as DigestDoc).by.map(writeKey) });
    case "component":
      return JSON.stringify({ ...(doc as ComponentDoc), edges: (doc as ComponentDoc).edges.map(writeEdge) });
    default:
      return JSON.stringify(doc);
  }
}

/** The document that `encodeDocument` wrote, its keys as objects of `table`. */
export function decodeDocument<K extends Kind>(kind: K, text: string, table: KeyTable): Documents[K] {
  const written: unknown = JSON.parse(text);
  return readDocument(kind, written, table) as Documents[K];
}

/** What was parsed just now belongs to nobody else: it is turned into the document in its place, which is several times quicker than a copy. */
function readDocument(kind: Kind, written: unknown, table: KeyTable): Documents[Kind] {
  switch (kind) {
    case "strand":
      return readStrand(written as WrittenStrand, table);
    case "key": {
      const doc = written as Read<KeyDoc>;
      doc.digests = readKeys((written as Written<KeyDoc, "digests", readonly WrittenKey[]>).digests, table);
      return doc;
    }
    case "digest": {
      const doc = written as Read<DigestDoc>;
      doc.by = readKeys((written as Written<DigestDoc, "by", readonly WrittenKey[]>).by, table);
      return doc;
    }
    case "component": {
      for (const edge of (written as Read<ComponentDoc>).edges) readEdge(edge);
      return written as ComponentDoc;
    }
    default:
      return written as Documents[Kind];
  }
}

type Read<T> = { -readonly [Name in keyof T]: T[Name] };
type WrittenKey = readonly [type: string, scope: string, value: string];
type WrittenDays = readonly (number | null)[];
type WrittenFields = readonly (readonly string[] | null)[];
/** JSON has no infinities: an asserted edge asks for nothing, and says so by name. */
type WrittenNumber = number | "Infinity" | "-Infinity";
type Written<T, Name extends keyof T, Form> = Omit<T, Name> & { readonly [N in Name]: Form };

interface WrittenClaim {
  readonly key: WrittenKey;
  readonly confidence: number;
}

interface WrittenSession {
  readonly keys: readonly WrittenKey[] | null;
  readonly firstDays: WrittenDays;
  readonly lastDays: WrittenDays;
}

interface WrittenEvidence {
  /** Null where they are those of the events themselves, which most strands' are. */
  readonly fields: WrittenFields | null;
  readonly keys: readonly WrittenKey[];
  readonly firstDays: WrittenDays;
  readonly lastDays: WrittenDays;
  readonly implied: readonly WrittenKey[];
  readonly claims: readonly WrittenClaim[];
}

interface WrittenBody
  extends Omit<StrandBody, "own" | "firstDays" | "lastDays" | "session" | "claims" | "evidence"> {
  readonly own: WrittenFields;
  readonly firstDays: WrittenDays;
  readonly lastDays: WrittenDays;
  readonly session: WrittenSession;
  readonly claims: readonly WrittenClaim[] | null;
  readonly evidence: WrittenEvidence;
}

interface WrittenStrand extends Omit<StrandDoc, "keys" | "body"> {
  readonly keys: readonly WrittenKey[];
  readonly body: WrittenBody | null;
}

interface WrittenEdge extends Omit<StoredEdge, "bits" | "acceptAt"> {
  readonly bits: WrittenNumber;
  readonly acceptAt: WrittenNumber;
}

function writeKey({ type, scope, value }: Key): WrittenKey {
  return [type, scope, value];
}

function writeKeys(keys: readonly Key[]): readonly WrittenKey[] {
  return keys.length === 0 ? NONE : keys.map(writeKey);
}

function readKeys(keys: readonly WrittenKey[], table: KeyTable): readonly Key[] {
  const { length } = keys;
  if (length === 0) return NONE;
  const read = new Array<Key>(length);
  for (let at = 0; at < length; at++) {
    const key = keys[at] as WrittenKey;
    read[at] = table.intern(key[0], key[2], key[1]);
  }
  return read;
}

function writeClaim({ key, confidence }: Claim): WrittenClaim {
  return { key: writeKey(key), confidence };
}

function writeClaims(claims: readonly Claim[]): readonly WrittenClaim[] {
  return claims.length === 0 ? NONE : claims.map(writeClaim);
}

function readClaims(claims: readonly WrittenClaim[], table: KeyTable): readonly Claim[] {
  if (claims.length === 0) return NONE;
  return claims.map(({ key: [type, scope, value], confidence }) => ({
    key: table.intern(type, value, scope),
    confidence,
  }));
}

/** NaN becomes null when it is written; infinities are never days. */
function readDays(days: WrittenDays): readonly number[] {
  const read = days as (number | null)[];
  if (read.length === 0) return NONE;
  for (let at = 0; at < read.length; at++) if (read[at] === null) read[at] = Number.NaN;
  return read as number[];
}

function readFields(fields: WrittenFields): FieldValues {
  const read = fields as (readonly string[] | null | undefined)[];
  for (let at = 0; at < read.length; at++) if (read[at] === null) read[at] = undefined;
  return read as FieldValues;
}

/** A hole of the list is a null too. */
function writeFields(fields: FieldValues): WrittenFields {
  const { length } = fields;
  const written = new Array<readonly string[] | null>(length);
  for (let at = 0; at < length; at++) written[at] = fields[at] ?? null;
  return written;
}

function writeNumber(value: number): WrittenNumber {
  if (Number.isFinite(value)) return value;
  return value > 0 ? "Infinity" : "-Infinity";
}

function writeEdge({ a, b, type, bits, acceptAt, levels }: StoredEdge): WrittenEdge {
  return { a, b, type, bits: writeNumber(bits), acceptAt: writeNumber(acceptAt), levels };
}

function readEdge(edge: Read<StoredEdge>): void {
  edge.bits = Number(edge.bits);
  edge.acceptAt = Number(edge.acceptAt);
}

/** Field by field: a spread makes an object that takes twice as long to write. */
function writeStrand(doc: StrandDoc): WrittenStrand {
  return {
    id: doc.id,
    cell: doc.cell,
    keys: writeKeys(doc.keys),
    untrusted: doc.untrusted,
    given: doc.given,
    signatures: doc.signatures,
    count: doc.count,
    typed: doc.typed,
    events: doc.events,
    alone: doc.alone,
    moving: doc.moving,
    body: doc.body === null ? null : writeBody(doc.body),
  };
}

function writeBody(body: StrandBody): WrittenBody {
  const { own, session, claims, evidence } = body;
  const { keys, firstDays, lastDays } = session;
  return {
    oldest: body.oldest,
    own: writeFields(own),
    firstDays: body.firstDays,
    lastDays: body.lastDays,
    session: { keys: keys === null ? null : writeKeys(keys), firstDays, lastDays },
    claims: claims === null ? null : writeClaims(claims),
    evidence: {
      fields: evidence.fields === own ? null : writeFields(evidence.fields),
      keys: writeKeys(evidence.keys),
      firstDays: evidence.firstDays,
      lastDays: evidence.lastDays,
      implied: writeKeys(evidence.implied),
      claims: writeClaims(evidence.claims),
    },
    blocks: body.blocks,
    times: body.times,
    near: body.near,
    component: body.component,
    profile: body.profile,
    ids: body.ids,
    said: body.said,
  };
}

function readStrand(written: WrittenStrand, table: KeyTable): StrandDoc {
  const doc = written as unknown as Read<StrandDoc>;
  doc.keys = readKeys(written.keys, table);
  if (written.body !== null) readBody(written.body, table);
  return doc;
}

function readBody(written: WrittenBody, table: KeyTable): void {
  const body = written as unknown as Read<StrandBody>;
  const own = readFields(written.own);
  body.own = own;
  body.firstDays = readDays(written.firstDays);
  body.lastDays = readDays(written.lastDays);
  const session = written.session as unknown as Read<SessionUses>;
  if (written.session.keys !== null) session.keys = readKeys(written.session.keys, table);
  session.firstDays = readDays(written.session.firstDays);
  session.lastDays = readDays(written.session.lastDays);
  if (written.claims !== null) body.claims = readClaims(written.claims, table);
  readEvidence(written.evidence, own, table);
}

/** Evidence is kept by key index, and the index of a key is another in each table. */
function readEvidence(written: WrittenEvidence, own: FieldValues, table: KeyTable): void {
  const evidence = written as unknown as Read<Evidence>;
  const keys = readKeys(written.keys, table);
  const [firstDays, lastDays] = [readDays(written.firstDays), readDays(written.lastDays)];
  const implied = readKeys(written.implied, table);
  const order = ascending(keys) ? null : byIndex(keys);
  evidence.fields = written.fields === null ? own : readFields(written.fields);
  evidence.keys = order?.map((at) => keys[at] as Key) ?? keys;
  evidence.firstDays = order?.map((at) => firstDays[at] as number) ?? firstDays;
  evidence.lastDays = order?.map((at) => lastDays[at] as number) ?? lastDays;
  evidence.implied = ascending(implied) ? implied : [...implied].sort((a, b) => a.index - b.index);
  evidence.claims = readClaims(written.claims, table);
}

function ascending(keys: readonly Key[]): boolean {
  for (let at = 1; at < keys.length; at++)
    if ((keys[at - 1] as Key).index > (keys[at] as Key).index) return false;
  return true;
}

function byIndex(keys: readonly Key[]): number[] {
  return keys.map((_, at) => at).sort((a, b) => (keys[a] as Key).index - (keys[b] as Key).index);
}
