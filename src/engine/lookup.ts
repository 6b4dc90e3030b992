import { validateFragment } from "../fragment/validate.js";
import { type LookupAnswer, type PartialLead, planLookup } from "../resolve/plan/lookup.js";
import { publishLookup } from "./channels.js";
import type { Runner } from "./runner.js";

export interface LookupOptions {
  /** Milliseconds after which the answer is given as it is then: empty, and not complete. Default: none. */
  readonly deadlineMs?: number;
  /** Epoch milliseconds: when a partial without `observedAt` was observed. Default: the resolver's clock. */
  readonly now?: number;
  readonly signal?: AbortSignal;
}

export interface Lookup extends LookupAnswer {
  /** False when the deadline passed, or others wrote faster than it could be read: then there are no candidates. */
  readonly complete: boolean;
}

const INCOMPLETE: Lookup = { candidates: [], compared: 0, complete: false };

/** Ranks profiles for a partial lead, on one consistent state of the store, and writes nothing. */
export async function lookUp(
  runner: Runner,
  partial: PartialLead,
  now: number,
  { deadlineMs, signal }: LookupOptions,
): Promise<Lookup> {
  const lead = checked({ ...partial, observedAt: partial.observedAt ?? now });
  const startedAt = performance.now();
  const deadline = deadlineMs === undefined ? null : AbortSignal.timeout(Math.max(0, deadlineMs));
  const either =
    deadline === null ? signal : signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  try {
    const ran = await runner.run((kernel, view) => planLookup(kernel, view, lead), {
      isReading: true,
      signal: either,
    });
    const answer: Lookup = ran === null ? INCOMPLETE : { ...ran.value, complete: true };
    publishLookup({ ...tellingsOf(answer), rounds: ran?.rounds ?? 0, ms: performance.now() - startedAt });
    return answer;
  } catch (error) {
    if (deadline?.aborted !== true || signal?.aborted === true) throw error;
    publishLookup({ ...tellingsOf(INCOMPLETE), rounds: 0, ms: performance.now() - startedAt });
    return INCOMPLETE;
  }
}

function tellingsOf({ candidates, compared, complete }: Lookup): {
  readonly candidates: number;
  readonly compared: number;
  readonly complete: boolean;
} {
  return { candidates: candidates.length, compared, complete };
}

function checked(partial: PartialLead): PartialLead {
  const found = validateFragment({ kind: "lookup", ...partial, source: "lookup", id: "lookup" });
  if (!found.ok) {
    const faults = found.faults.map(({ path, expected }) => `${path}: expected ${expected}`);
    throw new TypeError(`not a partial lead: ${faults.join("; ")}`);
  }
  return partial;
}
