import fc from "fast-check";
import type { Assertion, FragmentInput } from "../../src/fragment/fragment.js";
import type { WorkLimits } from "../../src/resolve/plan/kernel.js";
import type { History } from "../properties/histories.js";

/** A history as it may arrive: fragments, removals and assertions in any order, with work carried out in between. */

export type Operation =
  | { readonly type: "input"; readonly input: FragmentInput }
  | { readonly type: "assertion"; readonly assertion: Assertion }
  /** So many steps of what waits; null for all of it. */
  | { readonly type: "drain"; readonly steps: number | null };

export interface Script {
  readonly history: History;
  readonly operations: readonly Operation[];
}

/** So small that nearly everything is put off to `drain`. */
export const TINY_WORK: Partial<WorkLimits> = {
  maxReads: 40,
  maxComponentStrands: 3,
  maxComponentEdges: 4,
  maxMoves: 1,
};

const drains = fc.array(
  fc.record({
    at: fc.nat(20),
    steps: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null, freq: 3 }),
  }),
  { maxLength: 4 },
);

/** Every script says the same as its history: what comes in is a set. */
export function scriptOf(history: fc.Arbitrary<History>): fc.Arbitrary<Script> {
  return fc
    .tuple(history, fc.array(fc.nat(1_000), { minLength: 20, maxLength: 20 }), fc.boolean(), drains)
    .map(([given, ranks, isShuffled, between]) => {
      const said = [
        ...given.inputs.map((input): Operation => ({ type: "input", input })),
        ...given.assertions.map((assertion): Operation => ({ type: "assertion", assertion })),
      ];
      const operations = isShuffled
        ? said
            .map((operation, index) => ({ operation, rank: ranks[index % ranks.length] ?? 0 }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ operation }) => operation)
        : said;
      for (const { at, steps } of between) operations.splice(at, 0, { type: "drain", steps });
      return { history: given, operations };
    });
}

/** The same script without any drain. */
export function undrained({ history, operations }: Script): Script {
  return { history, operations: operations.filter(({ type }) => type !== "drain") };
}
