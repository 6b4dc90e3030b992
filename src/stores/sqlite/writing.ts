import type { Kind } from "../../resolve/plan/documents.js";
import type { Changeset } from "../store.js";
import type { Connection } from "./connection.js";
import type { SqliteValue } from "./driver.js";
import { findDocuments } from "./reading.js";
import { numberOf, type Schema, type State } from "./schema.js";

/** Documents in one statement. Of the sizes each is prepared once, and the largest that fits is used. */
const PUT_SIZES = [32, 8, 1] as const;

/** Versions by kind and id. */
type Versions = Map<Kind, Map<string, number>>;

/** Stands for a document of which nothing is expected. */
const ANY = -1;

export function isVerification({ puts, deletes, rows, changes }: Changeset): boolean {
  return puts.length + deletes.length + rows.length + changes.length === 0;
}

/**
 * Checks what a changeset expects, and then writes it, within a transaction of the caller.
 *
 * @returns the state after it, or null when an expectation does not hold, and then nothing was written
 */
export function applyChangeset(
  connection: Connection,
  schema: Schema,
  state: State,
  changeset: Changeset,
): State | null {
  const versions = currentVersions(connection, schema, changeset);
  if (versions === null) return null;
  if (isVerification(changeset)) return state;
  const version = state.version + 1;
  const counts = new Counts(schema, state.counts);
  for (const { kind, id } of changeset.puts) {
    const known = versions.get(kind);
    if (known?.get(id) === 0) counts.add(kind, 1);
    known?.set(id, version);
  }
  putDocuments(connection, schema, version, changeset.puts);
  const remove = `DELETE FROM ${schema.documents} WHERE kind = ? AND id = ?`;
  for (const { kind, id } of changeset.deletes) {
    const removed = connection.statement(remove).run(numberOf(schema.documentKinds, kind), id);
    if (removed > 0) counts.add(kind, -removed);
  }
  putRows(connection, schema, changeset.rows);
  let { feed } = state;
  const append = `INSERT INTO ${schema.feed} VALUES (?, ?)`;
  for (const change of changeset.changes) connection.statement(append).run(++feed, JSON.stringify(change));
  return { ...state, version, feed, counts: counts.after };
}

/** Of every document expected or put; null when one is not at the version expected. */
function currentVersions(connection: Connection, schema: Schema, changeset: Changeset): Versions | null {
  const versions: Versions = new Map();
  for (const { kind, id, version } of changeset.expect) {
    const known = knownOf(versions, kind);
    const other = known.get(id);
    if (other !== undefined && other !== version) return null;
    known.set(id, version);
  }
  for (const { kind, id } of changeset.puts) {
    const known = knownOf(versions, kind);
    if (!known.has(id)) known.set(id, ANY);
  }
  for (const [kind, known] of versions) {
    const ids = [...known.keys()];
    const current = new Array<number>(ids.length).fill(0);
    findDocuments(connection, schema, kind, ids, "version", (at, [version]) => {
      current[at] = version as number;
    });
    let at = 0;
    for (const [id, expected] of known) {
      const version = current[at++] as number;
      if (expected === ANY) known.set(id, version);
      else if (expected !== version) return null;
    }
  }
  return versions;
}

function knownOf(versions: Versions, kind: Kind): Map<string, number> {
  let known = versions.get(kind);
  if (known === undefined) {
    known = new Map();
    versions.set(kind, known);
  }
  return known;
}

function putDocuments(
  connection: Connection,
  schema: Schema,
  version: number,
  puts: Changeset["puts"],
): void {
  let from = 0;
  for (const size of PUT_SIZES) {
    if (puts.length - from < size) continue;
    const statement = connection.statement(
      `INSERT INTO ${schema.documents} (kind, id, version, text) VALUES ${Array(size).fill("(?, ?, ?, ?)").join(", ")}
        ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, text = excluded.text`,
    );
    for (; puts.length - from >= size; from += size) {
      const values: SqliteValue[] = [];
      for (let at = from; at < from + size; at++) {
        const { kind, id, text } = puts[at] as Changeset["puts"][number];
        values.push(numberOf(schema.documentKinds, kind), id, version, text);
      }
      statement.run(...values);
    }
  }
}

function putRows(connection: Connection, schema: Schema, rows: Changeset["rows"]): void {
  const put = `INSERT OR IGNORE INTO ${schema.rows} VALUES (?, ?, ?)`;
  const remove = `DELETE FROM ${schema.rows} WHERE kind = ? AND owner = ? AND name = ?`;
  for (const { kind, owner, name, isPut } of rows)
    connection.statement(isPut ? put : remove).run(numberOf(schema.rowKinds, kind), owner, name);
}

/** Numbers of documents, copied when they change first. */
class Counts {
  readonly #schema: Schema;
  #after: Readonly<Record<string, number>>;
  #own: Record<string, number> | null = null;

  constructor(schema: Schema, before: State["counts"]) {
    this.#schema = schema;
    this.#after = before;
  }

  get after(): State["counts"] {
    return this.#after;
  }

  add(kind: Kind, change: number): void {
    if (this.#own === null) {
      this.#own = { ...this.#after };
      this.#after = this.#own;
    }
    const number = numberOf(this.#schema.documentKinds, kind);
    this.#own[number] = (this.#own[number] ?? 0) + change;
  }
}
