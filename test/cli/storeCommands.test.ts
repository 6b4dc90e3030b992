import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import Libsql from "libsql";
import { beforeAll, describe, expect, it } from "vitest";
import { redisMissing, startRedis } from "../servers/redis.js";
import { Folder, leadweave } from "./run.js";
import { contentOf, partitionOf } from "./storeRuns.js";

const folder = new Folder();
const at = { cwd: folder.path };
const PEPPER = "a pepper of the tests";

beforeAll(async () => {
  await leadweave(["simulate", "--people", "40", "--out", "leads", "-q"], at);
  folder.write(
    "people.csv",
    "record_id,kind,first_name,last_name,phone,email,postal_code\n" +
      "1,form,Ann,Lee,+1 312 673 1048,ann.lee@mail.example,60614\n" +
      "2,crm,Ann,Lee,,ann.lee@mail.example,60614\n" +
      "3,form,Bob,Ray,+1 773 555 2368,bob.ray@mail.example,60601\n",
  );
  folder.write(
    "said.ndjson",
    '{"type":"different","a":{"source":"people","id":"1"},"b":{"source":"people","id":"3"}}\n',
  );
  folder.write("pepper.txt", `${PEPPER}\n`);
  await fill("people.db", "--assertions", "said.ndjson");
});

async function done(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { code, stdout, stderr } = await leadweave(args, { ...at, env });
  expect([code, code === 0 ? "" : stderr], args.join(" ")).toEqual([0, ""]);
  expect(stderr).not.toContain("Warning");
  return stdout;
}

function fill(store: string, ...more: string[]): Promise<string> {
  return done(["resolve", "people.csv", "--store", store, "--out", `${store}.csv`, "-q", ...more]);
}

