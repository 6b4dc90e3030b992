import { type Fragment, fragmentKey } from "../../fragment/fragment.js";
import { isOverflowing, partName } from "../events.js";
import { compareAge, type Observation } from "../observation.js";
import { eventName, isOwnEvent } from "../observe.js";
import { isDiffering } from "./assertions.js";
import { cellOf } from "./cells.js";
import type { FragmentDoc } from "./documents.js";
import { recheck } from "./hot.js";
import { appended } from "./lists.js";
import { eventUnit, fragmentUnit, keysOfFragments, type Unit, type Work } from "./work.js";

/** Rung 2, incrementally: what one fragment's coming, going or changing does to the events that hold it. */
export function editFragment(work: Work, before: Fragment | null, after: Fragment | null): void {
  const [from, to] = [before, after].map((fragment) => (fragment === null ? null : eventName(fragment)));
  if (from === to) editEvent(work, from as string, before, after);
  else {
    if (after !== null && !isOwnEvent(after)) expectEvent(work, to as string);
    if (before !== null) editEvent(work, from as string, before, null);
    if (after !== null) editEvent(work, to as string, null, after);
  }
}

/** Who asks where a fragment is that is on its way to an event must find that event. */
function expectEvent({ view, kernel }: Work, name: string): void {
  const id = kernel.name(name);
  if (view.get("event", id) === null)
    view.put("event", id, { fragments: [], over: false, cell: null, counting: 0 });
}

function editEvent(work: Work, name: string, before: Fragment | null, after: Fragment | null): void {
  const { view, kernel } = work;
  const fragment = (before ?? after) as Fragment;
  const key = fragmentKey(fragment);
  if (isOwnEvent(fragment)) {
    replacePart(work, name, key, before, after);
    return;
  }
  const id = kernel.name(name);
  const doc = view.get("event", id);
  if (doc?.over === true) {
    replacePart(work, name, key, before, after);
    if (after === null) view.deleteRow("event-fragment", id, key);
    else view.putRow("event-fragment", id, key);
    if (before !== null) recheck(work, "event", name);
    // While a drain counts, what is added must be seen by it.
    if (doc.counting > 0) view.put("event", id, { ...doc, counting: doc.counting + 1 });
    return;
  }
  const others = (doc?.fragments ?? []).filter((one) => one !== key);
  const observations = observationsOf(work, others);
  if (before !== null || others.length > 0) {
    const all = before === null ? observations : [...observations, kernel.observe(before)];
    work.drops.push(unitOfEvent(work, name, all, doc?.cell ?? null));
  }
  const remaining = after === null ? observations : [...observations, observeNew(work, key, after)];
  if (remaining.length === 0) {
    view.put("event", id, null);
    return;
  }
  if (isOverflowing(remaining, kernel.compiled)) {
    view.put("event", id, { fragments: [], over: true, cell: null, counting: 0 });
    for (const observation of remaining) {
      const own = fragmentKey(observation.fragment);
      view.putRow("event-fragment", id, own);
      addPart(work, name, own, observation);
    }
    return;
  }
  const unit = unitOfEvent(work, name, remaining, null);
  unit.cell = cellOf(work, unit.event, unit.ref, isDiffering(work, unit));
  work.adds.push(unit);
  view.put("event", id, {
    fragments: after === null ? others : appended(others, key),
    over: false,
    cell: unit.cell,
    counting: 0,
  });
}

/** A fragment that comes, remembered for those that will join its event. */
function observeNew(work: Work, key: string, fragment: Fragment): Observation {
  const observation = work.kernel.observe(fragment);
  const text = work.fragment(key)?.text;
  return text ? work.kernel.recollections.remember(text, observation) : observation;
}

function replacePart(
  work: Work,
  name: string,
  key: string,
  before: Fragment | null,
  after: Fragment | null,
): void {
  if (before !== null) dropPart(work, name, key, work.kernel.observe(before));
  if (after !== null) {
    addPart(work, name, key, work.kernel.observe(after));
    return;
  }
  const doc = work.fragment(key);
  if (doc !== null && doc.cell !== null) work.putFragment(key, withCell(doc, null));
}

function withCell({ version, goneUpTo, text, event }: FragmentDoc, cell: string | null): FragmentDoc {
  return { version, goneUpTo, text, event, cell };
}

