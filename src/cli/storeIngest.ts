import type { Resolver } from "../engine/resolver.js";
import type { Assertion, FragmentInput } from "../fragment/fragment.js";
import { InputError } from "./failure.js";
import { startProgress } from "./progress.js";

/**
 * Fragments that are committed together. Measured on a SQLite file with simulated leads: up to 64 the rate is the same, beyond it
 * falls (256: half), for a batch is planned again with every round of reading.
 */
const BATCH = 64;

/** What became of what was taken in. */
export interface Ingested {
  /** New fragments, and corrections of those that were there. */
  readonly taken: number;
  /** Said nothing that the store does not know. */
  readonly unchanged: number;
  /** Took a fragment back. */
  readonly removed: number;
  /** Were erased, or bear an identifier that was. */
  readonly suppressed: number;
  readonly assertions: { readonly accepted: number; readonly unchanged: number };
  /** Steps of work that had been put off. */
  readonly drained: number;
  /** What still waits: for others who are working on it. */
  readonly left: number;
  readonly seconds: number;
}

/** Takes all in and carries out what was put off. Whenever it is cut off, doing it again goes on from there. */
export async function ingestAll(
  resolver: Resolver,
  inputs: readonly FragmentInput[],
  assertions: readonly Assertion[],
  isQuiet: boolean,
): Promise<Ingested> {
  const startedAt = performance.now();
  // The outcome does not depend on the order, and what was said first need not be decided twice.
  const said = { accepted: 0, unchanged: 0 };
  for (const assertion of assertions) {
    const outcome = await resolver.assert(assertion);
    if (outcome.type === "refused") throw contended();
    said[outcome.type]++;
  }
  const counts = { taken: 0, unchanged: 0, removed: 0, suppressed: 0 };
  const progress = startProgress("ingesting fragments", isQuiet);
  try {
    let done = 0;
    for await (const outcome of resolver.ingest(inputs, { batch: BATCH })) {
      if (outcome.type === "refused") {
        if (outcome.code === "contended") throw contended();
        throw new InputError(
          `fragment ${done + 1} is none: ${outcome.faults.map(({ path }) => path).join(", ")}`,
        );
      }
      if (outcome.type === "created" || outcome.type === "attached" || outcome.type === "merged")
        counts.taken++;
      else counts[outcome.type]++;
      progress.update(++done, done / inputs.length);
    }
  } finally {
    progress.end();
  }
  const drained = await drainAll(resolver, isQuiet);
  return {
    ...counts,
    assertions: said,
    drained: drained.steps,
    left: drained.left,
    seconds: (performance.now() - startedAt) / 1000,
  };
}

export async function drainAll(
  resolver: Resolver,
  isQuiet: boolean,
): Promise<{ readonly steps: number; readonly left: number }> {
  const progress = startProgress("carrying out what was put off", isQuiet);
  progress.update(0);
  try {
    return await resolver.drain();
  } finally {
    progress.end();
  }
}

function contended(): InputError {
  return new InputError(
    "others kept writing to the same leads: run the same again, it goes on where it stopped",
  );
}
