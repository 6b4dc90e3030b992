import { StoreError } from "../error.js";
import type { Connection } from "./connection.js";
import { toStoreError } from "./failure.js";
import type { CheckedOptions } from "./options.js";
import { patiently } from "./patience.js";
import type { Schema } from "./schema.js";

/** An open file, and what every call to it has in common: it waits its turn, and fails in the same words. */
export class Session {
  readonly connection: Connection;
  readonly schema: Schema;
  readonly options: CheckedOptions;
  #state: "open" | "closing" | "closed" = "open";

  constructor(connection: Connection, schema: Schema, options: CheckedOptions) {
    this.connection = connection;
    this.schema = schema;
    this.options = options;
  }

  checkOpen(): void {
    if (this.#state !== "open") throw closed();
  }

  /** @param path of the file at fault if it fails, where that is not the store */
  async attempt<T>(work: () => T, signal?: AbortSignal, path?: string): Promise<T> {
    this.checkOpen();
    return this.finish(work, signal, path);
  }

  /** What began before the store was closed: it is carried out while the file is open. */
  async finish<T>(work: () => T, signal?: AbortSignal, path = this.options.path): Promise<T> {
    const { busyTimeoutMs } = this.options;
    const unlessClosed = (): T => {
      if (this.#state === "closed") throw closed();
      return work();
    };
    try {
      return await patiently(unlessClosed, { path, timeoutMs: busyTimeoutMs, signal });
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      throw error instanceof TypeError ? error : toStoreError(error, path);
    }
  }

  /** From now on nothing begins. */
  beginClose(): void {
    this.#state = "closing";
  }

  end(): void {
    this.#state = "closed";
    this.connection.close();
  }
}

function closed(): StoreError {
  return new StoreError("closed", "the store was closed: open it again");
}
