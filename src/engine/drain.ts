import { setImmediate as turn } from "node:timers/promises";
import { drainStep } from "../resolve/plan/drain.js";
import { publishDrain } from "./channels.js";
import type { Runner } from "./runner.js";

/** Steps after which others get their turn, where nothing else makes the engine wait. */
const STEPS_PER_TURN = 100;

/** Steps that a value may take: it is marked as being counted, then counted, and perhaps others add to it in between. */
const MAX_TRIES = 8;

export interface Drained {
  /** Steps that were committed. */
  readonly steps: number;
  /** What still waits: components above `limits.maxDrainStrands`, or what others are working on. */
  readonly left: number;
}

type Waiting = "recheck" | "pending";

interface Step {
  readonly isLeft: boolean;
  readonly reads: number;
  readonly writes: number;
  readonly scored: number;
}

/** Carries out what waits, until nothing is left that can be. What cannot is tried again once others have come forward. */
export async function drain(runner: Runner, signal: AbortSignal | undefined): Promise<Drained> {
  const tries = new Map<string, number>();
  const stuck = new Set<string>();
  let hasProgressed = false;
  let steps = 0;
  for (;;) {
    let left = 0;
    let isMoving = false;
    for (const kind of ["recheck", "pending"] as const) {
      for await (const page of runner.scan(kind, signal)) {
        for (const { id } of page) {
          const name = `${kind} ${id}`;
          left++;
          if (stuck.has(name)) continue;
          const isLeft = await takeStep(runner, kind, id, signal);
          if (isLeft === null) continue;
          if (++steps % STEPS_PER_TURN === 0) await turn();
          const tried = (tries.get(name) ?? 0) + 1;
          tries.set(name, tried);
          if (!isLeft) left--;
          if (isLeft && (kind === "pending" || tried >= MAX_TRIES)) stuck.add(name);
          else isMoving = true;
        }
      }
    }
    if (isMoving) {
      hasProgressed = true;
      continue;
    }
    if (!hasProgressed || stuck.size === 0) return { steps, left };
    hasProgressed = false;
    stuck.clear();
  }
}

/** Whether what was stepped on still waits; null when others kept getting in between. */
async function takeStep(
  runner: Runner,
  kind: Waiting,
  id: string,
  signal: AbortSignal | undefined,
): Promise<boolean | null> {
  const startedAt = performance.now();
  const ran = await runner.run<Step>(
    (kernel, view) => {
      const { scored } = drainStep(kernel, view, kind, id);
      const { reads, dirty } = view;
      return { isLeft: view.get(kind, id) !== null, reads, writes: dirty.length, scored };
    },
    { signal },
  );
  if (ran === null) return null;
  const { value, rounds, retries } = ran;
  const { reads, writes, scored } = value;
  publishDrain({ kind, reads, writes, scored, rounds, retries, ms: performance.now() - startedAt });
  return value.isLeft;
}
