import { chmodSync, existsSync, linkSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { FragmentInput } from "../../src/fragment/fragment.js";
import { createSqliteStore } from "../../src/stores/sqlite/index.js";
import { simulatedLeads } from "../engine/leads.js";
import { packageRoot, runCommand } from "../package/node-process.js";
import { redisMissing, startRedis } from "../servers/redis.js";
import { Folder, leadweave } from "./run.js";

const folder = new Folder();
const OLD = "the pepper of old days";
const NEW = "the pepper of these days";
const at = { cwd: folder.path, env: { LEADWEAVE_PEPPER: OLD, LEADWEAVE_NEW_PEPPER: NEW } };
const LEADS: readonly FragmentInput[] = simulatedLeads(60, 7);
const ERASED_FRAGMENT = {
  source: "web",
  id: "erased",
  kind: "form",
  identifiers: [{ type: "email", value: "zoe.quill@mail.example" }],
};

const pathOf = (name: string): string => join(folder.path, name);

/** Works on files in processes of their own: what a process has had open, libsql lets go of only as it ends. */
const WORK = `
import { createResolver } from ${JSON.stringify(distOf("index.js"))};
import { createSqliteStore } from ${JSON.stringify(distOf("stores/sqlite.js"))};
import { readFileSync } from "node:fs";
const [what, path, pepper] = process.argv.slice(2);
const store = await createSqliteStore({ path, synchronous: "normal" });
const resolver = createResolver({ store, pepper });
const erased = ${JSON.stringify(ERASED_FRAGMENT)};
const told = [];
if (what === "fill") {
  for await (const _ of resolver.ingest(JSON.parse(readFileSync("leads.json", "utf8")), { batch: 64 }));
  await resolver.ingest(erased);
  await resolver.erase(erased, { reason: "ticket 1", suppress: "identifiers" });
}
if (what === "see")
  for await (const profile of resolver.profiles({ now: 0 })) told.push(JSON.stringify(profile));
if (what === "bring back")
  for (const fragment of [erased, { ...erased, id: "under another name" }])
    told.push((await resolver.ingest(fragment)).type);
await store.close();
process.stdout.write(JSON.stringify(told.sort()));
`;

function distOf(name: string): string {
  return join(packageRoot, "dist", name);
}

function work(what: "fill" | "see" | "bring back", name: string, pepper: string): readonly string[] {
  const { stdout } = runCommand(process.execPath, ["work.mjs", what, name, pepper], folder.path);
  return JSON.parse(stdout) as readonly string[];
}

const fill = (name: string): readonly string[] => work("fill", name, OLD);
/** Profiles of a file with ids, versions and content. */
const seenIn = (name: string, pepper: string): readonly string[] => work("see", name, pepper);

let seen: readonly string[] = [];

beforeAll(() => {
  folder.write("work.mjs", WORK);
  folder.write("leads.json", JSON.stringify(LEADS));
  fill("whole.db");
  seen = seenIn("whole.db", OLD);
  expect(seen.length).toBeGreaterThan(20);
});

describe("leadweave rotate-pepper", () => {
  it("puts a file under another pepper, in its place", async () => {
    fill("one.db");
    chmodSync(pathOf("one.db"), 0o600);
    const done = await leadweave(["rotate-pepper", "--store", "one.db", "--json", "-q"], at);
    expect([done.code, done.stderr]).toEqual([0, ""]);
    expect(JSON.parse(done.stdout)).toEqual({
      store: "one.db",
      old: "one.db.old-pepper",
      profiles: seen.length,
      wasDone: false,
    });
    expect(statSync(pathOf("one.db")).mode & 0o777).toBe(0o600);
    expect(seenIn("one.db", NEW)).toEqual(seen);
    expect(seenIn("one.db.old-pepper", OLD)).toEqual(seen);
    expect(existsSync(pathOf("one.db.new-pepper"))).toBe(false);
    const again = await leadweave(["rotate-pepper", "--store", "one.db"], at);
    expect([again.code, again.stdout]).toEqual([
      0,
      "one.db: has the new pepper already; the old store is one.db.old-pepper\n",
    ]);
    const check = await leadweave(["check", "--store", "one.db"], { ...at, env: { LEADWEAVE_PEPPER: NEW } });
    expect([check.code, check.stderr]).toEqual([0, ""]);
  });

  it("keeps the erased out, also through a portable dump", async () => {
    fill("erased.db");
    await leadweave(["rotate-pepper", "--store", "erased.db"], at);
    const env = { LEADWEAVE_PEPPER: NEW };
    await leadweave(["backup", "--store", "erased.db", "--portable", "--out", "erased.ndjson"], {
      ...at,
      env,
    });
    await leadweave(["restore", "erased.ndjson", "--store", "restored.db"], { ...at, env });
    for (const name of ["erased.db", "restored.db"])
      expect(work("bring back", name, NEW), name).toEqual(["suppressed", "suppressed"]);
  });

  it("killed anywhere it leaves the old store or the new one, and goes on", async () => {
    fill("killed.db");
    let killed = 0;
    for (const looks of [1, 10, 25, 50, 80, 120]) {
      let left = looks;
      const { code } = await leadweave(["rotate-pepper", "--store", "killed.db", "-q"], {
        ...at,
        killWhen: () => existsSync(pathOf("killed.db.new-pepper")) && left-- <= 0,
      });
      if (code === 0) break;
      killed++;
      expect(code).toBeNull();
      expect(seenIn("killed.db", OLD)).toEqual(seen);
    }
    expect(killed).toBeGreaterThan(1);
    const { code, stderr } = await leadweave(["rotate-pepper", "--store", "killed.db", "-q"], at);
    expect([code, stderr]).toEqual([0, ""]);
    expect(seenIn("killed.db", NEW)).toEqual(seen);
  });

  it("goes on where only the names of the files were left to change", async () => {
    fill("last.db");
    const filled = await leadweave(
      ["rotate-pepper", "--store", "last.db", "--to", "last.db.new-pepper", "-q"],
      at,
    );
    expect(filled.code).toBe(0);
    linkSync(pathOf("last.db"), pathOf("last.db.old-pepper"));
    const { code, stderr } = await leadweave(["rotate-pepper", "--store", "last.db", "-q"], at);
    expect([code, stderr]).toEqual([0, ""]);
    expect(seenIn("last.db", NEW)).toEqual(seen);
    expect(seenIn("last.db.old-pepper", OLD)).toEqual(seen);
  });

  it("does not touch a file that others have open", async () => {
    fill("open.db");
    const store = await createSqliteStore({ path: pathOf("open.db") });
    await store.count("fragment");
    const { code, stderr } = await leadweave(["rotate-pepper", "--store", "open.db", "-q"], at);
    expect([code, stderr]).toEqual([1, expect.stringContaining("others have it open")]);
    expect(seenIn("open.db", OLD)).toEqual(seen);
    await store.close();
  });

  it("fills another store, a server's too", async ({ skip }) => {
    if (redisMissing() !== null) return skip("no Redis server");
    const server = await startRedis();
    const address = `redis://127.0.0.1:${server.port}`;
    try {
      const to = ["--to", address, "--to-schema", "other"];
      const there = await leadweave(["rotate-pepper", "--store", "whole.db", ...to, "-q"], at);
      expect([there.code, there.stderr]).toEqual([0, ""]);
      const env = { LEADWEAVE_PEPPER: NEW, LEADWEAVE_NEW_PEPPER: OLD };
      const store = ["--store", address, "--schema", "other", "--to", "back.db", "--to-schema", "leadweave"];
      const back = await leadweave(["rotate-pepper", ...store, "-q"], { ...at, env });
      expect([back.code, back.stderr]).toEqual([0, ""]);
      expect(seenIn("back.db", OLD)).toEqual(seen);
    } finally {
      await server.stop();
    }
  });

  it.each([
    ["no new pepper", ["--store", "whole.db"], { LEADWEAVE_NEW_PEPPER: "" }, 2, "name the new pepper"],
    ["the same pepper", ["--store", "whole.db"], { LEADWEAVE_NEW_PEPPER: OLD }, 2, "the old one"],
    [
      "a wrong pepper",
      ["--store", "whole.db"],
      { LEADWEAVE_PEPPER: "none of this store" },
      1,
      "another pepper",
    ],
    ["itself", ["--store", "whole.db", "--to", "whole.db"], {}, 2, "the store itself"],
    ["a server in place", ["--store", "redis://127.0.0.1:1"], {}, 2, "by --to"],
    [
      "a store that is full",
      ["--store", "whole.db", "--to", "full.db"],
      {},
      1,
      "full.db: holds something else",
    ],
  ] as const)("refuses %s", async (_, args, env, exit, says) => {
    if (args.includes("full.db" as never) && !existsSync(pathOf("full.db"))) fill("full.db");
    const { code, stderr } = await leadweave(["rotate-pepper", ...args, "-q"], {
      ...at,
      env: { ...at.env, ...env },
    });
    expect([code, stderr]).toEqual([exit, expect.stringContaining(says)]);
    expect(stderr).not.toContain(OLD);
    expect(seenIn("whole.db", OLD)).toEqual(seen);
  });
});
