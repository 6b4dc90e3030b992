import pg from "pg";
import { afterAll } from "vitest";
import type { ProfileId } from "../../../src/resolve/ids.js";
import {
  createPostgresStore,
  type PostgresStore,
  type PostgresStoreOptions,
} from "../../../src/stores/postgres/index.js";
import type { Changeset, Entry, FeedEntry, Ref, Store } from "../../../src/stores/store.js";
import { type PostgresServer, type PostgresServerOptions, startPostgres } from "../../servers/postgres.js";

/** A server for one test file, and what tests do with it. */
export interface Database {
  readonly server: PostgresServer;
  /** Statements of an administrator. */
  readonly admin: pg.Pool;
  /** Another schema each time, or another store on the one given. */
  open(options?: Partial<PostgresStoreOptions>): Promise<PostgresStore>;
  nextSchema(): string;
}

/** Null where no server can be had: then the tests of the file are skipped. */
export async function useDatabase(options?: PostgresServerOptions): Promise<Database | null> {
  const server = await startPostgres(options);
  if (server === null) return null;
  const admin = new pg.Pool({ connectionString: server.connectionString, max: 4 });
  admin.on("error", () => {});
  const opened: PostgresStore[] = [];
  let schemas = 0;
  afterAll(async () => {
    await Promise.all(opened.map((store) => store.close()));
    await admin.end();
    await server.stop();
  });
  const nextSchema = (): string => `s${++schemas}`;
  return {
    server,
    admin,
    nextSchema,
    async open(given = {}) {
      const store = await createPostgresStore({
        ...(given.client === undefined ? { connectionString: server.connectionString } : {}),
        schema: nextSchema(),
        migrate: true,
        ...given,
      });
      opened.push(store);
      return store;
    },
  };
}

const NOTHING: Changeset = { expect: [], puts: [], deletes: [], rows: [], changes: [] };

export function changesetOf(parts: Partial<Changeset>): Changeset {
  return { ...NOTHING, ...parts };
}

/** The document that a reference names: JSON text, or null, with its version. */
export async function documentOf(
  store: Store,
  ref: Ref,
): Promise<{ readonly version: number; readonly text: string | null }> {
  const [entry] = await store.read([ref]);
  if (entry?.type !== "document") throw new Error("a reference was not answered by a document");
  return entry.document;
}

export function namesIn(entry: Entry | undefined): readonly string[] {
  if (entry?.type !== "rows") throw new Error("a range was not answered by rows");
  return entry.names;
}

export async function feedOf(store: Store, after: string | null = null): Promise<FeedEntry[]> {
  const entries: FeedEntry[] = [];
  for await (const entry of store.changes(after)) entries.push(entry);
  return entries;
}

/** A change that names its profile and nothing else. */
export function changeNamed(profile: string): FeedEntry["change"] {
  const cause = { type: "fragment", fragment: '["test","1"]' } as const;
  return {
    type: "created",
    profile: profile as ProfileId,
    version: 1,
    added: [],
    removed: [],
    others: [],
    cause,
  };
}
