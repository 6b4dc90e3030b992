import { NONE } from "../../resolve/observation.js";
import { isDiffering } from "../../resolve/plan/assertions.js";
import { type Occurrence, occurrencesOf } from "../../resolve/plan/blocks.js";
import { cellOf, isAlone } from "../../resolve/plan/cells.js";
import type { StrandBody, StrandDoc } from "../../resolve/plan/documents.js";
import { drawEvidence, evidenceChange, foldEvent, lastingBlocks } from "../../resolve/plan/evidence.js";
import { loneStrand, type Unit } from "../../resolve/plan/work.js";
import type { Known } from "./known.js";
import type { Look } from "./looking.js";
import { dropPartner, putOffStrand, recount, redraw, replan, settleId } from "./mending.js";

/** Rung 4: strands, what they say, and where they are listed. */

/** Events of one strand that are folded again: of a larger one its evidence is believed. */
const MOST_EVENTS = 500;

export function lookAtStrand(look: Look, id: string): void {
  const { work } = look;
  const doc = work.view.get("strand", id);
  if (doc === null) return;
  if (doc.id !== id) {
    look.fault("misnamed", id, (mending) => mending.view.put("strand", id, null));
    return;
  }
  if (doc.cell === id) lookAtCell(look, doc);
  else lookAtLone(look, doc);
  if (doc.body !== null) lookAtBody(look, doc, doc.body);
}

function lookAtLone(look: Look, doc: StrandDoc): void {
  const { work } = look;
  const [ref] = doc.events;
  const unit = ref === undefined ? null : look.unit(ref);
  const cell = doc.cell === null ? null : work.view.get("strand", doc.cell);
  const isRight =
    ref !== undefined &&
    unit !== null &&
    doc.events.length === 1 &&
    doc.count === 1 &&
    doc.typed === (unit.event.typed ? 1 : 0) &&
    !doc.alone &&
    !doc.moving &&
    doc.body !== null &&
    loneStrand(work.kernel, ref) === doc.id &&
    unit.cell === doc.cell &&
    (doc.cell === null || cell?.alone === true || cell?.moving === true);
  if (isRight) return;
  look.fault("strand", doc.id, (mending, known) => {
    if (unit !== null && ref !== undefined) replan(mending, known, ref);
    else mending.view.put("strand", doc.id, null);
  });
}

/** Whether a cell counts the events that are in it, and stands as its keys say. */
function lookAtCell(look: Look, doc: StrandDoc): void {
  const { work } = look;
  const { kernel } = work;
  const rows = look.rows("cell-event", doc.id);
  const refs = new Set([...doc.events, ...rows.names]);
  const afresh = (mending: typeof work, known: Known): void => recount(mending, known, doc.id, [...refs]);
  const units = unitsOf(look, [...refs]);
  const isCounted =
    !rows.isAll ||
    (doc.count === refs.size &&
      doc.count > 0 &&
      units?.every(({ cell }) => cell === doc.id) === true &&
      (units.length < refs.size || doc.typed === units.filter(({ event }) => event.typed).length));
  const [first] = units ?? NONE;
  const isSame =
    first === undefined ||
    (first.event.keys.length === doc.keys.length &&
      first.event.keys.every(
        (key, at) =>
          key === doc.keys[at] && (first.event.untrusted[at] === true) === (doc.untrusted[at] === true),
      ) &&
      isSameNames(kernel.namesOf(first.event), doc) &&
      look.attempt(() => cellOf(work, first.event, first.ref, isDiffering(work, first))) === doc.id);
  if (!isCounted || !isSame) look.fault("cell", doc.id, afresh);
  const isMoving = doc.moving || work.view.get("pending", kernel.name(`cell ${doc.id}`)) !== null;
  if (doc.moving && work.view.get("pending", kernel.name(`cell ${doc.id}`)) === null)
    look.fault("pending", doc.id, afresh);
  if (doc.alone ? doc.body !== null : doc.body === null) look.fault("strand", doc.id, afresh);
  else if (!isMoving && look.attempt(() => isAlone(work, doc)) !== doc.alone)
    look.fault("strand", doc.id, afresh);
  doc.keys.forEach((key, at) => {
    const held = work.key(key);
    const untrusted = doc.untrusted[at] === true;
    const isRow = held !== null && (held.generic || (held.genericUntrusted && untrusted));
    const isHeld = isRow
      ? look.hasRow(untrusted ? "key-holder-untrusted" : "key-holder", kernel.keyId(key), doc.id)
      : held?.cells.includes(doc.id) === true;
    if (!isHeld)
      look.fault("key", kernel.keyId(key), (mending, known) => redraw(mending, known, doc.id, [key]));
  });
}

function isSameNames(
  a: Pick<StrandDoc, "given" | "signatures">,
  b: Pick<StrandDoc, "given" | "signatures">,
): boolean {
  return a.given.join(" ") === b.given.join(" ") && a.signatures.join(" ") === b.signatures.join(" ");
}

function unitsOf(look: Look, refs: readonly string[]): Unit[] | null {
  const units = refs.slice(0, MOST_EVENTS).map((ref) => look.unit(ref));
  return units.every((unit) => unit !== null) ? units : null;
}

