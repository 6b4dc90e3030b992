import { type OpenInput, startsWith } from "./input.js";
import { ReaderError } from "./readerError.js";

/** `csv` stands for every delimited text: the delimiter is found in the header. */
export type RowFormat = "csv" | "ndjson" | "json" | "parquet";

const BY_EXTENSION: Readonly<Record<string, RowFormat>> = {
  csv: "csv",
  tsv: "csv",
  tab: "csv",
  psv: "csv",
  txt: "csv",
  ndjson: "ndjson",
  jsonl: "ndjson",
  parquet: "parquet",
  pq: "parquet",
};

const PARQUET_MAGIC = [0x50, 0x41, 0x52, 0x31];

/** First bytes of what people mistake for a table. */
const FOREIGN: readonly { readonly magic: readonly number[]; readonly what: string }[] = [
  { magic: [0x50, 0x4b, 0x03, 0x04], what: "a spreadsheet or zip archive" },
  { magic: [0xd0, 0xcf, 0x11, 0xe0], what: "an old spreadsheet" },
  { magic: [0x25, 0x50, 0x44, 0x46], what: "a PDF" },
  { magic: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], what: "an SQLite database" },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], what: "a zstd archive" },
];

const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;

/** The format of a file: the one given, else what its first bytes prove, else its extension, else a look at the text. */
export function formatOf({ file, head }: OpenInput, given: RowFormat | undefined): RowFormat {
  if (given !== undefined) return given;
  if (startsWith(head, PARQUET_MAGIC)) return "parquet";
  for (const { magic, what } of FOREIGN) {
    if (startsWith(head, magic)) {
      throw new ReaderError(
        "format-unreadable",
        file,
        `${file}: is ${what}; expected CSV, NDJSON, JSON or Parquet`,
      );
    }
  }
  const extension = /\.([a-z]+)(?:\.gz)?$/i.exec(file)?.[1]?.toLowerCase() ?? "";
  const known = BY_EXTENSION[extension];
  if (known === "parquet" && head.length > 0) {
    throw new ReaderError(
      "format-unreadable",
      file,
      `${file}: is not a Parquet file, whatever its name says`,
    );
  }
  if (known !== undefined) return known;
  const first = head.find((byte) => !BLANKS.has(byte));
  if (first === OPENING_BRACKET) return "json";
  return first === OPENING_BRACE ? "ndjson" : "csv";
}
