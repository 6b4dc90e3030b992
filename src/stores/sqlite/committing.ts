import { StoreError } from "../error.js";
import type { Changeset } from "../store.js";
import { checkFormat, readState, type State, writeState } from "./schema.js";
import type { Session } from "./session.js";
import { applyChangeset, isVerification } from "./writing.js";

type Result = "committed" | "conflict";

interface Waiting {
  readonly changeset: Changeset;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Changesets in one transaction. More would keep other processes waiting for long. */
const MOST_TOGETHER = 64;

/**
 * Commits of one process, one after the other. Those that wait for the file at the same time are written in one transaction, and
 * are acknowledged once it is on the disk: a hundred callers share one wait for the disk instead of queueing for a hundred.
 */
export class Committing {
  readonly #session: Session;
  #queue: Waiting[] = [];
  #working: Promise<void> | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  commit(changeset: Changeset): Promise<Result> {
    if (isVerification(changeset)) return this.#verify(changeset);
    this.#session.checkOpen();
    if (this.#session.options.isReadOnly)
      throw new StoreError("read-only", "the store was opened with readOnly: open it for writing");
    return new Promise((resolve, reject) => {
      this.#queue.push({ changeset, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** Once all that waits is done. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** What changes nothing needs no turn. */
  #verify(changeset: Changeset): Promise<Result> {
    const { connection, schema } = this.#session;
    return this.#session.attempt(() =>
      connection.snapshot(() => {
        const state = readState(connection, schema);
        return applyChangeset(connection, schema, state, changeset) === null ? "conflict" : "committed";
      }),
    );
  }

  async #work(): Promise<void> {
    // Others of this turn of the event loop join in.
    await new Promise(setImmediate);
    while (this.#queue.length > 0) {
      const together = this.#queue.splice(0, MOST_TOGETHER);
      await this.#settle(together);
    }
    this.#working = null;
  }

  async #settle(together: readonly Waiting[]): Promise<void> {
    let results: readonly Result[];
    try {
      results = await this.#session.finish(() => this.#write(together));
    } catch (error) {
      const isShared = error instanceof StoreError && error.retryable;
      if (together.length === 1 || isShared) for (const { reject } of together) reject(error);
      // What one of them ran into need not be the fault of the others.
      else for (const one of together) await this.#settle([one]);
      return;
    }
    together.forEach(({ resolve }, at) => {
      resolve(results[at] as Result);
    });
  }

  #write(together: readonly Waiting[]): readonly Result[] {
    const { connection, schema, options } = this.#session;
    return connection.write(() => {
      const before = readState(connection, schema);
      checkFormat(before.format, options.path);
      let state: State = before;
      const results = together.map(({ changeset }): Result => {
        const after = applyChangeset(connection, schema, state, changeset);
        if (after === null) return "conflict";
        state = after;
        return "committed";
      });
      if (state !== before) writeState(connection, schema, state);
      return results;
    });
  }
}
