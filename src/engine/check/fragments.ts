import { type Fragment, fragmentKey } from "../../fragment/fragment.js";
import { validateFragment } from "../../fragment/validate.js";
import { isOverflowing } from "../../resolve/events.js";
import { eventName, isOwnEvent } from "../../resolve/observe.js";
import { isDiffering, saidKeys } from "../../resolve/plan/assertions.js";
import { cellOf, strandOf } from "../../resolve/plan/cells.js";
import type { FragmentDoc } from "../../resolve/plan/documents.js";
import { recheck } from "../../resolve/plan/hot.js";
import { eventUnit, fragmentUnit, loneStrand } from "../../resolve/plan/work.js";
import type { Known } from "./known.js";
import type { Look } from "./looking.js";
import { expectEventKnows, replan } from "./mending.js";

/** Rungs 1 and 2: fragments, the events they make, and where these stand. */

export function lookAtFragment(look: Look, id: string): void {
  const { work } = look;
  const doc = work.view.get("fragment", id);
  if (doc === null) return;
  const { version, goneUpTo, text, event, cell } = doc;
  if (text === null) {
    if (event !== null || cell !== null) look.fault("fragment", id);
    return;
  }
  const fragment = look.attempt(() => parse(text));
  if (fragment === null || goneUpTo === null || version <= goneUpTo || version !== (fragment.version ?? 0)) {
    look.fault("fragment", id);
    return;
  }
  const key = fragmentKey(fragment);
  if (work.kernel.name(key) !== id) {
    look.fault("misnamed", id);
    return;
  }
  if (isOwnEvent(fragment)) {
    if (event === null) lookAtUnit(look, id, fragmentUnit(key));
    else look.fault("event", id, (mending) => mending.putFragment(key, { ...doc, event: null }));
    return;
  }
  lookAtMember(look, id, key, doc, eventName(fragment));
}

function parse(text: string): Fragment | null {
  const checked = validateFragment(JSON.parse(text));
  return checked.ok && !("gone" in checked.value) ? checked.value : null;
}

function lookAtMember(look: Look, id: string, key: string, doc: FragmentDoc, name: string): void {
  const { view, kernel } = look.work;
  const eventId = kernel.name(name);
  const event = view.get("event", eventId);
  const isKnown =
    event !== null &&
    (event.over ? look.hasRow("event-fragment", eventId, key) : event.fragments.includes(key));
  if (doc.event !== name || !isKnown) {
    look.fault("event", id, (work) => expectEventKnows(work, key, name));
    return;
  }
  if (event.over) lookAtUnit(look, id, fragmentUnit(key));
  else {
    if (doc.cell !== null) look.fault("cell", id, (work) => work.putFragment(key, { ...doc, cell: null }));
    // Each event is looked at once.
    if (event.fragments[0] === key) lookAtUnit(look, id, eventUnit(name));
  }
}

export function lookAtEvent(look: Look, id: string): void {
  const { work } = look;
  const { view, kernel } = work;
  const doc = view.get("event", id);
  if (doc === null) return;
  const rows = doc.over ? look.rows("event-fragment", id) : null;
  const keys = [...(rows?.names ?? doc.fragments)];
  const isRight = (key: string): boolean => {
    const held = work.fragment(key);
    return held !== null && held.text !== null && held.event !== null && kernel.name(held.event) === id;
  };
  const wrong = keys.filter((key) => !isRight(key));
  if (
    wrong.length > 0 ||
    new Set(doc.fragments).size !== doc.fragments.length ||
    (doc.over && doc.cell !== null)
  )
    look.fault("event", id, (mending) => {
      if (doc.over) for (const key of wrong) mending.view.deleteRow("event-fragment", id, key);
      else {
        const fragments = [...new Set(doc.fragments)].filter((key) => !wrong.includes(key));
        mending.view.put("event", id, fragments.length === 0 ? null : { ...doc, fragments });
      }
    });
  else if (rows === null) {
    if (keys.length === 0) look.fault("event", id, (mending) => mending.view.put("event", id, null));
  } else if (rows.isAll) lookAtOverflow(look, id, keys);
}

/** One that has come back below its limits waits to be counted. */
function lookAtOverflow(look: Look, id: string, keys: readonly string[]): void {
  const { work } = look;
  const { view, kernel } = work;
  const [first] = keys;
  const name = first === undefined ? null : (work.fragment(first)?.event ?? null);
  const observations = look.attempt(() => keys.map((key) => work.observe(work.fragment(key)?.text ?? "")));
  const isOver = observations === null || isOverflowing(observations, kernel.compiled);
  if (isOver || name === null || view.get("recheck", kernel.name(`event ${name}`)) !== null) return;
  look.fault("event", id, (mending) => recheck(mending, "event", name));
}

/** Whether an event stands in the cell and the strand that its fragments make, and is known there. */
function lookAtUnit(look: Look, id: string, ref: string): void {
  const { work } = look;
  const { view, kernel } = work;
  const unit = look.unit(ref);
  if (unit === null) {
    look.fault("event", id);
    return;
  }
  const again = (mending: typeof work, known: Known): void => replan(mending, known, ref);
  const cell = look.attempt(() => cellOf(work, unit.event, ref, isDiffering(work, unit)));
  if (cell !== unit.cell) {
    look.fault("cell", id, again);
    return;
  }
  const held = cell === null ? null : view.get("strand", cell);
  if (cell !== null) {
    const isListed =
      held !== null &&
      (held.events.includes(ref) ||
        look.rows("cell-event", cell).names.has(ref) ||
        !look.rows("cell-event", cell).isAll);
    if (!isListed) look.fault("cell", id, again);
  }
  const strand = look.attempt(() => strandOf(work, unit));
  const body = strand === null ? null : (view.get("strand", strand)?.body ?? null);
  if (body === null) {
    look.fault("strand", strand ?? id, again);
    return;
  }
  if (strand !== loneStrand(kernel, ref) && held?.alone === true) look.fault("strand", id, again);
  const said = look.attempt(() => saidKeys(work, unit)) ?? [];
  const own = unit.fragments;
  if (own.some((key) => said.includes(key) !== body.said.includes(key))) look.fault("assertion", id, again);
  for (const key of unit.event.sessionKeys) {
    const doc = work.key(key);
    const isHeld =
      doc !== null &&
      (doc.generic
        ? look.hasRow("key-holder", kernel.keyId(key), ref)
        : doc.events.some(
            (one) => one.event === ref && one.cell === unit.cell && one.typed === unit.event.typed,
          ));
    if (!isHeld) look.fault("key", kernel.keyId(key), again);
  }
}
