import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Folder, leadweave } from "./run.js";
import { contentOf, dataFolder, dataSets, partitionOf } from "./storeRuns.js";

// Files into a store come to what they come to without one, however often they are cut off, and are never taken in twice.

const folder = new Folder();
const at = { cwd: folder.path };

/** Rows of a data set that are taken: some for every day, more for deep runs. */
const MOST_ROWS = Number(process.env.LEADWEAVE_RUNS ?? 2_000) > 2_000 ? 5_000 : 250;

const ndjson = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

interface Summary {
  readonly rows: number;
  readonly new: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly nothingNew: boolean;
  readonly held: { readonly profiles: number };
}

async function into(
  store: string,
  files: readonly string[],
  out: string,
  ...more: string[]
): Promise<Summary> {
  const args = ["resolve", ...files, "--store", store, "--out", out, "--json", "-q", ...more];
  const { code, stdout, stderr } = await leadweave(args, at);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as Summary;
}

async function without(
  files: readonly string[],
  out: string,
  ...more: string[]
): Promise<{ profiles: number }> {
  const { code, stdout } = await leadweave(["resolve", ...files, "--out", out, "--json", "-q", ...more], at);
  expect(code).toBe(0);
  return JSON.parse(stdout) as { profiles: number };
}

function expectSamePartition(one: string, other: string): void {
  expect(partitionOf(folder.read(one))).toEqual(partitionOf(folder.read(other)));
}

beforeAll(async () => {
  const rates = ["--hardness", "hard", "--rate", "redelivery=0.05"];
  expect(
    await leadweave(["simulate", "--people", "150", ...rates, "--out", "leads", "-q"], at),
  ).toMatchObject({ code: 0 });
  const rows = folder.read("leads/fragments.csv").trimEnd().split("\n").slice(1);
  const [header = ""] = folder.read("leads/fragments.csv").split("\n");
  expect(header).toMatch(/^record_id,source,/);
  const refs = rows.map((row) => {
    const [id, source] = row.split(",");
    return { source, id };
  });
  const nth = (step: number): typeof refs => refs.filter((_, index) => index % step === 0);
  const correction = { kind: "form", version: 1, attributes: { first_name: "Ann" } };
  folder.write(
    "late.ndjson",
    ndjson([
      ...nth(17).map((ref) => ({ ...ref, gone: true, version: 0 })),
      ...nth(29).map((ref) => ({ ...ref, ...correction })),
      ...nth(31).map((ref) => ({ ...ref, gone: true })),
    ]),
  );
  folder.write(
    "said.ndjson",
    ndjson(
      nth(13).flatMap((a, index, all) => {
        const b = all[index + 1];
        return b === undefined ? [] : [{ type: index % 2 === 0 ? "same" : "different", a, b }];
      }),
    ),
  );
});

