import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll } from "vitest";
import {
  type Notice,
  type ReadFragment,
  type ReadFragmentsOptions,
  type ReadRow,
  type ReadRowsOptions,
  readFragments,
  readRows,
} from "../../src/readers/index.js";

const folder = mkdtempSync(join(tmpdir(), "leadweave-readers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;

/** Writes a real file and returns its path; each in a folder of its own, so that names can repeat. */
export function file(name: string, content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(folder, `${made++}-`)), name);
  writeFileSync(path, content);
  return path;
}

export function freshPath(name: string): string {
  return join(mkdtempSync(join(folder, `${made++}-`)), name);
}

/** The bytes in chunks that end at the given places. */
export function inChunks(bytes: Uint8Array, cuts: readonly number[]): Readable {
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const chunks: Uint8Array[] = [];
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    if (end > start) chunks.push(bytes.subarray(start, end));
    start = end;
  }
  return Readable.from(chunks, { objectMode: false });
}

export async function rowsOf(input: string | Readable, options: ReadRowsOptions = {}): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of readRows(input, options)) rows.push(row);
  return rows;
}

export async function fragmentsOf(
  input: string | readonly string[],
  options: ReadFragmentsOptions = {},
): Promise<ReadFragment[]> {
  const read: ReadFragment[] = [];
  for await (const one of readFragments(input, options)) read.push(one);
  return read;
}

/** Collects notices, to be passed as `onNotice`. */
export function noticeList(): { readonly codes: string[]; readonly onNotice: (notice: Notice) => void } {
  const codes: string[] = [];
  return { codes, onNotice: ({ code }) => codes.push(code) };
}

/** The code of the error that a promise ends with. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
  return "no error";
}
