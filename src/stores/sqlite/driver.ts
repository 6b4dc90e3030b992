/** What the store needs of a SQLite library: synchronous, rows as arrays, and no transactions of its own making. */
export interface SqliteDriver {
  readonly name: "node:sqlite" | "better-sqlite3" | "libsql";
  /** Carries out statements without parameters. Transactions begin and end here only. */
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export interface SqliteStatement {
  /** Carries out a statement that answers no rows, and tells how many rows it changed. */
  run(...values: readonly SqliteValue[]): number;
  /** The first row. The statement is read to its end all the same: one left in the middle would hold its snapshot. */
  get(...values: readonly SqliteValue[]): SqliteRow | undefined;
  all(...values: readonly SqliteValue[]): readonly SqliteRow[];
}

export type SqliteValue = string | number | null;

/** Columns in the order of the query. */
export type SqliteRow = readonly SqliteValue[];

/** How a file is opened. */
export interface Opening {
  /** As given, or `:memory:`. */
  readonly path: string;
  readonly isReadOnly: boolean;
}
