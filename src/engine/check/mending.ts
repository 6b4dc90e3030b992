import { fragmentKey } from "../../fragment/fragment.js";
import { type Key, NONE } from "../../resolve/observation.js";
import { isDiffering } from "../../resolve/plan/assertions.js";
import { occurrencesOf } from "../../resolve/plan/blocks.js";
import { cellOf, emptyStrand, newKey, strandOf } from "../../resolve/plan/cells.js";
import type { FoundedId, StrandBody, StrandDoc } from "../../resolve/plan/documents.js";
import { foldEvent } from "../../resolve/plan/evidence.js";
import { INLINE_EVENTS } from "../../resolve/plan/hot.js";
import { finish } from "../../resolve/plan/plan.js";
import { patchBody } from "../../resolve/plan/strandBody.js";
import { loadUnit } from "../../resolve/plan/units.js";
import { placeOf } from "../../resolve/plan/whereabouts.js";
import { eventUnit, loneStrand, type Unit, type Work } from "../../resolve/plan/work.js";
import { type Known, placeKnown } from "./known.js";

/**
 * Puts right what one look has found, in a commit of its own: what is missing is propped up as far as those who leave it need it,
 * and then what hangs on it is planned again, as if its events had moved to where they are.
 */

/** A fragment that its event does not know comes back to it. */
export function expectEventKnows(work: Work, key: string, name: string): void {
  const { view, kernel } = work;
  const id = kernel.name(name);
  const fragment = work.fragment(key);
  if (fragment === null) return;
  if (fragment.event !== name) work.putFragment(key, { ...fragment, event: name });
  const held = view.get("event", id);
  if (held?.over === true) {
    view.putRow("event-fragment", id, key);
    return;
  }
  const fragments = [...new Set([...(held?.fragments ?? NONE), key])];
  const event = { fragments, over: false, cell: held?.cell ?? null, counting: 0 };
  view.put("event", id, event);
  if (held !== null) return;
  // Of an event that was lost nobody else knows the cell: with its last fragment it is the one that it had.
  restoreCell(work, name, id);
}

function restoreCell(work: Work, name: string, id: string): void {
  const unit = loadUnit(work, eventUnit(name));
  const event = work.view.get("event", id);
  if (unit === null || event === null) return;
  work.view.put("event", id, { ...event, cell: cellOf(work, unit.event, unit.ref, isDiffering(work, unit)) });
}

/** Takes an event out of where it stands, as far as it does, and puts it where its fragments say. */
export function replan(work: Work, known: Known, ref: string): void {
  const { view } = work;
  const unit = loadUnit(work, ref);
  if (unit === null) return;
  const cell = cellOf(work, unit.event, ref, isDiffering(work, unit));
  const held = unit.cell === null ? null : work.strand(unit.cell);
  const isCounted = held !== null && isListed(work, held, ref);
  if (unit.cell === null || isCounted) {
    const strand = strandOf(work, unit);
    if (strand === loneStrand(work.kernel, ref)) propUpLone(work, known, unit, strand);
    propUp(work, strand, [unit]);
    for (const key of unit.event.sessionKeys) if (work.key(key) === null) newKey(work, key);
    work.drops.push(unit);
  } else forgetHolder(work, unit, cell);
  if (cell !== null && work.strand(cell) === null) propUpCell(work, known, { ...unit, cell }, cell);
  work.adds.push({ ...unit, cell });
  if (cell !== null) work.stale.add(cell);
  writeCell(work, ref, cell);
  if (!view.isStopped) finish(work);
}

function isListed(work: Work, cell: StrandDoc, ref: string): boolean {
  if (cell.events.includes(ref)) return true;
  const more = cell.count - cell.events.length;
  return more > 0 && work.view.rows("cell-event", cell.id, more + 1).includes(ref);
}

function writeCell(work: Work, ref: string, cell: string | null): void {
  const name = ref.slice(1);
  if (ref.startsWith("e")) {
    const id = work.kernel.name(name);
    const event = work.view.get("event", id);
    if (event !== null) work.view.put("event", id, { ...event, cell });
  } else {
    const fragment = work.fragment(name);
    if (fragment !== null) work.putFragment(name, { ...fragment, cell });
  }
}

/** A strand that is lost, as it stood, with what this event says. */
function stubOf(work: Work, known: Known, unit: Unit, id: string): StrandDoc & { readonly body: StrandBody } {
  const bare = emptyStrand(work, id, unit);
  const ages = unit.event.observations.map(({ atMs, fragment }) => ({
    key: fragmentKey(fragment),
    atMs,
    source: fragment.source,
    id: fragment.id,
  }));
  const place = placeKnown(known, id, ages);
  // A component that is lost too is begun afresh by whoever finds it missing.
  const isThere = place.component === null || work.view.get("component", place.component) !== null;
  return {
    ...bare,
    body: { ...foldEvent(work, null, bare, unit.event), ...place, ...(isThere ? {} : { component: null }) },
  };
}

function propUpLone(work: Work, known: Known, unit: Unit, id: string): void {
  if (work.strand(id)?.body) return;
  const stub = stubOf(work, known, unit, id);
  work.view.put("strand", id, { ...stub, count: 1, events: [unit.ref] });
  forgetClaims(work, stub.body, id);
}