/** A fragment that is an event by itself. */
function partOf(work: Work, name: string, key: string, observation: Observation): Unit {
  const own = isOwnEvent(observation.fragment) ? name : partName(name, observation.fragment);
  return {
    ref: fragmentUnit(key),
    event: work.kernel.makeEvent(own, [observation]),
    fragments: [key],
    cell: null,
  };
}

function dropPart(work: Work, name: string, key: string, observation: Observation): void {
  const unit = partOf(work, name, key, observation);
  unit.cell = work.fragment(key)?.cell ?? null;
  work.drops.push(unit);
}

function addPart(work: Work, name: string, key: string, observation: Observation): void {
  const unit = partOf(work, name, key, observation);
  unit.cell = cellOf(work, unit.event, unit.ref, isDiffering(work, unit));
  work.adds.push(unit);
  const doc = work.fragment(key);
  if (doc !== null && doc.cell !== unit.cell) work.putFragment(key, withCell(doc, unit.cell));
}

function unitOfEvent(work: Work, name: string, observations: Observation[], cell: string | null): Unit {
  observations.sort(compareAge);
  const event = work.kernel.makeEvent(name, observations);
  return { ref: eventUnit(name), event, fragments: keysOfFragments(observations), cell };
}

function observationsOf(work: Work, keys: readonly string[]): Observation[] {
  const observations: Observation[] = [];
  for (const key of keys) {
    const doc = work.view.must("fragment", work.kernel.name(key));
    if (doc === null) continue;
    if (doc.text === null) work.view.isTorn = true;
    else observations.push(work.observe(doc.text));
  }
  return observations;
}

/** A unit as the documents have it now; null where they do not fit together, which marks the view as torn. */
export function loadUnit(work: Work, ref: string): Unit | null {
  const { view, kernel } = work;
  const name = ref.slice(1);
  if (ref.startsWith("e")) {
    const doc = view.must("event", kernel.name(name));
    if (doc === null) return null;
    const observations = observationsOf(work, doc.fragments);
    if (view.isStopped || observations.length === 0) {
      if (!view.isStopped) view.isTorn = true;
      return null;
    }
    return unitOfEvent(work, name, observations, doc.cell);
  }
  const doc = view.must("fragment", kernel.name(name));
  if (doc === null) return null;
  if (doc.text === null) {
    view.isTorn = true;
    return null;
  }
  const observation = work.observe(doc.text);
  const unit = partOf(work, eventName(observation.fragment), name, observation);
  unit.cell = doc.cell;
  return unit;
}

/** Looks at a unit again because of what was said of its fragments: it may belong in another cell. */
export function rehome(work: Work, ref: string): void {
  if ([...work.adds, ...work.drops].some((unit) => unit.ref === ref)) return;
  const unit = loadUnit(work, ref);
  if (unit === null) return;
  const cell = cellOf(work, unit.event, ref, isDiffering(work, unit));
  if (cell === unit.cell) {
    work.resaid.push(unit);
    return;
  }
  work.drops.push(unit);
  work.adds.push({ ...unit, cell });
  const name = ref.slice(1);
  if (ref.startsWith("e")) {
    const id = work.kernel.name(name);
    const doc = work.view.must("event", id);
    if (doc !== null) work.view.put("event", id, { ...doc, cell });
  } else {
    const doc = work.fragment(name);
    if (doc !== null) work.putFragment(name, withCell(doc, cell));
  }
}

/** An event that has come back below its limits becomes one again: its parts go, and it comes. */
export function reuniteEvent(work: Work, name: string, keys: readonly string[]): boolean {
  const { view, kernel } = work;
  const id = kernel.name(name);
  const observations = observationsOf(work, keys);
  if (view.isStopped || isOverflowing(observations, kernel.compiled)) return false;
  for (const observation of observations) {
    const key = fragmentKey(observation.fragment);
    dropPart(work, name, key, observation);
    view.deleteRow("event-fragment", id, key);
    const doc = work.fragment(key);
    if (doc !== null) work.putFragment(key, withCell(doc, null));
  }
  if (observations.length === 0) {
    view.put("event", id, null);
    return true;
  }
  const unit = unitOfEvent(work, name, observations, null);
  view.put("event", id, { fragments: [...keys], over: false, cell: null, counting: 0 });
  unit.cell = cellOf(work, unit.event, unit.ref, isDiffering(work, unit));
  work.adds.push(unit);
  view.put("event", id, { fragments: [...keys], over: false, cell: unit.cell, counting: 0 });
  return true;
}
