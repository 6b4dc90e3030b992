import { CsvError, parse } from "csv-parse/sync";

/** One record of delimited text; or that its last field goes on in the next line; or that its quotes make no sense. */
export type CsvRecord = readonly string[] | "unclosed" | "malformed";

const QUOTE = 34;

/**
 * Reads one record. Nearly all lines have no quotes, or quotes around whole fields only, and are cut right here, several
 * times as fast as by a parser that looks at each byte; every other line is left to csv-parse.
 * A quote inside a field that does not start with one is an ordinary character (5" pipe).
 */
export function readCsvRecord(text: string, delimiter: string): CsvRecord {
  if (!text.includes('"')) return text.split(delimiter);
  const values: string[] = [];
  let start = 0;
  for (;;) {
    if (text.charCodeAt(start) === QUOTE) {
      const close = text.indexOf('"', start + 1);
      const after = close + 1;
      if (close < 0 || (after < text.length && text[after] !== delimiter))
        return parseRecord(text, delimiter);
      values.push(text.slice(start + 1, close));
      if (after === text.length) return values;
      start = after + 1;
    } else {
      const end = text.indexOf(delimiter, start);
      if (end < 0) {
        values.push(text.slice(start));
        return values;
      }
      values.push(text.slice(start, end));
      start = end + 1;
    }
  }
}

function parseRecord(text: string, delimiter: string): CsvRecord {
  try {
    return parse(text, { delimiter, record_delimiter: "\n", relax_column_count: true })[0] ?? [""];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return error.code === "CSV_QUOTE_NOT_CLOSED" ? "unclosed" : "malformed";
  }
}

const DELIMITERS = [",", ";", "\t", "|"];

/** The delimiter of a header: the candidate that stands in it most often outside quotes; a comma where none does. */
export function findDelimiter(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, "");
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length - 1);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}
