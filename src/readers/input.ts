import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ReaderError, readerErrorOf } from "./readerError.js";

/** A file by its path, or the bytes of one. */
export type RowInput = string | Readable;

const CHUNK_BYTES = 256 * 1024;

export interface OpenInput {
  /** Path; `-` for a stream. */
  readonly file: string;
  /** The file's bytes, unpacked where they were gzip. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The first bytes, unpacked: 64 or more, fewer of a shorter file. They come again in `bytes`. */
  readonly head: Uint8Array;
  /** The file is gzip. */
  readonly packed: boolean;
  close(): void;
}

/**
 * Opens a file or a stream and looks at its first bytes. `onBytes` is told how many bytes were read from the file as they
 * are, packed or not, for progress.
 *
 * @throws ReaderError
 */
export async function openInput(
  input: RowInput,
  signal: AbortSignal | undefined,
  onBytes: ((count: number) => void) | undefined,
): Promise<OpenInput> {
  signal?.throwIfAborted();
  const file = typeof input === "string" ? input : "-";
  const stream = typeof input === "string" ? await openFile(input) : input;
  const close = (): void => {
    stream.destroy();
  };
  try {
    const raw = await peek(withErrors(stream, file, signal, onBytes));
    const packed = startsWith(raw.head, GZIP_MAGIC);
    const { head, bytes } = packed ? await peek(unpack(raw.bytes, file)) : raw;
    return { file, bytes, head, packed, close };
  } catch (error) {
    close();
    throw readerErrorOf(error, file);
  }
}

const GZIP_MAGIC = [0x1f, 0x8b];
/** Enough for any magic number, and for a blank or two before the first bracket of a JSON text. */
const HEAD_BYTES = 64;

export function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((byte, index) => bytes[index] === byte);
}

async function openFile(path: string): Promise<Readable> {
  try {
    const found = await stat(path);
    if (found.isDirectory())
      throw new ReaderError("file-is-folder", path, `${path}: is a folder, not a file`);
  } catch (error) {
    throw readerErrorOf(error, path);
  }
  return createReadStream(path, { highWaterMark: CHUNK_BYTES });
}

async function* withErrors(
  stream: Readable,
  file: string,
  signal: AbortSignal | undefined,
  onBytes: ((count: number) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) {
      signal?.throwIfAborted();
      const bytes: Uint8Array = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      onBytes?.(bytes.length);
      yield bytes;
    }
  } catch (error) {
    throw readerErrorOf(error, file);
  }
}

async function* unpack(packed: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const pump = (async () => {
    try {
      for await (const chunk of packed) {
        if (!gunzip.write(chunk))
          await new Promise((resolve) => gunzip.once("drain", resolve).once("close", resolve));
        if (gunzip.destroyed) return;
      }
      gunzip.end();
    } catch (error) {
      gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  })();
  try {
    yield* gunzip;
    await pump;
  } catch (error) {
    throw readerErrorOf(error, file);
  } finally {
    gunzip.destroy();
  }
}

/** The first bytes, enough to know a format by, and all bytes from the start. */
async function peek(
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly head: Uint8Array; readonly bytes: AsyncIterable<Uint8Array> }> {
  const rest = source[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < HEAD_BYTES) {
    const next = await rest.next();
    if (next.done === true) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return { head, bytes: rejoin(head, rest) };
}

async function* rejoin(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
