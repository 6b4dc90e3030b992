import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, describe, expect, it, vi } from "vitest";
import { endsProcess } from "../../../src/stores/sqlite/betterSqlite.js";
import {
  type BetterSqliteConstructor,
  createSqliteStore,
  type SqliteOptions,
} from "../../../src/stores/sqlite/index.js";
import { hasNodeSqlite } from "../../../src/stores/sqlite/nodeSqlite.js";
import { change, changeset, documentIn, feedIn, scratchFiles } from "./scratch.js";

const file = scratchFiles();
afterEach(() => vi.restoreAllMocks());

if (!hasNodeSqlite()) console.warn(`skipped: node:sqlite, which Node ${process.versions.node} does not have`);

/** libsql has the shape of better-sqlite3; this one is opened as better-sqlite3 is. */
const BetterSqlite = class extends (Database as unknown as BetterSqliteConstructor) {};

function nodeDatabase(): BetterSqliteConstructor {
  const library = process.getBuiltinModule("node:sqlite") as { DatabaseSync: BetterSqliteConstructor };
  return library.DatabaseSync;
}

const DRIVERS: readonly [string, (path: string) => SqliteOptions, boolean][] = [
  ["the default", (path) => ({ path }), true],
  ["libsql", (path) => ({ path, driver: "libsql" }), true],
  ["node:sqlite", (path) => ({ path, driver: "node:sqlite" }), hasNodeSqlite()],
  ["a constructor", (path) => ({ path, driver: BetterSqlite }), true],
  ["an open database", (path) => ({ driver: new BetterSqlite(path) }), true],
];

describe.each(DRIVERS)("by %s", (_, optionsFor, isHere) => {
  it.skipIf(!isHere)("a store writes, reads, refuses, and finds everything again", async () => {
    const path = file();
    const store = await createSqliteStore(optionsFor(path));
    const puts = Array.from({ length: 100 }, (__, at) => ({
      kind: "strand" as const,
      id: `é"${at}`,
      text: `{"at":${at}}`,
    }));
    expect(
      await store.commit(
        changeset({
          puts,
          changes: [change(1)],
          rows: [{ kind: "key-holder", owner: "o", name: "n", isPut: true }],
        }),
      ),
    ).toBe("committed");
    expect(await store.commit(changeset({ expect: [{ kind: "strand", id: 'é"1', version: 0 }] }))).toBe(
      "conflict",
    );
    await store.commit(changeset({ deletes: [{ kind: "strand", id: 'é"0' }] }));
    await store.close();
    const again = await createSqliteStore({ ...optionsFor(path), mustExist: true });
    expect(await again.count("strand")).toBe(99);
    expect(await documentIn(again, { kind: "strand", id: 'é"42' })).toMatchObject({ text: '{"at":42}' });
    expect(await feedIn(again)).toEqual([["1", 1]]);
    const [rows] = await again.read([{ kind: "key-holder", owner: "o", limit: 5 }]);
    expect(rows).toEqual({ type: "rows", names: ["n"] });
    expect(await again.integrityCheck()).toEqual([]);
    await again.close();
  });

  it.skipIf(!isHere)("errors have the codes of the store", async () => {
    const path = file();
    writeFileSync(path, "no database at all\n".repeat(100));
    await expect((async () => createSqliteStore(optionsFor(path)))()).rejects.toMatchObject({
      code: "corrupt",
    });
    const free = file();
    const store = await createSqliteStore({ ...optionsFor(free), busyTimeoutMs: 20 });
    // By the same library: the locks of two in one process do not meet.
    const other = new (store.driver === "node:sqlite" ? nodeDatabase() : BetterSqlite)(free);
    other.exec("BEGIN IMMEDIATE");
    await expect(store.commit(changeset({ changes: [change(1)] }))).rejects.toMatchObject({ code: "busy" });
    other.exec("COMMIT");
    other.close();
    expect(await store.commit(changeset({ changes: [change(1)] }))).toBe("committed");
    await store.close();
  });
});

describe("node:sqlite", () => {
  it.skipIf(hasNodeSqlite())("is refused where Node has none", async () => {
    await expect(createSqliteStore({ path: file(), driver: "node:sqlite" })).rejects.toMatchObject({
      code: "driver-missing",
    });
  });
});

describe("better-sqlite3", () => {
  it("of a release for Node 22 and later would end a process of Node 20", () => {
    expect(endsProcess("13.2.0", "20.20.2")).toBe(true);
    expect(endsProcess("14.0.0-beta.1", "20.19.0")).toBe(true);
    expect(endsProcess("12.11.1", "20.20.2")).toBe(false);
    expect(endsProcess("13.2.0", "22.13.0")).toBe(false);
  });

  function install(version: string, source: string): void {
    const root = join(file("x"), "..");
    const folder = join(root, "node_modules", "better-sqlite3");
    mkdirSync(join(folder, "lib"), { recursive: true });
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name: "better-sqlite3", version, main: "lib/index.js" }),
    );
    writeFileSync(join(folder, "lib", "index.js"), source);
    vi.spyOn(process, "cwd").mockReturnValue(root);
  }

  it("is refused by its manifest, before it is loaded", async () => {
    vi.spyOn(process, "versions", "get").mockReturnValue({ ...process.versions, node: "20.20.2" });
    install("13.2.0", "globalThis.wasLoaded = true;");
    for (const driver of ["better-sqlite3", BetterSqlite] as const)
      await expect(createSqliteStore({ path: file(), driver })).rejects.toMatchObject({
        code: "driver-missing",
      });
    expect(globalThis).not.toHaveProperty("wasLoaded");
  });

  it("is loaded as the program has it installed", async () => {
    install(
      "12.11.1",
      `module.exports = require(${JSON.stringify(createRequire(import.meta.url).resolve("libsql"))});`,
    );
    const store = await createSqliteStore({ path: file(), driver: "better-sqlite3" });
    expect(store.driver).toBe("better-sqlite3");
    await store.close();
  });

  it("that is not installed, or not whole, is named", async () => {
    vi.spyOn(process, "cwd").mockReturnValue("/");
    await expect(createSqliteStore({ path: file(), driver: "better-sqlite3" })).rejects.toMatchObject({
      code: "driver-missing",
    });
    install("12.11.1", "throw new Error('no build');");
    await expect(createSqliteStore({ path: file(), driver: "better-sqlite3" })).rejects.toMatchObject({
      code: "driver-missing",
    });
  });
});
