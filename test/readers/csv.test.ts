import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { file, inChunks, noticeList, rowsOf } from "./files.js";

const HEADER = "record_id,first_name,city\n";

describe("delimited text", () => {
  it("gives rows by the columns of the header, with the line where each starts", async () => {
    expect(await rowsOf(file("a.csv", `${HEADER}1,Ann,Ulm\n2,Bob,\n`))).toEqual([
      { line: 2, row: { record_id: "1", first_name: "Ann", city: "Ulm" } },
      { line: 3, row: { record_id: "2", first_name: "Bob", city: "" } },
    ]);
  });

  it.each([
    [",", "csv"],
    [";", "csv"],
    ["\t", "tsv"],
    ["|", "txt"],
  ])("finds the delimiter %j", async (delimiter, extension) => {
    const text = 'id,"x;y|z",c\n1,"a,b",2\n'.replace(/,(?=")|(?<="),/g, delimiter);
    const [read] = await rowsOf(file(`a.${extension}`, text.replace(/^id./, `id${delimiter}`)));
    expect(read).toEqual({ line: 2, row: { id: "1", "x;y|z": "a,b", c: "2" } });
  });

  it("reads a file with one column", async () => {
    expect(await rowsOf(file("a.csv", "id\n1\n2\n"))).toEqual([
      { line: 2, row: { id: "1" } },
      { line: 3, row: { id: "2" } },
    ]);
  });

  it("drops a byte order mark", async () => {
    expect(await rowsOf(file("a.csv", "\uFEFFid,x\n1,2\n"))).toEqual([{ line: 2, row: { id: "1", x: "2" } }]);
  });

  it("reads UTF-16, as spreadsheets write it", async () => {
    const text = Buffer.from("\uFEFFid\tname\r\n1\tZoë\r\n", "utf16le");
    const wanted = [{ line: 2, row: { id: "1", name: "Zoë" } }];
    expect(await rowsOf(file("a.txt", text))).toEqual(wanted);
    expect(await rowsOf(file("a.txt", Buffer.from(text).swap16()))).toEqual(wanted);
  });

  it.each([
    ["\r\n", "CRLF"],
    ["\n", "LF"],
    ["\r", "CR"],
  ])("reads lines that end with %j", async (end, _name) => {
    const text = ["id,x", "1,a", "2,b"].join(end);
    const wanted = [
      { line: 2, row: { id: "1", x: "a" } },
      { line: 3, row: { id: "2", x: "b" } },
    ];
    expect(await rowsOf(file("a.csv", text))).toEqual(wanted);
    expect(await rowsOf(file("a.csv", text + end))).toEqual(wanted);
  });

  it("reads quoted line ends, delimiters and doubled quotes", async () => {
    const text = 'id,note,x\r\n1,"two\r\nlines, and ""quotes""",a\r\n2,plain,b\r\n';
    expect(await rowsOf(file("a.csv", text))).toEqual([
      { line: 2, row: { id: "1", note: 'two\nlines, and "quotes"', x: "a" } },
      { line: 4, row: { id: "2", note: "plain", x: "b" } },
    ]);
  });

  it("takes a quote inside an unquoted value as it stands", async () => {
    expect(await rowsOf(file("a.csv", 'id,note\n1,5" pipe\n'))).toEqual([
      { line: 2, row: { id: "1", note: '5" pipe' } },
    ]);
  });

  it("skips blank lines without losing count", async () => {
    expect(await rowsOf(file("a.csv", "\nid,x\n\n1,a\n\n\n2,b\n\n"))).toEqual([
      { line: 4, row: { id: "1", x: "a" } },
      { line: 7, row: { id: "2", x: "b" } },
    ]);
  });

  it("rejects rows with too many or too few values alone", async () => {
    const read = await rowsOf(file("a.csv", `${HEADER}1,Ann\n2,Bob,Ulm,more\n3,Cid,Bonn\n`));
    expect(read.map((row) => ("error" in row ? [row.line, row.error.code, row.raw] : row.line))).toEqual([
      [2, "column-count", "1,Ann"],
      [3, "column-count", "2,Bob,Ulm,more"],
      4,
    ]);
  });

  it.each([
    ['2,"Bob,Ulm', "a quote that is never closed"],
    ['2,"Bob"by,Ulm', "text behind a closed quote"],
  ])("rejects %j alone", async (bad, _what) => {
    const read = await rowsOf(file("a.csv", `${HEADER}1,Ann,Ulm\n${bad}\n3,"Cid, jr",Bonn\n4,Dan,Kiel\n`));
    expect(read.map((row) => ("error" in row ? [row.line, row.error.code, row.raw] : row.line))).toEqual([
      2,
      [3, "bad-quoting", bad],
      4,
      5,
    ]);
  });

  it("does not lose the rest of a long file to one stray quote", async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => `${index},Ann,Ulm`);
    rows[1000] = '1000,"Ann,Ulm';
    const read = await rowsOf(file("a.csv", HEADER + rows.join("\n")));
    expect(read.filter((row) => "error" in row).map(({ line }) => line)).toEqual([1002]);
    expect(read).toHaveLength(5000);
  });

  it("tells of empty files, headers without rows, and odd headers", async () => {
    for (const [text, codes] of [
      ["", ["empty-file"]],
      ["\n\n", ["empty-file"]],
      [HEADER, ["no-rows"]],
      ["id,name", ["no-rows"]],
      ["id,name,name\n1,a,b\n", ["duplicate-column"]],
      ["id,,\n1,a,b\n", ["nameless-column", "nameless-column"]],
    ] as const) {
      const notices = noticeList();
      const read = await rowsOf(file("a.csv", text), { onNotice: notices.onNotice });
      expect(notices.codes, JSON.stringify(text)).toEqual(codes);
      expect(read.map((row) => "row" in row && row.row)).toEqual(
        text.includes("1,a") ? [text.includes("name") ? { id: "1", name: "a" } : { id: "1" }] : [],
      );
    }
  });

  it("tells of bytes that are no UTF-8", async () => {
    const notices = noticeList();
    await rowsOf(file("a.csv", Buffer.from("id,name\n1,Jos\xe9\n", "latin1")), {
      onNotice: notices.onNotice,
    });
    expect(notices.codes).toEqual(["not-utf8"]);
  });
});

