import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KINDS } from "../../src/resolve/plan/documents.js";
import { createSqliteStore } from "../../src/stores/sqlite/index.js";

/** Labelled data sets, one folder each with a truth.csv; they are not part of the repository. */
export const dataFolder =
  process.env.LEADWEAVE_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

export const dataSets = existsSync(dataFolder)
  ? readdirSync(dataFolder).filter((name) => existsSync(join(dataFolder, name, "truth.csv")))
  : [];

/** Assignments with profiles named by the first row in them: runs may come to other ids, never to another partition. */
export function partitionOf(assignments: string): string[] {
  const names = new Map<string, string>();
  return assignments
    .trimEnd()
    .split("\n")
    .map((line) =>
      line.replace(/p_[0-9a-f]{32}/, (id) => {
        const name = names.get(id) ?? `P${names.size}`;
        names.set(id, name);
        return name;
      }),
    );
}

/** Every document of a file with its version, and the length of the feed. */
export async function contentOf(path: string): Promise<readonly unknown[]> {
  const store = await createSqliteStore({ path, driver: "libsql", readOnly: true });
  try {
    const scans = await store.read(KINDS.map((scan) => ({ scan, after: null, limit: 1_000_000 })));
    let changes = 0;
    for await (const _ of store.changes(null)) changes++;
    return [...scans, changes];
  } finally {
    await store.close();
  }
}