describe("leadweave resolve --store", () => {
  it("writes what it writes without a store: versions, copies, removals and assertions included", async () => {
    const files = ["leads/fragments.csv", "late.ndjson"];
    const more = ["--assertions", "said.ndjson"];
    const plain = await without(files, "plain.csv", ...more, "--profiles", "plain.ndjson");
    const kept = await into(
      "same.db",
      files,
      "kept.csv",
      ...more,
      "--profiles",
      "kept.ndjson",
      "--golden",
      "kept.g.csv",
    );
    expectSamePartition("kept.csv", "plain.csv");
    expect(kept.held.profiles).toBe(plain.profiles);
    expect(kept.removed).toBeGreaterThan(10);
    const sizes = (name: string): string[] =>
      folder
        .read(name)
        .trimEnd()
        .split("\n")
        .map((line) => {
          const { fragments, attributes } = JSON.parse(line);
          return JSON.stringify([fragments, attributes]);
        })
        .sort();
    expect(sizes("kept.ndjson")).toEqual(sizes("plain.ndjson"));
    expect(folder.read("kept.g.csv").trimEnd().split("\n")).toHaveLength(plain.profiles + 1);
  });

  it("changes nothing the second time, and says so", async () => {
    await into("twice.db", ["leads/fragments.csv"], "first.csv");
    const before = await contentOf(join(folder.path, "twice.db"));
    const again = await leadweave(
      ["resolve", "leads/fragments.csv", "--store", "twice.db", "--out", "second.csv"],
      at,
    );
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^nothing new: [\d,]+ rows were in twice\.db already\n/);
    expect(await contentOf(join(folder.path, "twice.db"))).toEqual(before);
    expect(folder.read("second.csv")).toBe(folder.read("first.csv"));
  });

  it("goes on where it was killed, and ends with the partition of an undisturbed run", async () => {
    const args = ["resolve", "leads/fragments.csv", "--store", "killed.db", "--out", "killed.csv", "-q"];
    const log = join(folder.path, "killed.db-wal");
    const sizeOf = (): number => statSync(log, { throwIfNoEntry: false })?.size ?? 0;
    let grown = 0;
    for (let kill = 0; kill < 3; kill++) {
      const target = grown + 300_000;
      const { code } = await leadweave(args, { ...at, killWhen: () => sizeOf() > target });
      expect(code).toBeNull();
      grown = sizeOf();
      expect(readdirSync(folder.path)).not.toContain("killed.csv");
    }
    const resumed = await into("killed.db", ["leads/fragments.csv"], "killed.csv");
    expect(resumed.unchanged).toBeGreaterThan(50);
    expect(resumed.new).toBeGreaterThan(50);
    await without(["leads/fragments.csv"], "undisturbed.csv");
    expectSamePartition("killed.csv", "undisturbed.csv");
    expect(await into("killed.db", ["leads/fragments.csv"], "killed.csv")).toMatchObject({
      nothingNew: true,
      new: 0,
    });
  });

  it("takes one file after the other as it takes all at once", async () => {
    const [header = "", ...rows] = folder.read("leads/fragments.csv").trimEnd().split("\n");
    const half = rows.length >> 1;
    folder.write("late.csv", `${[header, ...rows.slice(half)].join("\n")}\n`);
    folder.write("early.csv", `${[header, ...rows.slice(0, half)].join("\n")}\n`);
    await into("days.db", ["late.csv"], "days1.csv");
    await into("days.db", ["early.csv"], "days2.csv");
    // What became of all rows in the end.
    expect(await into("days.db", ["leads/fragments.csv"], "days.csv")).toMatchObject({
      nothingNew: true,
    });
    await without(["leads/fragments.csv"], "once.csv");
    expectSamePartition("days.csv", "once.csv");
  });

  it("knows what the store knows better than the file", async () => {
    const first = {
      source: "s",
      id: "1",
      kind: "form",
      identifiers: [{ type: "email", value: "a@mail.example" }],
    };
    folder.write(
      "new.ndjson",
      ndjson([
        { ...first, version: 2 },
        { source: "s", id: "2", gone: true },
      ]),
    );
    folder.write("old.ndjson", ndjson([first, { ...first, id: "2" }, { ...first, id: "3" }]));
    await into("known.db", ["new.ndjson"], "new.csv");
    await into("known.db", ["old.ndjson"], "old.csv");
    const statuses = folder
      .read("old.csv")
      .trimEnd()
      .split("\n")
      .map((line) => line.split(",").at(-1));
    expect(statuses).toEqual(["status", "superseded", "gone", "live"]);
    expect(partitionOf(folder.read("old.csv"))[1]).toContain("P0");
    expect(partitionOf(folder.read("old.csv"))[3]).toContain("P0");
  });

  it("stays with the model that the store was begun with", async () => {
    folder.write("one.csv", "record_id,email\n1,ann.lee@mail.example\n");
    await into("model.db", ["one.csv"], "one.out.csv", "--threshold", "9", "--region", "de");
    await into("model.db", ["one.csv"], "one.out.csv");
    await into("model.db", ["one.csv"], "one.out.csv", "--threshold", "9", "--region", "DE");
    for (const other of [
      ["--threshold", "8"],
      ["--region", "FR"],
      ["--population", "1000000"],
    ]) {
      const { code, stdout, stderr } = await leadweave(
        ["resolve", "one.csv", "--store", "model.db", ...other],
        at,
      );
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/^leadweave: model\.db was begun with another model than --[^\n]*\n$/);
    }
  });

  it("begins no store for a file that cannot be read, and overwrites none with an output", async () => {
    expect(await leadweave(["resolve", "nowhere.csv", "--store", "none.db"], at)).toMatchObject({ code: 1 });
    expect(readdirSync(folder.path)).not.toContain("none.db");
    const onto = ["resolve", "leads/fragments.csv", "--store", "twice.db", "--out", "twice.db"];
    expect(await leadweave(onto, at)).toMatchObject({ code: 2 });
  });

  if (dataSets.length === 0)
    console.warn(
      "test/cli/store.test.ts: SKIPPED all labelled data sets: name their folder in LEADWEAVE_DATA",
    );

  it.skipIf(dataSets.length === 0).each(dataSets)("writes the same partition for %s", async (name) => {
    const inputs = readdirSync(join(dataFolder, name)).filter((file) =>
      ["a.csv", "b.csv", "records.csv", "fragments.csv"].includes(file),
    );
    const files = inputs.map((file) => {
      const lines = readFileSync(join(dataFolder, name, file), "utf8").split("\n");
      return folder.write(`${name}.${file}`, lines.slice(0, MOST_ROWS + 1).join("\n"));
    });
    await without(files, `${name}.plain.csv`);
    await into(`${name}.db`, files, `${name}.kept.csv`);
    expectSamePartition(`${name}.kept.csv`, `${name}.plain.csv`);
  });
});
