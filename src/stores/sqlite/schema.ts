import { KINDS, type Kind, type RowKind } from "../../resolve/plan/documents.js";
import { StoreError } from "../error.js";
import type { Connection } from "./connection.js";

/** Of what this release writes. */
export const FORMAT = 1;

const ROW_KINDS: readonly RowKind[] = [
  "event-fragment",
  "cell-event",
  "key-holder",
  "key-holder-untrusted",
  "key-claimant",
  "block-member",
  "time-member",
];

/** Names of the tables, and the numbers by which the file calls the kinds. */
export interface Schema {
  readonly state: string;
  readonly documents: string;
  readonly rows: string;
  readonly feed: string;
  readonly documentKinds: Numbering<Kind>;
  readonly rowKinds: Numbering<RowKind>;
}

type Numbering<Name> = ReadonlyMap<Name, number>;

/** What one row says of the whole store. */
export interface State {
  readonly format: number;
  /** Of the last commit; every document has that of the commit that wrote it. It never goes down. */
  readonly version: number;
  /** Number of the last change in the feed. It never goes down. */
  readonly feed: number;
  /** Documents by the number of their kind. */
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * Documents lie in the order in which they came, with an index by kind and id: most are larger than an index likes to hold, and
 * a table of its own order would spread each over pages that are mostly empty.
 */
function tablesOf(prefix: string): string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${prefix}state (one INTEGER PRIMARY KEY CHECK (one = 1), format INTEGER NOT NULL,
      version INTEGER NOT NULL, feed INTEGER NOT NULL, counts TEXT NOT NULL)`,
    `CREATE TABLE IF NOT EXISTS ${prefix}kinds (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)`,
    `CREATE TABLE IF NOT EXISTS ${prefix}documents (kind INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
      text TEXT NOT NULL, PRIMARY KEY (kind, id))`,
    `CREATE TABLE IF NOT EXISTS ${prefix}rows (kind INTEGER NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL,
      PRIMARY KEY (kind, owner, name)) WITHOUT ROWID`,
    `CREATE TABLE IF NOT EXISTS ${prefix}feed (number INTEGER PRIMARY KEY, change TEXT NOT NULL)`,
  ];
}

/** The format of the store that is there; null where there is none. */
export function formatOf(connection: Connection, prefix: string): number | null {
  const table = connection.driver
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?")
    .get(`${prefix}state`);
  if (table === undefined) return null;
  const [format] = connection.driver.prepare(`SELECT format FROM ${prefix}state`).get() ?? [];
  if (typeof format !== "number" || !Number.isSafeInteger(format) || format < 1) throw damaged();
  return format;
}

/** @throws StoreError for a format that this release cannot work with */
export function checkFormat(format: number, path: string, own = FORMAT): void {
  if (format > own)
    throw new StoreError(
      "format-newer",
      `${path} was written by a newer release (format ${format}, this one writes ${own}): update leadweave`,
    );
  if (format < own)
    throw new StoreError(
      "format-older",
      `${path} has format ${format}: open it for writing once to migrate it`,
    );
}

/** Makes what is not there yet. Within a transaction that writes: whoever comes second finds everything done. */
export function createTables({ driver }: Connection, prefix: string): void {
  for (const sql of tablesOf(prefix)) driver.exec(sql);
  driver.exec(`INSERT OR IGNORE INTO ${prefix}state VALUES (1, ${FORMAT}, 0, 0, '{}')`);
  const add = driver.prepare(`INSERT OR IGNORE INTO ${prefix}kinds (name) VALUES (?)`);
  for (const name of [...KINDS, ...ROW_KINDS]) add.run(name);
}

/** The numbers of kinds are the file's own, whatever the order in which a release lists them. */
export function readSchema({ driver }: Connection, prefix: string): Schema {
  const numbers = new Map<unknown, number>();
  for (const [name, number] of driver.prepare(`SELECT name, number FROM ${prefix}kinds`).all())
    if (typeof number === "number") numbers.set(name, number);
  const numbering = <Name extends string>(names: readonly Name[]): Numbering<Name> =>
    new Map(
      names.map((name) => {
        const number = numbers.get(name);
        if (number === undefined) throw damaged();
        return [name, number];
      }),
    );
  return {
    state: `${prefix}state`,
    documents: `${prefix}documents`,
    rows: `${prefix}rows`,
    feed: `${prefix}feed`,
    documentKinds: numbering(KINDS),
    rowKinds: numbering(ROW_KINDS),
  };
}

export function numberOf<Name extends string>(kinds: Numbering<Name>, name: Name): number {
  const number = kinds.get(name);
  if (number === undefined) throw new TypeError(`there is no kind ${JSON.stringify(name)}`);
  return number;
}

export function readState(connection: Connection, { state }: Schema): State {
  const row = connection.statement(`SELECT format, version, feed, counts FROM ${state}`).get();
  const [format, version, feed, counts] = row ?? [];
  if (typeof format !== "number" || typeof version !== "number" || typeof feed !== "number") throw damaged();
  return { format, version, feed, counts: parseCounts(counts) };
}

function parseCounts(text: unknown): State["counts"] {
  try {
    const counts: unknown = JSON.parse(String(text));
    if (typeof counts === "object" && counts !== null) return counts as State["counts"];
  } catch {
    // Nobody but a hand writes anything else.
  }
  throw damaged();
}

export function writeState(connection: Connection, { state }: Schema, next: State): void {
  connection
    .statement(`UPDATE ${state} SET version = ?, feed = ?, counts = ?`)
    .run(next.version, next.feed, JSON.stringify(next.counts));
}

export function damaged(): StoreError {
  return new StoreError(
    "corrupt",
    "a table of the store holds what no store writes: restore the file from a backup",
  );
}
