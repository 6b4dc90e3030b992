import type { KeyDoc, StrandBody, StrandDoc } from "./documents.js";

/**
 * Copies to be changed before they are put. They name every field, in one order: a spread makes objects of many shapes, with part of
 * their fields beside them, and where documents rest by the million and are copied several times for each fragment, that is what
 * most of the time and much of the memory goes to.
 */
type Draft<T> = { -readonly [Name in keyof T]: T[Name] };

export function copyStrand(doc: StrandDoc): Draft<StrandDoc> {
  return {
    id: doc.id,
    cell: doc.cell,
    keys: doc.keys,
    untrusted: doc.untrusted,
    given: doc.given,
    signatures: doc.signatures,
    count: doc.count,
    typed: doc.typed,
    events: doc.events,
    alone: doc.alone,
    moving: doc.moving,
    body: doc.body,
  };
}

export function copyBody(body: StrandBody): Draft<StrandBody> {
  return {
    oldest: body.oldest,
    own: body.own,
    firstDays: body.firstDays,
    lastDays: body.lastDays,
    session: body.session,
    claims: body.claims,
    evidence: body.evidence,
    blocks: body.blocks,
    times: body.times,
    near: body.near,
    component: body.component,
    profile: body.profile,
    ids: body.ids,
    said: body.said,
  };
}

export function withBody(doc: StrandDoc, body: StrandBody | null): StrandDoc {
  const copy = copyStrand(doc);
  copy.body = body;
  return copy;
}

export function copyKey(doc: KeyDoc): Draft<KeyDoc> {
  return {
    cells: doc.cells,
    events: doc.events,
    digests: doc.digests,
    claimants: doc.claimants,
    claimsFull: doc.claimsFull,
    generic: doc.generic,
    genericUntrusted: doc.genericUntrusted,
    names: doc.names,
    typed: doc.typed,
    counting: doc.counting,
  };
}