function propUpCell(work: Work, known: Known, unit: Unit, id: string): void {
  const stub = stubOf(work, known, unit, id);
  for (const key of stub.keys) {
    const doc = work.key(key);
    if (doc?.cells.includes(id) === true)
      work.putKey(key, { ...doc, cells: doc.cells.filter((cell) => cell !== id) });
  }
  forgetClaims(work, stub.body, id);
  work.view.put("strand", id, { ...stub, body: { ...stub.body, claims: NONE } });
}

function forgetClaims(work: Work, { claims }: StrandBody, strand: string): void {
  for (const { key } of claims ?? NONE) {
    const doc = work.key(key) ?? newKey(work, key);
    if (doc.claimants.includes(strand))
      work.putKey(key, { ...doc, claimants: doc.claimants.filter((one) => one !== strand) });
  }
}

function forgetHolder(work: Work, { ref, event }: Unit, cell: string | null): void {
  for (const key of event.sessionKeys) {
    const doc = work.key(key);
    if (doc?.events.some((one) => one.event === ref) === true)
      work.putKey(key, { ...doc, events: doc.events.filter((one) => one.event !== ref) });
  }
  if (cell !== null) work.view.deleteRow("cell-event", cell, ref);
}

/** Blocks that a strand says it is in, made where they are lost: it could not leave them. */
function propUp(work: Work, id: string, units: readonly Unit[]): void {
  const { view, kernel } = work;
  const body = work.strand(id)?.body;
  if (!body) return;
  for (const block of body.blocks)
    if (view.get("block", block) === null)
      view.put("block", block, { members: [id], full: false, counting: 0 });
  for (const { event } of units) {
    for (const { id: time, position, slot } of occurrencesOf(kernel, event)) {
      const held = view.get("time", time);
      if (held?.position !== position || held.slot !== slot)
        view.put("time", time, { position, slot, first: NONE, second: NONE, full: false, counting: 0 });
    }
  }
  const lost = body.times.filter((time) => view.get("time", time) === null);
  if (lost.length > 0) patchBody(work, id, { times: body.times.filter((time) => !lost.includes(time)) });
  for (const { key } of body.claims ?? NONE) {
    const doc = work.key(key) ?? newKey(work, key);
    if (doc.claimsFull) view.putRow("key-claimant", kernel.keyId(key), id);
    else if (!doc.claimants.includes(id)) work.putKey(key, { ...doc, claimants: [...doc.claimants, id] });
  }
}

/** Draws a strand afresh from its events, and has those keys know it. */
export function redraw(work: Work, known: Known, id: string, keys: readonly Key[]): void {
  const { view, kernel } = work;
  const doc = work.strand(id);
  if (doc === null) return;
  const [only] = doc.events;
  if (doc.cell !== id) {
    if (only !== undefined) replan(work, known, only);
    return;
  }
  for (const key of keys) {
    const at = doc.keys.indexOf(key);
    if (at < 0) continue;
    const held = work.key(key) ?? newKey(work, key);
    const isUntrusted = doc.untrusted[at] === true;
    if (held.generic || (held.genericUntrusted && isUntrusted))
      view.putRow(isUntrusted ? "key-holder-untrusted" : "key-holder", kernel.keyId(key), id);
    else if (!held.cells.includes(id)) work.putKey(key, { ...held, cells: [...held.cells, id] });
    work.touchedKeys.add(key);
  }
  const refs = [...doc.events, ...view.rows("cell-event", id, Math.max(1, doc.count))];
  const units = refs.flatMap((ref) => loadUnit(work, ref) ?? []);
  propUp(work, id, units);
  const now = work.strand(id) as StrandDoc;
  work.putStrand(id, { ...now, moving: !now.alone });
  work.cells.add(id);
  work.stale.add(id);
  if (!view.isStopped) finish(work);
}

/** Counts the events of a cell again, of all that are said to be in it, and draws it afresh. */
export function recount(work: Work, known: Known, id: string, refs: readonly string[]): void {
  const { view } = work;
  const doc = work.strand(id);
  if (doc === null) return;
  const units = refs.flatMap((ref) => loadUnit(work, ref) ?? []).filter(({ cell }) => cell === id);
  for (const ref of refs) view.deleteRow("cell-event", id, ref);
  const [first] = units;
  if (first === undefined) {
    view.put("strand", id, null);
    return;
  }
  for (const { ref } of units.slice(INLINE_EVENTS)) view.putRow("cell-event", id, ref);
  const { keys, untrusted, given, signatures } = emptyStrand(work, id, first);
  const counted: StrandDoc = {
    ...doc,
    ...{ id, cell: id, keys, untrusted, given, signatures },
    count: units.length,
    typed: units.filter(({ event }) => event.typed).length,
    events: units.slice(0, INLINE_EVENTS).map(({ ref }) => ref),
    alone: doc.body === null,
  };
  view.put("strand", id, counted);
  redraw(work, known, id, keys);
}

