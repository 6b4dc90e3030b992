import type { LeadEvent } from "../events.js";
import { type Key, NONE } from "../observation.js";
import { saidKeys } from "./assertions.js";
import { enterBlock, enterTime, leaveBlock, leaveTime, occurrencesOf } from "./blocks.js";
import { forgetKey, isAlone, isEmptyKey, newKey, recheckedKey, soleStrand, strandOf } from "./cells.js";
import { copyBody, copyStrand, withBody } from "./copies.js";
import type { FoundedId, StrandBody, StrandDoc } from "./documents.js";
import { drawEvidence, evidenceChange, foldEvent, lastingBlocks } from "./evidence.js";
import { catchUp, putOff, recheck } from "./hot.js";
import { appended } from "./lists.js";
import { loadUnit } from "./units.js";
import { loneStrand, type Unit, type Work } from "./work.js";

/** Rung 4: every unit to its strand, by the present standing of the keys. */
export function placeUnits(work: Work): void {
  const dropsOf = groupByCell(work.drops);
  const addsOf = groupByCell(work.adds);
  // What leaves goes before anything comes: a unit may stand alone before and after, in one cell and then in another.
  for (const unit of work.drops) {
    takeIds(work, unit);
    if (leftFrom(work, unit) === loneStrand(work.kernel, unit.ref)) removeLone(work, unit);
  }
  for (const unit of addsOf.get(null) ?? NONE) makeLone(work, unit);
  for (const id of work.stale) {
    const doc = work.strand(id);
    if (doc !== null && doc.cell === id) work.cells.add(id);
  }
  for (const id of work.cells) {
    placeCell(work, id, dropsOf.get(id) ?? NONE, addsOf.get(id) ?? NONE);
    if (work.view.isStopped) return;
  }
  for (const id of work.stale) {
    const doc = work.strand(id);
    if (doc === null || doc.body === null || doc.cell === id) continue;
    settleStrand(work, id, doc.body, null, NONE);
  }
  for (const id of work.fullClaimants) {
    const doc = work.strand(id);
    work.stale.add(id);
    if (doc?.body) settleStrand(work, id, doc.body, null, NONE);
  }
  for (const unit of work.resaid) sayAgain(work, unit);
}

/** What was said of a unit's fragments may have changed; its strand is related anew. */
function sayAgain(work: Work, unit: Unit): void {
  const id = strandOf(work, unit);
  const doc = work.view.must("strand", id);
  if (!doc?.body) return;
  const own = unit.fragments;
  const said = [...doc.body.said.filter((key) => !own.includes(key)), ...saidKeys(work, unit)];
  const body = copyBody(doc.body);
  body.said = said;
  work.putStrand(id, withBody(doc, body));
  work.relink.add(id);
}

function groupByCell(units: readonly Unit[]): Map<string | null, Unit[]> {
  const groups = new Map<string | null, Unit[]>();
  for (const unit of units) {
    const held = groups.get(unit.cell);
    if (held === undefined) groups.set(unit.cell, [unit]);
    else held.push(unit);
  }
  return groups;
}

function placeCell(work: Work, id: string, drops: readonly Unit[], adds: readonly Unit[]): void {
  const cell = work.strand(id);
  if (cell === null) return;
  if (cell.count === 0) {
    takeAllIds(work, cell);
    if (cell.body !== null) removeBody(work, id, cell.body, cell.moving ? null : drops);
    work.putStrand(id, null);
    catchUp(work, "cell", id);
    return;
  }
  const isNew = cell.body === null && !cell.alone;
  // The standing of its keys has not changed, or it would be stale.
  const isSettled = !isNew && !cell.moving && !work.stale.has(id) && !work.isDraining;
  const alone = isSettled ? cell.alone : isAlone(work, cell);
  if (cell.moving && !work.isDraining) placeWhileMoving(work, cell, alone, adds);
  else if (alone) {
    if (isNew || cell.alone) {
      const counting = copyStrand(cell);
      counting.alone = true;
      work.putStrand(id, counting);
      for (const unit of adds) makeLone(work, unit);
      if (work.stale.has(id)) staleLoneStrands(work, cell, adds);
    } else if (mayMove(work, cell)) dissolve(work, cell, drops, adds);
  } else if (isNew) fold(work, id, adds);
  else if (cell.alone || drops.length > 0 || cell.moving) {
    if (mayMove(work, cell)) gather(work, cell, drops, adds);
  } else if (adds.length > 0) fold(work, id, adds);
  else settleStrand(work, id, cell.body as StrandBody, null, NONE);
}

