/** Files of leads: CSV, NDJSON, JSON and Parquet, row by row and as fragments. Needs Node. */
export type { RowFormat } from "./format.js";
export { type ReadFragment, type ReadFragmentsOptions, readFragments } from "./fragments.js";
export type { RowInput } from "./input.js";
export type { Notice, RowError, RowErrorCode } from "./rawRow.js";
export { ReaderError, type ReaderErrorCode } from "./readerError.js";
export { type ReadRow, type ReadRowsOptions, readRows } from "./rows.js";
