import { StoreError } from "../error.js";
import type { Opening, SqliteDriver, SqliteRow, SqliteStatement, SqliteValue } from "./driver.js";

/** What of `node:sqlite` is used; the types of Node 20 do not know it. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: { readonly readOnly: boolean }) => NodeDatabase;
}

interface NodeDatabase {
  exec(sql: string): void;
  prepare(sql: string): NodeStatement;
  close(): void;
}

interface NodeStatement {
  /** Since Node 22.16 and 24.0. */
  setReturnArrays?(on: boolean): void;
  run(...values: SqliteValue[]): { readonly changes: number | bigint };
  all(...values: SqliteValue[]): unknown[];
}

/** Before 22.13 a flag has to ask for it. */
export function hasNodeSqlite(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 13);
}

export function openNodeSqlite({ path, isReadOnly }: Opening): SqliteDriver {
  const library = process.getBuiltinModule?.("node:sqlite") as NodeSqlite | undefined;
  if (library === undefined)
    throw new StoreError(
      "driver-missing",
      `Node ${process.versions.node} has no node:sqlite: use Node 22.13 or later, or leave the option driver out`,
    );
  const database = new library.DatabaseSync(path, { readOnly: isReadOnly });
  return {
    name: "node:sqlite",
    exec: (sql) => database.exec(sql),
    prepare: (sql) => driveStatement(database.prepare(sql)),
    close: () => database.close(),
  };
}

function driveStatement(statement: NodeStatement): SqliteStatement {
  const hasArrays = statement.setReturnArrays !== undefined;
  statement.setReturnArrays?.(true);
  const all = (...values: SqliteValue[]): readonly SqliteRow[] => {
    const rows = statement.all(...values);
    return (hasArrays ? rows : rows.map((row) => Object.values(row as object))) as SqliteRow[];
  };
  return {
    run: (...values) => Number(statement.run(...values).changes),
    get: (...values) => all(...values)[0],
    all,
  };
}
