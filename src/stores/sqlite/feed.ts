import type { Change } from "../../resolve/plan/changes.js";
import { cursorExpired, StoreError } from "../error.js";
import type { Cursor, FeedBounds, FeedEntry, ReadOptions, Trim } from "../store.js";
import { checkKeep } from "../trim.js";
import { checkFormat, damaged, readState } from "./schema.js";
import type { Session } from "./session.js";

const PAGE = 500;
/** Entries that are dropped in one transaction: some hundredths of a second. */
const TRIMMED_AT_ONCE = 5_000;

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
    // Numbers have no gaps: where the next one is not there, it was dropped.
    if (page[0]?.[0] !== after + 1) throw cursorExpired();
    for (const [number, text] of page) {
      signal?.throwIfAborted();
      after = number as number;
      yield { cursor: String(number), change: changeIn(text) };
    }
  }
}

/** Numbers of the first entry from which a reader may go on, and of the last. */
interface Numbers {
  readonly start: number;
  readonly end: number;
}

function numbersOf({ connection, schema }: Session): Numbers {
  const { feed: end } = readState(connection, schema);
  const [first] = connection.statement(`SELECT min(number) FROM ${schema.feed}`).get() ?? [];
  return { start: typeof first === "number" ? first - 1 : end, end };
}

export async function feedBounds(session: Session): Promise<FeedBounds> {
  const { connection } = session;
  const { start, end } = await session.attempt(() => connection.snapshot(() => numbersOf(session)));
  return { start: cursorAt(start), end: cursorAt(end) };
}

const cursorAt = (number: number): Cursor => (number === 0 ? null : String(number));

/** Drops entries in transactions of their own: other writers get their turn in between. */
export async function trimFeed(session: Session, upTo: Trim, { signal }: ReadOptions = {}): Promise<number> {
  const { connection, schema, options } = session;
  signal?.throwIfAborted();
  session.checkOpen();
  if (options.isReadOnly)
    throw new StoreError("read-only", "the store was opened with readOnly: open it for writing");
  const { feed: end } = await session.attempt(() => readState(connection, schema), signal);
  const through = "keep" in upTo ? end - checkKeep(upTo.keep) : numberIn(upTo.through, end);
  let dropped = 0;
  for (;;) {
    const count = await session.attempt(
      () =>
        connection.write(() => {
          checkFormat(readState(connection, schema).format, options.path);
          const { start } = numbersOf(session);
          const last = Math.min(through, start + TRIMMED_AT_ONCE);
          return connection.statement(`DELETE FROM ${schema.feed} WHERE number <= ?`).run(last);
        }),
      signal,
    );
    dropped += count;
    if (count < TRIMMED_AT_ONCE) return dropped;
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