const value = fc.string({
  unit: fc.constantFrom("a", '"', ",", ";", "|", "\t", "\n", "é", "😀", " ", "0"),
  maxLength: 6,
});

const table = fc.integer({ min: 2, max: 4 }).chain((width) =>
  fc.record({
    rows: fc.array(fc.array(fc.tuple(value, fc.boolean()), { minLength: width, maxLength: width }), {
      maxLength: 8,
    }),
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    lineEnd: fc.constantFrom("\n", "\r\n"),
    isEnded: fc.boolean(),
    cuts: fc.array(fc.nat(300), { maxLength: 10 }),
    width: fc.constant(width),
  }),
);

describe("the CSV reader and csv-parse", () => {
  it("agree on any table, however it is quoted and cut into chunks", async () => {
    await fc.assert(
      fc.asyncProperty(table, async ({ rows, delimiter, lineEnd, isEnded, cuts, width }) => {
        const header = Array.from({ length: width }, (_, index) => `c${index}`);
        const lines = rows.map((row) =>
          row
            .map(([text, quoted]) =>
              quoted || /["\n,;|\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
            )
            .join(delimiter),
        );
        const text = [header.join(delimiter), ...lines].join(lineEnd) + (isEnded ? lineEnd : "");
        const read = await rowsOf(inChunks(Buffer.from(text), cuts), { format: "csv" });
        const wanted: unknown = parse(text, { delimiter, columns: true, skip_empty_lines: true });
        expect(read.map((row) => ("row" in row ? row.row : row))).toEqual(wanted);
        let line = 2;
        expect(read.map((row) => row.line)).toEqual(
          rows.map((row) => {
            const start = line;
            line += 1 + row.join("").split("\n").length - 1;
            return start;
          }),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("never throw a row away nor stop at any text, and yield what does not depend on the chunks", async () => {
    const text = fc.string({
      unit: fc.constantFrom("a", '"', ",", "\n", "\r\n", "\r", "é", " "),
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(80), { maxLength: 6 }), async (body, cuts) => {
        const bytes = Buffer.from(`a,b\n${body}`);
        const whole = await rowsOf(inChunks(bytes, []), { format: "csv" });
        expect(await rowsOf(inChunks(bytes, cuts), { format: "csv" })).toEqual(whole);
        const lines = whole.map(({ line }) => line);
        expect([...lines].sort((a, b) => a - b)).toEqual(lines);
        expect(new Set(lines).size).toBe(lines.length);
      }),
      { numRuns: 500 },
    );
  });
});
