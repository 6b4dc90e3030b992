import { link, open, rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { StoreError } from "../error.js";
import { toStoreError } from "./failure.js";
import type { Session } from "./session.js";

/** What a store takes up. */
export interface SqliteSize {
  /** The file, as far as it is written. */
  readonly bytes: number;
  /** The write-ahead log beside it. */
  readonly logBytes: number;
  /** Of the file, room that will be used again. */
  readonly freeBytes: number;
}

export interface Checkpoint {
  /** False where somebody still reads what is in the log: do it again later. */
  readonly isComplete: boolean;
}

/** Between two tries to empty the log. */
const RETRY_MS = 10;

/** Writes a copy as of now. The name appears once the copy is whole and on the disk. */
export async function backUp(session: Session, to: string): Promise<void> {
  if (typeof to !== "string" || to === "") throw new TypeError("a backup needs the name of a file");
  session.checkOpen();
  const target = resolve(to);
  if (await exists(target)) throw taken(to);
  const partial = `${target}.${process.pid}-${Math.random().toString(36).slice(2)}.partial`;
  try {
    const { driver } = session.connection;
    const copy = `VACUUM INTO '${partial.replaceAll("'", "''")}'`;
    await session.attempt(() => driver.exec(copy), undefined, to);
    const file = await open(partial, "r+");
    await file.sync();
    await file.close();
    // Unlike a rename, this refuses a name that was taken meanwhile.
    await link(partial, target);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") throw taken(to);
    throw toStoreError(error, to);
  } finally {
    for (const left of [partial, `${partial}-journal`]) await rm(left, { force: true }).catch(() => {});
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function taken(to: string): StoreError {
  return new StoreError("failed", `${to} is there already: name a file that is not, or remove it first`);
}

/** Brings the write-ahead log back into the file and empties it. */
export async function checkpoint(session: Session): Promise<Checkpoint> {
  const endsAt = performance.now() + session.options.busyTimeoutMs;
  for (;;) {
    const [isBusy] =
      (await session.attempt(() =>
        session.connection.driver.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get(),
      )) ?? [];
    if (isBusy === 0) return { isComplete: true };
    if (performance.now() > endsAt) return { isComplete: false };
    await wait(RETRY_MS);
  }
}

/** Takes the log away: SQLite does so only for whoever is alone. */
export async function standAlone(session: Session): Promise<boolean> {
  await checkpoint(session);
  try {
    const leave = () => session.connection.driver.prepare("PRAGMA journal_mode = DELETE").get();
    return (await session.attempt(leave))?.[0] === "delete";
  } catch (error) {
    if (error instanceof StoreError && error.code === "busy") return false;
    throw error;
  }
}

export async function sizeOf(session: Session): Promise<SqliteSize> {
  const { driver } = session.connection;
  const [pages, pageBytes, freePages] = await session.attempt(() =>
    ["page_count", "page_size", "freelist_count"].map((name) =>
      Number(driver.prepare(`PRAGMA ${name}`).get()?.[0]),
    ),
  );
  const log = await stat(`${session.options.path}-wal`).catch(() => null);
  return {
    bytes: (pages as number) * (pageBytes as number),
    logBytes: log?.size ?? 0,
    freeBytes: (freePages as number) * (pageBytes as number),
  };
}

/** What is wrong with the file: nothing, in an empty list. Reads all of it. */
export async function checkIntegrity(session: Session): Promise<readonly string[]> {
  const { connection, schema } = session;
  return session.attempt(() => {
    const problems: string[] = [];
    for (const [problem] of connection.driver.prepare("PRAGMA integrity_check(100)").all())
      if (problem !== "ok") problems.push(String(problem));
    if (problems.length > 0) return problems;
    const [unreadable] =
      connection.driver
        .prepare(`SELECT count(*) FROM ${schema.documents} WHERE NOT json_valid(text) OR version < 1`)
        .get() ?? [];
    if (unreadable !== 0) problems.push(`${unreadable} documents are not what a store writes`);
    return problems;
  });
}
