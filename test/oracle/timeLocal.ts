import type { Model, TimeLocalBlock, TimeLocalSide } from "../../src/model/model.js";
import type { OracleEvent } from "./events.js";
import { type Sighting, typeOf } from "./sighting.js";
import type { OracleStrand } from "./strands.js";

/** Block name → position of the best level found; the best level has the lowest position. */
export type Levels = ReadonlyMap<string, number>;

export const NO_LEVELS: Levels = new Map();

export function bestOf(all: readonly Levels[]): Levels {
  const best = new Map<string, number>();
  for (const levels of all)
    for (const [block, level] of levels) best.set(block, Math.min(level, best.get(block) ?? level));
  return best;
}

/** A strand's event standing under a token at a time. */
interface Appearance {
  readonly strand: number;
  readonly side: "first" | "second";
  readonly token: string;
  readonly bin: number;
  readonly slot: number;
}

/** Best level of each time-local block between two strands, by `"i j"` with i < j. Rung 5, read straight from the page. */
export function timeLocalLevels(
  strands: readonly OracleStrand[],
  model: Model,
): { readonly levels: ReadonlyMap<string, Levels>; readonly full: number } {
  const found = new Map<string, Levels>();
  let full = 0;
  for (const block of model.blocks.timeLocal) {
    const appearances = strands.flatMap((strand, index) =>
      strand.events.flatMap((event) => [
        ...appearancesOf(event, index, "first", block.first, block),
        ...(block.second === undefined ? [] : appearancesOf(event, index, "second", block.second, block)),
      ]),
    );
    for (const earlier of appearances) {
      for (const later of appearances) {
        const level = levelBetween(earlier, later, appearances, block);
        if (level === "full") full++;
        if (level === "full" || level < 0) continue;
        const name = pairName(earlier.strand, later.strand);
        found.set(name, bestOf([found.get(name) ?? NO_LEVELS, new Map([[block.name, level]])]));
      }
    }
  }
  return { levels: found, full };
}

export function pairName(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function appearancesOf(
  event: OracleEvent,
  strand: number,
  side: Appearance["side"],
  { kinds, fields, unless = [] }: TimeLocalSide,
  { binMs, slotMs }: TimeLocalBlock,
): Appearance[] {
  const mentioned = [...event.keys.keys(), ...event.sessionKeys, ...event.claims.keys()];
  if (mentioned.some((key) => unless.includes(typeOf(key)))) return [];
  const times = new Map<string, number>();
  for (const sighting of event.sightings) {
    if (sighting.atMs === null || (kinds !== undefined && !kinds.includes(sighting.fragment.kind))) continue;
    for (const token of tokensOf(sighting, fields))
      times.set(token, Math.min(sighting.atMs, times.get(token) ?? sighting.atMs));
  }
  return [...times].map(([token, atMs]) => {
    return { strand, side, token, bin: Math.floor(atMs / binMs), slot: Math.floor(atMs / slotMs) };
  });
}

/** One fragment has to carry all fields of a token. */
function tokensOf(sighting: Sighting, fields: readonly string[]): readonly string[] {
  let tokens: string[][] = [[]];
  for (const field of fields) {
    tokens = tokens.flatMap((token) =>
      [...(sighting.fields.get(field) ?? [])].map((value) => [...token, value]),
    );
  }
  return tokens.map((token) => JSON.stringify(token));
}

/** Level of two appearances in the slot of the later one; -1 for none. */
function levelBetween(
  earlier: Appearance,
  later: Appearance,
  all: readonly Appearance[],
  block: TimeLocalBlock,
): number | "full" {
  const twoSided = block.second !== undefined;
  if (earlier.strand === later.strand || earlier.token !== later.token || earlier.bin > later.bin) return -1;
  if (twoSided && !(earlier.side === "first" && later.side === "second")) return -1;
  // An event enters its slot and the next.
  const isIn = ({ slot }: Appearance): boolean => slot === later.slot || slot + 1 === later.slot;
  if (!isIn(earlier)) return -1;
  const inBlock = all.filter((one) => one.token === later.token && isIn(one));
  const membersOn = (side: Appearance["side"]): number =>
    new Set(inBlock.filter((one) => one.side === side).map(({ strand }) => strand)).size;
  const crowd = Math.max(membersOn("first"), membersOn("second"));
  if (crowd >= (block.fullAt ?? 8)) return "full";
  const gap = later.bin - earlier.bin;
  return block.levels.findIndex(({ maxGapBins, maxCrowd }) => gap <= maxGapBins && crowd <= maxCrowd);
}