/** Too many events to move at once: the cell waits for `drain`, whole as it was. */
function mayMove(work: Work, cell: StrandDoc): boolean {
  if (work.isDraining || cell.count <= work.kernel.limits.maxMoves) return true;
  work.putStrand(cell.id, { ...cell, moving: true });
  putOff(work, "cell", cell.id);
  work.waiting.add(cell.id);
  placeWhileMoving(
    work,
    work.strand(cell.id) as StrandDoc,
    isAlone(work, cell),
    work.adds.filter((unit) => unit.cell === cell.id),
  );
  return false;
}

/** New events of a cell on the move go home at once; what has left stays in its body until `drain` counts afresh. */
function placeWhileMoving(work: Work, cell: StrandDoc, alone: boolean, adds: readonly Unit[]): void {
  work.waiting.add(cell.id);
  if (alone || cell.body === null) {
    for (const unit of adds) {
      makeLone(work, unit);
      work.waiting.add(loneStrand(work.kernel, unit.ref));
    }
  } else fold(work, cell.id, adds);
}

/** The events of a cell, those in rows included. */
export function eventRefs(work: Work, cell: StrandDoc): readonly string[] {
  if (cell.events.length >= cell.count) return cell.events;
  return [...cell.events, ...work.view.rows("cell-event", cell.id, cell.count - cell.events.length)];
}

/** All units of a cell. */
function unitsOf(work: Work, cell: StrandDoc, adds: readonly Unit[]): Unit[] {
  const units: Unit[] = [];
  for (const ref of eventRefs(work, cell)) {
    const unit = adds.find((added) => added.ref === ref) ?? loadUnit(work, ref);
    if (unit !== null) units.push(unit);
  }
  return units;
}

/** A cell whose events stand alone has nothing to draw afresh: each of them has. */
function staleLoneStrands(work: Work, cell: StrandDoc, adds: readonly Unit[]): void {
  for (const ref of eventRefs(work, cell))
    if (!adds.some((unit) => unit.ref === ref)) work.stale.add(loneStrand(work.kernel, ref));
}

function dissolve(work: Work, cell: StrandDoc, drops: readonly Unit[], adds: readonly Unit[]): void {
  const units = unitsOf(work, cell, adds);
  if (work.view.isStopped) return;
  const lost = [...drops, ...units];
  takeAllIds(work, cell);
  for (const unit of units) {
    // What has only just come, or came while the cell waited, never was in it.
    const isFromElsewhere = cell.moving && work.strand(loneStrand(work.kernel, unit.ref)) !== null;
    if (adds.includes(unit) || isFromElsewhere) continue;
    for (const key of unit.fragments) work.leftFrom.set(key, cell.id);
  }
  removeBody(work, cell.id, cell.body as StrandBody, cell.moving ? null : lost);
  work.putStrand(cell.id, { ...cell, alone: true, moving: false, body: null });
  catchUp(work, "cell", cell.id);
  for (const unit of units) {
    // One that came while the cell waited stands there already, and has not heard of keys whose standing has changed since.
    if (cell.moving) work.stale.add(loneStrand(work.kernel, unit.ref));
    makeLone(work, unit);
  }
}

/** Builds the strand of a cell afresh from all its events, wherever they stood. */
function gather(work: Work, cell: StrandDoc, drops: readonly Unit[], adds: readonly Unit[]): void {
  const units = unitsOf(work, cell, adds);
  if (work.view.isStopped) return;
  if (cell.alone || cell.moving) {
    for (const unit of units) {
      const lone = loneStrand(work.kernel, unit.ref);
      if (work.strand(lone) === null) continue;
      takeIds(work, unit, lone);
      for (const key of unit.fragments) work.leftFrom.set(key, lone);
      removeLone(work, unit);
    }
  }
  const old = cell.body;
  if (old !== null) {
    leaveAll(work, cell.id, old, cell.moving ? null : [...drops, ...units]);
    takeAllIds(work, cell);
  }
  const bare: StrandDoc = { ...cell, alone: false, moving: false, body: null };
  work.putStrand(cell.id, bare);
  catchUp(work, "cell", cell.id);
  fold(work, cell.id, units, old);
}

function makeLone(work: Work, unit: Unit): void {
  const id = loneStrand(work.kernel, unit.ref);
  const held = work.strand(id);
  const doc = held === null ? soleStrand(work, id, unit) : copyStrand(held);
  doc.cell = unit.cell;
  doc.typed = unit.event.typed ? 1 : 0;
  work.putStrand(id, doc);
  fold(work, id, [unit]);
}

