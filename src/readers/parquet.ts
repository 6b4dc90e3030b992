import { open } from "node:fs/promises";
import type { AsyncBuffer } from "hyparquet";
import type { RowInput } from "./input.js";
import type { RawBatch, RawRow } from "./rawRow.js";
import { ReaderError, readerErrorOf } from "./readerError.js";

/** A Parquet file, one row group in memory at a time. Its libraries are loaded on first use. */
export async function* readParquet(
  file: string,
  buffer: AsyncBuffer,
  signal: AbortSignal | undefined,
): AsyncGenerator<RawBatch> {
  const [{ parquetMetadataAsync, parquetRead, parquetSchema }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  try {
    const metadata = await parquetMetadataAsync(buffer);
    const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      signal?.throwIfAborted();
      const rowEnd = rowStart + Number(group.num_rows);
      const rows: RawRow[] = [];
      await parquetRead({
        file: buffer,
        metadata,
        compressors,
        rowStart,
        rowEnd,
        onComplete: (read: readonly (readonly unknown[])[]) => {
          for (const values of read) rows.push({ line: rowStart + rows.length + 1, values });
        },
      });
      yield { columns, rows };
      rowStart = rowEnd;
    }
  } catch (error) {
    if (signal?.aborted === true) throw error;
    const known = readerErrorOf(error, file);
    if (known instanceof ReaderError) throw known;
    throw new ReaderError(
      "format-unreadable",
      file,
      `${file}: is no Parquet file that can be read, or is cut off`,
      error,
    );
  }
}

/** Parquet's directory is at its end: a file is read in slices, anything else is collected first. */
export async function openParquet(
  input: RowInput,
  bytes: AsyncIterable<Uint8Array>,
  packed: boolean,
): Promise<{ readonly buffer: AsyncBuffer; close(): Promise<void> }> {
  if (typeof input !== "string" || packed) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    const whole = new Uint8Array(Buffer.concat(chunks)).buffer;
    return {
      buffer: {
        byteLength: whole.byteLength,
        slice: (start, end) => Promise.resolve(whole.slice(start, end)),
      },
      close: () => Promise.resolve(),
    };
  }
  const handle = await open(input);
  const { size } = await handle.stat();
  return {
    buffer: {
      byteLength: size,
      async slice(start, end = size) {
        const target = new Uint8Array(Math.max(0, end - start));
        const { bytesRead } = await handle.read(target, 0, target.length, start);
        return target.buffer.slice(0, bytesRead);
      },
    },
    close: () => handle.close(),
  };
}
