import type { SqliteDriver, SqliteStatement } from "./driver.js";

/** One connection, its prepared statements, and its transactions, each of which is over before anything else can happen. */
export class Connection {
  readonly driver: SqliteDriver;
  #statements = new Map<string, SqliteStatement>();

  constructor(driver: SqliteDriver) {
    this.driver = driver;
  }

  /** Prepares it once. */
  statement(sql: string): SqliteStatement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.driver.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Reads everything as it was at one moment; nobody is kept waiting by it. */
  snapshot<T>(read: () => T): T {
    return this.#transaction("BEGIN", read);
  }

  /** Holds the file against all other writers from the beginning, so that what it reads stays true until it has written. */
  write<T>(work: () => T): T {
    return this.#transaction("BEGIN IMMEDIATE", work);
  }

  #transaction<T>(begin: string, work: () => T): T {
    this.driver.exec(begin);
    try {
      const value = work();
      this.driver.exec("COMMIT");
      return value;
    } catch (error) {
      this.#rollback();
      throw error;
    }
  }

  #rollback(): void {
    // A statement that failed may be in the middle of its work: none is used again.
    this.#statements = new Map();
    try {
      this.driver.exec("ROLLBACK");
    } catch {
      // SQLite has already rolled back by itself, as it does when the disk is full.
    }
  }

  close(): void {
    this.#statements.clear();
    this.driver.close();
  }
}
