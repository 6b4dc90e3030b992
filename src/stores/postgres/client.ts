import { StoreError } from "../error.js";
import { storeErrorOf } from "./failures.js";

/** What the store needs of a client: a `Pool` or `Client` of `pg`, or anything that answers alike, such as PGlite. */
export interface PostgresClient {
  /** One statement with `$1`, `$2`, … */
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

export type Row = Readonly<Record<string, unknown>>;

/** A client, how it is asked, and whether it is ours to close. */
export class Session {
  readonly #client: PostgresClient;
  readonly #prepared: boolean;
  readonly #end: () => Promise<void>;
  #closing: Promise<void> | null = null;

  constructor(client: PostgresClient, prepared: boolean, end: () => Promise<void>) {
    this.#client = client;
    this.#prepared = prepared;
    this.#end = end;
  }

  get isClosed(): boolean {
    return this.#closing !== null;
  }

  /**
   * One round trip.
   *
   * @param name of the prepared statement, where they are used
   * @throws StoreError
   */
  async query(name: string, text: string, values: unknown[] = []): Promise<readonly Row[]> {
    if (this.isClosed) throw new StoreError("closed", "the store was closed: open another");
    try {
      const { rows } = await (this.#prepared
        ? (this.#client as unknown as PreparingClient).query({ name: `leadweave_${name}`, text, values })
        : this.#client.query(text, values));
      return rows as readonly Row[];
    } catch (error) {
      throw storeErrorOf(error);
    }
  }

  /** Closes connections that the store has opened itself. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }
}

/** `pg` takes the name of a statement in this form only. */
interface PreparingClient {
  query(config: {
    name: string;
    text: string;
    values: unknown[];
  }): Promise<{ readonly rows: readonly unknown[] }>;
}

/** Milliseconds for a connection to come about. */
const CONNECT_MS = 10_000;
/** A commit that has waited too long says so itself, which is worth more than silence: nothing of it has taken effect. */
const GRACE_MS = 5_000;

/**
 * Connects by a string of the form `postgres://user:password@host:port/database`.
 *
 * @param timeoutMs after which an answer is no longer waited for
 * @throws StoreError `driver-missing`
 */
export async function connect(
  connectionString: string,
  prepared: boolean,
  timeoutMs: number,
): Promise<Session> {
  const { Pool } = await importPg();
  const pool = await makePool(Pool, connectionString, timeoutMs);
  // Connections that break while nobody uses them: whoever asks next is given another.
  pool.on("error", () => {});
  return new Session(pool, prepared, () => pool.end());
}

type PoolClass = typeof import("pg").Pool;

async function importPg(): Promise<{ readonly Pool: PoolClass }> {
  try {
    const { default: pg } = await import("pg");
    return pg;
  } catch (error) {
    throw new StoreError(
      "driver-missing",
      "a connection string needs the package pg: run `npm install pg`, or pass a client of your own",
      error,
    );
  }
}

async function makePool(
  Pool: PoolClass,
  connectionString: string,
  timeoutMs: number,
): Promise<InstanceType<PoolClass>> {
  try {
    return new Pool({
      connectionString,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: timeoutMs + GRACE_MS,
      application_name: "leadweave",
    });
  } catch {
    // Not the cause: what could not be parsed stands in it, password included.
    throw new TypeError("connectionString must be of the form postgres://user:password@host:port/database");
  }
}
