import type { LeadEvent } from "../events.js";
import { NO_LEVELS, type TimeLocalLevels, withLevel } from "../levels.js";
import { NONE } from "../observation.js";
import { forEachToken, levelFor, smallestGap } from "../timeLocal.js";
import type { BlockDoc, TimeDoc, TimeMember } from "./documents.js";
import { recheck } from "./hot.js";
import type { Kernel } from "./kernel.js";
import { appended } from "./lists.js";
import type { Work } from "./work.js";

/** Rung 5, first half: which strands stand in one block. */

const NO_BLOCK: BlockDoc = { members: NONE, full: false, counting: 0 };

export function enterBlock(work: Work, id: string, strand: string): void {
  const { view, kernel } = work;
  const doc = view.get("block", id) ?? NO_BLOCK;
  if (doc.full) {
    view.putRow("block-member", id, strand);
    if (doc.counting > 0) view.put("block", id, { ...doc, counting: doc.counting + 1 });
    return;
  }
  if (doc.members.includes(strand)) return;
  const members = appended(doc.members, strand);
  if (members.length <= kernel.compiled.model.limits.maxBlock) {
    view.put("block", id, { members, full: doc.full, counting: doc.counting });
    return;
  }
  view.put("block", id, { members: NONE, full: true, counting: 0 });
  for (const member of members) view.putRow("block-member", id, member);
  compareAll(work, members);
}

export function leaveBlock(work: Work, id: string, strand: string): void {
  const { view } = work;
  const doc = view.must("block", id);
  if (doc === null) return;
  if (doc.full) {
    view.deleteRow("block-member", id, strand);
    recheck(work, "block", id);
    return;
  }
  const members = doc.members.filter((member) => member !== strand);
  view.put("block", id, members.length === 0 ? null : { ...doc, members });
}

function compareAll(work: Work, members: readonly string[]): void {
  members.forEach((u, at) => {
    for (let other = at + 1; other < members.length; other++) work.comparePair(u, members[other] as string);
  });
}

/** A place that an event takes in a time-local block. */
export interface Occurrence {
  readonly id: string;
  readonly position: number;
  readonly slot: number;
  readonly second: boolean;
  readonly bin: number;
}

/** The blocks of an event: for each token its slot and the next, so that pairs across a border meet in the slot of the later event. */
export function occurrencesOf(kernel: Kernel, event: LeadEvent): Occurrence[] {
  const found: Occurrence[] = [];
  for (const { position, block, sides, binsPerSlot } of kernel.timeLocal) {
    for (const side of sides) {
      forEachToken(event, side, (token, atMs) => {
        const bin = Math.floor(atMs / block.binMs);
        const slot = Math.floor(bin / binsPerSlot);
        const { second } = side;
        const name = kernel.tokenName(token);
        found.push({ id: kernel.slotId(position, slot, name), position, slot, second, bin });
        const next = slot + 1;
        found.push({ id: kernel.slotId(position, next, name), position, slot: next, second, bin });
      });
    }
  }
  return found;
}

const rowName = (strand: string, { second, bin }: Occurrence): string => `${second ? 2 : 1} ${bin} ${strand}`;

/** A strand enters a time-local block; true where that changed the block for those who read it. */
export function enterTime(work: Work, at: Occurrence, strand: string): boolean {
  const { view, kernel } = work;
  const doc = view.get("time", at.id) ?? {
    position: at.position,
    slot: at.slot,
    first: NONE,
    second: NONE,
    full: false,
    counting: 0,
  };
  if (doc.full) {
    view.putRow("time-member", at.id, rowName(strand, at));
    if (doc.counting > 0) view.put("time", at.id, { ...doc, counting: doc.counting + 1 });
    return false;
  }
  const side = at.second ? doc.second : doc.first;
  const held = side.find((member) => member.strand === strand);
  if (held?.bins.includes(at.bin) === true) return false;
  work.rememberTime(at.id, doc);
  const member: TimeMember = { strand, bins: held === undefined ? [at.bin] : appended(held.bins, at.bin) };
  const members =
    held === undefined ? appended(side, member) : side.map((one) => (one === held ? member : one));
  const { position, slot, full, counting } = doc;
  const next: TimeDoc = {
    position,
    slot,
    first: at.second ? doc.first : members,
    second: at.second ? members : doc.second,
    full,
    counting,
  };
  const fullAt = kernel.timeLocal[at.position]?.fullAt ?? 8;
  if (members.length < fullAt) {
    view.put("time", at.id, next);
    return true;
  }
  view.put("time", at.id, { ...doc, first: NONE, second: NONE, full: true, counting: 0 });
  for (const second of [false, true]) {
    for (const { strand: one, bins } of second ? next.second : next.first)
      for (const bin of bins) view.putRow("time-member", at.id, rowName(one, { ...at, second, bin }));
  }
  return true;
}

/**
 * A strand leaves a time-local block with all its events.
 *
 * @param lost what it had there, whose rows are deleted if the block is full; null where that is not known any more, so that rows are
 *   deleted for all bins that there can be
 */
export function leaveTime(work: Work, id: string, strand: string, lost: readonly Occurrence[] | null): void {
  const { view, kernel } = work;
  const doc = view.must("time", id);
  if (doc === null) return;
  if (doc.full) {
    for (const at of lost ?? placesIn(kernel, id, doc))
      if (at.id === id) view.deleteRow("time-member", id, rowName(strand, at));
    recheck(work, "time", id);
    return;
  }
  const without = (side: readonly TimeMember[]): readonly TimeMember[] =>
    side.some((member) => member.strand === strand)
      ? side.filter((member) => member.strand !== strand)
      : side;
  const [first, second] = [without(doc.first), without(doc.second)];
  if (first === doc.first && second === doc.second) return;
  work.rememberTime(id, doc);
  view.put("time", id, first.length + second.length === 0 ? null : { ...doc, first, second });
}

/** Every place that there is in a block: bins of its slot and of the one before, on both sides. */
function placesIn(kernel: Kernel, id: string, { position, slot }: TimeDoc): Occurrence[] {
  const { binsPerSlot } = kernel.timeLocal[position] as Kernel["timeLocal"][number];
  const places: Occurrence[] = [];
  for (const second of [false, true])
    for (let bin = (slot - 1) * binsPerSlot; bin < (slot + 1) * binsPerSlot; bin++)
      places.push({ id, position, slot, second, bin });
  return places;
}

/** The level that one block gives two strands, as the block stands; `NO_LEVELS` for none. */
export function levelsInBlock(kernel: Kernel, doc: TimeDoc, u: string, v: string): TimeLocalLevels {
  if (doc.full) return NO_LEVELS;
  const { position, slot } = doc;
  const compiled = kernel.timeLocal[position] as Kernel["timeLocal"][number];
  const twoSided = compiled.sides.length > 1;
  const crowd = Math.max(doc.first.length, twoSided ? doc.second.length : 0);
  const firstBin = slot * compiled.binsPerSlot;
  let best = -1;
  const tryOrder = (earlier: string, later: string): void => {
    const p = doc.first.find(({ strand }) => strand === earlier);
    const q = (twoSided ? doc.second : doc.first).find(({ strand }) => strand === later);
    if (p === undefined || q === undefined) return;
    const level = levelFor(compiled.block, smallestGap(p.bins, q.bins, firstBin, twoSided), crowd);
    if (level >= 0 && (best < 0 || level < best)) best = level;
  };
  tryOrder(u, v);
  if (twoSided) tryOrder(v, u);
  return best < 0 ? NO_LEVELS : withLevel(NO_LEVELS, position, best);
}
