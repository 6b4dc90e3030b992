import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import Libsql from "libsql";
import { describe, expect, it } from "vitest";
import {
  type BetterSqliteConstructor,
  createSqliteStore,
  migrateSqliteStore,
  type SqliteOptions,
  type SqliteStore,
  StoreError,
} from "../../../src/stores/sqlite/index.js";
import { changeset, documentIn, scratchFiles } from "./scratch.js";

const file = scratchFiles();
const A = { kind: "strand", id: "a" } as const;
const PUT = changeset({ puts: [{ ...A, text: "1" }] });

const Database = Libsql as unknown as BetterSqliteConstructor;

/** By the library with which the tests hold and change the file: the locks of two libraries in one process do not meet. */
function open(options: string | SqliteOptions): Promise<SqliteStore> {
  return createSqliteStore({
    driver: "libsql",
    ...(typeof options === "string" ? { path: options } : options),
  });
}

/** As somebody else who has the file open. */
function withFile(path: string, ...statements: string[]): void {
  const database = new Database(path);
  for (const sql of statements) database.exec(sql);
  database.close();
}

async function failure(work: Promise<unknown>): Promise<StoreError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreError)) throw new Error(`not a StoreError: ${String(error)}`);
  return error;
}

describe("opening", () => {
  it("says what is missing", async () => {
    const path = file();
    expect(await failure(open(`${path}/no/leads.db`))).toMatchObject({ code: "store-missing" });
    expect(await failure(open({ path, mustExist: true }))).toMatchObject({
      code: "store-missing",
    });
    expect(await failure(open({ path, readOnly: true }))).toMatchObject({
      code: "store-missing",
    });
    expect(await failure(open(dirname(path)))).toMatchObject({ code: "store-missing" });
    expect(() => statSync(path)).toThrow();
    withFile(path, "CREATE TABLE other (a)");
    for (const options of [{ mustExist: true }, { readOnly: true }])
      expect(await failure(open({ path, ...options }))).toMatchObject({ code: "store-missing" });
  });

  it("refuses what is no SQLite file, and leaves it as it was", async () => {
    const path = file();
    const text = "leads, one in a line\n".repeat(500);
    writeFileSync(path, text);
    expect(await failure(open(path))).toMatchObject({ code: "corrupt", retryable: false });
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("refuses data of a newer release, also while it is open, and changes nothing", async () => {
    const path = file();
    const store = await open(path);
    withFile(path, "UPDATE leadweave_state SET format = 2");
    expect(await failure(store.commit(PUT))).toMatchObject({ code: "format-newer" });
    await store.close();
    expect(await failure(open(path))).toMatchObject({ code: "format-newer" });
    withFile(path, "UPDATE leadweave_state SET format = 1");
    const again = await open(path);
    expect(await documentIn(again, A)).toEqual({ version: 0, text: null });
    await again.close();
  });

  it("takes nonsense in the tables of the store for damage", async () => {
    for (const sql of [
      "UPDATE leadweave_state SET format = 'x'",
      "UPDATE leadweave_state SET counts = '{'",
      "DELETE FROM leadweave_state",
      "DELETE FROM leadweave_kinds",
      "UPDATE leadweave_documents SET version = 'x'",
    ]) {
      const path = file();
      const store = await open(path);
      await store.commit(PUT);
      await store.close();
      withFile(path, sql);
      const use = async () => {
        const damaged = await open(path);
        try {
          await damaged.count("strand");
          await damaged.read([A]);
        } finally {
          await damaged.close();
        }
      };
      expect(await failure(use()), sql).toMatchObject({ code: "corrupt" });
    }
  });

  it("begins a store and finds it, in two places at once", async () => {
    const path = file();
    const [a, b] = await Promise.all([
      migrateSqliteStore({ path, driver: "libsql" }),
      migrateSqliteStore({ path, driver: "libsql" }),
    ]);
    expect([a.from, b.from]).toContain(null);
    expect(await migrateSqliteStore({ path, driver: "libsql" })).toEqual({ from: 1, to: 1 });
  });

  it("keeps stores of several prefixes apart, and beside other tables", async () => {
    const path = file();
    withFile(path, "CREATE TABLE state (a)");
    const [a, b] = await Promise.all([open({ path, tablePrefix: "a_" }), open({ path, tablePrefix: "b_" })]);
    await a.commit(PUT);
    expect(await documentIn(b, A)).toEqual({ version: 0, text: null });
    await a.close();
    await b.close();
  });

  it.each<[object | string]>([
    [""],
    [{ path: "a\0b" }],
    [{}],
    [{ path: "x", busyTimeoutMs: -1 }],
    [{ path: "x", synchronous: "off" }],
    [{ path: "x", tablePrefix: "a-b" }],
    [{ path: "x", driver: "sqlite3" }],
    [{ path: "x", driver: {} }],
  ])("takes %j for a mistake of the program", async (options) => {
    await expect(createSqliteStore(options as string)).rejects.toBeInstanceOf(TypeError);
  });
});

describe("a store that may only be read", () => {
  it("refuses changes and answers everything else", async () => {
    const path = file();
    const store = await open(path);
    await store.commit(PUT);
    const { version } = await documentIn(store, A);
    await store.close();
    const reader = await open({ path, readOnly: true });
    expect(await documentIn(reader, A)).toEqual({ version, text: "1" });
    expect(await reader.commit(changeset({ expect: [{ ...A, version }] }))).toBe("committed");
    expect(await failure(reader.commit(PUT))).toMatchObject({ code: "read-only" });
    expect(await reader.count("strand")).toBe(1);
    await reader.close();
  });
});

describe("a full disk", () => {
  it("fails the commit, keeps nothing of it, and goes on once there is room", async () => {
    const path = file();
    const limit = (pages: number): void => void database.exec(`PRAGMA max_page_count = ${pages}`);
    const database = new Database(path);
    const store = await open({ driver: database });
    await store.commit(PUT);
    const before = await documentIn(store, A);
    limit(20);
    const large = (at: number) =>
      changeset({
        puts: [
          { ...A, text: "2" },
          ...Array.from({ length: 100 }, (_, nth) => ({
            kind: "block" as const,
            id: `${at} ${nth}`,
            text: `"${"x".repeat(2_000)}"`,
          })),
        ],
      });
    const results = await Promise.allSettled([store.commit(large(0)), store.commit(large(1))]);
    for (const result of results)
      expect(result).toMatchObject({ status: "rejected", reason: { code: "disk-full", retryable: true } });
    expect(await documentIn(store, A)).toEqual(before);
    expect(await store.count("block")).toBe(0);
    limit(100_000);
    expect(await store.commit(large(0))).toBe("committed");
    expect(await store.count("block")).toBe(100);
    expect(await store.integrityCheck()).toEqual([]);
    await store.close();
  });
});

describe("damage", () => {
  async function filled(path: string): Promise<void> {
    const store = await open(path);
    await store.commit(
      changeset({
        puts: Array.from({ length: 400 }, (_, at) => ({
          kind: "strand" as const,
          id: `s${at}`,
          text: JSON.stringify("y".repeat(900)),
        })),
      }),
    );
    await store.close();
  }

  it("of pages is told", async () => {
    const path = file();
    await filled(path);
    const descriptor = openSync(path, "r+");
    for (let page = 8; page * 4_096 < statSync(path).size; page++)
      writeSync(descriptor, Buffer.alloc(64, 0xa5), 0, 64, page * 4_096);
    closeSync(descriptor);
    const store = await open(path);
    expect((await store.integrityCheck().catch((error: StoreError) => [error.code])).length).toBeGreaterThan(
      0,
    );
    expect(await failure(store.read([{ scan: "strand", after: null, limit: 1_000 }]))).toMatchObject({
      code: "corrupt",
    });
    await store.close();
  });

  it("of a document is found by the check", async () => {
    const path = file();
    await filled(path);
    withFile(path, "UPDATE leadweave_documents SET text = 'hand made' WHERE id = 's7'");
    const store = await open(path);
    const problems = await store.integrityCheck();
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toContain("s7");
    await store.close();
  });
});

describe("a file that somebody else holds", () => {
  it("is busy after the time-out, free meanwhile for other work, and usable afterwards", async () => {
    const path = file();
    const store = await open({ path, busyTimeoutMs: 60 });
    const other = new Database(path);
    other.exec("BEGIN IMMEDIATE");
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    expect(await failure(store.commit(PUT))).toMatchObject({ code: "busy", retryable: true });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
    expect(await documentIn(store, A)).toEqual({ version: 0, text: null });
    other.exec("COMMIT");
    expect(await store.commit(PUT)).toBe("committed");
    other.exec("BEGIN IMMEDIATE");
    const waiting = open(path).then(async (patient) => {
      const result = await patient.commit(PUT);
      await patient.close();
      return result;
    });
    setTimeout(() => other.exec("COMMIT"), 50);
    expect(await waiting).toBe("committed");
    other.close();
    await store.close();
  });

  it("against readers too is busy for them, and the store goes on afterwards", async () => {
    const path = file();
    const other = new Database(path);
    other.exec("PRAGMA journal_mode = WAL; PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE mine (a)");
    expect(await failure(open({ path, busyTimeoutMs: 30 }))).toMatchObject({ code: "busy" });
    const opening = open(path);
    setTimeout(() => other.close(), 50);
    const store = await opening;
    expect(await store.commit(PUT)).toBe("committed");
    await store.close();
  });
});

describe("a closed store", () => {
  it("refuses every call, after what was begun is done", async () => {
    const path = file();
    const store = await open(path);
    const begun = store.commit(PUT);
    await Promise.all([store.close(), store.close()]);
    expect(await begun).toBe("committed");
    await store.close();
    const calls = [
      () => store.read([A]),
      () => store.commit(PUT),
      () => store.commit(changeset({})),
      () => store.count("strand"),
      () => store.changes(null)[Symbol.asyncIterator]().next(),
      () => store.backup(`${path}.copy`),
      () => store.checkpoint(),
      () => store.size(),
      () => store.integrityCheck(),
    ];
    for (const call of calls) expect(await failure(call())).toMatchObject({ code: "closed" });
    const again = await open({ path, mustExist: true });
    expect((await documentIn(again, A)).text).toBe("1");
    await again.close();
  });
});

describe("messages", () => {
  it("name no document", async () => {
    const path = file();
    mkdirSync(`${path}-folder`);
    const store = await open(path);
    const secret = { kind: "strand", id: "june@harbor.example" } as const;
    await store.commit(changeset({ puts: [{ ...secret, text: "1" }] }));
    withFile(path, "UPDATE leadweave_documents SET version = 0");
    expect((await failure(store.read([secret]))).message).not.toContain("june");
    await store.close();
  });
});
