import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { validateFragment } from "../../src/fragment/validate.js";
import { codeOf, file, fragmentsOf, noticeList } from "./files.js";

describe("reading fragments", () => {
  it("maps columns and takes the source from row, option or file name, in this order", async () => {
    const path = file(
      "web.2026.csv.gz",
      "record_id,source,email,city\n1,crm,a@b.example,Ulm\n2,,c@d.example,\n",
    );
    expect(await fragmentsOf(path)).toEqual([
      {
        type: "fragment",
        file: path,
        line: 2,
        fragment: {
          source: "crm",
          id: "1",
          kind: "record",
          observedAt: null,
          identifiers: [{ type: "email", value: "a@b.example" }],
          attributes: { city: "Ulm" },
        },
      },
      {
        type: "fragment",
        file: path,
        line: 3,
        fragment: {
          source: "web.2026",
          id: "2",
          kind: "record",
          observedAt: null,
          identifiers: [{ type: "email", value: "c@d.example" }],
        },
      },
    ]);
    const named = await fragmentsOf(path, { source: "web" });
    expect(named.map((read) => read.type === "fragment" && read.fragment.source)).toEqual(["crm", "web"]);
  });

  it("rejects rows alone and says why, without their values", async () => {
    const text =
      "record_id,observed_at,version,email\n,2026-01-05,1,a@b.example\n2,yesterday,x,\n3,2026-01-05T00:00:00Z,1,\n4\n";
    const read = await fragmentsOf(file("a.csv", text));
    expect(
      read.map((one) =>
        one.type === "rejected" ? [one.line, one.recordId, one.faults.map(({ path }) => path)] : [one.line],
      ),
    ).toEqual([[2, null, ["record_id"]], [3, "2", ["version", "observed_at"]], [4], [5, null, [""]]]);
    const rejected = read.filter((one) => one.type === "rejected");
    expect(rejected[1]).toMatchObject({
      source: "a",
      raw: { record_id: "2", observed_at: "yesterday", version: "x", email: "" },
    });
    expect(JSON.stringify(rejected.map(({ faults }) => faults))).not.toMatch(/yesterday|a@b/);
  });

  it("rejects rows that are too long for a fragment, and yields valid fragments only", async () => {
    const long = "x".repeat(70_000);
    const text = `record_id,email,note\n${"i".repeat(2000)},a,b\n2,${long},b\n3,a,${long}\n4,a,${long.slice(0, 60_000)}\n`;
    const read = await fragmentsOf(file("a.csv", text));
    expect(read.map((one) => one.type)).toEqual(["rejected", "rejected", "rejected", "fragment"]);
    for (const one of read) if (one.type === "fragment") expect(validateFragment(one.fragment).ok).toBe(true);
  });

  it("reads times in the zone given", async () => {
    const path = file(
      "a.csv",
      "id,time\n1,2026-07-05 12:00\n2,2026-07-05T12:00:00Z\n3,2026-02-30T00:00:00Z\n4,2024-02-29T00:00:00Z\n",
    );
    const timesOf = async (timeZone?: string): Promise<unknown[]> =>
      (await fragmentsOf(path, timeZone === undefined ? {} : { timeZone })).map((read) =>
        read.type === "fragment" && "observedAt" in read.fragment ? read.fragment.observedAt : read.type,
      );
    const leapDay = Date.UTC(2024, 1, 29);
    expect(await timesOf()).toEqual([
      Date.UTC(2026, 6, 5, 12),
      Date.UTC(2026, 6, 5, 12),
      "rejected",
      leapDay,
    ]);
    expect(await timesOf("America/New_York")).toEqual([
      Date.UTC(2026, 6, 5, 16),
      Date.UTC(2026, 6, 5, 12),
      "rejected",
      leapDay,
    ]);
    await expect(fragmentsOf(path, { timeZone: "Mars/Base" })).rejects.toThrow(TypeError);
  });

  it("renames and drops columns, and tells of names that no file has", async () => {
    const notices = noticeList();
    const path = file("a.csv", "customer,id,given_name,notes\nc1,7,Ann,secret\n");
    const fields = { customer: "record_id", given_name: "first_name", notes: null, missing: "city" };
    expect(await fragmentsOf(path, { fields, onNotice: notices.onNotice })).toMatchObject([
      { fragment: { id: "c1", attributes: { id: "7", first_name: "Ann" } } },
    ]);
    expect(notices.codes).toEqual(["unused-field"]);
  });

  it("refuses a file without record ids at once", async () => {
    expect(await codeOf(fragmentsOf(file("a.csv", "name,city\nAnn,Ulm\n")))).toBe("no-record-id");
    expect(
      await codeOf(fragmentsOf(file("a.csv", "name,city\nAnn,Ulm\n"), { fields: { name: "record_id" } })),
    ).toBe("no error");
  });

  it("takes whole fragments and removals from NDJSON", async () => {
    const lines = [
      { id: "1", kind: "form", identifiers: [{ type: "email", value: "a@b.example" }] },
      { source: "crm", id: "2", gone: true },
      { id: "3", kind: "form", identifiers: [{ type: "email" }] },
      { id: "4", email: "c@d.example" },
    ];
    const read = await fragmentsOf(file("a.ndjson", lines.map((line) => JSON.stringify(line)).join("\n")));
    expect(read).toMatchObject([
      { type: "fragment", fragment: { source: "a", id: "1", kind: "form" } },
      { type: "fragment", fragment: { source: "crm", id: "2", gone: true } },
      { type: "rejected", recordId: "3", faults: [{ path: "identifiers[0].value" }] },
      {
        type: "fragment",
        fragment: { source: "a", id: "4", identifiers: [{ type: "email", value: "c@d.example" }] },
      },
    ]);
  });

  it("gives equal fragments from CSV, NDJSON, JSON and Parquet", async () => {
    const rows = [
      {
        record_id: "1",
        kind: "form",
        observed_at: "2026-01-05T00:00:00.000Z",
        email: "a@b.example",
        city: "Ulm",
      },
      {
        record_id: "2",
        kind: "call",
        observed_at: "2026-01-06T00:00:00.000Z",
        email: "c@d.example",
        city: "Bonn",
      },
    ];
    const columns = ["record_id", "kind", "observed_at", "email", "city"] as const;
    const csv = [
      columns.join(","),
      ...rows.map((row) => columns.map((column) => row[column]).join(",")),
    ].join("\n");
    const columnData = columns.map((name) =>
      name === "observed_at"
        ? { name, data: rows.map((row) => new Date(row.observed_at)), type: "TIMESTAMP" as const }
        : { name, data: rows.map((row) => row[name]), type: "STRING" as const },
    );
    const files = [
      file("web.csv", csv),
      file("web.ndjson", rows.map((row) => JSON.stringify(row)).join("\n")),
      file("web.json", JSON.stringify(rows)),
      file("web.parquet", new Uint8Array(parquetWriteBuffer({ columnData }))),
    ];
    const contents = await Promise.all(
      files.map(async (path) =>
        (await fragmentsOf(path)).map((read) => (read.type === "fragment" ? read.fragment : read)),
      ),
    );
    for (const content of contents) expect(content).toEqual(contents[0]);
    expect(contents[0]).toHaveLength(2);
  });

  it("reads several files in order", async () => {
    const paths = [file("a.csv", "id\n1\n2\n"), file("b.csv", "id\n3\n")];
    const read = await fragmentsOf(paths);
    expect(read.map((one) => one.type === "fragment" && `${one.fragment.source}/${one.fragment.id}`)).toEqual(
      ["a/1", "a/2", "b/3"],
    );
  });
});
