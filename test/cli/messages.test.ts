import { beforeAll, describe, expect, it } from "vitest";
import { Folder, leadweave } from "./run.js";

const folder = new Folder();
const at = { cwd: folder.path };

beforeAll(async () => {
  await leadweave(["simulate", "--people", "40", "--out", "leads", "-q"], at);
  folder.write("ok.csv", "record_id,email\n1,ann.lee@mail.example\n2,bob.ray@mail.example\n");
  folder.write("nameless.csv", "customer,email\n1,ann.lee@mail.example\n");
  folder.write("all-bad.csv", "record_id,observed_at\n1,never\n");
  folder.write("no.json", "{oops");
  folder.write("list.json", "[1]");
  folder.write("number.json", '{"email": 3}');
  folder.write("model.json", '{"format": "leadweave-model", "population": "many"}');
  folder.write("said.ndjson", '{"type": "perhaps", "a": {"source": "x", "id": "1"}}\n');
  folder.write("twice.csv", "record_id,profile_id\n1,a\n1,b\n");
  folder.write("truth.csv", "id,cluster_id\n1,a\n2,b\n");
  folder.write("other.csv", "id,cluster_id\n8,a\n");
});

describe("bad command lines end with 2 and a suggestion", () => {
  it.each([
    [["reslove", "ok.csv"], /unknown command reslove \(did you mean resolve\?\)/],
    [["--verison"], /unknown option --verison/],
    [["resolve", "ok.csv", "--ouput", "x.csv"], /unknown option --ouput/],
    [["resolve", "ok.csv", "--golde", "x.csv"], /unknown option --golde \(did you mean --golden\?\)/],
    [["resolve", "ok.csv", "-x"], /unknown option -x/],
    [["resolve", "ok.csv", "--out"], /--out needs a value/],
    [["resolve", "ok.csv", "--out", "--json"], /--out needs a value/],
    [["resolve", "ok.csv", "--out="], /--out needs a value/],
    [["resolve", "ok.csv", "--source", "a", "--source", "b"], /--source is given twice/],
    [["resolve", "ok.csv", "--json=yes"], /--json takes no value/],
    [["resolve"], /name at least one FILE/],
    [["resolve", "ok.csv", "--region", "Utopia"], /--region must be/],
    [["resolve", "ok.csv", "--tz", "Mars"], /--tz must be/],
    [["resolve", "ok.csv", "--now", "later"], /--now must be/],
    [["resolve", "ok.csv", "--population", "lots"], /--population must be/],
    [["resolve", "ok.csv", "--threshold", "high"], /--threshold must be/],
    [["evaluate", "truth.csv"], /name two files/],
    [["explain", "ok.csv"], /--pair SOURCE\/ID SOURCE\/ID/],
    [["explain", "ok.csv", "--pair", "ok/1"], /--pair needs 2 values/],
    [["simulate", "--people", "0"], /--people must be a whole number/],
    [["simulate", "--people", "5", "--fragments", "5"], /not both/],
    [["simulate", "--hardness", "brutal"], /--hardness must be one of easy, normal, hard/],
    [["simulate", "--rate", "withheld"], /--rate needs NAME=VALUE/],
    [["simulate", "--rate", "witheld=0.1"], /unknown rate witheld/],
  ])("%j", async (args, message) => {
    const { code, stdout, stderr } = await leadweave(args, at);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^leadweave: .*\nSee leadweave .*--help\n$/);
  });
});

describe("bad input ends with 1 and one message that says where", () => {
  it.each([
    [["resolve", "nowhere.csv"], /^nowhere\.csv: no such file$/],
    [["resolve", "leads"], /^leads: is a folder, not a file$/],
    [["resolve", "ok.csv", "nameless.csv"], /^nameless\.csv: none of its 2 columns is record_id/],
    [["resolve", "all-bad.csv"], /^every row was rejected$/],
    [["resolve", "ok.csv", "--fields", "nowhere.json"], /^nowhere\.json: no such file$/],
    [["resolve", "ok.csv", "--fields", "no.json"], /^no\.json: is not valid JSON/],
    [["resolve", "ok.csv", "--fields", "list.json"], /^list\.json: expected an object/],
    [
      ["resolve", "ok.csv", "--fields", "number.json"],
      /^number\.json: "email": expected the name of a column/,
    ],
    [["resolve", "ok.csv", "--model", "model.json"], /^model\.json: is no valid model\n {2}\S+: expected /],
    [
      ["resolve", "ok.csv", "--assertions", "said.ndjson"],
      /^said\.ndjson:1: is no assertion\n {2}type: expected "same" or "different"/,
    ],
    [["explain", "ok.csv", "--pair", "ok/1", "ok/22"], /^no fragment ok\/22; did you mean ok\/2/],
    [["explain", "ok.csv", "--pair", "web/1", "ok/2"], /^no fragment web\/1; did you mean ok\/1\?$/],
    [["evaluate", "ok.csv", "truth.csv"], /^ok\.csv: has no column of clusters/],
    [["evaluate", "twice.csv", "truth.csv"], /^twice\.csv:3: record 1 is in two clusters/],
    [["evaluate", "truth.csv", "other.csv"], /have no record in common/],
    [["simulate", "--people", "5", "--out", "ok.csv/leads"], /^ok\.csv\/leads: /],
  ])("%j", async (args, message) => {
    const { code, stdout, stderr } = await leadweave(["--", ...args].slice(1), at);
    expect([code, stdout]).toEqual([1, ""]);
    const [, text = ""] = /leadweave: ([\s\S]*)\n$/.exec(stderr) ?? [];
    expect(text).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at |Error:/);
    expect(stderr).not.toMatch(/ann\.lee|bob\.ray|never/);
  });
});

describe("help", () => {
  it.each(["resolve", "evaluate", "explain", "simulate", "demo"])(
    "of %s has options and examples",
    async (command) => {
      const { code, stdout, stderr } = await leadweave([command, "--help"]);
      expect([code, stderr]).toEqual([0, ""]);
      for (const heading of ["Usage: leadweave", "Options:", "Examples:"]) expect(stdout).toContain(heading);
      expect(stdout).toMatch(new RegExp(`Examples:\\n  # .*\\n  leadweave ${command}`));
    },
  );

  it("of the program names every command; without a command it is an error", async () => {
    const help = await leadweave(["--help"]);
    expect(help.code).toBe(0);
    for (const command of ["resolve", "evaluate", "explain", "simulate", "demo"])
      expect(help.stdout).toContain(`  ${command} `);
    expect(await leadweave([])).toMatchObject({ code: 2, stdout: "", stderr: help.stdout });
    expect((await leadweave(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
