import { mkdirSync } from "node:fs";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { codeOf, file, freshPath, inChunks, noticeList, rowsOf } from "./files.js";

describe("NDJSON and JSON", () => {
  it("rejects a bad line alone, without quoting it", async () => {
    const read = await rowsOf(file("a.ndjson", '{"id":"1"}\n\nJane Doe\n[1]\n"x"\nnull\n{"id":"2"}'));
    expect(read.map((row) => ("error" in row ? [row.line, row.error.code] : [row.line, row.row]))).toEqual([
      [1, { id: "1" }],
      [3, "bad-json"],
      [4, "not-an-object"],
      [5, "not-an-object"],
      [6, "not-an-object"],
      [7, { id: "2" }],
    ]);
    expect(
      read.map((row) => ("error" in row ? `${row.error.expected} ${row.error.received}` : "")).join(),
    ).not.toContain("Jane");
  });

  it("reads any objects whatever the chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.dictionary(
            fc.string(),
            fc.oneof(fc.string({ unit: "grapheme" }), fc.double({ noNaN: true }), fc.boolean()),
          ),
        ),
        fc.array(fc.nat(500), { maxLength: 8 }),
        async (objects, cuts) => {
          const rows = objects.map((object) => JSON.parse(JSON.stringify(object)) as unknown);
          const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
          const read = await rowsOf(inChunks(Buffer.from(text), cuts), { format: "ndjson" });
          expect(read.map((row) => "row" in row && row.row)).toEqual(rows);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("reads an array of objects, numbered, under .json as under any name", async () => {
    const wanted = [
      { line: 1, row: { id: 1 } },
      { line: 3, row: { id: 2 } },
    ];
    for (const name of ["a.json", "leads"]) {
      const read = await rowsOf(file(name, ' [{"id": 1}, 7, {"id": 2}]'));
      expect(read.filter((row) => "row" in row)).toEqual(wanted);
      expect(read[1]).toMatchObject({ line: 2, error: { code: "not-an-object" } });
    }
    expect(await rowsOf(file("a.json", '{"id": 1}\n{"id": 2}'))).toHaveLength(2);
  });

  it("refuses an array that is cut off", async () => {
    expect(await codeOf(rowsOf(file("a.json", '[{"id": 1}')))).toBe("format-unreadable");
  });
});

function parquet(rowGroupSize: number, codec: "SNAPPY" | "UNCOMPRESSED"): Uint8Array {
  const columnData = [
    { name: "record_id", data: ["1", "2", "3"], type: "STRING" as const },
    { name: "count", data: [1n, 2n, 3n], type: "INT64" as const },
    { name: "city", data: ["Zürich", null, "Ulm"], type: "STRING" as const, nullable: true },
    {
      name: "observed_at",
      data: [new Date(1767600000000), new Date(1767600001000), new Date(1767600002000)],
      type: "TIMESTAMP" as const,
    },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize, codec }));
}

describe("Parquet", () => {
  const wanted = [
    { line: 1, row: { record_id: "1", count: 1n, city: "Zürich", observed_at: new Date(1767600000000) } },
    { line: 2, row: { record_id: "2", count: 2n, observed_at: new Date(1767600001000) } },
    { line: 3, row: { record_id: "3", count: 3n, city: "Ulm", observed_at: new Date(1767600002000) } },
  ];

  it.each([
    [1, "SNAPPY"],
    [2, "UNCOMPRESSED"],
    [100, "SNAPPY"],
  ] as const)("reads row groups of %i, %s", async (size, codec) => {
    const read = await rowsOf(file("a.parquet", parquet(size, codec)));
    expect(
      read.map((row) =>
        "row" in row && row.row.city === null ? { ...row, row: { ...row.row, city: undefined } } : row,
      ),
    ).toEqual(wanted);
  });

  it("reads it under another name, gzipped, and from a stream", async () => {
    const bytes = parquet(2, "SNAPPY");
    expect(await rowsOf(file("export", bytes))).toHaveLength(3);
    expect(await rowsOf(file("a.parquet.gz", gzipSync(bytes)))).toHaveLength(3);
    expect(await rowsOf(Readable.from([bytes]))).toHaveLength(3);
  });

  it("refuses what only looks like it", async () => {
    const bytes = parquet(2, "SNAPPY");
    for (const content of [
      Buffer.from("id,x\n1,2\n"),
      bytes.subarray(0, bytes.length - 20),
      Buffer.from("PAR1"),
    ]) {
      expect(await codeOf(rowsOf(file("a.parquet", content)))).toBe("format-unreadable");
    }
  });
});

describe("files", () => {
  it("unpacks gzip whatever the name", async () => {
    const packed = gzipSync("id,x\n1,é\n");
    const wanted = [{ line: 2, row: { id: "1", x: "é" } }];
    expect(await rowsOf(file("a.csv.gz", packed))).toEqual(wanted);
    expect(await rowsOf(file("a.csv", packed))).toEqual(wanted);
    expect(await rowsOf(inChunks(packed, [1, 5, 11]))).toEqual(wanted);
    expect(await rowsOf(file("a.ndjson.gz", gzipSync('{"id":"1"}')))).toEqual([
      { line: 1, row: { id: "1" } },
    ]);
  });

  it("reads packed members one after another, and an empty one", async () => {
    const parts = Buffer.concat([gzipSync("id,x\n1,a\n"), gzipSync("2,b\n")]);
    expect(await rowsOf(file("a.csv.gz", parts))).toHaveLength(2);
    const notices = noticeList();
    expect(await rowsOf(file("a.csv.gz", gzipSync("")), { onNotice: notices.onNotice })).toEqual([]);
    expect(notices.codes).toEqual(["empty-file"]);
  });

  it("names what cannot be read by a code", async () => {
    const folder = freshPath("folder.csv");
    mkdirSync(folder);
    const packed = gzipSync("id,x\n1,a\n".repeat(1000));
    expect(await codeOf(rowsOf(freshPath("nowhere.csv")))).toBe("file-not-found");
    expect(await codeOf(rowsOf(folder))).toBe("file-is-folder");
    expect(await codeOf(rowsOf(file("a.csv.gz", packed.subarray(0, packed.length - 12))))).toBe(
      "format-unreadable",
    );
    expect(await codeOf(rowsOf(file("a.csv", Buffer.from("PK\x03\x04rest", "latin1"))))).toBe(
      "format-unreadable",
    );
  });

  it("reads no more than is asked for", async () => {
    let chunks = 0;
    const endless = Readable.from(
      (function* () {
        yield Buffer.from("id,x\n");
        for (;;) {
          chunks++;
          yield Buffer.from("1,a\n".repeat(1000));
        }
      })(),
    );
    let rows = 0;
    for await (const _ of (await import("../../src/readers/index.js")).readRows(endless))
      if (++rows === 1500) break;
    expect(chunks).toBeLessThan(100);
    expect(endless.destroyed).toBe(true);
  });

  it("stops when it is told to", async () => {
    const path = file("a.csv", `id,x\n${"1,a\n".repeat(300_000)}`);
    const controller = new AbortController();
    const { readRows } = await import("../../src/readers/index.js");
    let rows = 0;
    const reading = (async () => {
      for await (const _ of readRows(path, { signal: controller.signal }))
        if (++rows === 10) controller.abort(new Error("enough"));
    })();
    await expect(reading).rejects.toThrow("enough");
    expect(rows).toBeLessThan(300_000);
    await expect(rowsOf(path, { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
  });
});