function lookAtBody(look: Look, doc: StrandDoc, body: StrandBody): void {
  const { work } = look;
  const { view } = work;
  const cell = doc.cell === null ? null : view.get("strand", doc.cell);
  // What comes to a cell on the move stands alone, as it came, until the cell is gathered.
  if (!doc.moving && cell?.moving !== true) {
    const refs = doc.cell === doc.id ? [...doc.events, ...look.rows("cell-event", doc.id).names] : doc.events;
    const units = refs.length <= MOST_EVENTS && refs.length === doc.count ? unitsOf(look, refs) : null;
    if (units !== null && units.length > 0) lookAtFold(look, doc, body, units);
  }
  for (const key of body.claims ?? NONE) lookAtClaim(look, doc, key.key);
  for (const block of new Set(body.blocks)) {
    const held = view.get("block", block);
    const isListed =
      held !== null &&
      (held.full ? look.hasRow("block-member", block, doc.id) : held.members.includes(doc.id));
    if (!isListed) look.fault("block", block, (mending, known) => redraw(mending, known, doc.id, NONE));
  }
  if (body.component === null) {
    if (body.profile === null)
      look.fault("profile", doc.id, (mending, known) => putOffStrand(mending, known, doc.id));
  } else {
    const component = view.get("component", body.component);
    if (component?.strands.includes(doc.id) !== true || body.profile !== null)
      look.fault("component", doc.id, (mending, known) => putOffStrand(mending, known, doc.id));
  }
  for (const { strand, levels } of body.near) {
    const back = view.get("strand", strand)?.body?.near.find((one) => one.strand === doc.id);
    if (back?.levels !== levels)
      look.fault("partner", doc.id, (mending) => dropPartner(mending, doc.id, strand));
  }
  for (const founded of body.ids) {
    const { id, founder, age } = founded;
    const held = view.get("id", id);
    if (held?.founder !== founder || JSON.stringify([age.source, age.id]) !== founder)
      look.fault("id", id, (mending, known) => settleId(mending, known, doc.id, founded));
  }
}

function lookAtClaim(look: Look, doc: StrandDoc, key: StrandDoc["keys"][number]): void {
  const { kernel } = look.work;
  const held = look.work.key(key);
  const isKnown =
    held !== null &&
    (held.claimsFull
      ? look.hasRow("key-claimant", kernel.keyId(key), doc.id)
      : held.claimants.includes(doc.id));
  if (!isKnown)
    look.fault("key", kernel.keyId(key), (mending, known) => redraw(mending, known, doc.id, [key]));
}

/** Whether a strand says what its events say, as the keys stand. */
function lookAtFold(look: Look, doc: StrandDoc, body: StrandBody, units: readonly Unit[]): void {
  const { work } = look;
  let folded: StrandBody | null = null;
  for (const { event } of units) folded = foldEvent(work, folded, doc, event);
  if (folded === null) return;
  const own = new Set(units.flatMap(({ fragments }) => fragments));
  const afresh = (mending: typeof work, known: Known): void => redraw(mending, known, doc.id, doc.keys);
  const evidence = look.attempt(() => drawEvidence(work, doc, folded as StrandBody));
  const isDrawn =
    evidence !== null &&
    isSameFold(look, folded, body) &&
    evidenceChange(evidence, body.evidence) === "none" &&
    sameSet(look.attempt(() => lastingBlocks(work, evidence)) ?? NONE, body.blocks);
  if (!isDrawn || body.said.some((key) => !own.has(key)) || body.ids.some(({ founder }) => !own.has(founder)))
    look.fault("evidence", doc.id, afresh);
  lookAtTimes(look, doc, body, units);
}

function isSameFold(look: Look, a: StrandBody, b: StrandBody): boolean {
  const { fields } = look.work.kernel.compiled;
  const days = (list: readonly number[]): string => list.map(String).join(" ");
  const session = ({ session: { keys, firstDays, lastDays } }: StrandBody): string =>
    (keys ?? [null])
      .map((key, at) => `${key?.index} ${firstDays[at]} ${lastDays[at]}`)
      .sort()
      .join();
  const claims = (one: StrandBody): string =>
    (one.claims ?? [null])
      .map((claim) => `${claim?.key.index} ${claim?.confidence}`)
      .sort()
      .join();
  return (
    a.oldest.atMs === b.oldest.atMs &&
    a.oldest.source === b.oldest.source &&
    a.oldest.id === b.oldest.id &&
    fields.every(({ index }) => sameSet(a.own[index] ?? NONE, b.own[index] ?? NONE)) &&
    days(a.firstDays) === days(b.firstDays) &&
    days(a.lastDays) === days(b.lastDays) &&
    session(a) === session(b) &&
    claims(a) === claims(b)
  );
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}

/** Whether a strand stands in the time-local blocks of its events, with their bins and no others. */
function lookAtTimes(look: Look, doc: StrandDoc, body: StrandBody, units: readonly Unit[]): void {
  const { work } = look;
  const places = new Map<string, Occurrence[]>();
  for (const { event } of units)
    for (const at of occurrencesOf(work.kernel, event)) places.set(at.id, [...(places.get(at.id) ?? []), at]);
  const afresh = (mending: typeof work, known: Known): void => redraw(mending, known, doc.id, NONE);
  if (!sameSet([...places.keys()], body.times)) look.fault("evidence", doc.id, afresh);
  for (const [id, occurrences] of places) {
    const held = work.view.get("time", id);
    const wanted = new Set(occurrences.map(({ second, bin }) => `${second ? 2 : 1} ${bin}`));
    const found =
      held === null || held.full
        ? []
        : [held.first, held.second].flatMap((side, at) =>
            side
              .filter(({ strand }) => strand === doc.id)
              .flatMap(({ bins }) => bins.map((bin) => `${at + 1} ${bin}`)),
          );
    const isListed =
      held !== null &&
      held.position === occurrences[0]?.position &&
      held.slot === occurrences[0].slot &&
      (held.full
        ? [...wanted].every((place) => look.hasRow("time-member", id, `${place} ${doc.id}`))
        : sameSet([...wanted], found));
    if (!isListed) look.fault("time", id, afresh);
  }
}
