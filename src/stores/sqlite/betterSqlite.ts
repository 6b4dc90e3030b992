import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { StoreError } from "../error.js";
import type { Opening, SqliteDriver, SqliteRow, SqliteStatement, SqliteValue } from "./driver.js";

/** What of better-sqlite3 is used. Libraries of the same shape do as well. */
export interface BetterSqliteDatabase {
  readonly name?: string;
  exec(sql: string): unknown;
  prepare(sql: string): BetterSqliteStatement;
  close(): unknown;
}

export interface BetterSqliteStatement {
  /** Whether it answers rows. */
  readonly reader: boolean;
  raw(on: boolean): unknown;
  run(...values: SqliteValue[]): { readonly changes: number };
  all(...values: SqliteValue[]): unknown[];
}

export type BetterSqliteConstructor = new (
  path: string,
  options?: { readonly readonly?: boolean; readonly timeout?: number },
) => BetterSqliteDatabase;

/** Releases from this one on are built for Node 22 and later, and end the process on Node 20 as soon as they are loaded. */
const FIRST_FOR_NODE_22 = 13;

/** @param name of better-sqlite3, or of a library of the same shape */
export function driveBetterSqlite(
  database: BetterSqliteDatabase,
  name: SqliteDriver["name"] = "better-sqlite3",
): SqliteDriver {
  return {
    name,
    exec: (sql) => void database.exec(sql),
    prepare: (sql) => driveStatement(database.prepare(sql)),
    close: () => void database.close(),
  };
}

function driveStatement(statement: BetterSqliteStatement): SqliteStatement {
  if (statement.reader) statement.raw(true);
  const all = (...values: SqliteValue[]): readonly SqliteRow[] => statement.all(...values) as SqliteRow[];
  return {
    run: (...values) => statement.run(...values).changes,
    get: (...values) => all(...values)[0],
    all,
  };
}

export function openBetterSqlite(Database: BetterSqliteConstructor, opening: Opening): SqliteDriver {
  refuseWrongRelease(findPackage());
  // The time-out is the store's own: one of the library would hold up everything else in the process.
  const database = new Database(opening.path, { readonly: opening.isReadOnly, timeout: 0 });
  return driveBetterSqlite(database);
}

/** Loads better-sqlite3 as the program that runs has it installed. */
export function loadBetterSqlite(): BetterSqliteConstructor {
  const found = findPackage();
  if (found === null)
    throw new StoreError(
      "driver-missing",
      "better-sqlite3 is not installed where the program runs: run `npm install better-sqlite3`, or leave the option driver out",
    );
  refuseWrongRelease(found);
  try {
    return found.load() as BetterSqliteConstructor;
  } catch (error) {
    throw new StoreError(
      "driver-missing",
      "better-sqlite3 is installed but could not be loaded: install it again with this release of Node, or leave the option driver out",
      error,
    );
  }
}

interface FoundPackage {
  readonly version: string;
  readonly load: () => unknown;
}

/** Looks from the working directory, and reads the manifest only. */
function findPackage(): FoundPackage | null {
  const require = createRequire(join(process.cwd(), "index.js"));
  let file: string;
  try {
    file = require.resolve("better-sqlite3");
  } catch {
    return null;
  }
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = readManifest(join(folder, "package.json"));
    if (manifest?.name === "better-sqlite3")
      return { version: String(manifest.version), load: () => require("better-sqlite3") };
  }
  return null;
}

function readManifest(file: string): { readonly name?: unknown; readonly version?: unknown } | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { name?: unknown; version?: unknown };
  } catch {
    return null;
  }
}

/** A crash of the process cannot be caught, so that what would crash is not loaded. */
function refuseWrongRelease(found: Pick<FoundPackage, "version"> | null): void {
  if (found === null || !endsProcess(found.version, process.versions.node)) return;
  throw new StoreError(
    "driver-missing",
    `better-sqlite3 ${found.version} does not run on Node ${process.versions.node}: install better-sqlite3@12, or leave the option driver out`,
  );
}

/** Whether a release of better-sqlite3 would end a process of this release of Node. */
export function endsProcess(betterSqlite: string, node: string): boolean {
  return Number.parseInt(betterSqlite, 10) >= FIRST_FOR_NODE_22 && Number.parseInt(node, 10) < 22;
}
