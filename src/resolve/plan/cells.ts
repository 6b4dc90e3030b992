import type { LeadEvent } from "../events.js";
import { type Key, NONE } from "../observation.js";
import { standsAlone } from "../strands.js";
import { copyKey, copyStrand } from "./copies.js";
import type { KeyDoc, SessionHolder, StrandDoc } from "./documents.js";
import { INLINE_EVENTS, recheck } from "./hot.js";
import { appended } from "./lists.js";
import { loneStrand, type Unit, type Work } from "./work.js";

/** Rung 3, first half: cells and the keys that they hold. */

/** The cell of an event; null when it has no person-scoped key, so that nothing it holds is ever counted. */
export function cellOf({ kernel }: Work, event: LeadEvent, ref: string, differing: boolean): string | null {
  if (event.keys.length === 0) return null;
  const { given, signatures } = kernel.namesOf(event);
  let text = "c";
  event.keys.forEach((key, at) => {
    text += `${kernel.keyId(key)}${event.untrusted[at] === true ? "?" : ""}\u0001`;
  });
  if (given.length > 0) text += `\u0002${given.join(" ")}\u0002${signatures.join(" ")}`;
  if (differing) text += `\u0003${ref}`;
  return kernel.name(text);
}

/** The document of a strand before anything is known of it. */
export function emptyStrand({ kernel }: Work, id: string, unit: Unit): StrandDoc {
  const { given, signatures } = kernel.namesOf(unit.event);
  return {
    id,
    cell: unit.cell,
    keys: unit.event.keys.length === 0 ? NONE : unit.event.keys.slice(),
    untrusted: unit.event.untrusted.length === 0 ? NONE : unit.event.untrusted.slice(),
    given,
    signatures,
    count: 0,
    typed: 0,
    events: NONE,
    alone: false,
    moving: false,
    body: null,
  };
}

/** The document of a unit that stands alone, without its body. */
export function soleStrand(work: Work, id: string, unit: Unit): ReturnType<typeof copyStrand> {
  const doc = copyStrand(emptyStrand(work, id, unit));
  doc.count = 1;
  doc.events = appended<string>(NONE, unit.ref);
  if (unit.event.typed) doc.typed = 1;
  return doc;
}

/** Counts a unit out of its cell and its keys. */
export function countOut(work: Work, unit: Unit): void {
  const { view } = work;
  for (const key of unit.fragments) work.leftFrom.set(key, strandOf(work, unit));
  for (const key of unit.event.sessionKeys) dropSessionHolder(work, key, unit);
  if (unit.cell === null) return;
  const cell = view.must("strand", unit.cell);
  if (cell === null) return;
  work.cells.add(cell.id);
  const isNamed = cell.events.includes(unit.ref);
  if (!isNamed) view.deleteRow("cell-event", cell.id, unit.ref);
  const left = copyStrand(cell);
  left.count--;
  if (unit.event.typed) left.typed--;
  if (isNamed) left.events = cell.events.filter((ref) => ref !== unit.ref);
  work.putStrand(cell.id, left);
  touchAfterCount(work, cell, left);
  if (isNameless(cell) && cell.keys.length === 1) lower(work, cell.keys[0] as Key);
  if (left.count === 0) for (const key of cell.keys) dropCell(work, key, cell);
}

/** Counts a unit into its cell and its keys. */
export function countIn(work: Work, unit: Unit): void {
  for (const key of unit.event.sessionKeys) addSessionHolder(work, key, unit);
  if (unit.cell === null) {
    // Those who count session-scoped keys read its names.
    const lone = loneStrand(work.kernel, unit.ref);
    const alone = soleStrand(work, lone, unit);
    alone.body = work.strand(lone)?.body ?? null;
    work.putStrand(lone, alone);
    return;
  }
  const held = work.strand(unit.cell);
  const cell = held ?? emptyStrand(work, unit.cell, unit);
  work.cells.add(cell.id);
  const isNamed = cell.events.length < INLINE_EVENTS;
  if (!isNamed) work.view.putRow("cell-event", cell.id, unit.ref);
  const grown = copyStrand(cell);
  grown.count++;
  if (unit.event.typed) grown.typed++;
  if (isNamed) grown.events = appended(cell.events, unit.ref);
  work.putStrand(cell.id, grown);
  if (cell.count === 0) for (const key of cell.keys) addCell(work, key, cell);
  else touchAfterCount(work, cell, grown);
}

