import { hash } from "node:crypto";
import { LeadweaveError } from "../../src/engine/error.js";
import type { IngestOutcome } from "../../src/engine/outcome.js";
import { contentOf } from "../../src/engine/profiles.js";
import type { Resolver } from "../../src/engine/resolver.js";
import type { FragmentInput, FragmentRef } from "../../src/fragment/fragment.js";
import type { Model } from "../../src/model/model.js";
import { createKernel } from "../../src/resolve/plan/kernel.js";
import { View } from "../../src/resolve/plan/view.js";
import type { MemoryStore } from "../../src/stores/memoryStore.js";
import type { Changeset, Store } from "../../src/stores/store.js";
import { NOW } from "./scratch.js";
import type { Operation } from "./scripts.js";

/** Several writers on one store, and what can be seen of them from outside. */

/** The asynchronous side of the memory store alone: resolvers take it for a store like any. */
export function faceOf({ source: _, ...store }: MemoryStore): Store {
  return store;
}

function isWriting({ puts, deletes, rows, changes }: Changeset): boolean {
  return puts.length + deletes.length + rows.length + changes.length > 0;
}

/** A store that counts the commits by which one writer changed something. */
export function countCommits(store: Store): { readonly store: Store; readonly commits: () => number } {
  let commits = 0;
  return {
    commits: () => commits,
    store: {
      ...store,
      async commit(changeset) {
        const result = await store.commit(changeset);
        if (result === "committed" && isWriting(changeset)) commits++;
        return result;
      },
    },
  };
}

/** Reads the store between any two commits, past everything that waits: what a reader may be told is one of these. */
export class Witness {
  readonly store: Store;
  readonly #memory: MemoryStore;
  readonly #kernel: ReturnType<typeof createKernel>;
  #watched: FragmentRef | null = null;
  #seen = new Set<string>();

  constructor(memory: MemoryStore, model: Model) {
    const { table } = memory.source;
    // As resolvers name documents of a store like any.
    const name = (text: string): string => hash("sha256", text, "hex").slice(0, 32);
    this.#memory = memory;
    this.#kernel = createKernel(model, { table, name });
    this.store = {
      ...faceOf(memory),
      commit: (changeset) => {
        const reply = memory.commit(changeset);
        this.#look();
        return reply;
      },
    };
  }

  #look(): void {
    if (this.#watched === null) return;
    const view = new View(this.#memory.source);
    view.begin();
    const content = contentOf(this.#watched, NOW)(this.#kernel, view);
    if (view.isStopped) throw new Error("committed documents do not fit together");
    this.#seen.add(JSON.stringify(content));
    view.reset();
    this.#memory.source.sweep();
  }

  /** What `read` answers must be what was committed before it began or while it went on (27, 31); or it was contended. */
  async expectConsistent(
    ref: FragmentRef,
    read: () => Promise<object | null>,
  ): Promise<"read" | "contended"> {
    this.#watched = ref;
    this.#seen = new Set();
    this.#look();
    try {
      const told = JSON.stringify(await read());
      if (!this.#seen.has(told))
        throw new Error(`${told} was never so, but ${[...this.#seen].join(" and ")}`);
      return "read";
    } catch (error) {
      if (error instanceof LeadweaveError && error.code === "contended") return "contended";
      throw error;
    } finally {
      this.#watched = null;
    }
  }
}

/** Operations dealt to writers. */
export function deal(
  operations: readonly Operation[],
  hands: readonly number[],
  writers: number,
): Operation[][] {
  const dealt = Array.from({ length: writers }, (): Operation[] => []);
  operations.forEach((operation, index) => {
    dealt[(hands[index % hands.length] ?? 0) % writers]?.push(operation);
  });
  return dealt;
}

/** What became of each input of a batch at one delivery; nothing of operations that are no inputs. */
type Delivered = (outcomes: readonly IngestOutcome[]) => void;

/** Delivers inputs until all are accepted: what was contended comes again. */
async function deliver(
  resolver: Resolver,
  inputs: readonly FragmentInput[],
  batch: number,
  delivered: Delivered = () => {},
): Promise<void> {
  for (let again = inputs; again.length > 0; ) {
    const outcomes: IngestOutcome[] = [];
    for await (const outcome of resolver.ingest(again, { batch })) outcomes.push(outcome);
    delivered(outcomes);
    again = again.filter((_, at) => {
      const outcome = outcomes[at];
      if (outcome?.type === "refused" && outcome.code !== "contended")
        throw new Error("a valid input was refused");
      return outcome?.type === "refused";
    });
  }
}

/** Carries out the operations of one writer, in batches of consecutive inputs. */
export async function write(
  resolver: Resolver,
  operations: readonly Operation[],
  batch: number,
  delivered?: Delivered,
): Promise<void> {
  for (let at = 0; at < operations.length; ) {
    const operation = operations[at] as Operation;
    if (operation.type === "input") {
      const inputs: FragmentInput[] = [];
      for (
        let next = operations[at];
        next?.type === "input" && inputs.length < batch;
        next = operations[++at]
      )
        inputs.push(next.input);
      await deliver(resolver, inputs, batch, delivered);
      continue;
    }
    at++;
    if (operation.type === "drain") await resolver.drain();
    else while ((await resolver.assert(operation.assertion)).type === "refused");
    delivered?.([]);
  }
}
