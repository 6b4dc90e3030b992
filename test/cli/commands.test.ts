import { describe, expect, it } from "vitest";
import { Folder, leadweave } from "./run.js";

const folder = new Folder();
const at = { cwd: folder.path };

describe("leadweave evaluate", () => {
  it("gives the figures worked out by hand", async () => {
    // Found {1,2,3} {4} {5}; true {1,2} {3,4} {5}; 6 is in one file only, 7 has no profile and is alone.
    folder.write(
      "found.csv",
      "record_id,source,profile_id,status\n1,s,a,live\n2,s,a,live\n3,s,a,live\n4,s,b,live\n5,s,c,live\n6,s,d,live\n7,s,,rejected\n",
    );
    folder.write("truth.csv", "id,entity_id\n1,x\n2,x\n3,y\n4,y\n5,z\n7,z\n8,z\n");
    const { code, stdout } = await leadweave(["evaluate", "found.csv", "truth.csv", "--json"], at);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      records: 6,
      unmatched: { assignments: 1, truth: 1 },
      pairwise: { truePairs: 3, foundPairs: 3, commonPairs: 1, precision: 1 / 3, recall: 1 / 3 },
      clusters: { found: 4, true: 3, exact: 0, overMerged: 1, underMerged: 2, largestFound: 3 },
      withoutProfile: 1,
    });
  });

  it("matches by source where both have one, and asks where record ids are not enough", async () => {
    folder.write("two.csv", "record_id,source,profile_id\n1,a,p\n1,b,q\n");
    folder.write("bySource.csv", "record_id,source,entity_id\n1,a,x\n1,b,y\n");
    folder.write("plain.csv", "record_id,entity_id\n1,x\n");
    const both = await leadweave(["evaluate", "two.csv", "bySource.csv", "--json"], at);
    expect(JSON.parse(both.stdout)).toMatchObject({ records: 2, clusters: { exact: 2 } });
    const unclear = await leadweave(["evaluate", "two.csv", "plain.csv"], at);
    expect(unclear.code).toBe(1);
    expect(unclear.stderr).toContain("--source");
    const chosen = await leadweave(["evaluate", "two.csv", "plain.csv", "--source", "b", "--json"], at);
    expect(JSON.parse(chosen.stdout)).toMatchObject({ records: 1 });
  });
});

describe("leadweave explain", () => {
  folder.write(
    "couple.csv",
    "record_id,kind,observed_at,first_name,last_name,phone,email\n" +
      "1,form,2026-01-05T10:00:00Z,Ann,Lee,+1 312 673 1048,ann.lee@mail.example\n" +
      "2,form,2026-01-06T10:00:00Z,Ann,Lee,,ann.lee@mail.example\n" +
      "a/3,form,2026-01-07T10:00:00Z,Bob,Ray,+1 773 555 2368,bob.ray@mail.example\n",
  );

  it("says why two fragments are one person, in bits that sum", async () => {
    const { code, stdout, stderr } = await leadweave(
      ["explain", "couple.csv", "--pair", "couple/1", "couple/2"],
      at,
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("couple/1 and couple/2: one profile.");
    expect(stdout).toMatch(/email +\S.* \+\d/);
    const json = await leadweave(["explain", "couple.csv", "--pair", "couple/1", "couple/2", "--json"], at);
    const explanation = JSON.parse(json.stdout) as {
      together: boolean;
      bits: number;
      weights: { bits: number }[];
    };
    expect(explanation.together).toBe(true);
    expect(explanation.weights.reduce((sum, { bits }) => sum + bits, 0)).toBe(explanation.bits);
  });

  it("says why not, for several pairs, and takes ids with slashes", async () => {
    const pairs = ["--pair", "couple/1", "couple/a/3", "--pair", "couple/2", "couple/a/3"];
    const { code, stdout } = await leadweave(["explain", "couple.csv", ...pairs], at);
    expect(code).toBe(0);
    expect(stdout.match(/two profiles\./g)).toHaveLength(2);
  });

  it("names the guard that refused", async () => {
    folder.write(
      "said.ndjson",
      '{"type":"different","a":{"source":"couple","id":"1"},"b":{"source":"couple","id":"2"}}',
    );
    const { stdout } = await leadweave(
      ["explain", "couple.csv", "--assertions", "said.ndjson", "--pair", "couple/1", "couple/2"],
      at,
    );
    expect(stdout).toContain("two profiles.");
    expect(stdout).toContain("banned");
  });
});

describe("leadweave simulate", () => {
  it("gives the same bytes for the same seed, into a folder or into files", async () => {
    const common = ["simulate", "--people", "60", "--seed", "9", "-q"];
    expect((await leadweave([...common, "--out", "one"], at)).code).toBe(0);
    expect(
      (
        await leadweave(
          [...common, "--out", "two.csv", "--truth", "two-truth.csv", "--context", "two-context.csv"],
          at,
        )
      ).code,
    ).toBe(0);
    expect(folder.read("two.csv")).toBe(folder.read("one/fragments.csv"));
    expect(folder.read("two-truth.csv")).toBe(folder.read("one/truth.csv"));
    expect(folder.read("two-context.csv")).toBe(folder.read("one/context.csv"));
    const counts = ["fragments", "truth", "context"].map(
      (name) => folder.read(`one/${name}.csv`).split("\n").length,
    );
    expect(new Set(counts).size).toBe(1);
    expect((await leadweave([...common, "--out", "-"], at)).stdout).toBe(folder.read("two.csv"));
  });

  it("counts, and evaluates the simple closure", async () => {
    const { code, stdout } = await leadweave(["simulate", "--people", "60", "--closure", "--json"], at);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as {
      fragments: number;
      closure: { pairwise: { precision: number; recall: number } };
    };
    expect(report.fragments).toBeGreaterThan(60);
    expect(report.closure.pairwise.precision).toBe(1);
    expect(report.closure.pairwise.recall).toBeLessThan(1);
  });
});

describe("leadweave demo", () => {
  it("tells its story, keeps it in a file, and repeats nothing", async () => {
    const first = await leadweave(["demo", "--people", "300"], at);
    expect([first.code, first.stderr]).toEqual([0, ""]);
    for (const step of [1, 2, 3, 4, 5, 6]) expect(first.stdout).toMatch(new RegExp(`^${step}\\. `, "m"));
    expect(first.stdout.match(/^ {3}p_[0-9a-f]{32} /gm)).toHaveLength(3);
    expect(first.stdout).toContain("one profile.");
    expect(first.stdout).toContain("two profiles.");
    expect(first.stdout).toMatch(/^2\. Took [\d,]+ of them into leadweave-demo-300-1\.db/m);

    const again = await leadweave(["demo", "--people", "300"], at);
    expect(again.stdout).toMatch(/^2\. All of them were in leadweave-demo-300-1\.db already/m);
    const story = ({ stdout }: typeof again): string => stdout.replace(/^2\. .*$/m, "");
    expect(story(again)).toBe(story(first));

    const others = ["demo", "--people", "20", "--store", "leadweave-demo-300-1.db"];
    expect(await leadweave(others, at)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("other leads"),
    });
  });
});
