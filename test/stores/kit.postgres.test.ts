import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { afterAll, describe, it } from "vitest";
import { createPostgresStore } from "../../src/stores/postgres/index.js";
import { testStore } from "../../src/testing/index.js";
import { type PostgresServer, startPostgres } from "../servers/postgres.js";
import { announceSkip, notChosen } from "./chosen.js";

const CAPABILITIES = { isSlow: true, countsWithin: true, trims: true };

const reason = notChosen("postgres");
const server: PostgresServer | null = reason === null ? await startPostgres() : null;
const missing = reason ?? (server === null ? "no server could be started" : null);

describe.skipIf(announceSkip("the kit over Postgres", missing))("the Postgres store, on a server", () => {
  if (server === null) return;
  const pool = new pg.Pool({ connectionString: server.connectionString, max: 8 });
  pool.on("error", () => {});
  afterAll(async () => {
    await pool.end();
    await server.stop();
  });
  let schemas = 0;
  testStore({
    test: it,
    factory: async () => {
      const schema = `kit${++schemas}`;
      const open = () => createPostgresStore({ client: pool, schema, migrate: true });
      return {
        store: await open(),
        open,
        remove: async () => {
          await pool.query(`drop schema "${schema}" cascade`);
        },
      };
    },
    capabilities: CAPABILITIES,
    print: () => {},
  });
});

describe.skipIf(announceSkip("the kit over PGlite", notChosen("pglite")))(
  "the Postgres store, on PGlite",
  () => {
    let client: Promise<PGlite> | null = null;
    afterAll(async () => {
      await (await client)?.close();
    });
    let schemas = 0;
    testStore({
      test: it,
      factory: async () => {
        client ??= PGlite.create();
        const [schema, one] = [`kit${++schemas}`, await client];
        return {
          store: await createPostgresStore({ client: one, schema, migrate: true }),
          remove: async () => {
            await one.query(`drop schema "${schema}" cascade`);
          },
        };
      },
      // One connection, and so one store: nothing here proves what concurrent writers do.
      capabilities: { ...CAPABILITIES, isShared: false },
      runs: 10,
      print: () => {},
    });
  },
);
