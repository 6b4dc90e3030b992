import { MAX_TIME_LOCAL_BLOCKS } from "../model/model.js";

/**
 * The best level between two sides for each time-local block, four bits a block (0 is none, n is level n − 1), so that a
 * pair's finding is one number; a model is held to as many blocks and levels as find room.
 */
export type TimeLocalLevels = number;

export const NO_LEVELS: TimeLocalLevels = 0;

/** Position of the level found by a block; -1 for none. */
export function levelOf(levels: TimeLocalLevels, block: number): number {
  return ((levels >>> (4 * block)) & 15) - 1;
}

export function withLevel(levels: TimeLocalLevels, block: number, level: number): TimeLocalLevels {
  return (levels & ~(15 << (4 * block))) | ((level + 1) << (4 * block));
}

/** The better level of each block: between clusters the best counts, never the sum. */
export function bestLevels(a: TimeLocalLevels, b: TimeLocalLevels): TimeLocalLevels {
  if (a === b || b === NO_LEVELS) return a;
  if (a === NO_LEVELS) return b;
  let best = NO_LEVELS;
  for (let shift = 0; shift < 4 * MAX_TIME_LOCAL_BLOCKS; shift += 4) {
    const p = (a >>> shift) & 15;
    const q = (b >>> shift) & 15;
    best |= (p === 0 ? q : q === 0 ? p : Math.min(p, q)) << shift;
  }
  return best;
}
