import type { ArgsDef } from "citty";
import type { SqliteStore } from "../stores/sqlite/index.js";
import type { Store } from "../stores/store.js";
import { createTenantStore } from "../stores/tenant.js";
import type { Flags } from "./command.js";
import { UsageError } from "./failure.js";
import { openPostgres } from "./postgres.js";
import { openRedis } from "./redis.js";
import { openFile } from "./sqliteFile.js";

/** Options of every command that works on a store. */
export const STORE_ARGS = {
  store: {
    type: "string",
    valueHint: "ADDRESS",
    description: "Where profiles are kept: a file such as ./leads.db (SQLite), postgres://… or redis://…",
  },
  schema: {
    type: "string",
    valueHint: "NAME",
    description:
      "Postgres schema, prefix of the tables in a file, or of the keys in Redis (default leadweave)",
  },
  tenant: { type: "string", valueHint: "NAME", description: "Work on the part of one tenant" },
  "pepper-file": {
    type: "string",
    valueHint: "FILE",
    description: "File with the store's secret (default: the variable LEADWEAVE_PEPPER, if it is set)",
  },
} as const satisfies ArgsDef;

/** A store as the command line names it. */
export interface StoreHandle {
  /** The tenant's part, or all of it. */
  readonly store: Store;
  /** All of it: what a tenant's part has no say in, such as tidying up. */
  readonly whole: Store;
  /** Null where the store is none in a file, or only a tenant's part of one. */
  readonly file: SqliteStore | null;
  /** For messages: the address without user and password. */
  readonly name: string;
  close(): Promise<void>;
}

export interface Opening {
  /** Begin a store where there is none. */
  readonly begins: boolean;
  readonly readOnly?: boolean;
}

export type StoreAddress =
  | { readonly type: "sqlite"; readonly path: string; readonly name: string }
  | { readonly type: "postgres" | "redis"; readonly url: string; readonly name: string };

/** @throws UsageError for an address that leads nowhere */
export function parseAddress(text: string): StoreAddress {
  if (/^:?memory:?$/i.test(text))
    throw new UsageError(
      "--store memory keeps nothing once the command ends: name a file, such as --store ./leads.db",
    );
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { type: "sqlite", path: text, name: text };
  const name = withoutCredentials(text);
  if (scheme === "postgres" || scheme === "postgresql") return { type: "postgres", url: text, name };
  if (scheme === "redis" || scheme === "rediss") return { type: "redis", url: text, name };
  throw new UsageError(
    `--store does not know ${scheme}://: expected a file such as ./leads.db, postgres://… or redis://…`,
  );
}

/** User, password and options are nobody's business. */
function withoutCredentials(address: string): string {
  return address.replace(/^([^/]+:\/\/)(?:[^/?#]*@)?/, "$1").replace(/[?#].*$/s, "");
}

export function addressOf(flags: Flags): StoreAddress {
  const text = flags.text("store");
  if (text === undefined) throw new UsageError("name the store: --store ADDRESS, such as --store ./leads.db");
  return parseAddress(text);
}

/** @throws StoreError where it cannot be opened */
export async function openStore(
  flags: Flags,
  opening: Opening,
  address: StoreAddress = addressOf(flags),
  schema: string | undefined = flags.text("schema"),
): Promise<StoreHandle> {
  const tenant = checkTenant(flags.text("tenant"));
  const opened = await openAddress(address, checkSchema(schema), opening);
  const { whole, close } = opened;
  if (tenant === undefined) return { ...opened, store: whole, name: address.name };
  const name = `${address.name} (tenant ${tenant})`;
  return { store: createTenantStore(whole, tenant), whole, file: null, name, close };
}

async function openAddress(
  address: StoreAddress,
  schema: string | undefined,
  { begins, readOnly = false }: Opening,
): Promise<Pick<StoreHandle, "whole" | "file" | "close">> {
  switch (address.type) {
    case "sqlite": {
      const file = await openFile({
        path: address.path,
        mustExist: !begins,
        readOnly,
        ...(schema === undefined ? {} : { tablePrefix: `${schema}_` }),
      });
      return { whole: file, file, close: () => file.close() };
    }
    case "postgres": {
      const whole = await openPostgres({
        connectionString: address.url,
        migrate: begins,
        ...(schema === undefined ? {} : { schema }),
      });
      return { whole, file: null, close: () => whole.close() };
    }
    case "redis": {
      const { store: whole, disconnect } = await openRedis(address.url, schema);
      const close = async (): Promise<void> => {
        await whole.close();
        disconnect();
      };
      return { whole, file: null, close };
    }
  }
}

const SCHEMA = /^[A-Za-z_][A-Za-z0-9_]{0,38}$/;

function checkSchema(schema: string | undefined): string | undefined {
  if (schema !== undefined && !SCHEMA.test(schema))
    throw new UsageError("--schema must be at most 39 letters, digits and _, and not begin with a digit");
  return schema;
}

/** The option of a store in a file. */
export function tablePrefixOf(flags: Flags): { readonly tablePrefix?: string } {
  const schema = checkSchema(flags.text("schema"));
  return schema === undefined ? {} : { tablePrefix: `${schema}_` };
}

const MOST_TENANT_CHARACTERS = 200;

function checkTenant(tenant: string | undefined): string | undefined {
  if (tenant !== undefined && tenant.length > MOST_TENANT_CHARACTERS)
    throw new UsageError(`--tenant must have at most ${MOST_TENANT_CHARACTERS} characters`);
  return tenant;
}
