import type { Kind } from "../resolve/plan/documents.js";
import { View } from "../resolve/plan/view.js";
import type { Changeset, Entry, Store, Wanted } from "../stores/store.js";
import { type Wish, wishOf } from "./changeset.js";
import { publishCommit } from "./channels.js";
import { storeFailed } from "./error.js";
import type { Kernels } from "./kernels.js";
import { decodeStored, Readings } from "./readings.js";
import type { Plan, Ran, Runner, RunOptions, Scanned } from "./runner.js";

/** Each round reads what the one before found out about; nothing that a plan looks at is farther away than this. */
const MAX_ROUNDS = 1_000;
const PAGE = 200;

/** What one attempt came to. */
type Attempt<T> =
  | { readonly type: "done"; readonly value: T; readonly rounds: number }
  | { readonly type: "failed"; readonly read: Wish };

/**
 * Plans on any store, optimistically: reads, plans, reads what was missing, plans again, and commits if all that was looked at is
 * still as it was. Otherwise everything is read afresh, in one round trip as far as the attempt before knows what.
 */
export class StoreRunner implements Runner {
  readonly isImmediate = false;
  readonly #kernels: Kernels;
  readonly #store: Store;
  readonly #maxRetries: number;

  constructor(kernels: Kernels, store: Store, maxRetries: number) {
    this.#kernels = kernels;
    this.#store = store;
    this.#maxRetries = maxRetries;
  }

  async run<T>(plan: Plan<T>, options: RunOptions = {}): Promise<Ran<T> | null> {
    const { maxRetries = this.#maxRetries } = options;
    let read: Wish = { refs: [], ranges: [] };
    for (let retries = 0; retries <= maxRetries; retries++) {
      const attempt = await this.#attempt(plan, read, options);
      if (attempt.type === "done") return { value: attempt.value, rounds: attempt.rounds, retries };
      read = attempt.read;
    }
    return null;
  }

  async #attempt<T>(
    plan: Plan<T>,
    known: Wish,
    { isReading, foresee, signal }: RunOptions,
  ): Promise<Attempt<T>> {
    const kernel = this.#kernels.current;
    const readings = new Readings(kernel.table);
    const view = new View(readings);
    let ahead = foresee?.(kernel, view) ?? null;
    let wish = known;
    for (let rounds = 0; rounds < MAX_ROUNDS; rounds++) {
      signal?.throwIfAborted();
      if (wish.refs.length + wish.ranges.length > 0)
        readings.fill(wish, await this.#read([...wish.refs, ...wish.ranges], signal));
      if (ahead !== null) {
        ahead.look();
        const foreseen = wishOf(view);
        view.undo();
        if (foreseen.refs.length > 0) {
          wish = foreseen;
          continue;
        }
        ahead = null;
      }
      readings.beginPass();
      view.begin();
      const value = plan(kernel, view);
      if (!view.isStopped) {
        if (isReading === true) view.reset();
        const changeset = readings.changesetOf(view);
        // What rests on one document at most needs nobody's word that it fits together.
        const isTrivial = isReading === true && changeset.expect.length < 2;
        if (isTrivial || (await this.#commit(view, changeset)) === "committed")
          return { type: "done", value, rounds };
        break;
      }
      if (view.isTorn) break;
      wish = wishOf(view);
      view.undo();
    }
    return { type: "failed", read: readings.all() };
  }

  async *scan<K extends Kind>(kind: K, signal?: AbortSignal): AsyncGenerator<readonly Scanned<K>[]> {
    let after: string | null = null;
    for (;;) {
      const [entry] = await this.#read([{ scan: kind, after, limit: PAGE }], signal);
      if (entry?.type !== "scan") throw new TypeError("a store must answer every wish in its order");
      const { table } = this.#kernels.current;
      const page = entry.documents.flatMap(({ id, text }) =>
        text === null ? [] : [{ id, doc: decodeStored(kind, text, table) }],
      );
      if (page.length > 0) yield page;
      if (entry.documents.length < PAGE) return;
      after = entry.documents.at(-1)?.id ?? null;
    }
  }

  async #read(wanted: readonly Wanted[], signal: AbortSignal | undefined): Promise<readonly Entry[]> {
    try {
      return await this.#store.read(
        wanted.map((one) => ("id" in one ? { kind: one.kind, id: one.id } : one)),
        signal === undefined ? {} : { signal },
      );
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      throw storeFailed("read", error);
    }
  }

  async #commit(view: View, changeset: Changeset): Promise<"committed" | "conflict"> {
    try {
      const result = await this.#store.commit(changeset);
      publishCommit(view, changeset.expect.length, result);
      return result;
    } catch (error) {
      throw storeFailed("commit", error);
    }
  }
}
