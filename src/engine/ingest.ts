import type { FragmentInput } from "../fragment/fragment.js";
import { validateFragment } from "../fragment/validate.js";
import { Foresight } from "../resolve/plan/foresee.js";
import { type Outcome, planInput } from "../resolve/plan/plan.js";
import type { RowRange, Slot, View } from "../resolve/plan/view.js";
import { isIngestHeard, publishIngest } from "./channels.js";
import type { IngestOutcome, Refused } from "./outcome.js";
import type { Plan, Runner } from "./runner.js";

/** Attempts at a batch before it is halved: whoever collides may do so on one of its fragments alone. */
const BATCH_RETRIES = 3;

/** Inputs that are planned ahead at first. */
const LEAST_AHEAD = 8;
/** Planning one input costs so much less than asking the store once more. */
const WORTHWHILE = 8;

const CONTENDED: Refused = { type: "refused", code: "contended" };

export interface Planned {
  readonly outcome: Outcome;
  readonly reads: number;
  readonly writes: number;
  readonly scored: number;
}

/** What became of one input, and the share that it had in the work. */
interface Ingested {
  readonly outcome: IngestOutcome;
  readonly planned: Planned | null;
  readonly rounds: number;
  readonly retries: number;
}

/**
 * Several inputs over one view, each on top of what those before it planned. What was planned while nothing was missing stays. Of
 * the inputs after a stopped one some are planned by themselves, only to find out what they will want: else each would ask in
 * rounds of its own.
 */
function planInputs(inputs: readonly FragmentInput[], isImmediate: boolean): Plan<readonly Planned[]> {
  let at: View | null = null;
  let all: Planned[] = [];
  /** Inputs that wanted nothing more when they were planned by themselves. */
  let isReady: boolean[] = [];
  /** Inputs to be planned ahead: the more, the more often that tells anything. */
  let window = LEAST_AHEAD;
  return (kernel, view) => {
    if (view !== at) {
      at = view;
      all = [];
      isReady = [];
      window = LEAST_AHEAD;
    }
    const missing: Slot[] = [];
    const missingRows: RowRange[] = [];
    let isBlocked = false;
    let ahead = 0;
    let stopped = 0;
    for (let index = all.length; index < inputs.length; index++) {
      if (isBlocked) {
        if (isReady[index] === true) continue;
        if (++ahead > window) break;
      }
      view.begin();
      const before = view.dirty.length;
      const { outcome, work } = planInput(kernel, view, inputs[index] as FragmentInput);
      if (view.isStopped) {
        if (view.isTorn && !isBlocked && view.missing.length + view.missingRows.length === 0) return all;
        missing.push(...view.missing);
        missingRows.push(...view.missingRows);
        if (isBlocked) stopped++;
        isBlocked = true;
        view.undo();
      } else if (isBlocked) {
        isReady[index] = true;
        view.undo();
      } else {
        all.push({ outcome, reads: view.reads, writes: view.dirty.length - before, scored: work.scored });
        if (!isImmediate && index + 1 < inputs.length) view.keep();
      }
    }
    if (ahead > 0) window = stopped * WORTHWHILE > ahead ? window * 2 : LEAST_AHEAD;
    view.missing.push(...missing);
    view.missingRows.push(...missingRows);
    return all;
  };
}

/** Takes in a batch: outcomes in the order of the inputs. */
export async function ingestBatch(
  runner: Runner,
  inputs: readonly unknown[],
  signal: AbortSignal | undefined,
): Promise<IngestOutcome[]> {
  const startedAt = performance.now();
  const outcomes: (IngestOutcome | null)[] = [];
  const valid: FragmentInput[] = [];
  for (const input of inputs) {
    const checked = validateFragment(input);
    if (checked.ok) valid.push(runner.isImmediate ? checked.value : copyOf(checked.value));
    outcomes.push(checked.ok ? null : { type: "refused", code: "invalid-fragment", faults: checked.faults });
  }
  const ingested = await commitInputs(runner, valid, signal);
  if (isIngestHeard()) publishAll(outcomes, ingested, performance.now() - startedAt);
  let at = 0;
  return outcomes.map((outcome) => outcome ?? (ingested[at++] as Ingested).outcome);
}

/**
 * The caller may change what he gave while documents are read for it, and what is drawn from an input is remembered by its object:
 * without a copy of its own one thing would be kept and another resolved. It is kept as JSON.
 */
function copyOf(input: FragmentInput): FragmentInput {
  return JSON.parse(JSON.stringify(input)) as FragmentInput;
}

async function commitInputs(
  runner: Runner,
  inputs: readonly FragmentInput[],
  signal: AbortSignal | undefined,
): Promise<readonly Ingested[]> {
  if (inputs.length === 0) return [];
  const isBatch = inputs.length > 1;
  const ran = await runner.run(planInputs(inputs, runner.isImmediate), {
    signal,
    foresee: (kernel, view) => new Foresight(kernel, view, inputs),
    ...(isBatch ? { maxRetries: BATCH_RETRIES } : {}),
  });
  if (ran !== null) {
    const { value, rounds, retries } = ran;
    return value.map((planned) => ({ outcome: planned.outcome, planned, rounds, retries }));
  }
  if (!isBatch) return [{ outcome: CONTENDED, planned: null, rounds: 0, retries: 0 }];
  const half = inputs.length >> 1;
  const first = await commitInputs(runner, inputs.slice(0, half), signal);
  return [...first, ...(await commitInputs(runner, inputs.slice(half), signal))];
}

function publishAll(
  outcomes: readonly (IngestOutcome | null)[],
  ingested: readonly Ingested[],
  ms: number,
): void {
  let at = 0;
  for (const refused of outcomes) {
    const one = refused === null ? (ingested[at++] as Ingested) : null;
    publishOutcome(refused ?? (one as Ingested).outcome, one?.planned ?? null, {
      rounds: one?.rounds ?? 0,
      retries: one?.retries ?? 0,
      ms: ms / outcomes.length,
    });
  }
}

export function publishOutcome(
  outcome: IngestOutcome,
  planned: Planned | null,
  took: { readonly rounds: number; readonly retries: number; readonly ms: number },
): void {
  publishIngest({
    type: outcome.type,
    status: outcome.type === "refused" ? null : outcome.status,
    reads: planned?.reads ?? 0,
    writes: planned?.writes ?? 0,
    scored: planned?.scored ?? 0,
    pending: outcome.type !== "refused" && outcome.pending,
    ...took,
  });
}
