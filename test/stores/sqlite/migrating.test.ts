import Libsql from "libsql";
import { describe, expect, it } from "vitest";
import { driveBetterSqlite } from "../../../src/stores/sqlite/betterSqlite.js";
import { Connection } from "../../../src/stores/sqlite/connection.js";
import { createSqliteStore, migrateSqliteStore } from "../../../src/stores/sqlite/index.js";
import { bringTables, type Step } from "../../../src/stores/sqlite/migrating.js";
import { changeset, scratchFiles } from "./scratch.js";

const fileNamed = scratchFiles();

/** As if two formats had followed the first one. */
const STEPS: readonly Step[] = [
  {
    to: 2,
    run: ({ driver }, prefix) =>
      driver.exec(`ALTER TABLE ${prefix}rows ADD COLUMN noted INTEGER NOT NULL DEFAULT 0`),
  },
  { to: 3, run: ({ driver }, prefix) => driver.exec(`UPDATE ${prefix}rows SET noted = noted + 1`) },
];

async function filled(): Promise<string> {
  const path = fileNamed();
  const store = await createSqliteStore({ path, driver: "libsql" });
  await store.commit(
    changeset({
      puts: [{ kind: "event", id: "a", text: "{}" }],
      rows: [{ kind: "block-member", owner: "o", name: "n", isPut: true }],
    }),
  );
  await store.close();
  return path;
}

function connect(path: string): Connection {
  return new Connection(driveBetterSqlite(new Libsql(path) as never, "libsql"));
}

const PREFIX = "leadweave_";

function stateOf(connection: Connection): readonly unknown[] {
  const read = (sql: string) => connection.driver.prepare(sql).get() ?? [];
  return [
    ...read(`SELECT format FROM ${PREFIX}state`),
    ...read(`SELECT count(*) FROM ${PREFIX}documents`),
    ...read(`SELECT count(*) FROM pragma_table_info('${PREFIX}rows')`),
  ];
}

describe("tables of an older format", () => {
  it("are brought to the present one step by step, once", async () => {
    const path = await filled();
    const [one, other] = [connect(path), connect(path)];
    expect(bringTables(one, PREFIX, path, STEPS, 3)).toBe(1);
    expect(stateOf(one)).toEqual([3, 1, 4]);
    expect(bringTables(other, PREFIX, path, STEPS, 3)).toBe(3);
    expect(one.driver.prepare(`SELECT noted FROM ${PREFIX}rows`).get()).toEqual([1]);
    one.close();
    other.close();
    // This release knows none of that.
    await expect(createSqliteStore({ path, driver: "libsql" })).rejects.toMatchObject({
      code: "format-newer",
    });
  });

  it("go on from the step at which they are", async () => {
    const path = await filled();
    const connection = connect(path);
    expect(bringTables(connection, PREFIX, path, STEPS.slice(0, 1), 2)).toBe(1);
    expect(bringTables(connection, PREFIX, path, STEPS, 3)).toBe(2);
    expect(stateOf(connection)).toEqual([3, 1, 4]);
    connection.close();
  });

  it("stay as they are where a step fails, or none leads on", async () => {
    const path = await filled();
    const connection = connect(path);
    const failing: Step = {
      to: 3,
      run() {
        throw new Error("no room");
      },
    };
    expect(() => bringTables(connection, PREFIX, path, [STEPS[0] as Step, failing], 3)).toThrow("no room");
    expect(stateOf(connection)).toEqual([1, 1, 3]);
    expect(() => bringTables(connection, PREFIX, path, [], 3)).toThrow(
      expect.objectContaining({ code: "format-older" }),
    );
    expect(() => bringTables(connection, PREFIX, path, STEPS, 2)).toThrow(
      expect.objectContaining({ code: "format-newer" }),
    );
    expect(stateOf(connection)).toEqual([1, 1, 3]);
    connection.close();
    expect(await migrateSqliteStore({ path, driver: "libsql" })).toEqual({ from: 1, to: 1 });
  });
});
