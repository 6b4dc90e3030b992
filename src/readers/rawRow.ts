import type { Row } from "../fragment/row.js";

/** Why one row cannot be read, in a form to count by. */
export type RowErrorCode =
  /** More or fewer values than the header has columns. */
  | "column-count"
  /** A quote that is never closed, or characters after a closed one. */
  | "bad-quoting"
  | "bad-json"
  /** JSON, but no object. */
  | "not-an-object";

export interface RowError {
  readonly code: RowErrorCode;
  /** What was expected, and what stood there: its shape, never its value. */
  readonly expected: string;
  readonly received: string;
}

/** A row before its columns mean anything. `line`: where it starts; for Parquet and JSON arrays the number of the row. */
export type RawRow =
  /** Values in the order of the batch's columns. */
  | { readonly line: number; readonly values: readonly unknown[] }
  | { readonly line: number; readonly row: Row }
  | { readonly line: number; readonly error: RowError; readonly raw: string };

export interface RawBatch {
  /** Columns of the rows that are lists of values; empty where every row names its own. */
  readonly columns: readonly string[];
  readonly rows: readonly RawRow[];
}

/** Something about a file that is no fault but that its owner should know. */
export interface Notice {
  readonly code:
    | "no-rows"
    | "empty-file"
    | "duplicate-column"
    | "nameless-column"
    | "not-utf8"
    | "unused-field";
  readonly file: string;
  readonly message: string;
}

export type OnNotice = (notice: Notice) => void;
