import type { FragmentInput } from "../../src/fragment/fragment.js";
import { createRowParser } from "../../src/fragment/row.js";
import { parseInstant } from "../../src/normalize/index.js";
import { simulate } from "../../src/simulate/index.js";

/** The simulator hits the number of fragments asked for within some 5 %. */
const MARGIN = 1.08;

/**
 * Simulated fragments as JSON in the order of their delivery. They rest outside the heap, so that neither their size nor their
 * number weighs on the collector, and each is parsed just before it is used, as one that comes over a network.
 */
export class Leads {
  readonly #text: Buffer;
  /** Where each begins, and where the last one ends. */
  readonly #starts: Float64Array;

  constructor(count: number, seed: number) {
    const parse = createRowParser({ source: "sim", parseInstant: (raw) => parseInstant(String(raw)) });
    const parts: Buffer[] = [];
    this.#starts = new Float64Array(count + 1);
    let end = 0;
    for (const { row } of simulate({ fragments: Math.ceil(count * MARGIN), seed })) {
      const parsed = parse(row);
      if (!parsed.ok) continue;
      const part = Buffer.from(JSON.stringify(parsed.fragment));
      parts.push(part);
      end += part.length;
      this.#starts[parts.length] = end;
      if (parts.length === count) break;
    }
    if (parts.length < count) throw new Error(`only ${parts.length} of ${count} fragments were simulated`);
    this.#text = Buffer.concat(parts);
  }

  at(index: number): FragmentInput {
    return JSON.parse(this.#text.toString("utf8", this.#starts[index], this.#starts[index + 1]));
  }
}
