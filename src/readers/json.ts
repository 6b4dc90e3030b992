import type { Row } from "../fragment/row.js";
import { describeShape } from "../fragment/validate.js";
import type { LineBatch } from "./lines.js";
import type { RawBatch, RawRow } from "./rawRow.js";
import { ReaderError } from "./readerError.js";

/** One JSON object a line; blank lines are skipped, a bad line is rejected alone. */
export async function* readNdjson(batches: AsyncIterable<LineBatch>): AsyncGenerator<RawBatch> {
  for await (const { lines, firstLine } of batches) {
    const rows: RawRow[] = [];
    lines.forEach((text, index) => {
      if (text.trim() !== "") rows.push(rowOf(text, firstLine + index));
    });
    yield { columns: [], rows };
  }
}

function rowOf(text: string, line: number): RawRow {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's own message quotes the text, which may be personal data.
    return {
      line,
      error: { code: "bad-json", expected: "a JSON object on one line", received: "no valid JSON" },
      raw: text,
    };
  }
  return isRow(value) ? { line, row: value } : notAnObject(line, value, text);
}

/** A JSON array of objects, or one object. It is read whole: an array cannot be cut before it is parsed. */
export async function* readJson(chunks: AsyncIterable<string>, file: string): AsyncGenerator<RawBatch> {
  const parts: string[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const text = parts.join("");
  if (text.trim() === "") return;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ReaderError(
      "format-unreadable",
      file,
      `${file}: is not valid JSON; expected an array of objects`,
      error,
    );
  }
  const rows = (Array.isArray(value) ? value : [value]).map(
    (member: unknown, index): RawRow =>
      isRow(member)
        ? { line: index + 1, row: member }
        : notAnObject(index + 1, member, JSON.stringify(member)),
  );
  yield { columns: [], rows };
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notAnObject(line: number, value: unknown, raw: string): RawRow {
  return {
    line,
    error: { code: "not-an-object", expected: "a JSON object", received: describeShape(value) },
    raw,
  };
}
