import type { Model } from "../../model/index.js";
import type { Kind, RotationStep, SettingsDoc } from "../../resolve/plan/documents.js";
import type { DocumentEntry, Store } from "../../stores/store.js";
import { LeadweaveError, storeFailed } from "../error.js";
import { Kernels } from "../kernels.js";
import type { Plan } from "../runner.js";
import { StoreRunner } from "../storeRunner.js";

const PAGE = 200;
const MAX_RETRIES = 20;
/** What is asked for is worked through to its end, however large a component it makes. */
const LIMITS = { maxDrainStrands: Number.MAX_SAFE_INTEGER };

/** One of the two stores, with what names its documents. */
export class Side {
  readonly store: Store;
  readonly kernels: Kernels;
  readonly runner: StoreRunner;
  /** The step that the store must be at for whatever is written; null where none is looked for. */
  step: RotationStep | null = null;
  readonly #signal: AbortSignal | undefined;

  constructor(store: Store, model: Model, pepper: string | undefined, signal: AbortSignal | undefined) {
    this.store = store;
    this.kernels = new Kernels(model, LIMITS, null, pepper);
    this.runner = new StoreRunner(this.kernels, store, MAX_RETRIES);
    this.#signal = signal;
  }

  async read<T>(plan: Plan<T>): Promise<T> {
    return this.#run(plan, true);
  }

  /** @throws LeadweaveError `contended` where another rotation has gone on: the store may be in use by now */
  async write<T>(plan: Plan<T>): Promise<T> {
    const { step } = this;
    if (step === null) return this.#run(plan, false);
    return this.#run((kernel, view) => {
      const settings = view.get("settings", "");
      if (!view.isStopped && settings?.rotation?.step !== step)
        throw new LeadweaveError("contended", "another rotation works on the copy, or has finished it");
      return plan(kernel, view);
    }, false);
  }

  async #run<T>(plan: Plan<T>, isReading: boolean): Promise<T> {
    const ran = await this.runner.run(plan, { isReading, signal: this.#signal });
    if (ran === null)
      throw new LeadweaveError(
        "contended",
        "others write to the store: stop them, then rotate again, which goes on",
      );
    return ran.value;
  }

  settings(): Promise<SettingsDoc | null> {
    return this.read((_, view) => view.get("settings", ""));
  }

  /** Documents of a kind as they are written, page by page. */
  async *pages(
    kind: Kind,
    from: string | null = null,
    limit = PAGE,
  ): AsyncGenerator<readonly DocumentEntry[]> {
    for (let after = from; ; ) {
      this.#signal?.throwIfAborted();
      const documents = await this.#page(kind, after, limit);
      if (documents.length > 0) yield documents;
      if (documents.length < limit) return;
      after = documents.at(-1)?.id ?? null;
    }
  }

  async isEmpty(kind: Kind): Promise<boolean> {
    return (await this.#page(kind, null, 1)).length === 0;
  }

  async #page(kind: Kind, after: string | null, limit: number): Promise<readonly DocumentEntry[]> {
    try {
      const [page] = await this.store.read([{ scan: kind, after, limit }]);
      if (page?.type !== "scan") throw new TypeError("a store must answer every wish in its order");
      return page.documents;
    } catch (error) {
      throw storeFailed("read", error);
    }
  }
}

/** A store that appends nothing to its feed: of what is said on the way nobody shall hear. */
export function silent(store: Store): Store {
  return {
    read: (wanted, options) => store.read(wanted, options),
    commit: (changeset) => store.commit({ ...changeset, changes: [] }),
    changes: (after, options) => store.changes(after, options),
    count: (kind) => store.count(kind),
    close: async () => {},
  };
}
