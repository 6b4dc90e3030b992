import type { Store } from "../store.js";
import { Committing } from "./committing.js";
import type { SqliteDriver } from "./driver.js";
import { feedBounds, readFeed, trimFeed } from "./feed.js";
import { openSession } from "./opening.js";
import { checkOptions, IN_MEMORY, isDatabase, type SqliteOptions } from "./options.js";
import { countWithin, readAll } from "./reading.js";
import { FORMAT, numberOf, readState } from "./schema.js";
import type { Session } from "./session.js";
import {
  backUp,
  type Checkpoint,
  checkIntegrity,
  checkpoint,
  type SqliteSize,
  sizeOf,
  standAlone,
} from "./upkeep.js";

/** A store in one file. */
export interface SqliteStore extends Store {
  /** The library in use. */
  readonly driver: SqliteDriver["name"];
  /** The format of the data. */
  readonly format: number;
  /**
   * Writes a copy as of this moment to a file that is not there yet, while others go on reading and writing; this process waits.
   *
   * @throws StoreError `failed` where the file exists
   */
  backup(to: string): Promise<void>;
  /** Brings the write-ahead log back into the file and empties it, so that the file alone holds everything. */
  checkpoint(): Promise<Checkpoint>;
  /**
   * Brings everything back into the file and takes its log away, so that after `close` it may be moved, or be put in the place of
   * another one. False where others have it open, which is as it was then.
   */
  standAlone(): Promise<boolean>;
  size(): Promise<SqliteSize>;
  /** Reads everything and tells what is wrong with it, if anything. */
  integrityCheck(): Promise<readonly string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens a store in a SQLite file, or begins one. Any number of processes on one machine may have it open: one writes at a time,
 * and nobody who reads waits.
 *
 * @param options the file, or more
 * @throws StoreError `store-missing`, `access-denied`, `read-only`, `format-newer`, `corrupt`, `driver-missing`, `busy`,
 *   `disk-full`; TypeError for options out of range
 */
export async function createSqliteStore(options: string | SqliteOptions): Promise<SqliteStore> {
  const { session } = await openSession(checkOptions(options));
  return storeOf(session);
}

/** The format of a store before and after: `from` is null where there was none. */
export interface Migration {
  readonly from: number | null;
  readonly to: number;
}

/**
 * Brings a store to the format of this release, or begins one. Opening does the same; this says what was done. It is safe to run
 * it twice, and in two processes at once.
 *
 * @throws StoreError as `createSqliteStore`
 */
export async function migrateSqliteStore(options: string | SqliteOptions): Promise<Migration> {
  const { session, from } = await openSession(checkOptions(options));
  await storeOf(session).close();
  return { from, to: FORMAT };
}

function storeOf(session: Session): SqliteStore {
  const { connection, schema, options } = session;
  const committing = new Committing(session);
  let closing: Promise<void> | null = null;

  async function close(): Promise<void> {
    session.beginClose();
    await committing.settled();
    if (!options.isReadOnly && options.path !== IN_MEMORY && !isDatabase(options.driver)) {
      try {
        connection.driver.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all();
      } catch {
        // Whoever opens the file next reads the log as it is.
      }
    }
    session.end();
  }

  return {
    driver: connection.driver.name,
    format: FORMAT,
    async read(wanted, { signal } = {}) {
      signal?.throwIfAborted();
      const read = () => readAll(connection, schema, wanted);
      // One wish is one statement or two on one document: nothing that could be of two moments.
      return session.attempt(wanted.length === 1 ? read : () => connection.snapshot(read), signal);
    },
    async commit(changeset) {
      return committing.commit(changeset);
    },
    changes: (after, readOptions) => readFeed(session, after, readOptions),
    async count(kind) {
      const number = numberOf(schema.documentKinds, kind);
      const { counts } = await session.attempt(() => readState(connection, schema));
      return counts[number] ?? 0;
    },
    async countWithin(kind, prefix) {
      return session.attempt(() => countWithin(connection, schema, kind, prefix));
    },
    feedBounds: () => feedBounds(session),
    trim: (upTo, readOptions) => trimFeed(session, upTo, readOptions),
    async scrub() {
      // What is deleted is overwritten at once (`secure_delete`): only the log still has it.
      if (!options.isReadOnly) await checkpoint(session);
    },
    backup: (to) => backUp(session, to),
    checkpoint: () => checkpoint(session),
    standAlone: () => standAlone(session),
    size: () => sizeOf(session),
    integrityCheck: () => checkIntegrity(session),
    close() {
      closing ??= close();
      return closing;
    },
    async [Symbol.asyncDispose]() {
      await this.close();
    },
  };
}