describe("commands on a store", () => {
  it("stats counts what there is", async () => {
    const stats = JSON.parse(await done(["stats", "--store", "people.db", "--json"]));
    expect(stats).toMatchObject({
      population: 16_384,
      documents: { fragment: 3, assertion: 2 },
      pending: 0,
      scanned: { profiles: 2, strands: 3 },
    });
    expect(await done(["stats", "--store", "people.db"])).toMatch(/profiles +2/);
    expect(await done(["stats", "--store", "people.db", "--quick"])).not.toMatch(/profiles/);
  });

  it("lookup ranks who it may be", async () => {
    const id = folder.read("people.db.csv").split("\n")[1]?.split(",")[2] as string;
    const found = await done([
      "lookup",
      "--store",
      "people.db",
      "--phone",
      "(312) 673-1048",
      "--with",
      "first_name=Ann",
    ]);
    expect(found).toMatch(new RegExp(`^profile +level +bits +probability\\n${id} +match +\\+\\d`));
    const json = JSON.parse(
      await done(["lookup", "--store", "people.db", "--email", "ANN.LEE@mail.example", "--json"]),
    );
    expect(json).toMatchObject({ complete: true, candidates: [{ profile: id }] });
    expect(await done(["lookup", "--store", "people.db", "--visitor", "never-seen"])).toBe("nobody known\n");
  });

  it("drain and migrate say that there is nothing to do", async () => {
    expect(await done(["drain", "--store", "people.db"])).toBe("nothing waits in people.db\n");
    expect(await done(["migrate", "--store", "people.db"])).toBe("people.db: has format 1 already\n");
    expect(await done(["migrate", "--store", "fresh.db"])).toBe("fresh.db: made, format 1\n");
    expect(await done(["migrate", "--store", "fresh.db"])).toBe("fresh.db: has format 1 already\n");
  });

  it("export-subject writes all that is held on one person and nothing of others", async () => {
    const ask = ["export-subject", "--store", "people.db", "--fragment", "people", "2", "--out", "-"];
    const text = await done(ask);
    const subject = JSON.parse(text);
    expect(subject.fragments.map(({ id }: { id: string }) => id).sort()).toEqual(["1", "2"]);
    expect(subject.profile.attributes.first_name.value).toBe("Ann");
    expect(subject.assertions).toMatchObject([
      {
        type: "different",
        a: { source: "people", id: "1" },
        b: { source: "people", id: "3" },
        retracted: false,
      },
    ]);
    expect(subject.feed.length).toBeGreaterThan(0);
    for (const { change } of subject.feed) expect(change.profile).toBe(subject.profile.id);
    expect(text).not.toMatch(/bob/i);
  });

  it("erase asks, erases the whole profile, and lets nothing back in", async () => {
    await fill("erased.db");
    const ask = ["erase", "--store", "erased.db", "--fragment", "people", "1", "--reason", "ticket-1"];
    const unasked = await leadweave([...ask, "--suppress", "identifiers"], at);
    expect(unasked.code).toBe(2);
    expect(unasked.stdout).toMatch(/2 fragments \(2 from people\)/);
    expect(unasked.stdout).not.toMatch(/ann|312/i);
    expect(unasked.stderr).toContain("--yes");
    expect(await leadweave(ask, at)).toMatchObject({ code: 2 });
    expect(await done([...ask, "--suppress", "identifiers", "--yes"])).toMatch(
      /^erased 2 fragments; \d+ identifiers shut out$/m,
    );
    const left = JSON.stringify(await contentOf(join(folder.path, "erased.db")));
    expect(left).not.toMatch(/ann\.lee|3126731048/i);
    expect(left).toMatch(/bob\.ray/);
    expect(await fill("erased.db")).toMatch(
      /^nothing new: 1 row was in erased\.db already, 2 rows may not come back/,
    );
    const statuses = folder
      .read("erased.db.csv")
      .trimEnd()
      .split("\n")
      .map((line) => line.split(",").at(-1));
    expect(statuses).toEqual(["status", "suppressed", "suppressed", "live"]);
  });

  it("backup and restore: a copy with everything, or a dump that is resolved afresh", async () => {
    const files = ["leads/fragments.csv", "people.csv"];
    const history =
      '{"source":"people","id":"9","gone":true}\n{"source":"people","id":"8","gone":true,"version":1}\n' +
      '{"source":"people","id":"8","kind":"form","version":2,"attributes":{"first_name":"Eve"}}\n';
    folder.write("history.ndjson", history);
    const args = [
      "resolve",
      ...files,
      "history.ndjson",
      "--assertions",
      "said.ndjson",
      "-q",
      "--pepper-file",
      "pepper.txt",
    ];
    const env = { LEADWEAVE_PEPPER: PEPPER };
    await done([...args, "--store", "a.db", "--out", "a.csv"]);
    await done(["backup", "--store", "a.db", "--out", "copy.db", "-q"]);
    await done(["restore", "copy.db", "--store", "b.db"]);
    expect(await contentOf(join(folder.path, "b.db"))).toEqual(await contentOf(join(folder.path, "a.db")));

    await done(["backup", "--store", "a.db", "--portable", "--out", "a.ndjson", "-q"]);
    await done(["restore", "a.ndjson", "--store", "c.db"], env);
    const again = await done([...args, "--store", "c.db", "--out", "c.csv"]);
    expect(again).toMatch(/^nothing new/);
    expect(partitionOf(folder.read("c.csv"))).toEqual(partitionOf(folder.read("a.csv")));
    // Once more, as after being cut off.
    const before = await contentOf(join(folder.path, "c.db"));
    await done(["restore", "a.ndjson", "--store", "c.db"], env);
    expect(await contentOf(join(folder.path, "c.db"))).toEqual(before);

    await done(["restore", "copy.db", "--store", "wide.db", "--population", "1_000_000"], env);
    expect(JSON.parse(await done(["stats", "--store", "wide.db", "--json"])).population).toBe(1_000_000);

    const wrong = await leadweave(["restore", "a.ndjson", "--store", "d.db"], at);
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("--pepper-file") });
    expect(await leadweave(["restore", "a.ndjson", "--store", "people.db"], { ...at, env })).toMatchObject({
      code: 1,
    });
    const lines = folder.read("a.ndjson").split("\n");
    folder.write("cut.ndjson", `${lines.slice(0, 20).join("\n")}\n`);
    const cut = await leadweave(["restore", "cut.ndjson", "--store", "e.db"], { ...at, env });
    expect(cut).toMatchObject({ code: 1, stderr: expect.stringContaining("cut off") });
    expect(await leadweave(["backup", "--store", "a.db", "--out", "copy.db"], at)).toMatchObject({ code: 1 });
  });

  it("keeps tenants apart", async () => {
    await done(["resolve", "people.csv", "--store", "many.db", "--tenant", "acme", "-q"]);
    await done(["resolve", "leads/fragments.csv", "--store", "many.db", "--tenant", "zeta", "-q"]);
    const ask = ["stats", "--store", "many.db", "--json", "--tenant"];
    expect(JSON.parse(await done([...ask, "acme"]))).toMatchObject({ documents: { fragment: 3 } });
    expect(await leadweave([...ask, "nobody"], at)).toMatchObject({ code: 1 });
    await done(["backup", "--store", "many.db", "--tenant", "acme", "--out", "acme.ndjson", "-q"]);
    expect(folder.read("acme.ndjson").match(/"kind":"fragment"/g)).toHaveLength(3);
  });

  it.skipIf(redisMissing() !== null)("works on Redis", async () => {
    const server = await startRedis();
    try {
      const store = `redis://127.0.0.1:${server.port}`;
      const args = ["resolve", "leads/fragments.csv", "-q", "--out"];
      await done([...args, "redis.csv", "--store", store]);
      await done([...args, "none.csv"]);
      expect(partitionOf(folder.read("redis.csv"))).toEqual(partitionOf(folder.read("none.csv")));
      expect(await done([...args, "redis.csv", "--store", store])).toMatch(/^nothing new/);
      expect(await done(["stats", "--store", store])).toMatch(/fragments +\d/);
      expect(await leadweave(["stats", "--store", store, "--schema", "other"], at)).toMatchObject({
        code: 1,
      });
      await done(["backup", "--store", store, "--out", "redis.ndjson", "-q"]);
      await done(["restore", "redis.ndjson", "--store", "from-redis.db"]);
    } finally {
      await server.stop();
    }
  });
});

