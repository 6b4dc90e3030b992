import type { CompiledModel } from "../model/compile.js";
import type { TimeLocalBlock } from "../model/model.js";
import type { LeadEvent } from "./events.js";
import type { PairSet } from "./pairs.js";
import type { Strand } from "./strands.js";
import { combinations } from "./values.js";

/** Presence of a strand under a token: the bins in which events of it stand, by side. */
interface Occurrence {
  readonly strand: number;
  readonly bin: number;
  readonly second: boolean;
}

/** Adds to `pairs` every pair of strands that a time-local block finds, with its best level. Design: section 3, rung 5. */
export function findTimeLocalPairs(
  strands: readonly Strand[],
  compiled: CompiledModel,
  pairs: PairSet,
): void {
  compiled.model.blocks.timeLocal.forEach((block, position) => {
    for (const occurrences of occurrencesByToken(strands, block, compiled).values()) {
      if (occurrences.length > 1) pairsOfToken(occurrences, block, position, pairs);
    }
  });
}

function occurrencesByToken(
  strands: readonly Strand[],
  block: TimeLocalBlock,
  compiled: CompiledModel,
): Map<string, Occurrence[]> {
  const byToken = new Map<string, Occurrence[]>();
  const sides = compileSides(block, compiled);
  for (const strand of strands) {
    for (const event of strand.events) {
      for (const side of sides) {
        forEachToken(event, side, (token, atMs) => {
          const occurrence = {
            strand: strand.index,
            bin: Math.floor(atMs / block.binMs),
            second: side.second,
          };
          const held = byToken.get(token);
          if (held === undefined) byToken.set(token, [occurrence]);
          else held.push(occurrence);
        });
      }
    }
  }
  return byToken;
}

/** A side of a time-local block with its names turned into positions. */
export interface CompiledSide {
  readonly second: boolean;
  readonly kinds: ReadonlySet<string> | null;
  readonly fields: readonly number[];
  readonly unless: readonly string[] | null;
}

export function compileSides(block: TimeLocalBlock, compiled: CompiledModel): readonly CompiledSide[] {
  return [block.first, ...(block.second === undefined ? [] : [block.second])].map((side, at) => ({
    second: at === 1,
    kinds: side.kinds === undefined ? null : new Set(side.kinds),
    fields: side.fields.map((name) => compiled.fieldIndex.get(name) as number),
    unless: side.unless ?? null,
  }));
}

function isSilenced(event: LeadEvent, unless: readonly string[]): boolean {
  return (
    event.keys.some((key) => unless.includes(key.type)) ||
    event.sessionKeys.some((key) => unless.includes(key.type)) ||
    event.claims.some(({ key }) => unless.includes(key.type))
  );
}

/** Calls with each token of an event and the earliest time of a fragment that carries it: a late disposition does not move a call. */
export function forEachToken(
  event: LeadEvent,
  { kinds, fields, unless }: CompiledSide,
  visit: (token: string, atMs: number) => void,
): void {
  if (unless !== null && isSilenced(event, unless)) return;
  const seen: string[] = [];
  // Observations stand oldest first, so that the first that carries a token has its earliest time.
  for (const observation of event.observations) {
    if (observation.atMs === null || (kinds !== null && !kinds.has(observation.fragment.kind))) continue;
    for (const token of combinations(observation.fields, fields)) {
      if (seen.includes(token)) continue;
      seen.push(token);
      visit(token, observation.atMs);
    }
  }
}

/** Members of one block: for each strand, by side, its bins. */
type Members = Map<number, number[]>;

function pairsOfToken(
  occurrences: Occurrence[],
  block: TimeLocalBlock,
  position: number,
  pairs: PairSet,
): void {
  const binsPerSlot = Math.round(block.slotMs / block.binMs);
  const bySlot = new Map<number, Occurrence[]>();
  for (const occurrence of occurrences) {
    const slot = Math.floor(occurrence.bin / binsPerSlot);
    // An event enters its slot and the next, so that a pair across the border meets in the slot of its later event.
    for (const entered of [slot, slot + 1]) {
      const held = bySlot.get(entered);
      if (held === undefined) bySlot.set(entered, [occurrence]);
      else held.push(occurrence);
    }
  }
  for (const [slot, entered] of bySlot) {
    if (entered.length < 2) continue;
    pairsOfSlot(entered, slot * binsPerSlot, block, position, pairs);
  }
}

function pairsOfSlot(
  entered: readonly Occurrence[],
  firstBin: number,
  block: TimeLocalBlock,
  position: number,
  pairs: PairSet,
): void {
  const fullAt = block.fullAt ?? 8;
  const twoSided = block.second !== undefined;
  const first: Members = new Map();
  const second: Members = twoSided ? new Map() : first;
  for (const { strand, bin, second: onSecond } of entered) {
    const members = onSecond ? second : first;
    const bins = members.get(strand);
    if (bins === undefined) {
      members.set(strand, [bin]);
      if (members.size >= fullAt) return;
    } else if (!bins.includes(bin)) bins.push(bin);
  }
  const crowd = Math.max(first.size, second.size);
  for (const [earlierStrand, earlierBins] of first) {
    for (const [laterStrand, laterBins] of second) {
      if (earlierStrand === laterStrand || (!twoSided && earlierStrand > laterStrand)) continue;
      const gap = smallestGap(earlierBins, laterBins, firstBin, twoSided);
      const level = levelFor(block, gap, crowd);
      if (level >= 0) pairs.addLevel(earlierStrand, laterStrand, position, level);
    }
  }
}

/** The first level whose bounds hold; -1 for none. */
export function levelFor(block: TimeLocalBlock, gap: number, crowd: number): number {
  return block.levels.findIndex(({ maxGapBins, maxCrowd }) => gap <= maxGapBins && crowd <= maxCrowd);
}

/** Smallest gap in bins whose later event stands in this slot; infinite if there is none. */
export function smallestGap(
  a: readonly number[],
  b: readonly number[],
  firstBin: number,
  ordered: boolean,
): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const p of a) {
    for (const q of b) {
      const gap = ordered ? q - p : Math.abs(q - p);
      if (gap >= 0 && gap < smallest && Math.max(p, q) >= firstBin) smallest = gap;
    }
  }
  return smallest;
}
