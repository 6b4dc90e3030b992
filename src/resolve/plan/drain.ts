import { identifierSettings } from "../../model/compile.js";
import { type Key, NONE } from "../observation.js";
import { recheckedKey, touch, unstateDigest } from "./cells.js";
import type { KeyDoc, RecheckDoc, SessionHolder, TimeMember } from "./documents.js";
import { recheck } from "./hot.js";
import type { Kernel } from "./kernel.js";
import { basesOf, countKey } from "./keys.js";
import { finish } from "./plan.js";
import { loadUnit, reuniteEvent } from "./units.js";
import type { View } from "./view.js";
import { resume } from "./waiting.js";
import { startWork, type Work } from "./work.js";

/**
 * One bounded step towards `R`: looks at one value that may have come back below its limit, gathers one cell that waits, or
 * publishes what hangs together with one component that waits. Of a hot value the first step only says that it is being counted;
 * from then on whoever adds to it also writes its document, so that what the second step counts is all there is.
 */
export function drainStep(kernel: Kernel, view: View, kind: "recheck" | "pending", id: string): Work {
  const work = startWork(kernel, view, { type: "drain" }, true);
  if (kind === "recheck") {
    const doc = view.get("recheck", id);
    if (doc === null || view.isStopped) return work;
    if (recheckValue(work, doc)) {
      view.put("recheck", id, null);
      finish(work);
    }
    return work;
  }
  const doc = view.get("pending", id);
  if (doc === null || view.isStopped) return work;
  view.put("pending", id, null);
  if (doc.why === "cell") {
    work.stale.add(doc.id);
    work.cells.add(doc.id);
  } else {
    resume(work, doc.id);
  }
  finish(work);
  return work;
}

/** True when the value has been dealt with; false when it is only marked as being counted, or more has to be read. */
function recheckValue(work: Work, { kind, id }: RecheckDoc): boolean {
  switch (kind) {
    case "event":
      return recheckEvent(work, id);
    case "key":
      return recheckKey(work, keyNamed(work, id));
    case "claims":
      return recheckClaims(work, keyNamed(work, id));
    case "block":
      return recheckBlock(work, id);
    case "time":
      return recheckTime(work, id);
  }
}

function keyNamed({ kernel }: Work, text: string): Key {
  const [type, scope, value] = JSON.parse(text) as [string, string, string];
  return kernel.table.intern(type, value, scope);
}

function recheckEvent(work: Work, name: string): boolean {
  const { view, kernel } = work;
  const id = kernel.name(name);
  const doc = view.get("event", id);
  if (doc === null || !doc.over) return !view.isStopped;
  if (doc.counting === 0) {
    view.put("event", id, { ...doc, counting: 1 });
    return false;
  }
  const { maxEventFragments } = kernel.compiled.model.limits;
  const keys = view.rows("event-fragment", id, maxEventFragments + 1);
  if (view.isStopped) return false;
  if (keys.length <= maxEventFragments && reuniteEvent(work, name, keys)) return true;
  if (!view.isStopped) view.put("event", id, { ...doc, counting: 0 });
  return !view.isStopped;
}

function recheckKey(work: Work, key: Key): boolean {
  const { view, kernel } = work;
  const id = kernel.keyId(key);
  const doc = work.key(key);
  if (doc === null || (!doc.generic && !doc.genericUntrusted)) return !view.isStopped;
  if (doc.counting === 0) {
    work.putKey(key, { ...doc, counting: 1 });
    return false;
  }
  const { maxCells, scope } = identifierSettings(kernel.compiled.model, key.type);
  const limit = kernel.plainMaxCells(key) ?? maxCells;
  const trusted = doc.generic ? view.rows("key-holder", id, limit + 1) : NONE;
  const untrusted = view.rows("key-holder-untrusted", id, limit + 1);
  if (view.isStopped) return false;
  const settled = (next: KeyDoc): true => {
    work.putKey(key, { ...next, counting: 0 });
    return true;
  };
  if (trusted.length > limit) return settled(doc);
  if (scope === "session") return recheckSessionKey(work, key, doc, trusted);
  const isOpen = untrusted.length <= limit;
  const counted: KeyDoc = {
    ...doc,
    cells: doc.generic
      ? [...trusted, ...(isOpen ? untrusted : NONE)]
      : [...doc.cells, ...(isOpen ? untrusted : NONE)],
    generic: false,
    genericUntrusted: !isOpen,
  };
  work.putKey(key, counted);
  const standing = countKey(work, key, counted);
  if (view.isStopped) return false;
  if (standing.generic) return settled(doc);
  if (standing.genericUntrusted && doc.genericUntrusted) return settled(doc);
  const cells = standing.genericUntrusted
    ? counted.cells.filter((cell) => !untrusted.includes(cell))
    : counted.cells;
  if (doc.generic) for (const cell of trusted) view.deleteRow("key-holder", id, cell);
  if (!standing.genericUntrusted)
    for (const cell of untrusted) view.deleteRow("key-holder-untrusted", id, cell);
  work.putKey(key, { ...counted, ...standing, cells, counting: 0 });
  if (cells.length === 0 && !standing.genericUntrusted) unstateDigest(work, key);
  for (const cell of counted.cells) work.stale.add(cell);
  for (const plain of basesOf(work, key))
    for (const cell of work.key(plain)?.cells ?? NONE) work.stale.add(cell);
  for (const claimant of doc.claimants) work.stale.add(claimant);
  for (const digest of doc.digests) recheck(work, "key", recheckedKey(digest));
  touch(work, key);
  return true;
}

