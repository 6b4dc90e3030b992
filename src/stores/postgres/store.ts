import { StoreError } from "../error.js";
import type { Changeset, ReadOptions, Store } from "../store.js";
import { statementOf } from "./changeset.js";
import { connect, type PostgresClient, Session } from "./client.js";
import { isCollision, lacksLocks } from "./failures.js";
import { feedAfter, feedBounds, trimFeed } from "./feed.js";
import { numberOfKind } from "./kinds.js";
import { checkOpen, migrate } from "./migrate.js";
import { nameIn, type Place, placeOf } from "./names.js";
import { entriesOf, wishTexts } from "./reading.js";
import { headOf } from "./tables.js";

/** Options of {@link createPostgresStore}: either `client` or `connectionString`. */
export interface PostgresStoreOptions {
  /** A `Pool` or `Client` of the package `pg`, or one with the same `query`. It is not closed with the store. */
  readonly client?: PostgresClient;
  /** `postgres://user:password@host:port/database`, for a pool of `pg` that the store opens and closes itself. */
  readonly connectionString?: string;
  /** Where the tables are. Default `leadweave`. */
  readonly schema?: string;
  /** Goes before the name of every table, view and function. Default none. */
  readonly tablePrefix?: string;
  /**
   * Milliseconds that a commit waits for others which write the same, and, with `connectionString`, that any answer is waited
   * for. Default 30,000.
   */
  readonly statementTimeoutMs?: number;
  /** Create the schema and tables where they are missing, and bring older ones up to date. Default false: they must be there. */
  readonly migrate?: boolean;
  /**
   * Named prepared statements: a little less work for the server on each call. Needs a client that takes `pg`'s form
   * `{ name, text, values }`, and a connection of one's own: not behind a pooler in transaction mode. Default false.
   */
  readonly preparedStatements?: boolean;
}

/** A store in the tables of one Postgres schema. */
export interface PostgresStore extends Store {
  /**
   * Creates or updates schema, tables, functions and views. Safe to run again, and at the same time from several processes.
   *
   * @throws StoreError `format-newer`, `access-denied`, …
   */
  migrate(): Promise<void>;
}

/** Documents of one commit beyond which it locks the store, for as long as it takes, instead of each of them. */
const MOST_LOCKS = 256;
/** Documents of a kind that are counted one by one. */
const COUNTED = 100_000;

/**
 * Opens a store in Postgres 13 or later.
 *
 * @throws StoreError `store-missing`, `store-unreachable`, `access-denied`, `format-newer`, `format-older`, `driver-missing`
 * @throws TypeError for options that make no sense
 */
export async function createPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { statementTimeoutMs = 30_000, schema, tablePrefix } = options;
  if (!(Number.isSafeInteger(statementTimeoutMs) && statementTimeoutMs > 0 && statementTimeoutMs < 2 ** 31))
    throw new TypeError("statementTimeoutMs must be a whole number of milliseconds, at least 1");
  const place = placeOf(schema, tablePrefix);
  const session = await sessionOf(options, statementTimeoutMs);
  try {
    await (options.migrate === true ? migrate(session, place) : checkOpen(session, place));
  } catch (error) {
    await session.close();
    throw error;
  }
  return storeOver(session, place, statementTimeoutMs);
}

async function sessionOf(options: PostgresStoreOptions, timeoutMs: number): Promise<Session> {
  const { client, connectionString, preparedStatements = false } = options;
  if ((client === undefined) === (connectionString === undefined))
    throw new TypeError("exactly one of client and connectionString must be given");
  if (client !== undefined) return new Session(client, preparedStatements, async () => {});
  return connect(connectionString as string, preparedStatements, timeoutMs);
}

function storeOver(session: Session, place: Place, timeoutMs: number): PostgresStore {
  const readSql = `select * from ${nameIn(place, "read")}($1, $2, $3)`;
  const holdsSql = `select ${nameIn(place, "holds")}($1) as held`;
  const commitSql = `select ${nameIn(place, "commit")}($1, $2, $3, $4, $5, $6) as held`;
  const patience = String(timeoutMs);

  async function commit(changeset: Changeset): Promise<"committed" | "conflict"> {
    if (session.isClosed) throw new StoreError("closed", "the store was closed: open another");
    const statement = statementOf(changeset);
    if (statement === null) return "conflict";
    const { names, count, puts, rows, feed } = statement;
    const isWriting =
      rows !== null || feed !== null || changeset.puts.length > 0 || changeset.deletes.length > 0;
    const send = async (alone: boolean): Promise<"committed" | "conflict"> => {
      const [row] = isWriting
        ? await session.query("commit", commitSql, [names, puts, rows, feed, alone, patience])
        : await session.query("holds", holdsSql, [names]);
      return row?.held === true ? "committed" : "conflict";
    };
    try {
      return await send(count > MOST_LOCKS);
    } catch (error) {
      if (isCollision(error)) return "conflict";
      if (lacksLocks(error)) return await send(true);
      throw error;
    }
  }

  return {
    async read(wanted, { signal } = {}) {
      signal?.throwIfAborted();
      const answer = session.query("read", readSql, wishTexts(wanted));
      return entriesOf(wanted, await unlessAborted(answer, signal));
    },
    commit,
    async *changes(after, { signal }: ReadOptions = {}) {
      signal?.throwIfAborted();
      for await (const entry of feedAfter(session, place, after, (answer) => unlessAborted(answer, signal))) {
        signal?.throwIfAborted();
        yield entry;
      }
    },
    async count(kind) {
      const [row] = await session.query("count", countSql(place), [numberOfKind(kind)]);
      return Number(row?.count ?? 0);
    },
    async countWithin(kind, prefix) {
      const [row] = await session.query("countWithin", countWithinSql(place), [
        numberOfKind(kind),
        prefix,
        `${prefix}\u{10ffff}`,
      ]);
      return Number(row?.count ?? 0);
    },
    feedBounds: () => feedBounds(session, place),
    trim: (upTo, readOptions) => trimFeed(session, place, upTo, readOptions),
    migrate: () => migrate(session, place),
    close: () => session.close(),
  };
}

/** Exact up to a limit; beyond it what the server last estimated, which costs the same however many there are. */
function countSql(place: Place): string {
  const documents = nameIn(place, "documents");
  return `with counted as (
      select count(*) as count from (select from ${documents} where kind = $1 limit ${COUNTED}) d),
    estimated as (
      select greatest(c.reltuples, 0) * coalesce((
        select s.frequency from pg_stats p
        cross join lateral unnest(p.most_common_vals::text::smallint[], p.most_common_freqs) s(value, frequency)
        where p.schemaname = '${place.schema}' and p.tablename = '${place.tablePrefix}documents' and p.attname = 'kind'
          and s.value = $1), 0) as count
      from pg_class c where c.oid = '${documents}'::regclass)
    select case when counted.count < ${COUNTED} then counted.count
      else greatest(counted.count, round(estimated.count)::bigint) end as count
    from counted, estimated`;
}

/** The first characters find the place in the index, the whole ids decide. */
function countWithinSql(place: Place): string {
  return `select count(*) as count from ${nameIn(place, "documents")}
    where kind = $1 and ${headOf("id")} >= ${headOf("$2::text")} and ${headOf("id")} <= $3 and id >= $2 and id < $3`;
}

/** What was asked cannot be taken back; it is only no longer waited for. */
async function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer;
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
    // Whichever comes second has nobody to tell.
    answer.catch(() => {});
    aborted.catch(() => {});
  }
}
