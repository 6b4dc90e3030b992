import type { Fragment } from "../../fragment/fragment.js";
import type { Observation } from "../observation.js";

/** Fragments that are remembered; when full it starts afresh, so that memory stays flat. */
const MOST = 1_024;

/**
 * Normal forms of the fragments seen last, by their texts. The parts of a call come one soon after the other, and each time all parts
 * of the event are put together anew.
 */
export class Recollections {
  readonly #observe: (fragment: Fragment) => Observation;
  #known = new Map<string, Observation>();

  constructor(observe: (fragment: Fragment) => Observation) {
    this.#observe = observe;
  }

  /** The observation of a fragment given as JSON. */
  of(text: string): Observation {
    return this.#known.get(text) ?? this.remember(text, this.#observe(JSON.parse(text) as Fragment));
  }

  remember(text: string, observation: Observation): Observation {
    if (this.#known.size >= MOST) this.#known = new Map();
    this.#known.set(text, observation);
    return observation;
  }
}