function removeLone(work: Work, unit: Unit): void {
  const id = loneStrand(work.kernel, unit.ref);
  const doc = work.view.must("strand", id);
  if (doc === null) return;
  takeAllIds(work, doc);
  const body = doc.body ?? work.before.get(id)?.body ?? null;
  if (body !== null) removeBody(work, id, body, [unit]);
  work.putStrand(id, null);
}

/** Adds units to a strand; `old` is the body that this one takes the place of. */
function fold(work: Work, id: string, units: readonly Unit[], old: StrandBody | null = null): void {
  const doc = work.strand(id) as StrandDoc;
  let body = doc.body;
  for (const unit of units) {
    body = foldEvent(work, body, doc, unit.event);
    receive(work, id, unit);
  }
  if (body === null) return;
  const ids = foundedBack(work, units);
  const said =
    units.length === 1 ? saidKeys(work, units[0] as Unit) : units.flatMap((unit) => saidKeys(work, unit));
  if (ids.length > 0 || said.length > 0) {
    const marked = copyBody(body);
    if (ids.length > 0) marked.ids = [...body.ids, ...ids];
    if (said.length > 0) marked.said = [...new Set([...body.said, ...said])];
    body = marked;
  }
  // What was said of a fragment comes with it, even where it tells its strand nothing new.
  if (said.length > 0) work.relink.add(id);
  settleStrand(work, id, body, old, units);
}

/** Remembers whence the fragments of a unit came to a strand. */
function receive(work: Work, id: string, { fragments }: Unit): void {
  if (work.leftFrom.size === 0) return;
  for (const key of fragments) {
    const from = work.leftFrom.get(key);
    if (from === undefined || from === id) continue;
    const held = work.cameFrom.get(id);
    if (held === undefined) work.cameFrom.set(id, new Set([from]));
    else held.add(from);
  }
}

/** Writes a strand whose body may have changed: evidence, blocks, and who has to be compared with it again. */
function settleStrand(
  work: Work,
  id: string,
  folded: StrandBody,
  old: StrandBody | null,
  gained: readonly Unit[],
): void {
  const doc = work.strand(id) as StrandDoc;
  const before = doc.body ?? old;
  const evidence =
    doc.body === folded && !work.stale.has(id) ? folded.evidence : drawEvidence(work, doc, folded);
  const change = before === null || old !== null ? "all" : evidenceChange(before.evidence, evidence);
  if (before === null || old !== null || change !== "none") countClaims(work, id, before, folded);
  else if (before.claims !== folded.claims) countClaims(work, id, before, folded);
  let blocks = before?.blocks ?? NONE;
  if (change === "all") {
    blocks = lastingBlocks(work, evidence);
    const left = old === null ? (before?.blocks ?? NONE) : NONE;
    for (const block of left) if (!blocks.includes(block)) leaveBlock(work, block, id);
    for (const block of blocks) if (!left.includes(block)) enterBlock(work, block, id);
  }
  let times: string[] | undefined;
  let isMoved = false;
  for (const { event } of gained) {
    for (const at of occurrencesOf(work.kernel, event)) {
      if (enterTime(work, at, id)) isMoved = true;
      if ((times ?? folded.times).includes(at.id)) continue;
      times ??= [...folded.times];
      times.push(at.id);
    }
  }
  const body = copyBody(folded);
  if (old !== null) {
    body.component = old.component;
    body.profile = old.profile;
    body.near = old.near;
  }
  body.evidence = change === "none" && before !== null ? before.evidence : evidence;
  body.blocks = blocks;
  if (times !== undefined) body.times = times.slice();
  work.putStrand(id, withBody(doc, body));
  if (change !== "none") work.changed.add(id);
  if (change === "all" || isMoved) work.relink.add(id);
  // An older fragment alone decides ties otherwise.
  else if (change === "days" || before?.oldest !== body.oldest) work.redated.add(id);
}

function claimedKeys(body: StrandBody | null): readonly Key[] {
  const claims = body?.claims ?? NONE;
  return claims.length === 0 ? NONE : claims.map(({ key }) => key);
}

/** Keeps the lists of claimants: a strand with too many claims is on none. */
function countClaims(work: Work, id: string, before: StrandBody | null, after: StrandBody | null): void {
  const [left, entered] = [claimedKeys(before), claimedKeys(after)];
  for (const key of left) if (!entered.includes(key)) dropClaimant(work, key, id);
  for (const key of entered) if (!left.includes(key)) addClaimant(work, key, id);
}

