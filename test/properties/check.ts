import fc from "fast-check";
import { type FragmentInput, fragmentKey } from "../../src/fragment/fragment.js";
import { type Resolution, resolve } from "../../src/resolve/resolve.js";
import { type History, RUNS } from "./histories.js";
import { type View, viewOf } from "./views.js";

/** Tries a property on as many values as `LEADWEAVE_RUNS` asks for, 2,000 by default. */
export function check<T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, predicate), { numRuns: RUNS });
}

export function run({ inputs, model, assertions }: History): View {
  return viewOf(resolve(inputs, model, assertions));
}

/** Keys of the live fragments, sorted. */
export function liveKeys(inputs: readonly FragmentInput[], { inputStatuses }: Resolution): string[] {
  return inputs
    .filter((_, index) => inputStatuses[index] === "live")
    .map(fragmentKey)
    .sort();
}