function recheckSessionKey(work: Work, key: Key, doc: KeyDoc, refs: readonly string[]): boolean {
  const events: SessionHolder[] = [];
  for (const ref of refs) {
    const unit = loadUnit(work, ref);
    if (unit !== null) events.push({ event: ref, cell: unit.cell, typed: unit.event.typed });
  }
  if (work.view.isStopped) return false;
  for (const ref of refs) work.view.deleteRow("key-holder", work.kernel.keyId(key), ref);
  work.putKey(key, { ...doc, events, generic: false, counting: 0 });
  for (const { event, cell } of events) work.stale.add(cell ?? work.kernel.name(`u${event}`));
  for (const claimant of doc.claimants) work.stale.add(claimant);
  touch(work, key);
  return true;
}

function recheckClaims(work: Work, key: Key): boolean {
  const { view, kernel } = work;
  const doc = work.key(key);
  if (doc === null || !doc.claimsFull) return !view.isStopped;
  if (doc.counting === 0) {
    work.putKey(key, { ...doc, counting: 1 });
    return false;
  }
  const { maxBlock } = kernel.compiled.model.limits;
  const claimants = view.rows("key-claimant", kernel.keyId(key), maxBlock + 1);
  if (view.isStopped) return false;
  if (claimants.length > maxBlock) {
    work.putKey(key, { ...doc, counting: 0 });
    return true;
  }
  for (const claimant of claimants) {
    view.deleteRow("key-claimant", kernel.keyId(key), claimant);
    work.fullClaimants.add(claimant);
  }
  work.putKey(key, { ...doc, claimants, claimsFull: false, counting: 0 });
  touch(work, key);
  return true;
}

function recheckBlock(work: Work, id: string): boolean {
  const { view, kernel } = work;
  const doc = view.get("block", id);
  if (doc === null || !doc.full) return !view.isStopped;
  if (doc.counting === 0) {
    view.put("block", id, { ...doc, counting: 1 });
    return false;
  }
  const { maxBlock } = kernel.compiled.model.limits;
  const members = view.rows("block-member", id, maxBlock + 1);
  if (view.isStopped) return false;
  if (members.length > maxBlock) {
    view.put("block", id, { ...doc, counting: 0 });
    return true;
  }
  for (const member of members) {
    view.deleteRow("block-member", id, member);
    work.relink.add(member);
  }
  view.put("block", id, members.length === 0 ? null : { members, full: false, counting: 0 });
  return true;
}

function recheckTime(work: Work, id: string): boolean {
  const { view, kernel } = work;
  const doc = view.get("time", id);
  if (doc === null || !doc.full) return !view.isStopped;
  if (doc.counting === 0) {
    view.put("time", id, { ...doc, counting: 1 });
    return false;
  }
  const block = kernel.timeLocal[doc.position] as Kernel["timeLocal"][number];
  // So many places two full sides have; one row more, and some side is full.
  const limit = 2 * block.binsPerSlot * (block.fullAt - 1) * block.sides.length;
  const rows = view.rows("time-member", id, limit + 1);
  if (view.isStopped) return false;
  const sides: TimeMember[][] = [[], []];
  for (const row of rows) {
    const [side, bin, ...strand] = row.split(" ");
    const members = sides[side === "1" ? 0 : 1] as TimeMember[];
    const name = strand.join(" ");
    const at = members.findIndex((member) => member.strand === name);
    if (at < 0) members.push({ strand: name, bins: [Number(bin)] });
    else members[at] = { strand: name, bins: [...(members[at] as TimeMember).bins, Number(bin)] };
  }
  const [first, second] = sides as [TimeMember[], TimeMember[]];
  if (rows.length > limit || first.length >= block.fullAt || second.length >= block.fullAt) {
    view.put("time", id, { ...doc, counting: 0 });
    return true;
  }
  for (const row of rows) view.deleteRow("time-member", id, row);
  for (const { strand } of [...first, ...second]) work.relink.add(strand);
  view.put("time", id, rows.length === 0 ? null : { ...doc, first, second, full: false, counting: 0 });
  return true;
}
