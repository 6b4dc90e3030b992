import { PGlite } from "@electric-sql/pglite";
import { describe, expect, it } from "vitest";
import { createResolver } from "../../../src/engine/resolver.js";
import { createPostgresStore } from "../../../src/stores/postgres/index.js";
import { changeNamed, changesetOf, documentOf, feedOf } from "./database.js";

/** A client that is none of `pg`, with one connection: the store asks nothing of it but `query(text, values)`. */
describe("a client that is structurally equal", () => {
  it("serves: PGlite, Postgres within this process", async () => {
    const client = await PGlite.create();
    await expect(createPostgresStore({ client })).rejects.toMatchObject({ code: "store-missing" });
    const store = await createPostgresStore({ client, migrate: true });
    await store.migrate();
    const ref = { kind: "key", id: "1" } as const;
    const create = changesetOf({
      expect: [{ ...ref, version: 0 }],
      puts: [{ ...ref, text: '{"a":1}' }],
      changes: [changeNamed("p")],
    });
    expect(await store.commit(create)).toBe("committed");
    expect(await store.commit(create)).toBe("conflict");
    expect((await documentOf(store, ref)).text).toBe('{"a": 1}');
    expect(await feedOf(store)).toHaveLength(1);
    const resolver = createResolver({ store });
    const identifiers = [{ type: "email", value: "ann@example.com" }];
    for (const id of ["1", "2"])
      for await (const outcome of resolver.ingest([{ source: "web", id, kind: "form", identifiers }]))
        expect(outcome.type).toBe(id === "1" ? "created" : "attached");
    const { rows } = await client.query("select fragments::integer from leadweave.profiles");
    expect(rows).toEqual([{ fragments: 2 }]);
    await store.close();
    expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await client.close();
  });
});
