import type { Change } from "../../resolve/plan/changes.js";
import { StoreError } from "../error.js";
import type { Cursor, FeedEntry, ReadOptions } from "../store.js";
import { damaged, readState } from "./schema.js";
import type { Session } from "./session.js";

const PAGE = 500;

/**
 * The feed after a cursor. Writers take turns, so that numbers are given in the order of the commits: what is numbered lower was
 * committed before, and no reader can pass by what commits later.
 */
export async function* readFeed(
  session: Session,
  cursor: Cursor,
  { signal }: ReadOptions = {},
): AsyncGenerator<FeedEntry> {
  const { connection, schema } = session;
  signal?.throwIfAborted();
  const { feed: end } = await session.attempt(() => readState(connection, schema), signal);
  let after = cursor === null ? 0 : numberIn(cursor, end);
  while (after < end) {
    const page = await session.attempt(
      () =>
        connection
          .statement(
            `SELECT number, change FROM ${schema.feed} WHERE number > ? AND number <= ? ORDER BY number LIMIT ?`,
          )
          .all(after, end, PAGE),
      signal,
    );
    if (page.length === 0) return;
    for (const [number, text] of page) {
      signal?.throwIfAborted();
      after = number as number;
      yield { cursor: String(number), change: changeIn(text) };
    }
  }
}

function numberIn(cursor: string, end: number): number {
  const number = /^\d{1,16}$/.test(cursor) ? Number(cursor) : Number.NaN;
  if (number <= end) return number;
  throw new StoreError(
    "failed",
    "the cursor is not of the feed of this store: pass one that it gave, or null to begin anew",
  );
}

function changeIn(text: unknown): Change {
  try {
    return JSON.parse(String(text)) as Change;
  } catch {
    throw damaged();
  }
}
