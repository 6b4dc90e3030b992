import Libsql from "libsql";
import pg from "pg";
import { createResolver } from "../../src/engine/resolver.js";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import type { Changeset } from "../../src/stores/store.js";
import { latencies } from "../statistics.js";
import { countTraffic } from "./counting.js";
import type { inputOf } from "./inputs.js";
import type { Figures, Task } from "./task.js";

/**
 * What the database itself takes for the same rows: the documents that a run reads and writes, batch by batch, in a bare table,
 * without versions, feed or anything else that a store adds.
 */
export async function measureBare(task: Task, fragmentAt: ReturnType<typeof inputOf>): Promise<Figures> {
  const changesets = await changesetsOf(task, fragmentAt);
  const { place } = task;
  if (place.name === "sqlite") return bareSqlite(place.path, changesets, task);
  if (place.name === "postgres") return barePostgres(place.connectionString, place.schema, changesets, task);
  return {};
}

async function changesetsOf(
  { fragments, batch }: Task,
  fragmentAt: ReturnType<typeof inputOf>,
): Promise<readonly Changeset[]> {
  const { read, commit, changes, count, close } = createMemoryStore();
  const { store, traffic } = countTraffic({ read, commit, changes, count, close }, true);
  const resolver = createResolver({ store });
  for await (const _ of resolver.ingest(
    (function* () {
      for (let at = 0; at < fragments; at++) yield fragmentAt(at);
    })(),
    { batch },
  ));
  return traffic.changesets;
}

const nameOf = ({ kind, id }: { readonly kind: string; readonly id: string }): string => `${kind} ${id}`;

function figuresOf(took: Float64Array, batch: number, fragments: number): Figures {
  const sum = took.reduce((total, one) => total + one, 0);
  return {
    "bare fragments/s": (Math.min(fragments, took.length * batch) / sum) * 1e3,
    ...latencies("bare transaction ms", took),
  };
}

function bareSqlite(path: string, changesets: readonly Changeset[], { batch, fragments }: Task): Figures {
  const database = new Libsql(`${path}-bare`);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE bare (name TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID");
  const read = database.prepare("SELECT text FROM bare WHERE name = ?");
  const write = database.prepare(
    "INSERT INTO bare VALUES (?, ?) ON CONFLICT DO UPDATE SET text = excluded.text",
  );
  const took = Float64Array.from(changesets, ({ expect, puts, rows, changes }) => {
    const startedAt = performance.now();
    for (const ref of expect) read.get(nameOf(ref));
    database.exec("BEGIN IMMEDIATE");
    for (const put of puts) write.run(nameOf(put), put.text);
    for (const { kind, owner, name } of rows) write.run(`${kind} ${owner} ${name}`, "");
    for (const change of changes)
      write.run(`feed ${change.profile} ${change.version}`, JSON.stringify(change));
    database.exec("COMMIT");
    return performance.now() - startedAt;
  });
  database.close();
  return figuresOf(took, batch, fragments);
}

const TRIPS = 500;

async function barePostgres(
  connectionString: string,
  schema: string,
  changesets: readonly Changeset[],
  { batch, fragments }: Task,
): Promise<Figures> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}_bare"`);
    await client.query(`CREATE TABLE "${schema}_bare".bare (name text PRIMARY KEY, text jsonb)`);
    const trips = new Float64Array(TRIPS);
    for (let trip = 0; trip < TRIPS; trip++) {
      const startedAt = performance.now();
      await client.query("SELECT 1");
      trips[trip] = performance.now() - startedAt;
    }
    const took = new Float64Array(changesets.length);
    for (const [at, { expect, puts }] of changesets.entries()) {
      const startedAt = performance.now();
      await client.query(`SELECT text FROM "${schema}_bare".bare WHERE name = ANY($1)`, [expect.map(nameOf)]);
      await client.query(
        `INSERT INTO "${schema}_bare".bare SELECT * FROM unnest($1::text[], $2::jsonb[])
         ON CONFLICT (name) DO UPDATE SET text = excluded.text`,
        [puts.map(nameOf), puts.map(({ text }) => text)],
      );
      took[at] = performance.now() - startedAt;
    }
    return { ...latencies("bare round trip ms", trips), ...figuresOf(took, batch, fragments) };
  } finally {
    await client.end();
  }
}
