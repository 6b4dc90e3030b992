import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { Session } from "../../../src/stores/postgres/client.js";
import { createPostgresStore } from "../../../src/stores/postgres/index.js";
import { bringTables, type Step } from "../../../src/stores/postgres/migrate.js";
import { nameIn, placeOf } from "../../../src/stores/postgres/names.js";
import { changeNamed, changesetOf, documentOf, feedOf, useDatabase } from "./database.js";

const database = await useDatabase();

const ref = { kind: "id", id: "1" } as const;

describe.skipIf(database === null)("migrating a schema", async () => {
  const { open, nextSchema, admin, server } = database ?? ({} as NonNullable<typeof database>);
  const { connectionString } = server ?? {};

  it("creates it once, whoever of many comes first, and keeps what is there", async () => {
    for (let round = 0; round < 5; round++) {
      const schema = nextSchema();
      const stores = await Promise.all(Array.from({ length: 6 }, () => open({ schema })));
      await stores[0]?.commit(changesetOf({ puts: [{ ...ref, text: '{"a":1}' }] }));
      await Promise.all(stores.map((store) => store.migrate()));
      for (const store of stores) expect((await documentOf(store, ref)).text).toBe('{"a": 1}');
    }
  });

  it("creates it once for two processes at once", async () => {
    const schema = nextSchema();
    const run = (): Promise<number | null> =>
      new Promise((resolve, reject) => {
        const program = `
          import { createServer } from "vite";
          const vite = await createServer({ server: { middlewareMode: true, hmr: false, ws: false }, appType: "custom", logLevel: "error" });
          const { createPostgresStore } = await vite.ssrLoadModule("/src/stores/postgres/index.ts");
          const store = await createPostgresStore(${JSON.stringify({ connectionString, schema, migrate: true })});
          await store.migrate();
          await store.close();
          await vite.close();`;
        spawn(process.execPath, ["--input-type=module", "-e", program], {
          stdio: ["ignore", "ignore", "inherit"],
        })
          .once("error", reject)
          .once("exit", resolve);
      });
    expect(await Promise.all([run(), run()])).toEqual([0, 0]);
    const store = await createPostgresStore({ connectionString: connectionString as string, schema });
    expect(await store.count("id")).toBe(0);
    await store.close();
  });

  it("keeps stores of several prefixes and schemas apart", async () => {
    const schema = nextSchema();
    const [a, b, c] = [
      await open({ schema, tablePrefix: "a_" }),
      await open({ schema, tablePrefix: "b_" }),
      await open({}),
    ];
    await a.commit(changesetOf({ puts: [{ ...ref, text: '{"of":"a"}' }], changes: [changeNamed("a")] }));
    for (const other of [b, c]) {
      expect((await documentOf(other, ref)).version).toBe(0);
      expect(await feedOf(other)).toEqual([]);
    }
  });

  it("refuses what is not there, what is newer, and what is of no format", async () => {
    const schema = nextSchema();
    const openAsIs = () => createPostgresStore({ connectionString: connectionString as string, schema });
    await expect(openAsIs()).rejects.toMatchObject({ code: "store-missing" });
    await admin.query(`create schema "${schema}"`);
    await expect(openAsIs()).rejects.toMatchObject({ code: "store-missing" });
    await open({ schema });
    await (await openAsIs()).close();
    const setFormat = (value: string) =>
      admin.query(`update "${schema}".meta set value = $1 where name = 'format'`, [value]);
    await setFormat("2");
    await expect(openAsIs()).rejects.toMatchObject({ code: "format-newer" });
    await expect(open({ schema })).rejects.toMatchObject({ code: "format-newer" });
    await setFormat("0");
    await expect(openAsIs()).rejects.toMatchObject({ code: "format-older" });
    await setFormat("nonsense");
    await expect(openAsIs()).rejects.toMatchObject({ code: "corrupt" });
    await admin.query(`delete from "${schema}".meta`);
    await expect(openAsIs()).rejects.toMatchObject({ code: "corrupt" });
  });

  it("is brought from an older format step by step, once, and by all steps or none", async () => {
    const schema = nextSchema();
    const store = await open({ schema });
    await store.commit(changesetOf({ puts: [{ ...ref, text: "{}" }] }));
    const place = placeOf(schema);
    const session = new Session(admin, false, async () => {});
    const formatOf = async (): Promise<unknown> =>
      (await admin.query(`select value from "${schema}".meta where name = 'format'`)).rows[0]?.value;
    // As if two formats had followed the first one.
    const steps: readonly Step[] = [
      {
        to: 2,
        sql: (of) => `alter table ${nameIn(of, "rows")} add column noted integer not null default 0;`,
      },
      { to: 3, sql: (of) => `insert into ${nameIn(of, "meta")} values ('noted', '1');` },
    ];
    const failing: Step = { to: 3, sql: () => "raise exception 'no room';" };
    await expect(bringTables(session, place, [steps[0] as Step, failing], 3)).rejects.toMatchObject({
      code: "failed",
    });
    expect(await formatOf()).toBe("1");
    await Promise.all([1, 2].map(() => bringTables(session, place, steps, 3)));
    expect(await formatOf()).toBe("3");
    expect((await documentOf(store, ref)).text).toBe("{}");
    // This release knows none of that.
    await expect(open({ schema })).rejects.toMatchObject({ code: "format-newer" });
    expect(await formatOf()).toBe("3");
  });

  it("refuses options that make no sense", async () => {
    const url = connectionString as string;
    const client = { query: async () => ({ rows: [] }) };
    for (const options of [
      {},
      { connectionString: url, client },
      { connectionString: url, schema: 'a"; drop schema b; --' },
      { connectionString: url, tablePrefix: "ä" },
      { connectionString: url, statementTimeoutMs: 0 },
    ])
      await expect(createPostgresStore(options)).rejects.toBeInstanceOf(TypeError);
  });
});
