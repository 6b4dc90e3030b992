import { TextDecoder } from "node:util";
import { ReaderError } from "./readerError.js";

/** Whole lines without their ends; several at once, since a promise per line would cost more than the line. */
export interface LineBatch {
  /** 1-based number of the first of `lines`. */
  readonly firstLine: number;
  readonly lines: readonly string[];
}

/** Longest line in characters: what goes on for longer is no table. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;
const CARRIAGE_RETURN = 13;

/**
 * Bytes as text. UTF-8, or UTF-16 where a byte order mark says so; the mark is dropped. Characters may be cut by the
 * borders of chunks. Bytes that are no text become U+FFFD.
 */
export async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let held: Uint8Array = new Uint8Array(0);
  for await (const chunk of bytes) {
    let ready = chunk;
    if (decoder === undefined) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      if (held.length < 2) continue;
      ready = held;
      decoder = new TextDecoder(encodingOf(held));
    }
    const text = decoder.decode(ready, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder === undefined ? new TextDecoder().decode(held) : decoder.decode();
  if (rest !== "") yield rest;
}

function encodingOf(head: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  return head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : "utf-8";
}

/** Characters in which a line end must show itself. */
const SAMPLE_LENGTH = 4096;

/**
 * Cuts text into lines at LF, CRLF, or, in a text whose first 4,096 characters have no LF, CR. An empty last line is no
 * line.
 *
 * @throws ReaderError for a line of more than 16 Mi characters.
 */
export async function* splitLines(chunks: AsyncIterable<string>, file: string): AsyncGenerator<LineBatch> {
  let lineEnd: string | undefined;
  let carry = "";
  let firstLine = 1;
  for await (const arrived of chunks) {
    let chunk = arrived;
    if (lineEnd === undefined) {
      chunk = carry + arrived;
      carry = "";
      if (chunk.length < SAMPLE_LENGTH) {
        carry = chunk;
        continue;
      }
      lineEnd = lineEndOf(chunk);
    }
    const { lines, rest } = cut(chunk, lineEnd);
    if (lines.length === 0) carry += rest;
    else {
      lines[0] = withoutReturn(carry + lines[0]);
      carry = rest;
      yield { firstLine, lines };
      firstLine += lines.length;
    }
    if (carry.length > MAX_LINE_LENGTH) {
      const message = `${file}: line ${firstLine} has more than ${MAX_LINE_LENGTH} characters`;
      throw new ReaderError("format-unreadable", file, message);
    }
  }
  const { lines, rest } = cut(carry, lineEnd ?? lineEndOf(carry));
  if (rest !== "") lines.push(withoutReturn(rest));
  if (lines.length > 0) yield { firstLine, lines };
}

function lineEndOf(text: string): "\n" | "\r" {
  const sample = text.slice(0, SAMPLE_LENGTH);
  return !sample.includes("\n") && sample.includes("\r") ? "\r" : "\n";
}

/** The whole lines of a text, without their ends, and what is left behind the last. */
function cut(text: string, lineEnd: string): { lines: string[]; rest: string } {
  const lines: string[] = [];
  let start = 0;
  for (let end = text.indexOf(lineEnd); end >= 0; end = text.indexOf(lineEnd, start)) {
    const isCrLf = end > start && text.charCodeAt(end - 1) === CARRIAGE_RETURN;
    lines.push(text.slice(start, isCrLf ? end - 1 : end));
    start = end + 1;
  }
  return { lines, rest: text.slice(start) };
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
