import type { Fault } from "../fragment/validate.js";
import type { AssertionStatus } from "../resolve/assertions.js";
import type { Outcome, OutcomeType } from "../resolve/plan/plan.js";

/** An input that changed nothing because it could not be taken in. */
export type Refused =
  /** It is no fragment and no removal; `faults` names everything that is wrong with it. */
  | { readonly type: "refused"; readonly code: "invalid-fragment"; readonly faults: readonly Fault[] }
  /** Others kept getting in between for all retries: send it again. */
  | { readonly type: "refused"; readonly code: "contended" };

/** What became of one input. */
export type IngestOutcome = Outcome | Refused;

/** What became of an assertion. */
export type AssertOutcome =
  | {
      /** `unchanged`: it says nothing new, or a later version of it is known. */
      readonly type: "accepted" | "unchanged";
      readonly status: AssertionStatus | "unchanged";
      /** Part of the work waits for `drain`. */
      readonly pending: boolean;
    }
  | { readonly type: "refused"; readonly code: "invalid-assertion"; readonly faults: readonly Fault[] }
  | { readonly type: "refused"; readonly code: "contended" };

/** Inputs of one resolver by what became of them; `inputs` is the sum of the others. */
export type OutcomeCounts = Readonly<Record<OutcomeType | "refused" | "inputs", number>>;

/** Counts inputs as they come out. */
export class OutcomeCounter {
  readonly #counts = {
    inputs: 0,
    created: 0,
    attached: 0,
    merged: 0,
    removed: 0,
    unchanged: 0,
    suppressed: 0,
    refused: 0,
  };

  add({ type }: IngestOutcome): void {
    this.#counts.inputs++;
    this.#counts[type]++;
  }

  counts(): OutcomeCounts {
    return { ...this.#counts };
  }
}
