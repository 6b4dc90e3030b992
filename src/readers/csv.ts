import { type CsvRecord, findDelimiter, readCsvRecord } from "./csvRecord.js";
import type { LineBatch } from "./lines.js";
import type { OnNotice, RawBatch, RawRow } from "./rawRow.js";

/** A quoted field that goes on beyond this was never meant to: its opening quote is a stray one. */
const MAX_RECORD_LINES = 1000;
const MAX_RECORD_LENGTH = 1024 * 1024;

/** Delimited text as batches of rows. The first record is the header; blank lines are skipped. */
export async function* readCsv(
  batches: AsyncIterable<LineBatch>,
  file: string,
  onNotice: OnNotice | undefined,
): AsyncGenerator<RawBatch> {
  const reader = new CsvReader(file, onNotice);
  for await (const { lines, firstLine } of batches) {
    for (let index = 0; index < lines.length; index++) reader.take(lines[index] as string, firstLine + index);
    yield reader.batch();
  }
  reader.end();
  yield reader.batch();
}

/**
 * Puts records together from lines. A record whose quotes are never closed, or make no sense, costs its first line only:
 * the lines after it are read afresh, so that one stray quote does not swallow the rest of a file.
 */
class CsvReader {
  private columns: readonly string[] | undefined;
  private delimiter = ",";
  private rows: RawRow[] = [];
  /** Lines of a record whose last field is not closed yet. */
  private open: string[] = [];
  private openLength = 0;
  private openLine = 0;

  constructor(
    private readonly file: string,
    private readonly onNotice: OnNotice | undefined,
  ) {}

  take(line: string, number: number): void {
    if (this.open.length > 0) this.goOn(line);
    else if (line !== "") this.begin(line, number);
  }

  end(): void {
    while (this.open.length > 0) this.giveUpFirst();
  }

  batch(): RawBatch {
    const { rows } = this;
    this.rows = [];
    return { columns: this.columns ?? [], rows };
  }

  private begin(line: string, number: number): void {
    if (this.columns === undefined) this.delimiter = findDelimiter(line);
    const record = readCsvRecord(line, this.delimiter);
    if (record === "unclosed") {
      this.open = [line];
      this.openLength = line.length;
      this.openLine = number;
    } else this.put(record, line, number);
  }

  private goOn(line: string): void {
    this.open.push(line);
    this.openLength += line.length + 1;
    if (line.includes('"')) {
      const text = this.open.join("\n");
      const record = readCsvRecord(text, this.delimiter);
      if (record === "malformed") {
        this.giveUpFirst();
        return;
      }
      if (record !== "unclosed") {
        this.open = [];
        this.put(record, text, this.openLine);
        return;
      }
    }
    if (this.open.length > MAX_RECORD_LINES || this.openLength > MAX_RECORD_LENGTH) this.giveUpFirst();
  }

  /** Rejects the first open line and reads those behind it once more. */
  private giveUpFirst(): void {
    const [first = "", ...rest] = this.open;
    const number = this.openLine;
    this.open = [];
    this.put("malformed", first, number);
    rest.forEach((line, index) => {
      this.take(line, number + 1 + index);
    });
  }

  private put(record: Exclude<CsvRecord, "unclosed">, raw: string, line: number): void {
    if (record === "malformed") {
      const expected = "quotes around whole fields, closed, and doubled inside a field";
      this.rows.push({ line, error: { code: "bad-quoting", expected, received: "a stray quote" }, raw });
    } else if (this.columns === undefined) {
      this.columns = record.map((name) => name.trim());
      this.checkHeader(this.columns);
    } else if (record.length === this.columns.length) {
      this.rows.push({ line, values: record });
    } else {
      const expected = `${this.columns.length} values, as in the header`;
      this.rows.push({
        line,
        error: { code: "column-count", expected, received: `${record.length} values` },
        raw,
      });
    }
  }

  private checkHeader(columns: readonly string[]): void {
    const { file } = this;
    columns.forEach((column, index) => {
      if (column === "") {
        const message = `${file}: column ${index + 1} has no name and is left out`;
        this.onNotice?.({ code: "nameless-column", file, message });
      } else if (columns.indexOf(column) < index) {
        const message = `${file}: columns ${columns.indexOf(column) + 1} and ${index + 1} have the same name`;
        this.onNotice?.({ code: "duplicate-column", file, message });
      }
    });
  }
}
