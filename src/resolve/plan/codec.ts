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

function readDocument(kind: Kind, written: unknown, table: KeyTable): Documents[Kind] {
  switch (kind) {
    case "strand":
      return readStrand(written as WrittenStrand, table);
    case "key": {
      const { digests, ...doc } = written as Written<KeyDoc, "digests", readonly WrittenKey[]>;
      return { ...doc, digests: readKeys(digests, table) };
    }
    case "digest": {
      const { by, ...doc } = written as Written<DigestDoc, "by", readonly WrittenKey[]>;
      return { ...doc, by: readKeys(by, table) };
    }
    case "component": {
      const { edges, ...doc } = written as Written<ComponentDoc, "edges", readonly WrittenEdge[]>;
      return { ...doc, edges: edges.map(readEdge) };
    }
    default:
      return written as Documents[Kind];
  }
}

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

function readKeys(keys: readonly WrittenKey[], table: KeyTable): readonly Key[] {
  return keys.length === 0 ? NONE : keys.map(([type, scope, value]) => table.intern(type, value, scope));
}

function writeClaim({ key, confidence }: Claim): WrittenClaim {
  return { key: writeKey(key), confidence };
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
  return days.length === 0 ? NONE : days.map((day) => day ?? Number.NaN);
}

function readFields(fields: WrittenFields): FieldValues {
  return fields.map((values) => values ?? undefined);
}

function writeFields(fields: FieldValues): WrittenFields {
  return fields.map((values) => values ?? null);
}

function writeNumber(value: number): WrittenNumber {
  if (Number.isFinite(value)) return value;
  return value > 0 ? "Infinity" : "-Infinity";
}

function writeEdge(edge: StoredEdge): WrittenEdge {
  return { ...edge, bits: writeNumber(edge.bits), acceptAt: writeNumber(edge.acceptAt) };
}

function readEdge(edge: WrittenEdge): StoredEdge {
  return { ...edge, bits: Number(edge.bits), acceptAt: Number(edge.acceptAt) };
}

function writeStrand(doc: StrandDoc): WrittenStrand {
  return { ...doc, keys: doc.keys.map(writeKey), body: doc.body === null ? null : writeBody(doc.body) };
}

function writeBody(body: StrandBody): WrittenBody {
  const { own, session, claims, evidence } = body;
  return {
    ...body,
    own: writeFields(own),
    session: { ...session, keys: session.keys?.map(writeKey) ?? null },
    claims: claims?.map(writeClaim) ?? null,
    evidence: {
      ...evidence,
      fields: evidence.fields === own ? null : writeFields(evidence.fields),
      keys: evidence.keys.map(writeKey),
      implied: evidence.implied.map(writeKey),
      claims: evidence.claims.map(writeClaim),
    },
  };
}

function readStrand(written: WrittenStrand, table: KeyTable): StrandDoc {
  const { keys, body, ...doc } = written;
  return { ...doc, keys: readKeys(keys, table), body: body === null ? null : readBody(body, table) };
}

function readBody(written: WrittenBody, table: KeyTable): StrandBody {
  const own = readFields(written.own);
  return {
    ...written,
    own,
    firstDays: readDays(written.firstDays),
    lastDays: readDays(written.lastDays),
    session: readSession(written.session, table),
    claims: written.claims === null ? null : readClaims(written.claims, table),
    evidence: readEvidence(written.evidence, own, table),
  };
}

function readSession({ keys, firstDays, lastDays }: WrittenSession, table: KeyTable): SessionUses {
  return {
    keys: keys === null ? null : readKeys(keys, table),
    firstDays: readDays(firstDays),
    lastDays: readDays(lastDays),
  };
}

/** Evidence is kept by key index, and the index of a key is another in each table. */
function readEvidence(written: WrittenEvidence, own: FieldValues, table: KeyTable): Evidence {
  const keys = readKeys(written.keys, table);
  const [firstDays, lastDays] = [readDays(written.firstDays), readDays(written.lastDays)];
  const implied = readKeys(written.implied, table);
  const order = ascending(keys) ? null : byIndex(keys);
  return {
    fields: written.fields === null ? own : readFields(written.fields),
    keys: order?.map((at) => keys[at] as Key) ?? keys,
    firstDays: order?.map((at) => firstDays[at] as number) ?? firstDays,
    lastDays: order?.map((at) => lastDays[at] as number) ?? lastDays,
    implied: ascending(implied) ? implied : [...implied].sort((a, b) => a.index - b.index),
    claims: readClaims(written.claims, table),
  };
}

function ascending(keys: readonly Key[]): boolean {
  for (let at = 1; at < keys.length; at++)
    if ((keys[at - 1] as Key).index > (keys[at] as Key).index) return false;
  return true;
}

function byIndex(keys: readonly Key[]): number[] {
  return keys.map((_, at) => at).sort((a, b) => (keys[a] as Key).index - (keys[b] as Key).index);
}
