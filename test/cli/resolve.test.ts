import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { Folder, leadweave, type Outcome } from "./run.js";

const folder = new Folder();
const at = { cwd: folder.path };

beforeAll(async () => {
  expect(
    await leadweave(
      [
        "simulate",
        "--people",
        "150",
        "--hardness",
        "hard",
        "--rate",
        "redelivery=0.05",
        "--out",
        "leads",
        "-q",
      ],
      at,
    ),
  ).toMatchObject({ code: 0 });
});

/** The same shuffle every time (Fisher and Yates over a linear congruential generator). */
function shuffled<T>(items: readonly T[]): T[] {
  const copy = [...items];
  let state = 12345;
  for (let index = copy.length - 1; index > 0; index--) {
    state = (state * 1103515245 + 12345) % 2147483648;
    const other = state % (index + 1);
    [copy[index], copy[other]] = [copy[other] as T, copy[index] as T];
  }
  return copy;
}

function resolveInto(name: string, files: readonly string[], ...more: string[]): Promise<Outcome> {
  const outputs = ["--out", `${name}.csv`, "--profiles", `${name}.ndjson`, "--golden", `${name}.golden.csv`];
  return leadweave(["resolve", ...files, ...outputs, "-q", ...more], at);
}

describe("leadweave resolve", () => {
  it("gives the same partition, ids and contents for shuffled rows and for a file cut into several", async () => {
    const [header = "", ...rows] = folder.read("leads/fragments.csv").trimEnd().split("\n");
    const mixed = shuffled(rows);
    folder.write("shuffled.csv", `${[header, ...mixed].join("\n")}\n`);
    const third = Math.ceil(mixed.length / 3);
    const parts = [0, 1, 2].map((part) =>
      folder.write(`part${part}.csv`, [header, ...mixed.slice(part * third, (part + 1) * third)].join("\n")),
    );
    writeFileSync(join(folder.path, "part1.csv.gz"), gzipSync(folder.read("part1.csv")));
    const outcomes = [
      await resolveInto("whole", ["leads/fragments.csv"], "--source", "s"),
      await resolveInto("shuffled-out", ["shuffled.csv"], "--source", "s"),
      await resolveInto(
        "parts-out",
        [parts[2] as string, "part1.csv.gz", parts[0] as string],
        "--source",
        "s",
      ),
    ];
    expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ""],
      [0, ""],
      [0, ""],
    ]);
    for (const kind of ["csv", "ndjson", "golden.csv"]) {
      // Of equal copies the first is called live, so a shuffle moves the two words.
      const linesOf = (name: string): string[] =>
        folder
          .sorted(`${name}.${kind}`)
          .map((line) => line.replace(/,(live|duplicate)$/, ""))
          .sort();
      expect(linesOf("shuffled-out"), kind).toEqual(linesOf("whole"));
      expect(linesOf("parts-out"), kind).toEqual(linesOf("whole"));
    }
    expect(folder.read("whole.csv").trimEnd().split("\n")).toHaveLength(rows.length + 1);
  });

  it("writes one line an input row, in input order, and evaluates", async () => {
    expect((await resolveInto("ordered", ["leads/fragments.csv"])).code).toBe(0);
    const idsOf = (name: string): string[] =>
      folder
        .read(name)
        .trimEnd()
        .split("\n")
        .map((line) => line.split(",")[0] as string);
    expect(idsOf("ordered.csv")).toEqual(idsOf("leads/fragments.csv"));
    const { code, stdout } = await leadweave(["evaluate", "ordered.csv", "leads/truth.csv", "--json"], at);
    expect(code).toBe(0);
    const evaluation = JSON.parse(stdout) as { pairwise: { f1: number }; unmatched: unknown };
    expect(evaluation.pairwise.f1).toBeGreaterThan(0.5);
    expect(evaluation.unmatched).toEqual({ assignments: 0, truth: 0 });
    const text = await leadweave(["evaluate", "ordered.csv", "leads/truth.csv"], at);
    expect(text.stdout).toMatch(/pairwise +0\.\d{4} +0\.\d{4} +0\.\d{4}/);
  });

  it("says what was found, as text and as JSON", async () => {
    const text = await leadweave(["resolve", "leads/fragments.csv"], at);
    expect(text.code).toBe(0);
    for (const word of [
      "fragments",
      "events",
      "strands",
      "profiles",
      "deterministic",
      "identifiers refused",
      "population",
      "fragments/s",
    ]) {
      expect(text.stdout).toContain(word);
    }
    expect(text.stderr).toContain("--out");
    const json = await leadweave(["resolve", "leads/fragments.csv", "--json"], at);
    const summary = JSON.parse(json.stdout) as {
      rows: number;
      inputs: Record<string, number>;
      profiles: number;
      now: string;
      population: { strands: number };
    };
    expect(json.stderr).toBe("");
    expect(Object.values(summary.inputs).reduce((sum, count) => sum + count, 0)).toBe(summary.rows);
    expect(summary.population.strands).toBe(1024);
    const profiles = folder.read("ordered.ndjson").trimEnd().split("\n").length;
    expect(summary.profiles).toBe(profiles);
  });

  it("puts rejected rows in their place and in the rejects file, and goes on", async () => {
    folder.write(
      "bad.csv",
      'record_id,observed_at,email\n1,,ann.lee@mail.example\n2,tomorrow,bob.ray@mail.example\n3\n4,"x\n5,,ann.lee@mail.example\n',
    );
    const { code, stdout, stderr } = await leadweave(
      ["resolve", "bad.csv", "--out", "bad.out.csv", "--rejects", "rejects.ndjson"],
      at,
    );
    expect(code).toBe(0);
    const lines = folder.read("bad.out.csv").trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/p_[0-9a-f]+/, "P"))).toEqual([
      "record_id,source,profile_id,confidence,status",
      expect.stringMatching(/^1,bad,P,[\d.]+,live$/),
      "2,bad,,,rejected",
      ",bad,,,rejected",
      ",bad,,,rejected",
      expect.stringMatching(/^5,bad,P,[\d.]+,live$/),
    ]);
    const rejects = folder
      .read("rejects.ndjson")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(rejects).toMatchObject([
      {
        file: "bad.csv",
        line: 3,
        record_id: "2",
        faults: [{ path: "observed_at" }],
        row: { email: "bob.ray@mail.example" },
      },
      { line: 4, record_id: null, row: "3" },
      { line: 5, record_id: null, row: '4,"x' },
    ]);
    expect(stderr).toContain("bad.csv:3: record 2: observed_at: expected");
    expect(stdout + stderr).not.toMatch(/bob\.ray|tomorrow/);
    expect(stdout).toMatch(/rejected +3/);
  });

  it("stops at the first rejected row with --strict and leaves no file", async () => {
    const { code, stdout, stderr } = await leadweave(
      ["resolve", "bad.csv", "--strict", "--out", "strict.csv"],
      at,
    );
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^leadweave: bad\.csv:3: record 2: observed_at: expected .*\n$/);
    expect(readdirSync(folder.path).filter((name) => name.includes("strict"))).toEqual([]);
    expect((await leadweave(["resolve", "leads/fragments.csv", "--strict", "-q"], at)).code).toBe(0);
  });

  it("gives versions, copies and removals their status and the profile of the live fragment", async () => {
    const rows = [
      { id: "1", version: 1, kind: "form", email: "ann.lee@mail.example", city: "Ulm" },
      { id: "1", version: 0, kind: "form", email: "ann.lee@mail.example", city: "Bonn" },
      { id: "1", version: 1, kind: "form", email: "ann.lee@mail.example", city: "Ulm" },
      { id: "2", kind: "form", email: "bob.ray@mail.example" },
      { id: "2", gone: true },
    ];
    folder.write("history.ndjson", rows.map((row) => JSON.stringify(row)).join("\n"));
    expect((await resolveInto("versions", ["history.ndjson"])).code).toBe(0);
    const cells = folder
      .read("versions.csv")
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
    expect(cells.map(([id, , profile, , status]) => [id, profile === "" ? "" : "P", status])).toEqual([
      ["1", "P", "live"],
      ["1", "P", "superseded"],
      ["1", "P", "duplicate"],
      ["2", "", "gone"],
      ["2", "", "removal"],
    ]);
    expect(new Set(cells.slice(0, 3).map(([, , profile]) => profile)).size).toBe(1);
  });

  it("reads fields, own numbers, assertions, region, zone and threshold", async () => {
    folder.write(
      "crm.csv",
      "customer;given_name;surname;tel;when;notes\n1;Ann;Lee;030 901820;2026-07-05 12:00;x\n2;Anna;Lee;+49 30 901820;2026-07-06 12:00;y\n",
    );
    folder.write(
      "fields.json",
      '{"customer": "record_id", "given_name": "first_name", "tel": "phone", "when": "observed_at", "notes": null}',
    );
    const common = [
      "crm.csv",
      "--fields",
      "fields.json",
      "--region",
      "de",
      "--tz",
      "Europe/Berlin",
      "--profiles",
      "crm.ndjson",
      "-q",
    ];
    const profilesOf = async (...more: string[]): Promise<Record<string, unknown>[]> => {
      const outcome = await leadweave(["resolve", ...common, ...more], at);
      expect(outcome).toMatchObject({ code: 0, stderr: "" });
      return folder
        .read("crm.ndjson")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    };
    const [joined, ...others] = await profilesOf();
    expect(others).toEqual([]);
    expect(joined).toMatchObject({
      firstAt: "2026-07-05T10:00:00.000Z",
      identifiers: { phone: [{ value: "+4930901820" }] },
    });
    expect(joined?.attributes).not.toHaveProperty("notes");
    folder.write("own.txt", "Our numbers\n+49 30 901820\n");
    const alone = await profilesOf("--own-numbers", "own.txt");
    for (const profile of alone) expect(profile.identifiers).toEqual({});
    folder.write(
      "said.ndjson",
      '{"type":"different","a":{"source":"crm","id":"1"},"b":{"source":"crm","id":"2"}}\n',
    );
    expect(await profilesOf("--assertions", "said.ndjson")).toHaveLength(2);
    expect(await profilesOf("--threshold", "60", "--population", "model")).toHaveLength(2);
    expect(await profilesOf("--threshold", "-60", "--population", "1_000_000")).toHaveLength(1);
  });

  it("reads standard input and writes to standard output, with the summary out of the way", async () => {
    const input = "record_id,email\n1,ann.lee@mail.example\n";
    const { code, stdout, stderr } = await leadweave(["resolve", "-", "--source", "web", "--out", "-"], {
      ...at,
      input,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^record_id,source,profile_id,confidence,status\n1,web,p_[0-9a-f]{32},1\.0000,live\n$/,
    );
    expect(stderr).toContain("fragments");
    const quiet = await leadweave(["resolve", "-", "--out", "-", "-q"], { ...at, input });
    expect(quiet.stderr).toBe("");
  });

  it("ends quietly when nobody reads on", async () => {
    const { code, stderr } = await leadweave(["resolve", "leads/fragments.csv", "--profiles", "-", "-q"], {
      ...at,
      closeStdout: true,
    });
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("keeps input files, folders and links from being overwritten", async () => {
    symlinkSync(join(folder.path, "bad.csv"), join(folder.path, "link.csv"));
    mkdirSync(join(folder.path, "sub"));
    const before = folder.read("bad.csv");
    for (const [args, code] of [
      [["bad.csv", "--out", "bad.csv"], 2],
      [["bad.csv", "--golden", "./link.csv"], 2],
      [["bad.csv", "--fields", "fields.json", "--out", "fields.json"], 2],
      [["bad.csv", "--out", "same.csv", "--golden", "same.csv"], 2],
      [["bad.csv", "--out", "sub"], 1],
      [["bad.csv", "--out", "nowhere/out.csv"], 1],
    ] as const) {
      const outcome = await leadweave(["resolve", ...args], at);
      expect([outcome.code, outcome.stdout], args.join(" ")).toEqual([code, ""]);
      expect(outcome.stderr).toMatch(/^leadweave: /);
    }
    expect(folder.read("bad.csv")).toBe(before);
    expect(existsSync(join(folder.path, "same.csv"))).toBe(false);
    expect(readdirSync(folder.path).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("accepts files without rows", async () => {
    folder.write("empty.csv", "");
    folder.write("header.csv", "record_id,email\n");
    const { code, stdout, stderr } = await leadweave(
      ["resolve", "empty.csv", "header.csv", "--out", "none.csv"],
      at,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/profiles +0/);
    expect(stderr).toMatch(/empty\.csv: is empty[\s\S]*header\.csv: has a header and no rows/);
    expect(folder.read("none.csv")).toBe("record_id,source,profile_id,confidence,status\n");
  });
});
