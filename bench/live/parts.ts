import { Kernels } from "../../src/engine/kernels.js";
import type { Fragment, FragmentInput } from "../../src/fragment/fragment.js";
import { validateFragment } from "../../src/fragment/validate.js";
import { compileModel } from "../../src/model/compile.js";
import type { Model } from "../../src/model/index.js";
import { KeyTable } from "../../src/resolve/keys.js";
import { createObserver } from "../../src/resolve/observe.js";
import { planInput } from "../../src/resolve/plan/plan.js";
import { View } from "../../src/resolve/plan/view.js";
import { MemorySource } from "../../src/stores/memory.js";
import { tails } from "../statistics.js";
import type { Leads } from "./leads.js";

const US_PER_MS = 1_000;

/** The parts of `ingestSync` one by one, and the work that each input makes. */
export function measureParts(leads: Leads, fragments: number, model: Model): Record<string, number> {
  const source = new MemorySource();
  const kernel = new Kernels(model, {}, source).current;
  const view = new View(source);
  const [reads, writes, scored] = [0, 1, 2].map(() => new Float64Array(fragments)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let planMs = 0;
  let commitMs = 0;
  for (let index = 0; index < fragments; index++) {
    const fragment = validated(leads.at(index));
    const plannedAt = performance.now();
    view.begin();
    const { work } = planInput(kernel, view, fragment);
    const committedAt = performance.now();
    if (view.isStopped) throw new Error(`documents do not fit together at fragment ${index}`);
    reads[index] = view.reads;
    writes[index] = view.dirty.length;
    scored[index] = work.scored;
    const writtenAt = performance.now();
    source.commit(view);
    commitMs += performance.now() - writtenAt;
    planMs += committedAt - plannedAt;
  }
  return {
    ...measureNormalizing(leads, fragments, model),
    "plan µs": (planMs / fragments) * US_PER_MS,
    "commit µs": (commitMs / fragments) * US_PER_MS,
    ...tails("documents read", reads),
    ...tails("documents written", writes),
    ...tails("pairs scored", scored),
  };
}

function measureNormalizing(leads: Leads, fragments: number, model: Model): Record<string, number> {
  const { observe } = createObserver(compileModel(model), new KeyTable());
  let validateMs = 0;
  let observeMs = 0;
  for (let index = 0; index < fragments; index++) {
    const input = leads.at(index);
    const startedAt = performance.now();
    const fragment = validated(input);
    const validatedAt = performance.now();
    observe(fragment);
    observeMs += performance.now() - validatedAt;
    validateMs += validatedAt - startedAt;
  }
  return {
    "normalise alone µs": ((validateMs + observeMs) / fragments) * US_PER_MS,
    "  validate µs": (validateMs / fragments) * US_PER_MS,
    "  observe µs": (observeMs / fragments) * US_PER_MS,
    "normalise alone /s": (fragments / (validateMs + observeMs)) * 1_000,
  };
}

function validated(input: FragmentInput): Fragment {
  const checked = validateFragment(input);
  if (!checked.ok || "gone" in checked.value) throw new Error("the simulator makes valid fragments only");
  return checked.value;
}