/** What the number of events of a cell says about its keys: those without a name, and whether one was typed. */
function touchAfterCount(work: Work, before: StrandDoc, after: StrandDoc): void {
  if (after.typed > 0 !== before.typed > 0 || (isNameless(before) && before.keys.length === 1)) {
    for (const key of before.keys) touch(work, key);
  }
}

function isNameless({ given, signatures }: StrandDoc): boolean {
  return given.length === 0 && signatures.length === 0;
}

/** Fewer hold a key: where it, or a digest of it, is generic, that may be about to end. */
function lower(work: Work, key: Key): void {
  const doc = work.key(key);
  for (const one of [key, ...(doc?.digests ?? NONE)]) {
    const held = work.key(one);
    if (held?.generic === true || held?.genericUntrusted === true) recheck(work, "key", recheckedKey(one));
  }
}

/** A key to be counted again, with the digests of it that somebody states. */
export function touch(work: Work, key: Key): void {
  if (work.touchedKeys.has(key)) return;
  work.touchedKeys.add(key);
  for (const digest of work.key(key)?.digests ?? NONE) work.touchedKeys.add(digest);
}

const NO_KEY: KeyDoc = {
  cells: NONE,
  events: NONE,
  digests: NONE,
  claimants: NONE,
  claimsFull: false,
  generic: false,
  genericUntrusted: false,
  names: 0,
  typed: false,
  counting: 0,
};

export function isEmptyKey({
  cells,
  events,
  claimants,
  claimsFull,
  generic,
  genericUntrusted,
}: KeyDoc): boolean {
  return (
    cells.length === 0 &&
    events.length === 0 &&
    claimants.length === 0 &&
    !claimsFull &&
    !generic &&
    !genericUntrusted
  );
}

/**
 * The rows in which a cell's occurrence of a key stands; null when the key's document lists it. All of a generic key's stand in
 * rows, and the untrusted ones of one generic for strangers.
 */
function rowsFor(doc: KeyDoc, key: Key, cell: StrandDoc): "key-holder" | "key-holder-untrusted" | null {
  const isUntrusted = cell.untrusted[cell.keys.indexOf(key)] === true;
  if (!doc.generic && !(doc.genericUntrusted && isUntrusted)) return null;
  return isUntrusted ? "key-holder-untrusted" : "key-holder";
}

function addCell(work: Work, key: Key, cell: StrandDoc): void {
  const doc = work.key(key) ?? newKey(work, key);
  const rows = rowsFor(doc, key, cell);
  if (rows !== null) {
    work.view.putRow(rows, work.kernel.keyId(key), cell.id);
    // While a drain counts, what is added must be seen by it.
    if (doc.counting > 0) work.putKey(key, { ...doc, counting: doc.counting + 1 });
  } else {
    const grown = copyKey(doc);
    grown.cells = appended(doc.cells, cell.id);
    work.putKey(key, grown);
  }
  if (doc.cells.length === 0) stateDigest(work, key);
  touch(work, key);
}

function dropCell(work: Work, key: Key, cell: StrandDoc): void {
  const doc = work.view.must("key", work.kernel.keyId(key));
  if (doc === null) return;
  touch(work, key);
  lower(work, key);
  const rows = rowsFor(doc, key, cell);
  if (rows !== null) work.view.deleteRow(rows, work.kernel.keyId(key), cell.id);
  else {
    const cells = doc.cells.filter((id) => id !== cell.id);
    const left = copyKey(doc);
    left.cells = cells;
    work.putKey(key, left);
    if (cells.length === 0 && !doc.genericUntrusted) unstateDigest(work, key);
  }
}

/** Names a key so that it can be interned again. */
export function recheckedKey({ type, scope, value }: Key): string {
  return JSON.stringify([type, scope, value]);
}

