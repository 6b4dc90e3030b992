import assert from "node:assert/strict";
import type { ProfileId } from "../resolve/ids.js";
import type { Change } from "../resolve/plan/changes.js";
import type { Kind, RowKind } from "../resolve/plan/documents.js";
import type { Changeset, Cursor, DocumentEntry, FeedEntry, Ref, Store } from "../stores/store.js";
import { compareUtf8 } from "../stores/utf8Order.js";

/** Short ways to ask a store, and to say what it should do. */

/** A kind whose documents stores keep as they are: texts of any form may stand in it. */
export const KIND: Kind = "event";
export const OTHER_KIND: Kind = "recheck";
export const ROWS: RowKind = "block-member";

export function changesetOf(parts: Partial<Changeset>): Changeset {
  return { expect: [], puts: [], deletes: [], rows: [], changes: [], ...parts };
}

export function putOf(id: string, value: unknown, kind = KIND): Ref & { readonly text: string } {
  return { kind, id, text: JSON.stringify({ value }) };
}

export function changeOf(name: string, version = 1, more: Partial<Change> = {}): Change {
  return {
    type: "updated",
    profile: name as ProfileId,
    version,
    added: [],
    removed: [],
    others: [],
    cause: { type: "drain" },
    ...more,
  };
}

export async function commit(store: Store, parts: Partial<Changeset>): Promise<void> {
  assert.equal(await store.commit(changesetOf(parts)), "committed");
}

export async function expectConflict(store: Store, parts: Partial<Changeset>): Promise<void> {
  assert.equal(await store.commit(changesetOf(parts)), "conflict");
}

export async function readDocuments(store: Store, refs: readonly Ref[]): Promise<DocumentEntry[]> {
  const entries = await store.read(refs);
  assert.equal(entries.length, refs.length, "one answer for each wish");
  return entries.map((entry, at) => {
    assert.equal(entry.type, "document");
    const { document } = entry as Extract<typeof entry, { type: "document" }>;
    const { kind, id } = refs[at] as Ref;
    assert.deepEqual([document.kind, document.id], [kind, id], "answers come in the order of the wishes");
    assert.ok(Number.isSafeInteger(document.version) && document.version >= 0, "a version is a safe integer");
    assert.equal(document.version === 0, document.text === null, "version 0 means that there is none");
    return document;
  });
}

export async function readDocument(store: Store, id: string, kind = KIND): Promise<DocumentEntry> {
  return (await readDocuments(store, [{ kind, id }]))[0] as DocumentEntry;
}

/** The value that was put; undefined where there is no document. */
export function contentOf({ text }: DocumentEntry): unknown {
  return text === null ? undefined : (JSON.parse(text) as { value: unknown }).value;
}

export async function readValue(store: Store, id: string, kind = KIND): Promise<unknown> {
  return contentOf(await readDocument(store, id, kind));
}

export async function readRows(store: Store, owner: string, limit = 1_000, kind = ROWS): Promise<string[]> {
  const [entry] = await store.read([{ kind, owner, limit }]);
  assert.equal(entry?.type, "rows");
  return [...(entry as Extract<typeof entry, { type: "rows" }>).names];
}

export async function scanPage(
  store: Store,
  after: string | null,
  limit: number,
  kind = KIND,
): Promise<readonly DocumentEntry[]> {
  const [entry] = await store.read([{ scan: kind, after, limit }]);
  assert.equal(entry?.type, "scan");
  return (entry as Extract<typeof entry, { type: "scan" }>).documents;
}

/** All documents of a kind, page by page. */
export async function scanAll(store: Store, limit: number, kind = KIND): Promise<DocumentEntry[]> {
  const all: DocumentEntry[] = [];
  for (;;) {
    const page = await scanPage(store, all.at(-1)?.id ?? null, limit, kind);
    assert.ok(page.length <= limit, "a page holds no more than was asked for");
    all.push(...page);
    assert.ok(all.length < 100_000, "paging comes to an end");
    if (page.length < limit) return all;
  }
}

export async function feedAfter(store: Store, cursor: Cursor): Promise<FeedEntry[]> {
  const entries: FeedEntry[] = [];
  for await (const entry of store.changes(cursor)) entries.push(entry);
  return entries;
}

/** The names given to `changeOf`, in the order of the feed. */
export async function feedNames(store: Store, cursor: Cursor = null): Promise<string[]> {
  return (await feedAfter(store, cursor)).map(({ change }) => change.profile);
}

export function inUtf8Order(texts: readonly string[]): string[] {
  return [...texts].sort(compareUtf8);
}

/** By name and code, for the class may have been loaded twice. */
export async function expectStoreError(promise: Promise<unknown>, code?: string): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof Error && error.name === "StoreError", `a StoreError, not ${String(error)}`);
    const given = "code" in error ? error.code : undefined;
    if (code !== undefined) assert.equal(given, code);
    assert.equal(typeof given, "string");
    return true;
  });
}

/** Carries out `attempt` until it is committed. */
export async function untilCommitted(attempt: () => Promise<"committed" | "conflict">): Promise<void> {
  for (let tries = 0; (await attempt()) === "conflict"; tries++)
    assert.ok(tries < 300, "somebody comes through");
}

/** Adds one to the number in a document, made if there is none, with whatever belongs to it in the same commit. */
export function increment(
  store: Store,
  id: string,
  also: (value: number) => Partial<Changeset> = () => ({}),
): Promise<void> {
  return untilCommitted(async () => {
    const document = await readDocument(store, id);
    const value = Number(contentOf(document) ?? 0) + 1;
    return store.commit(changesetOf({ expect: [document], puts: [putOf(id, value)], ...also(value) }));
  });
}