describe("what is wrong is said in one line", () => {
  it.each([
    [2, ["stats"], /name the store: --store ADDRESS/],
    [2, ["stats", "--store", "memory"], /keeps nothing once the command ends/],
    [2, ["stats", "--store", ":memory:"], /keeps nothing once the command ends/],
    [2, ["stats", "--store", "mysql://u:secret@host/db"], /does not know mysql:\/\/: expected a file/],
    [2, ["stats", "--store", "people.db", "--schema", "no-dash"], /--schema must be/],
    [2, ["lookup", "--store", "people.db"], /say what is known/],
    [2, ["lookup", "--store", "people.db", "--with", "Lee"], /--with needs COLUMN=VALUE/],
    [2, ["erase", "--store", "people.db", "--reason", "x", "--suppress", "fragments"], /name the person/],
    [
      2,
      ["erase", "--store", "people.db", "--profile", "p", "--suppress", "all", "--reason", "x"],
      /must be one of/,
    ],
    [2, ["export-subject", "--store", "people.db", "--profile", "p"], /say where to/],
    [2, ["backup", "--store", "people.db"], /say where to/],
    [2, ["restore", "--store", "people.db"], /name one FILE/],
    [2, ["resolve", "people.csv", "--tenant", "acme"], /--tenant needs --store/],
    [2, ["resolve", "people.csv", "--store", "people.db", "--engine", "live"], /--engine is for/],
    [1, ["stats", "--store", "nowhere.db"], /there is no file nowhere\.db/],
    [1, ["resolve", "people.csv", "--store", "no/such/folder.db"], /there is no folder/],
    [1, ["stats", "--store", "people.csv"], /people\.csv is not a SQLite database/],
    [1, ["resolve", "people.csv", "--store", "people.csv", "-q"], /people\.csv is not a SQLite database/],
    [1, ["stats", "--store", "leads"], /leads is a folder/],
    [1, ["stats", "--store", "empty.db"], /holds no store|holds no leads yet/],
    [1, ["stats", "--store", "redis://u:secret@127.0.0.1:1/0"], /nobody answers/],
    [1, ["drain", "--store", "people.db", "--pepper-file", "nowhere.txt"], /nowhere\.txt: no such file/],
    [1, ["drain", "--store", "people.db", "--pepper-file", "short.txt"], /at least 16 characters/],
    [1, ["drain", "--store", "people.db", "--pepper-file", "pepper.txt"], /begun with another pepper/],
    [1, ["stats", "--store", "newer.db"], /newer release/],
    [1, ["drain", "--store", "file-in-a-file.db/x.db"], /no/],
    [
      1,
      ["export-subject", "--store", "people.db", "--profile", "p_0", "--out", "-"],
      /there is no profile p_0/,
    ],
    [1, ["restore", "people.csv", "--store", "restored.db"], /is no backup/],
    [1, ["restore", "nowhere.db", "--store", "restored.db"], /nowhere\.db: no such file/],
    [
      1,
      ["restore", "people.db", "--store", "fresh2.db", "--population", "10", "--pepper-file", "pepper.txt"],
      /another pepper/,
    ],
  ])("%i %j", async (expected, args, message) => {
    folder.write("empty.db", "");
    folder.write("short.txt", "short");
    if (!existsSync(join(folder.path, "newer.db"))) {
      await done(["migrate", "--store", "newer.db"]);
      const database = new Libsql(join(folder.path, "newer.db"));
      database.exec("UPDATE leadweave_state SET format = 99");
      database.close();
      mkdirSync(join(folder.path, "read"));
    }
    const { code, stdout, stderr } = await leadweave(args, at);
    expect([code, stdout], stderr).toEqual([expected, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(expected === 2 ? /^leadweave: .*\nSee leadweave .*\n$/ : /^leadweave: .*\n$/);
    expect(stderr).not.toMatch(/secret|\.ts:|^ +at /m);
    expect(existsSync(join(folder.path, "restored.db"))).toBe(false);
  });

  it("a store that has outgrown its model is not worked on, and the way out is named", async () => {
    folder.write(
      "crowd.csv",
      `record_id,email\n${Array.from({ length: 90 }, (_, at) => `${at},p${at}@mail.example\n`).join("")}`,
    );
    const fill = ["resolve", "crowd.csv", "--store", "crowded.db", "--population", "20"];
    expect(await leadweave(fill, at)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("restore --population"),
    });
    const { code, stderr } = await leadweave(["drain", "--store", "crowded.db"], at);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^leadweave: .*restore .*--population N\n$/);
    await done(["backup", "--store", "crowded.db", "--portable", "--out", "crowd.ndjson", "-q"]);
    await done(["restore", "crowd.ndjson", "--store", "wider.db", "--population", "1000"]);
    expect(await done(["drain", "--store", "wider.db"])).toBe("nothing waits in wider.db\n");
  });
});

