import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { createResolver } from "../../src/engine/resolver.js";
import type { Fragment } from "../../src/fragment/fragment.js";
import { createPostgresStore } from "../../src/stores/postgres/index.js";
import { createSqliteStore } from "../../src/stores/sqlite/index.js";
import type { Store } from "../../src/stores/store.js";
import { simulatedLeads } from "../engine/leads.js";
import { startPostgres } from "../servers/postgres.js";
import { notChosen } from "./chosen.js";

// Somebody is erased among others, and then the bytes of the store are searched for everything that they ever said.

const PEPPER = "a pepper of some length";

const SUBJECT: readonly Fragment[] = [
  {
    source: "web",
    id: "zq-row-1",
    kind: "form",
    event: "zq-event",
    observedAt: Date.UTC(2026, 0, 5, 10),
    identifiers: [
      { type: "email", value: "quentin.zeller@harbor.example" },
      { type: "visitor_id", value: "visitor-zq" },
      { type: "phone", value: "+14155550187", confidence: 0.6 },
    ],
    signals: { ip: "203.0.113.77", fingerprint: "print-zq", landing_page: "https://zq.example/quotes" },
    attributes: {
      first_name: "Quentin",
      last_name: "Zeller",
      street: "7 Larkspur Lane",
      city: "Zquille",
      note: "a note of zq",
    },
  },
  {
    source: "web",
    id: "zq-row-1b",
    kind: "form",
    event: "zq-event",
    observedAt: Date.UTC(2026, 0, 5, 10, 1),
    identifiers: [{ type: "email", value: "quentin.zeller@harbor.example" }],
  },
  {
    source: "calls",
    id: "zq-call-2",
    kind: "call",
    observedAt: Date.UTC(2026, 0, 5, 10, 5),
    identifiers: [{ type: "phone", value: "+14155550187" }],
    attributes: { first_name: "Quentin" },
  },
  {
    source: "crm",
    id: "zq-crm-3",
    kind: "crm",
    observedAt: Date.UTC(2026, 0, 7),
    identifiers: [
      { type: "email", value: "quentin.zeller@harbor.example" },
      { type: "phone", value: "+14155550187" },
    ],
  },
];
const SECRETS = [
  "quentin",
  "zeller",
  "visitor-zq",
  "4155550187",
  "203.0.113.77",
  "print-zq",
  "zq.example",
  "larkspur",
  "zquille",
  "zq-row",
  "zq-call",
  "zq-crm",
  "zq-event",
  "note of zq",
];

/** Others come before and after, and the person goes while they stay. */
async function liveAndErase(store: Store, look: () => Promise<void>): Promise<void> {
  const resolver = createResolver({ store, pepper: PEPPER });
  const others = simulatedLeads(30, 3);
  const half = others.length >> 1;
  for (const some of [others.slice(0, half), SUBJECT, others.slice(half)])
    for await (const outcome of resolver.ingest(some, { batch: 8 })) expect(outcome.type).not.toBe("refused");
  await resolver.assert({
    type: "different",
    a: { source: "web", id: "zq-row-1" },
    b: { source: others[0]?.source as string, id: others[0]?.id as string },
  });
  await resolver.drain();
  await look();
  const members = new Set<string>();
  for (const { source, id } of SUBJECT) {
    const profile = await resolver.profile({ source, id });
    for (const fragment of profile?.fragments ?? []) members.add(fragment.id);
    await resolver.erase({ source, id }, { reason: "request 4711", suppress: "identifiers" });
  }
  expect(members.size).toBeGreaterThanOrEqual(SUBJECT.length);
  for (const fragment of SUBJECT) expect((await resolver.ingest(fragment)).type).toBe("suppressed");
  expect((await resolver.stats()).pending).toBe(0);
}

function expectNone(text: string): void {
  const found = SECRETS.filter((secret) => text.toLowerCase().includes(secret));
  expect(found).toEqual([]);
}

describe("nothing of an erased person is left", () => {
  it.skipIf(notChosen("sqlite") !== null)("in the file of SQLite or beside it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leadweave-erasure-"));
    const bytes = (): string =>
      readdirSync(folder)
        .filter((name) => existsSync(join(folder, name)))
        .map((name) => readFileSync(join(folder, name), "latin1"))
        .join("");
    try {
      const store = await createSqliteStore({ path: join(folder, "leads.db"), synchronous: "normal" });
      await liveAndErase(store, async () => {
        const text = bytes().toLowerCase();
        for (const secret of SECRETS) expect(text).toContain(secret);
      });
      expectNone(bytes());
      await store.close();
      expectNone(bytes());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.skipIf(notChosen("postgres") !== null)("in the tables of Postgres", async ({ skip }) => {
    const server = await startPostgres();
    if (server === null) return skip("no Postgres server could be started");
    const pool = new pg.Pool({ connectionString: server.connectionString, max: 2 });
    // The server goes while connections of the pool are still closing.
    pool.on("error", () => {});
    const rows = async (): Promise<string> => {
      let text = "";
      const { rows: tables } = await pool.query(
        "select table_name as name from information_schema.tables where table_schema = 'leadweave' and table_type = 'BASE TABLE'",
      );
      expect(tables.length).toBeGreaterThan(2);
      for (const { name } of tables)
        text += JSON.stringify((await pool.query(`select t::text from leadweave."${name}" t`)).rows);
      return text;
    };
    try {
      const store = await createPostgresStore({ client: pool, migrate: true });
      await liveAndErase(store, async () => {
        const text = (await rows()).toLowerCase();
        for (const secret of SECRETS) expect(text).toContain(secret);
      });
      expectNone(await rows());
      await store.close();
    } finally {
      await pool.end();
      await server.stop();
    }
  });
});