function addClaimant(work: Work, key: Key, strand: string): void {
  const { view, kernel } = work;
  const doc = work.key(key) ?? newKey(work, key);
  if (doc.claimsFull) {
    view.putRow("key-claimant", kernel.keyId(key), strand);
    if (doc.counting > 0) work.putKey(key, { ...doc, counting: doc.counting + 1 });
    return;
  }
  const claimants = appended(doc.claimants, strand);
  if (claimants.length <= kernel.compiled.model.limits.maxBlock) {
    work.putKey(key, { ...doc, claimants });
    return;
  }
  work.putKey(key, { ...doc, claimants: NONE, claimsFull: true });
  for (const one of claimants) {
    view.putRow("key-claimant", kernel.keyId(key), one);
    work.fullClaimants.add(one);
  }
}

function dropClaimant(work: Work, key: Key, strand: string): void {
  const { view, kernel } = work;
  const doc = view.must("key", kernel.keyId(key));
  if (doc === null) return;
  if (doc.claimsFull) {
    view.deleteRow("key-claimant", kernel.keyId(key), strand);
    recheck(work, "claims", recheckedKey(key));
    return;
  }
  const left = { ...doc, claimants: doc.claimants.filter((one) => one !== strand) };
  work.putKey(key, left);
  if (isEmptyKey(left)) forgetKey(work, key);
}

/** Takes a body out of everything that it stands in; `units` as for `leaveAll`. */
function removeBody(work: Work, id: string, body: StrandBody, units: readonly Unit[] | null): void {
  leaveAll(work, id, body, units);
  countClaims(work, id, body, null);
  work.removed.set(id, body);
}

/** @param units all that the body was made of; null where some of it left while the cell waited, and nobody knows what it was */
function leaveAll(work: Work, id: string, body: StrandBody, units: readonly Unit[] | null): void {
  for (const block of body.blocks) leaveBlock(work, block, id);
  if (body.times.length === 0) return;
  const lost = units?.flatMap(({ event }) => occurrencesOf(work.kernel, event)) ?? null;
  for (const time of body.times) leaveTime(work, time, id, lost);
}

/** The strand in which a unit stood before it was dropped. */
function leftFrom(work: Work, { fragments }: Unit): string | undefined {
  return work.leftFrom.get(fragments[0] as string);
}

/** Ids founded on a unit's fragments go where the fragments go. */
function takeIds(work: Work, unit: Unit, from?: string): void {
  const id = from ?? leftFrom(work, unit);
  if (id === undefined) return;
  const doc = work.strand(id);
  if (!doc?.body || doc.body.ids.length + doc.body.said.length === 0) return;
  const own = new Set(unit.fragments);
  const [going, staying] = [true, false].map((isGoing) =>
    (doc.body as StrandBody).ids.filter(({ founder }) => own.has(founder) === isGoing),
  ) as [FoundedId[], FoundedId[]];
  for (const one of going) work.limbo.set(one.founder, [...(work.limbo.get(one.founder) ?? []), one]);
  const body = copyBody(doc.body);
  body.ids = staying;
  body.said = doc.body.said.filter((key) => !own.has(key));
  work.putStrand(id, withBody(doc, body));
}

function takeAllIds(work: Work, doc: StrandDoc): void {
  if (!doc.body || doc.body.ids.length === 0) return;
  for (const one of doc.body.ids) {
    work.limbo.set(one.founder, [...(work.limbo.get(one.founder) ?? []), one]);
    // A founder that went while its strand waited left it then.
    if (!work.leftFrom.has(one.founder)) work.leftFrom.set(one.founder, doc.id);
  }
  const body = copyBody(doc.body);
  body.ids = NONE;
  work.putStrand(doc.id, withBody(doc, body));
}

function foundedBack(work: Work, units: readonly Unit[]): FoundedId[] {
  if (work.limbo.size === 0) return [];
  const back: FoundedId[] = [];
  for (const { event, fragments } of units) {
    for (const [at, key] of fragments.entries()) {
      const { fragment, atMs } = event.observations[at] as LeadEvent["observations"][number];
      for (const one of work.limbo.get(key) ?? [])
        back.push({ ...one, age: { atMs, source: fragment.source, id: fragment.id } });
      work.limbo.delete(key);
    }
  }
  return back;
}