describe("compact", () => {
  it("drops the beginning of the feed, and only that", async () => {
    await fill("compact.db");
    const stats = await done(["stats", "--store", "compact.db", "--json"]);
    const all = JSON.parse(await done(["compact", "--store", "compact.db", "--keep", "100", "--json"]));
    expect(all).toEqual({ store: "compact.db", dropped: 0, start: null, end: "3" });
    expect(await done(["compact", "--store", "compact.db", "--through", "2"])).toBe(
      "compact.db: dropped 2 changes from the feed\n",
    );
    const again = JSON.parse(await done(["compact", "--store", "compact.db", "--keep", "1", "--json"]));
    expect(again).toEqual({ store: "compact.db", dropped: 0, start: "2", end: "3" });
    expect(await done(["stats", "--store", "compact.db", "--json"])).toBe(stats);
    expect(await done(["check", "--store", "compact.db"])).toContain("all is well");
    await done([
      "export-subject",
      "--store",
      "compact.db",
      "--fragment",
      "people",
      "1",
      "--out",
      "one.json",
      "-q",
    ]);
    expect(JSON.parse(folder.read("one.json")).feed.length).toBeLessThan(3);
  });

  it.each([
    [[], 2, "--keep N or --through CURSOR"],
    [["--keep", "1", "--through", "2"], 2, "--keep N or --through CURSOR"],
    [["--keep", "-1"], 2, "--keep must be a whole number"],
    [["--through", "99"], 1, "cursor"],
  ] as const)("refuses %j", async (options, exit, says) => {
    await fill("refuse.db");
    const { code, stderr } = await leadweave(["compact", "--store", "refuse.db", ...options], at);
    expect([code, stderr]).toEqual([exit, expect.stringContaining(says)]);
  });
});
