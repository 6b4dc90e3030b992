import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import type { StoreErrorCode } from "../../../src/stores/error.js";
import { createPostgresStore, type PostgresStore, StoreError } from "../../../src/stores/postgres/index.js";
import { changeNamed, changesetOf, documentOf, feedOf, useDatabase } from "./database.js";

const database = await useDatabase({ durable: true });

const SECRET = "a-fictional-secret";
const ref = { kind: "id", id: "private-id" } as const;
const put = (text: string) => changesetOf({ puts: [{ ...ref, text }] });

async function failureOf(work: Promise<unknown>): Promise<StoreError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreError)) throw new Error("a StoreError was expected", { cause: error });
  expect(error.message).not.toContain(SECRET);
  expect(error.message).not.toContain(ref.id);
  expect(String((error.cause as Error | undefined)?.message ?? "")).not.toContain(SECRET);
  return error;
}

async function expectFailure(work: Promise<unknown>, code: StoreErrorCode): Promise<void> {
  expect((await failureOf(work)).code).toBe(code);
}

describe.skipIf(database === null)("what can go wrong with Postgres", async () => {
  const { open, nextSchema, admin, server } = database ?? ({} as NonNullable<typeof database>);

  it("at the door: wrong password, wrong database, nobody there, a string that is none", async () => {
    const as = (url: string) => createPostgresStore({ connectionString: url });
    await expectFailure(as(server.urlOf("postgres", SECRET)), "access-denied");
    await expectFailure(as(server.urlOf("nobody", SECRET)), "access-denied");
    await expectFailure(as(`${server.connectionString}_of_another_name`), "store-missing");
    await expectFailure(as(`postgres://postgres:${SECRET}@127.0.0.1:1/postgres`), "store-unreachable");
    const bad = await as(`postgres://postgres:${SECRET}@[/postgres`).catch((error: unknown) => error);
    expect(String(bad)).not.toContain(SECRET);
  });

  it("roles that may not: no rights, only reading, another isolation", async () => {
    const schema = nextSchema();
    await open({ schema });
    const role = async (name: string, ...statements: string[]): Promise<string> => {
      await admin.query(`create role ${name} login password '${SECRET}'`);
      for (const statement of statements) await admin.query(statement);
      return server.urlOf(name, SECRET);
    };
    const as = (connectionString: string) => createPostgresStore({ connectionString, schema });
    await expectFailure(as(await role("stranger")), "access-denied");
    const reader = await as(
      await role(
        "reader",
        `grant usage on schema "${schema}" to reader`,
        `grant select on all tables in schema "${schema}" to reader`,
      ),
    );
    expect((await documentOf(reader, ref)).version).toBe(0);
    expect(await reader.commit(changesetOf({ expect: [{ ...ref, version: 0 }] }))).toBe("committed");
    await expectFailure(reader.commit(put("{}")), "access-denied");
    await reader.close();
    const writer = await as(
      await role(
        "writer",
        `grant usage on schema "${schema}" to writer`,
        `grant select, insert, update, delete on all tables in schema "${schema}" to writer`,
        `grant usage on all sequences in schema "${schema}" to writer`,
      ),
    );
    expect(await writer.commit({ ...put("{}"), changes: [changeNamed("p")] })).toBe("committed");
    expect(await feedOf(writer)).toHaveLength(1);
    await writer.close();
    await admin.query("alter role writer set default_transaction_read_only = on");
    const standby = await as(server.urlOf("writer", SECRET));
    expect((await documentOf(standby, ref)).text).toBe("{}");
    await expectFailure(standby.commit(put("{}")), "read-only");
    await standby.close();
    await admin.query("alter role writer set default_transaction_isolation = 'repeatable read'");
    await expectFailure(as(server.urlOf("writer", SECRET)), "failed");
  });

  it("others hold what is wanted for too long", async () => {
    const schema = nextSchema();
    const store = await open({ schema, statementTimeoutMs: 200 });
    const holder = new pg.Client({ connectionString: server.connectionString });
    await holder.connect();
    await holder.query("begin");
    await holder.query(`select "${schema}"."commit"($1, null, null, null, false, '0')`, [
      JSON.stringify([[8, ref.id, null, 1, 1]]),
    ]);
    expect(await failureOf(store.commit(put("{}")))).toMatchObject({ code: "busy", retryable: true });
    await holder.query("rollback");
    await holder.end();
    expect(await store.commit(put("{}"))).toBe("committed");
  });

  it("the connection is cut in mid-commit: nothing of it is there, and the same again is done once", async () => {
    const schema = nextSchema();
    const store = await open({ schema });
    const holder = new pg.Client({ connectionString: server.connectionString });
    await holder.connect();
    await holder.query("begin");
    await holder.query(`select "${schema}"."commit"($1, null, null, null, false, '0')`, [
      JSON.stringify([[8, ref.id, null, 1, 1]]),
    ]);
    const changeset = changesetOf({
      expect: [{ ...ref, version: 0 }],
      puts: [{ ...ref, text: '{"n":1}' }],
      changes: [changeNamed("p")],
    });
    const committing = failureOf(store.commit(changeset));
    let cut = 0;
    while (cut === 0) {
      const { rowCount } = await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'leadweave' and wait_event = 'advisory'`,
      );
      cut = rowCount ?? 0;
    }
    expect(await committing).toMatchObject({ code: "connection-lost", retryable: true });
    await holder.query("rollback");
    await holder.end();
    expect((await documentOf(store, ref)).version).toBe(0);
    expect(await store.commit(changeset)).toBe("committed");
    expect(await store.commit(changeset)).toBe("conflict");
    expect(await feedOf(store)).toHaveLength(1);
  });

  it("the server is stopped and started under load: what was acknowledged is there, and nothing is torn", async () => {
    const schema = nextSchema();
    const stores = await Promise.all([0, 1, 2].map(() => open({ schema })));
    const acknowledged: string[] = [];
    let isOver = false;
    const codes = new Set<string>();
    const writing = stores.map(async (store, writer) => {
      for (let turn = 0; !isOver; turn++) {
        const id = `${writer}.${turn}`;
        const changeset = changesetOf({
          expect: [{ kind: "key", id, version: 0 }],
          puts: [
            { kind: "key", id, text: "{}" },
            { kind: "digest", id, text: "{}" },
          ],
          rows: [{ kind: "cell-event", owner: "o", name: id, isPut: true }],
          changes: [changeNamed(id)],
        });
        // Sent until it is answered: a reply that was lost shows as a conflict.
        for (;;) {
          try {
            await store.commit(changeset);
            acknowledged.push(id);
            break;
          } catch (error) {
            const { code } = await failureOf(Promise.reject(error));
            codes.add(code);
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        }
      }
    });
    for (let round = 0; round < 3; round++) {
      const target = acknowledged.length + 30;
      while (acknowledged.length < target) await new Promise((resolve) => setTimeout(resolve, 5));
      await server.halt();
      await server.start();
    }
    const last = acknowledged.length + 30;
    while (acknowledged.length < last) await new Promise((resolve) => setTimeout(resolve, 5));
    isOver = true;
    await Promise.all(writing);
    expect(codes.size).toBeGreaterThan(0);
    expect([...codes].filter((code) => code !== "connection-lost" && code !== "store-unreachable")).toEqual(
      [],
    );
    const [store] = stores as [PostgresStore];
    const [keys, digests, rows] = await store.read([
      { scan: "key", after: null, limit: 100_000 },
      { scan: "digest", after: null, limit: 100_000 },
      { kind: "cell-event", owner: "o", limit: 100_000 },
    ]);
    const ids = keys?.type === "scan" ? keys.documents.map(({ id }) => id) : [];
    expect([...acknowledged].sort()).toEqual(ids);
    expect(digests?.type === "scan" ? digests.documents.map(({ id }) => id) : []).toEqual(ids);
    expect(rows?.type === "rows" ? rows.names : []).toEqual(ids);
    expect((await feedOf(store)).map(({ change }) => change.profile).sort()).toEqual(ids);
  });

  it("a document edited by hand into nonsense", async () => {
    const schema = nextSchema();
    const store = await open({ schema });
    const edits = [
      "doc = '[1]'",
      "doc = '\"text\"'",
      "doc = 'null'",
      "raw = 'nonsense'",
      "version = 9007199254740993",
    ];
    for (const edit of edits) {
      await store.commit(put("{}"));
      await admin.query(`update "${schema}".documents set ${edit}`);
      await expectFailure(documentOf(store, ref), "corrupt");
      await expectFailure(store.read([{ scan: "id", after: null, limit: 1 }]), "corrupt");
    }
    await expect(admin.query(`update "${schema}".documents set version = 0`)).rejects.toThrow();
    await store.commit({ ...put("{}"), changes: [changeNamed("p")] });
    await admin.query(`update "${schema}".changes set change = '7'`);
    await expectFailure(feedOf(store), "corrupt");
  });

  it("the disk is full: nothing is torn, and it goes on once there is room", async (context) => {
    const folder = join(server.folder, "small");
    try {
      mkdirSync(folder);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], { stdio: "ignore" });
    } catch {
      context.skip("no small file system can be mounted here: that needs Linux and root");
    }
    try {
      const { uid, gid } = statSync(join(server.folder, "data"));
      chownSync(folder, uid, gid);
      const schema = nextSchema();
      const store = await open({ schema });
      await admin.query(`create tablespace small location '${folder}'`);
      await admin.query(`alter table "${schema}".documents set tablespace small`);
      const text = (at: number): string =>
        JSON.stringify({
          at,
          filler: Array.from({ length: 300 }, (_, n) => (at * 7919 + n * 104729) % 65_537),
        });
      let written = 0;
      const writing = async (): Promise<void> => {
        for (; written < 10_000; written++) {
          const puts = [0, 1].map((half) => ({
            kind: "key" as const,
            id: `${written}.${half}`,
            text: text(written),
          }));
          await store.commit(changesetOf({ puts, changes: [changeNamed(`${written}`)] }));
        }
      };
      expect(await failureOf(writing())).toMatchObject({ code: "disk-full", retryable: true });
      expect(await store.count("key")).toBe(written * 2);
      expect(await feedOf(store)).toHaveLength(written);
      await admin.query(`alter table "${schema}".documents set tablespace pg_default`);
      expect(await store.commit(put("{}"))).toBe("committed");
      await admin.query("drop tablespace small");
    } finally {
      execFileSync("umount", ["-l", folder]);
    }
  });

  it("more locks than the server has: the commit takes one for all", async () => {
    const schema = nextSchema();
    const store = await open({ schema });
    const refusals: unknown[] = [];
    const alone: unknown[] = [];
    const client = {
      async query(text: string, values?: unknown[]) {
        if (text.includes(`"commit"`) && values?.[4] === false) {
          refusals.push(values);
          throw Object.assign(new Error("out of shared memory"), { code: "53200" });
        }
        if (text.includes(`"commit"`)) alone.push(values);
        return admin.query(text, values);
      },
    };
    const short = await createPostgresStore({ client, schema });
    expect(await short.commit(put("{}"))).toBe("committed");
    expect([refusals.length, alone.length]).toEqual([1, 1]);
    expect((await documentOf(store, ref)).text).toBe("{}");
  });

  it("collisions that the server resolves are conflicts", async () => {
    const schema = nextSchema();
    await open({ schema });
    for (const code of ["40001", "40P01"]) {
      const client = {
        async query(text: string, values?: unknown[]) {
          if (text.includes(`"commit"`)) throw Object.assign(new Error("rolled back"), { code });
          return admin.query(text, values);
        },
      };
      const store = await createPostgresStore({ client, schema });
      expect(await store.commit(put("{}"))).toBe("conflict");
    }
  });
});
