import type { Row } from "../fragment/row.js";
import { readCsv } from "./csv.js";
import { formatOf, type RowFormat } from "./format.js";
import { openInput, type RowInput } from "./input.js";
import { readJson, readNdjson } from "./json.js";
import { decode, splitLines } from "./lines.js";
import { openParquet, readParquet } from "./parquet.js";
import type { OnNotice, RawBatch, RowError } from "./rawRow.js";

export interface ReadRowsOptions {
  /** Default: what the first bytes and the extension say. Gzip is found and unpacked whatever the name. */
  readonly format?: RowFormat;
  /** Stops reading and closes the file; the iteration throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told of what is odd but no fault: a file without rows, two columns of one name. */
  readonly onNotice?: OnNotice;
  /** Told the bytes read from the file as they are, for progress. */
  readonly onBytes?: (count: number) => void;
}

/** One row of a file. `line` is 1-based: where the row starts, or its number in a Parquet file or JSON array. */
export type ReadRow =
  | { readonly line: number; readonly row: Row }
  | { readonly line: number; readonly error: RowError; readonly raw: string };

/**
 * Reads the rows of a CSV, NDJSON, JSON or Parquet file, gzipped or not, or of a stream. Bounded memory: the next rows
 * are read when they are asked for. A bad row is yielded as an error of its own and reading goes on.
 *
 * @throws ReaderError where the file as a whole cannot be read.
 */
export async function* readRows(input: RowInput, options: ReadRowsOptions = {}): AsyncGenerator<ReadRow> {
  for await (const { columns, rows } of readBatches(input, options)) {
    for (const row of rows) yield "values" in row ? { line: row.line, row: rowOf(columns, row.values) } : row;
  }
}

/** The row as an object; of columns with one name the first counts, and a column without a name is left out. */
export function rowOf(columns: readonly string[], values: readonly unknown[]): Row {
  const row: Record<string, unknown> = {};
  columns.forEach((column, index) => {
    if (column !== "" && !Object.hasOwn(row, column)) row[column] = values[index];
  });
  return row;
}

/** The same rows in batches, before their values have met their columns. */
export async function* readBatches(input: RowInput, options: ReadRowsOptions): AsyncGenerator<RawBatch> {
  const { signal, onNotice } = options;
  const opened = await openInput(input, signal, options.onBytes);
  const { file } = opened;
  let rows = 0;
  let columns: readonly string[] = [];
  try {
    const format = formatOf(opened, options.format);
    if (format === "parquet") {
      const parquet = await openParquet(input, opened.bytes, opened.packed);
      try {
        for await (const batch of readParquet(file, parquet.buffer, signal)) {
          rows += batch.rows.length;
          columns = batch.columns;
          yield batch;
        }
      } finally {
        await parquet.close();
      }
    } else {
      const text = warnOfBadText(decode(opened.bytes), file, onNotice);
      const lines = splitLines(text, file);
      const batches =
        format === "csv"
          ? readCsv(lines, file, onNotice)
          : format === "json"
            ? readJson(text, file)
            : readNdjson(lines);
      for await (const batch of batches) {
        rows += batch.rows.length;
        columns = batch.columns;
        if (batch.rows.length > 0) yield batch;
      }
    }
  } finally {
    opened.close();
  }
  if (rows > 0) return;
  if (columns.length > 0) onNotice?.({ code: "no-rows", file, message: `${file}: has a header and no rows` });
  else onNotice?.({ code: "empty-file", file, message: `${file}: is empty` });
}

const REPLACEMENT = "\uFFFD";

async function* warnOfBadText(
  chunks: AsyncIterable<string>,
  file: string,
  onNotice: OnNotice | undefined,
): AsyncGenerator<string> {
  let warned = onNotice === undefined;
  for await (const chunk of chunks) {
    if (!warned && chunk.includes(REPLACEMENT)) {
      warned = true;
      onNotice?.({
        code: "not-utf8",
        file,
        message: `${file}: is not UTF-8 throughout; some characters are lost`,
      });
    }
    yield chunk;
  }
}
