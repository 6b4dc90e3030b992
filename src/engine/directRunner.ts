import type { Kind } from "../resolve/plan/documents.js";
import { View } from "../resolve/plan/view.js";
import type { MemorySource } from "../stores/memory.js";
import { publishCommit } from "./channels.js";
import { LeadweaveError } from "./error.js";
import type { Kernels } from "./kernels.js";
import type { Plan, Ran, Runner, RunOptions, Scanned } from "./runner.js";

const PAGE = 1_000;

/** Plans on the documents of this process: one pass, nothing to wait for, nobody to collide with. */
export class DirectRunner implements Runner {
  readonly isImmediate = true;
  readonly #kernels: Kernels;
  readonly #source: MemorySource;
  readonly #view: View;

  constructor(kernels: Kernels, source: MemorySource) {
    this.#kernels = kernels;
    this.#source = source;
    this.#view = new View(source);
  }

  async run<T>(plan: Plan<T>, { isReading = false, signal }: RunOptions = {}): Promise<Ran<T>> {
    signal?.throwIfAborted();
    return { value: this.runSync(plan, isReading), rounds: 1, retries: 0 };
  }

  runSync<T>(plan: Plan<T>, isReading: boolean): T {
    const view = this.#view;
    let isDone = false;
    try {
      view.begin();
      const value = plan(this.#kernels.current, view);
      if (view.isStopped)
        throw new LeadweaveError("store-inconsistent", "documents in memory do not fit together");
      if (!isReading) {
        publishCommit(view, 0, "committed");
        this.#source.commit(view);
        isDone = true;
      }
      return value;
    } finally {
      if (!isDone) {
        view.reset();
        this.#source.sweep();
      }
    }
  }

  async *scan<K extends Kind>(kind: K, signal?: AbortSignal): AsyncGenerator<readonly Scanned<K>[]> {
    let page: Scanned<K>[] = [];
    for (const one of this.#source.all(kind)) {
      page.push(one);
      if (page.length < PAGE) continue;
      signal?.throwIfAborted();
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }

  count(kind: Kind): number {
    return this.#source.count(kind);
  }
}