function addSessionHolder(work: Work, key: Key, unit: Unit): void {
  const doc = work.key(key) ?? newKey(work, key);
  const holder: SessionHolder = { event: unit.ref, cell: unit.cell, typed: unit.event.typed };
  if (doc.generic) {
    work.view.putRow("key-holder", work.kernel.keyId(key), unit.ref);
    if (doc.counting > 0) work.putKey(key, { ...doc, counting: doc.counting + 1 });
  } else {
    const grown = copyKey(doc);
    grown.events = appended(doc.events, holder);
    work.putKey(key, grown);
  }
  touch(work, key);
}

function dropSessionHolder(work: Work, key: Key, unit: Unit): void {
  const doc = work.view.must("key", work.kernel.keyId(key));
  if (doc === null) return;
  touch(work, key);
  if (doc.generic) {
    work.view.deleteRow("key-holder", work.kernel.keyId(key), unit.ref);
    recheck(work, "key", recheckedKey(key));
  } else {
    const left = copyKey(doc);
    left.events = doc.events.filter(({ event }) => event !== unit.ref);
    work.putKey(key, left);
  }
}

/** A plain key that is new leaves its name with its digests, and learns which of them somebody states. */
export function newKey(work: Work, key: Key): KeyDoc {
  const { kernel, view } = work;
  const stated: Key[] = [];
  if (kernel.compiled.digestTypes.has(key.type)) {
    for (const { id, digest } of kernel.digestsOf(key)) {
      const doc = view.get("digest", id) ?? { by: NONE, stated: false };
      if (!doc.by.includes(key)) view.put("digest", id, { ...doc, by: appended(doc.by, key) });
      if (doc.stated) stated.push(digest());
    }
  }
  const made = stated.length === 0 ? NO_KEY : { ...NO_KEY, digests: stated };
  work.putKey(key, made);
  return made;
}

/** A plain key that nobody holds any more takes its name back. */
export function forgetKey(work: Work, key: Key): void {
  const { kernel, view } = work;
  work.putKey(key, null);
  if (!kernel.compiled.digestTypes.has(key.type)) return;
  for (const { id } of kernel.digestsOf(key)) {
    const doc = view.get("digest", id);
    if (doc === null) continue;
    const by = doc.by.filter((one) => one !== key);
    view.put("digest", id, by.length === 0 && !doc.stated ? null : { ...doc, by });
  }
}

/** Somebody states a digest for the first time: those who imply it meet it from now on. */
function stateDigest(work: Work, digest: Key): void {
  const { kernel, view } = work;
  if (!kernel.isDigest(digest)) return;
  const id = kernel.digestId(digest);
  const doc = view.get("digest", id);
  if (doc?.stated === true) return;
  view.put("digest", id, { by: doc?.by ?? NONE, stated: true });
  for (const plain of doc?.by ?? NONE) {
    const held = work.key(plain);
    if (held === null) continue;
    work.putKey(plain, { ...held, digests: appended(held.digests, digest) });
    for (const cell of held.cells) work.stale.add(cell);
  }
}

export function unstateDigest(work: Work, digest: Key): void {
  const { kernel, view } = work;
  if (!kernel.isDigest(digest)) return;
  const id = kernel.digestId(digest);
  const doc = view.get("digest", id);
  if (doc === null) return;
  view.put("digest", id, doc.by.length === 0 ? null : { by: doc.by, stated: false });
  for (const plain of doc.by) {
    const held = work.key(plain);
    if (held === null) continue;
    work.putKey(plain, { ...held, digests: held.digests.filter((one) => one !== digest) });
    for (const cell of held.cells) work.stale.add(cell);
  }
}

/** Whether the events of a cell stand alone, by the present standing of its keys. */
export function isAlone(work: Work, cell: StrandDoc): boolean {
  const { kernel } = work;
  for (const key of cell.keys) work.key(key);
  return standsAlone(cell, cell, kernel.facts, kernel.compiled);
}

/** The strand in which a unit stands, by the documents. */
export function strandOf(work: Work, unit: { readonly ref: string; readonly cell: string | null }): string {
  const lone = loneStrand(work.kernel, unit.ref);
  if (unit.cell === null) return lone;
  const cell = work.view.must("strand", unit.cell);
  if (cell === null) return lone;
  if (cell.alone) return lone;
  if (cell.moving && work.view.get("strand", lone) !== null) return lone;
  return unit.cell;
}
