import { bestLevels, NO_LEVELS, type TimeLocalLevels, withLevel } from "./levels.js";

/** Strands a pair code has room for: two of them fill the 53 bits of an exact number. */
const MAX_STRANDS = 2 ** 26;

/**
 * A set of unordered pairs of strands. A pair is one number, so that millions of candidates cost eight bytes each;
 * duplicates are kept until the set is read, when one sort removes them.
 */
export class PairSet {
  #codes = new Float64Array(1024);
  #length = 0;
  readonly #levels = new Map<number, TimeLocalLevels>();

  add(a: number, b: number): void {
    if (a !== b) this.#push(pairCode(a, b));
  }

  addLevel(a: number, b: number, block: number, level: number): void {
    const code = pairCode(a, b);
    const held = this.#levels.get(code);
    if (held === undefined) this.#push(code);
    this.#levels.set(code, bestLevels(held ?? NO_LEVELS, withLevel(NO_LEVELS, block, level)));
  }

  /** Calls with every pair once, a < b, in ascending order. */
  forEach(visit: (a: number, b: number, levels: TimeLocalLevels) => void): void {
    const codes = this.#codes.subarray(0, this.#length).sort();
    let previous = -1;
    for (const code of codes) {
      if (code === previous) continue;
      previous = code;
      const b = code % MAX_STRANDS;
      visit((code - b) / MAX_STRANDS, b, this.#levels.get(code) ?? NO_LEVELS);
    }
  }

  #push(code: number): void {
    if (this.#length === this.#codes.length) {
      const grown = new Float64Array(this.#codes.length * 2);
      grown.set(this.#codes);
      this.#codes = grown;
    }
    this.#codes[this.#length++] = code;
  }
}

function pairCode(a: number, b: number): number {
  return a < b ? a * MAX_STRANDS + b : b * MAX_STRANDS + a;
}
