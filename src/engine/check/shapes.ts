import type { Kind } from "../../resolve/plan/documents.js";

/** What documents look like when they are written down (see `codec.ts`): members beyond these do no harm. */

type Shape = (value: unknown) => boolean;

const text: Shape = (value) => typeof value === "string";
const flag: Shape = (value) => typeof value === "boolean";
const whole: Shape = (value) => Number.isSafeInteger(value);
const number: Shape = (value) => typeof value === "number";
/** A number, or the name of an infinity. */
const bits: Shape = (value) => number(value) || value === "Infinity" || value === "-Infinity";

const nullable =
  (shape: Shape): Shape =>
  (value) =>
    value === null || shape(value);

const list =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);

const oneOf =
  (...values: readonly unknown[]): Shape =>
  (value) =>
    values.includes(value);

const object =
  (members: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(members).every(([name, shape]) => shape((value as Record<string, unknown>)[name]));

const key: Shape = (value) => Array.isArray(value) && value.length === 3 && value.every(text);
const days = list(nullable(number));
const fields = list(nullable(list(text)));
const age = object({ atMs: nullable(number), source: text, id: text });
const claim = object({ key, confidence: number });
const profile = { id: text, version: whole, rank: whole };
const member = object({ strand: text, bins: list(whole) });

const body = object({
  oldest: age,
  own: fields,
  firstDays: days,
  lastDays: days,
  session: object({ keys: nullable(list(key)), firstDays: days, lastDays: days }),
  claims: nullable(list(claim)),
  evidence: object({
    fields: nullable(fields),
    keys: list(key),
    firstDays: days,
    lastDays: days,
    implied: list(key),
    claims: list(claim),
  }),
  blocks: list(text),
  times: list(text),
  near: list(object({ strand: text, levels: whole })),
  component: nullable(text),
  profile: nullable(object(profile)),
  ids: list(object({ id: text, rank: whole, founder: text, age })),
  said: list(text),
});

const SHAPES: Readonly<Record<Kind, Shape>> = {
  fragment: object({
    version: whole,
    goneUpTo: nullable(whole),
    text: nullable(text),
    event: nullable(text),
    cell: nullable(text),
  }),
  event: object({ fragments: list(text), over: flag, cell: nullable(text), counting: whole }),
  strand: object({
    id: text,
    cell: nullable(text),
    keys: list(key),
    untrusted: list(flag),
    given: list(text),
    signatures: list(text),
    count: whole,
    typed: whole,
    events: list(text),
    alone: flag,
    moving: flag,
    body: nullable(body),
  }),
  key: object({
    cells: list(text),
    events: list(object({ event: text, cell: nullable(text), typed: flag })),
    digests: list(key),
    claimants: list(text),
    claimsFull: flag,
    generic: flag,
    genericUntrusted: flag,
    names: whole,
    typed: flag,
    counting: whole,
  }),
  digest: object({ by: list(key), stated: flag }),
  block: object({ members: list(text), full: flag, counting: whole }),
  time: object({
    position: whole,
    slot: whole,
    first: list(member),
    second: list(member),
    full: flag,
    counting: whole,
  }),
  component: object({
    id: text,
    strands: list(text),
    edges: list(
      object({
        a: text,
        b: text,
        type: oneOf("asserted", "deterministic", "probabilistic"),
        bits,
        acceptAt: bits,
        levels: whole,
      }),
    ),
    profiles: list(object({ ...profile, strands: list(text) })),
    pending: flag,
    touched: list(object({ strand: text, origins: list(text) })),
    beside: list(text),
  }),
  id: object({ founder: nullable(text), forward: nullable(text) }),
  assertion: object({
    said: list(object({ type: oneOf("same", "different"), other: text, version: whole, retracted: flag })),
  }),
  pending: object({ why: oneOf("component", "cell"), id: text }),
  recheck: object({ kind: oneOf("event", "key", "claims", "block", "time"), id: text }),
  suppressed: object({ reason: nullable(text), fragments: whole, identifiers: whole }),
  settings: object({ model: text, pepperCheck: nullable(text) }),
};

/** Whether a text is what the engine writes for a document of this kind, so that it can be decoded. */
export function isDocument(kind: Kind, written: string): boolean {
  try {
    return SHAPES[kind](JSON.parse(written));
  } catch {
    return false;
  }
}

const change = object({
  type: oneOf("created", "updated", "merged", "split", "erased"),
  profile: text,
  version: whole,
  added: list(text),
  removed: list(text),
  others: list(text),
  cause: object({ type: oneOf("fragment", "assertion", "drain", "erasure", "snapshot") }),
});

/** Whether an entry of the feed is what the engine writes. */
export function isChange(value: unknown): boolean {
  return change(value);
}
