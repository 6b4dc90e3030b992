import { Kernels } from "../../src/engine/kernels.js";
import type { IngestOutcome } from "../../src/engine/outcome.js";
import { createResolver, type Resolver } from "../../src/engine/resolver.js";
import type { FragmentInput } from "../../src/fragment/fragment.js";
import type { Model } from "../../src/model/model.js";
import { drainStep } from "../../src/resolve/plan/drain.js";
import type { Kernel, WorkLimits } from "../../src/resolve/plan/kernel.js";
import { View } from "../../src/resolve/plan/view.js";
import { createMemoryStore, type MemoryStore } from "../../src/stores/memoryStore.js";
import type { Operation, Script } from "./scripts.js";

/** A script on its way through the engine over the memory store. */
export interface Stage {
  readonly store: MemoryStore;
  readonly resolver: Resolver;
  readonly kernel: Kernel;
}

export interface Given {
  readonly input: FragmentInput;
  readonly outcome: IngestOutcome;
}

export function createStage(model: Model, limits: Partial<WorkLimits>): Stage {
  const store = createMemoryStore();
  return {
    store,
    resolver: createResolver({ model, store, limits }),
    kernel: new Kernels(model, limits, store.source).current,
  };
}

/** The first documents that wait, if any: those that may have come back below a limit before the others. */
export function firstWaiting({ source }: MemoryStore): { kind: "recheck" | "pending"; id: string } | null {
  for (const kind of ["recheck", "pending"] as const)
    for (const { id } of source.all(kind)) return { kind, id };
  return null;
}

/** Some steps of `drain`, one commit each, as a drain that stops in between leaves them. */
export function drainSome({ store, kernel }: Stage, steps: number): void {
  const view = new View(store.source);
  for (let step = 0; step < steps; step++) {
    const waiting = firstWaiting(store);
    if (waiting === null) return;
    view.begin();
    drainStep(kernel, view, waiting.kind, waiting.id);
    if (view.isStopped) throw new Error("documents in memory do not fit together");
    store.source.commit(view);
  }
}

/** Plays a script to its end. `after` is told of each operation, and of the inputs with what became of them. */
export async function play(
  stage: Stage,
  { operations }: Script,
  batch = 1,
  after: (operation: Operation) => void | Promise<void> = () => {},
): Promise<Given[]> {
  const { resolver } = stage;
  const given: Given[] = [];
  let waiting: FragmentInput[] = [];
  const flush = async (): Promise<void> => {
    const inputs = waiting;
    waiting = [];
    if (inputs.length === 0) return;
    let at = 0;
    for await (const outcome of resolver.ingest(inputs, { batch }))
      given.push({ input: inputs[at++] as FragmentInput, outcome });
  };
  for (const operation of operations) {
    if (operation.type === "input") {
      if (batch > 1) waiting.push(operation.input);
      else given.push({ input: operation.input, outcome: resolver.ingestSync(operation.input) });
    } else {
      await flush();
      if (operation.type === "assertion") await resolver.assert(operation.assertion);
      else if (operation.steps === null) await resolver.drain();
      else drainSome(stage, operation.steps);
    }
    await after(operation);
  }
  await flush();
  return given;
}
