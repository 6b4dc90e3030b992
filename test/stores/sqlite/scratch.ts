import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Change } from "../../../src/resolve/plan/changes.js";
import type { Changeset, Entry, Ref, Store } from "../../../src/stores/store.js";

/** Names of files that are not there yet; everything is removed after each test. */
export function scratchFiles(): (name?: string) => string {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return (name = "leads.db") => {
    const folder = mkdtempSync(join(tmpdir(), "leadweave-sqlite-"));
    folders.push(folder);
    return join(folder, name);
  };
}

const NOTHING: Changeset = { expect: [], puts: [], deletes: [], rows: [], changes: [] };

export function changeset(part: Partial<Changeset>): Changeset {
  return { ...NOTHING, ...part };
}

export function change(version: number): Change {
  const cause = { type: "drain" } as const;
  return {
    type: "updated",
    profile: "p1" as Change["profile"],
    version,
    added: [],
    removed: [],
    others: [],
    cause,
  };
}

export async function documentIn(
  store: Store,
  { kind, id }: Ref,
): Promise<{ readonly version: number; readonly text: string | null }> {
  const [entry] = await store.read([{ kind, id }]);
  if (entry?.type !== "document") throw new Error("not a document");
  const { version, text } = entry.document;
  return { version, text };
}

export function namesOf(entry: Entry | undefined): readonly string[] {
  if (entry?.type === "rows") return entry.names;
  if (entry?.type === "scan") return entry.documents.map(({ id }) => id);
  throw new Error("neither rows nor a scan");
}

export async function feedIn(store: Store, after: string | null = null): Promise<[string, number][]> {
  const found: [string, number][] = [];
  for await (const { cursor, change: one } of store.changes(after)) found.push([cursor, one.version]);
  return found;
}
