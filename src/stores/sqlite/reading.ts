import type { Kind } from "../../resolve/plan/documents.js";
import type { RowRange } from "../../resolve/plan/view.js";
import type { DocumentEntry, Entry, Scan, Wanted } from "../store.js";
import type { Connection } from "./connection.js";
import type { SqliteRow } from "./driver.js";
import { damaged, numberOf, type Schema } from "./schema.js";

/** So many are looked up one by one; of more all are asked for at once, which is several times quicker. */
const MOST_SINGLY = 2;
/** Ids in one statement: what it answers stays of a size that is quickly made. */
const IDS_AT_ONCE = 1_000;

/** What answers the wishes, in their order. */
export function readAll(connection: Connection, schema: Schema, wanted: readonly Wanted[]): Entry[] {
  const entries: Entry[] = new Array(wanted.length);
  const placesByKind = new Map<Kind, { readonly ids: string[]; readonly places: number[] }>();
  wanted.forEach((wish, place) => {
    if ("scan" in wish) entries[place] = readScan(connection, schema, wish);
    else if ("owner" in wish) entries[place] = readRows(connection, schema, wish);
    else {
      entries[place] = {
        type: "document",
        document: { kind: wish.kind, id: wish.id, version: 0, text: null },
      };
      let of = placesByKind.get(wish.kind);
      if (of === undefined) {
        of = { ids: [], places: [] };
        placesByKind.set(wish.kind, of);
      }
      of.ids.push(wish.id);
      of.places.push(place);
    }
  });
  for (const [kind, { ids, places }] of placesByKind)
    findDocuments(connection, schema, kind, ids, "version, text", (at, row) => {
      entries[places[at] as number] = {
        type: "document",
        document: documentOf(kind, ids[at] as string, row),
      };
    });
  return entries;
}

/** Tells of each document that is there its place in `ids` and the columns asked for. */
export function findDocuments(
  connection: Connection,
  { documents, documentKinds }: Schema,
  kind: Kind,
  ids: readonly string[],
  columns: "version" | "version, text",
  found: (at: number, row: SqliteRow) => void,
): void {
  const number = numberOf(documentKinds, kind);
  if (ids.length <= MOST_SINGLY) {
    const one = connection.statement(`SELECT ${columns} FROM ${documents} WHERE kind = ? AND id = ?`);
    ids.forEach((id, at) => {
      const row = one.get(number, id);
      if (row !== undefined) found(at, row);
    });
    return;
  }
  // CROSS JOIN: the ids are gone through, and each is looked up by the index.
  const many = connection.statement(
    `SELECT ${columns}, wish.key FROM json_each(?2) AS wish CROSS JOIN ${documents} AS document
      ON document.kind = ?1 AND document.id = wish.value`,
  );
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
    const some = ids.length <= IDS_AT_ONCE ? ids : ids.slice(from, from + IDS_AT_ONCE);
    for (const row of many.all(number, JSON.stringify(some))) found(from + (row.at(-1) as number), row);
  }
}

function documentOf(kind: Kind, id: string, row: SqliteRow): DocumentEntry {
  const [version, text] = row;
  if (typeof version !== "number" || typeof text !== "string" || version < 1) throw damaged();
  return { kind, id, version, text };
}

function readScan(connection: Connection, schema: Schema, { scan: kind, after, limit }: Scan): Entry {
  const number = numberOf(schema.documentKinds, kind);
  const rows = connection
    .statement(
      `SELECT version, text, id FROM ${schema.documents} WHERE kind = ? AND id ${after === null ? ">=" : ">"} ?
        ORDER BY id LIMIT ?`,
    )
    .all(number, after ?? "", boundOf(limit));
  return { type: "scan", documents: rows.map((row) => documentOf(kind, String(row[2]), row)) };
}

/** Documents whose ids begin with a prefix: those from it to the last that could. */
export function countWithin(connection: Connection, schema: Schema, kind: Kind, prefix: string): number {
  const row = connection
    .statement(`SELECT count(*) FROM ${schema.documents} WHERE kind = ? AND id >= ? AND id < ?`)
    .get(numberOf(schema.documentKinds, kind), prefix, `${prefix}\u{10ffff}`);
  return Number(row?.[0] ?? 0);
}

function readRows(connection: Connection, schema: Schema, { kind, owner, limit }: RowRange): Entry {
  const rows = connection
    .statement(`SELECT name FROM ${schema.rows} WHERE kind = ? AND owner = ? ORDER BY name LIMIT ?`)
    .all(numberOf(schema.rowKinds, kind), owner, boundOf(limit));
  return { type: "rows", names: rows.map(([name]) => String(name)) };
}

/** SQLite takes a negative number for no limit. */
function boundOf(limit: number): number {
  return Number.isSafeInteger(limit) ? limit : -1;
}