/** A strand that no component knows waits in one, with what the feed told of it, until it is related anew. */
export function putOffStrand(work: Work, known: Known, strand: string): void {
  const { view, kernel } = work;
  const body = work.strand(strand)?.body;
  if (!body) return;
  const id = body.component ?? strand;
  const held = view.get("component", id);
  const told = known.told.get(strand);
  const profiles = held?.profiles ?? NONE;
  const isTold = told === undefined || profiles.some((profile) => profile.id === told.id);
  view.put("component", id, {
    id,
    strands: [...new Set([...(held?.strands ?? NONE), strand])],
    edges: NONE,
    profiles: isTold ? profiles : [...profiles, { ...told, rank: 0 }],
    pending: true,
    touched: held?.touched ?? NONE,
    beside: held?.beside ?? NONE,
  });
  view.put("pending", kernel.name(`component ${id}`), { why: "component", id });
  patchBody(work, strand, { component: id, profile: null });
}

/** All of a component is related anew, but for strands that are not in it. */
export function beginAgain(work: Work, known: Known, id: string, strangers: readonly string[]): void {
  const { view, kernel } = work;
  const doc = view.get("component", id);
  if (doc === null) return;
  const strands = [...new Set(doc.strands)].filter((strand) => !strangers.includes(strand));
  view.put("component", id, {
    ...doc,
    strands,
    edges: NONE,
    profiles: doc.profiles.map((profile) => {
      const version = known.versions.get(profile.id) ?? 1;
      return version > profile.version ? { ...profile, version } : profile;
    }),
    pending: true,
    touched: doc.touched.filter(({ strand }) => strands.includes(strand)),
  });
  view.put("pending", kernel.name(`component ${id}`), { why: "component", id });
}

/** An id and the strand on which it is founded know each other again. */
export function addFounded(work: Work, known: Known, strand: string, founded: FoundedId): void {
  work.view.put("id", founded.id, { founder: founded.founder, forward: null });
  const body = work.strand(strand)?.body;
  if (!body || body.ids.some(({ id }) => id === founded.id)) return;
  patchBody(work, strand, { ids: [...body.ids, founded] });
  putOffStrand(work, known, strand);
}

/** An id that a strand knows, and that leads elsewhere: of two who know it the one to which it leads keeps it. */
export function settleId(work: Work, known: Known, strand: string, founded: FoundedId): void {
  const { view } = work;
  const founder = view.get("id", founded.id)?.founder ?? null;
  const place = founder === null ? null : placeOf(work, founder);
  const other = place === null ? null : strandOf(work, place);
  const isElsewhere =
    other !== null &&
    view.get("strand", other)?.body?.ids.some((one) => one.id === founded.id && one.founder === founder);
  view.isTorn = false;
  if (isElsewhere !== true) {
    view.put("id", founded.id, { founder: founded.founder, forward: null });
    return;
  }
  const ids = work.strand(strand)?.body?.ids ?? NONE;
  patchBody(work, strand, {
    ids: ids.filter(({ id, founder: own }) => id !== founded.id || (other === strand && own === founder)),
  });
  putOffStrand(work, known, strand);
}

export function dropPartner(work: Work, strand: string, partner: string): void {
  const body = work.strand(strand)?.body;
  if (!body) return;
  patchBody(work, strand, { near: body.near.filter((one) => one.strand !== partner) });
  work.relink.add(strand);
  finish(work);
}

/** A holder that does not say that it is one. */
export function dropMember(
  work: Work,
  id: string,
  list: "cells" | "events" | "claimants",
  name: string,
): void {
  const doc = work.view.get("key", id);
  if (doc === null) return;
  const once = <T>(members: readonly T[], nameOf: (one: T) => string, isOurs: boolean): readonly T[] =>
    isOurs ? members.filter((one) => nameOf(one) !== name) : members;
  work.view.put("key", id, {
    ...doc,
    cells: once(doc.cells, (cell) => cell, list === "cells"),
    events: once(doc.events, ({ event }) => event, list === "events"),
    claimants: once(doc.claimants, (strand) => strand, list === "claimants"),
  });
}

/** A plain key and its digests know each other again. */
export function restateDigest(work: Work, key: Key): void {
  const { view, kernel } = work;
  const doc = work.key(key);
  if (doc === null) return;
  if (kernel.isDigest(key)) {
    const id = kernel.digestId(key);
    const by = view.get("digest", id)?.by ?? NONE;
    const stated = doc.cells.length > 0 || doc.generic || doc.genericUntrusted;
    view.put("digest", id, by.length === 0 && !stated ? null : { by, stated });
    return;
  }
  const stated: Key[] = [];
  for (const { id, digest } of kernel.digestsOf(key)) {
    const held = view.get("digest", id) ?? { by: NONE, stated: false };
    const other = work.key(digest());
    const isStated = other !== null && (other.cells.length > 0 || other.generic || other.genericUntrusted);
    view.put("digest", id, { by: [...new Set([...held.by, key])], stated: isStated });
    if (isStated) stated.push(digest());
  }
  work.putKey(key, { ...doc, digests: stated });
  for (const cell of doc.cells) work.stale.add(cell);
  work.touchedKeys.add(key);
  finish(work);
}
