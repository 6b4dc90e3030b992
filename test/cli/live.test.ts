import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Folder, leadweave } from "./run.js";

// One fragment at a time comes to what all at once comes to: the same bytes, through the built command.

const folder = new Folder();
const at = { cwd: folder.path };

/** Labelled data sets, one folder each with a truth.csv; they are not part of the repository. */
const dataFolder =
  process.env.LEADWEAVE_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
const dataSets = existsSync(dataFolder)
  ? readdirSync(dataFolder).filter((name) => existsSync(join(dataFolder, name, "truth.csv")))
  : [];

/** Rows of one file that are taken: a minute is enough for every day, deep runs take all. */
const MOST_ROWS = Number(process.env.LEADWEAVE_RUNS ?? 2_000) > 2_000 ? Number.POSITIVE_INFINITY : 3_000;

type Engine = "batch" | "live";

interface Resolved {
  readonly assignments: string;
  readonly profiles: string;
  readonly golden: string;
  /** Without times, and without the pairs compared: one by one, more of them are. */
  readonly summary: unknown;
}

async function resolveWith(
  engine: Engine,
  name: string,
  files: readonly string[],
  ...more: string[]
): Promise<Resolved> {
  const of = (kind: string): string => `${name}.${engine}.${kind}`;
  const outputs = ["--out", of("csv"), "--profiles", of("ndjson"), "--golden", of("golden.csv")];
  const args = ["resolve", ...files, "--engine", engine, ...outputs, "--json", "-q", ...more];
  const { code, stdout, stderr } = await leadweave(args, at);
  expect([code, stderr]).toEqual([0, ""]);
  const { seconds, fragmentsPerSecond, candidates, ...summary } = JSON.parse(stdout);
  return {
    assignments: folder.read(of("csv")),
    profiles: folder.read(of("ndjson")),
    golden: folder.read(of("golden.csv")),
    summary,
  };
}

async function expectSame(name: string, files: readonly string[], ...more: string[]): Promise<Resolved> {
  const [batch, live] = await Promise.all([
    resolveWith("batch", name, files, ...more),
    resolveWith("live", name, files, ...more),
  ]);
  for (const kind of ["assignments", "profiles", "golden"] as const)
    expect(live[kind] === batch[kind], `${name}: ${kind} of both engines are the same bytes`).toBe(true);
  expect(live.summary).toEqual(batch.summary);
  return batch;
}

const ndjson = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

describe("leadweave resolve --engine live", () => {
  it("writes what the default engine writes: versions, copies, removals and assertions included", async () => {
    const rates = ["--hardness", "hard", "--rate", "redelivery=0.05"];
    await leadweave(["simulate", "--people", "150", ...rates, "--out", "leads", "-q"], at);
    const [header = "", ...rows] = folder.read("leads/fragments.csv").trimEnd().split("\n");
    const ids = [...new Set(rows.map((row) => row.split(",")[0] as string))];
    const nth = (step: number): string[] => ids.filter((_, index) => index % step === 0);
    const sources = new Map(rows.map((row) => row.split(",").slice(0, 2) as [string, string]));
    const ref = (id: string): object => ({ source: sources.get(id), id });
    folder.write(
      "late.ndjson",
      ndjson([
        ...nth(17).map((id) => ({ ...ref(id), gone: true, version: 0 })),
        ...nth(29).map((id) => ({
          ...ref(id),
          kind: "form",
          version: 1,
          attributes: { first_name: "Ann" },
        })),
        ...nth(31).map((id) => ({ ...ref(id), gone: true })),
      ]),
    );
    folder.write(
      "said.ndjson",
      ndjson(
        nth(13).flatMap((id, index, all) => {
          const next = all[index + 1];
          return next === undefined
            ? []
            : [{ type: index % 2 === 0 ? "same" : "different", a: ref(id), b: ref(next) }];
        }),
      ),
    );
    folder.write("web.csv", `${[header, ...rows].join("\n")}\n`);
    folder.write("reversed.csv", `${[header, ...rows.reverse()].join("\n")}\n`);
    const more = ["--source", "s", "--assertions", "said.ndjson"];
    const forth = await expectSame("forth", ["web.csv", "late.ndjson"], ...more);
    for (const status of ["gone", "superseded", "removal"])
      expect(forth.assignments).toContain(`,${status}\n`);
    const back = await expectSame("back", ["late.ndjson", "reversed.csv"], ...more);
    const sorted = (text: string): string[] => text.split("\n").sort();
    expect(sorted(back.profiles)).toEqual(sorted(forth.profiles));
    expect(sorted(back.golden)).toEqual(sorted(forth.golden));
  });

  it("knows no other engine", async () => {
    folder.write("one.csv", "record_id\n1\n");
    expect(await leadweave(["resolve", "one.csv", "--engine", "steam"], at)).toMatchObject({ code: 2 });
  });

  if (dataSets.length === 0)
    console.warn(
      "test/cli/live.test.ts: SKIPPED all labelled data sets: name their folder in LEADWEAVE_DATA",
    );

  it.skipIf(dataSets.length === 0).each(dataSets)("writes the same for %s", async (name) => {
    const inputs = readdirSync(join(dataFolder, name)).filter((file) =>
      ["a.csv", "b.csv", "records.csv", "fragments.csv"].includes(file),
    );
    const files = inputs.map((file) => {
      const lines = readFileSync(join(dataFolder, name, file), "utf8").split("\n");
      return folder.write(file, lines.slice(0, MOST_ROWS + 1).join("\n"));
    });
    const { assignments } = await expectSame(name, files);
    expect(assignments.split("\n").length).toBeGreaterThan(100);
  });
});
