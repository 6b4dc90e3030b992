import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createResolver } from "../engine/resolver.js";
import type { Assertion, FragmentInput } from "../fragment/fragment.js";
import type { Model } from "../model/index.js";
import type { Resolution } from "../resolve/resolve.js";
import { createMemoryStore } from "../stores/memoryStore.js";
import { startProgress } from "./progress.js";
import { resolutionOf } from "./storedResolution.js";

/** Fragments between two looks at the clock for progress. */
const PROGRESS_EVERY = 256;

/**
 * Resolves fragments as a service would, one at a time as they come, and gives what `resolve` gives of them all at once.
 *
 * What was said of pairs is taken in first: the outcome does not depend on the order, and so nothing is decided twice.
 */
export async function resolveLive(
  inputs: readonly FragmentInput[],
  model: Model,
  assertions: readonly Assertion[],
  isQuiet: boolean,
): Promise<Resolution> {
  const store = createMemoryStore();
  // One file is worked through to its end, however large a component it makes.
  const resolver = createResolver({ store, model, limits: { maxDrainStrands: Number.MAX_SAFE_INTEGER } });
  let scored = 0;
  const count = (message: unknown): void => {
    scored += (message as { readonly scored: number }).scored;
  };
  const progress = startProgress("ingesting fragments", isQuiet);
  for (const name of CHANNELS) subscribe(name, count);
  try {
    for (const assertion of assertions) await resolver.assert(assertion);
    inputs.forEach((input, index) => {
      resolver.ingestSync(input);
      if (index % PROGRESS_EVERY === 0) progress.update(index, index / inputs.length);
    });
    await resolver.drain();
  } finally {
    for (const name of CHANNELS) unsubscribe(name, count);
    progress.end();
    await resolver.close();
  }
  return resolutionOf(store.source, model, inputs, assertions, scored);
}

/** Where the engine tells how many pairs it scored. */
const CHANNELS = ["leadweave:ingest", "leadweave:drain"];
