import type { Change } from "../../resolve/plan/changes.js";
import { StoreError } from "../error.js";
import type { Cursor, FeedBounds, FeedEntry, ReadOptions, Trim } from "../store.js";
import { checkKeep } from "../trim.js";
import type { Row, Session } from "./client.js";
import { nameIn, type Place } from "./names.js";

const PAGE = 500;
/** Entries that are dropped in one transaction. */
const TRIMMED_AT_ONCE = 5_000;
const CURSOR = /^(\d{1,9})\.(\d{1,20})\.(\d{1,18})$/;

/** Epoch, transaction and number of an entry; the cursor is these with dots between. */
interface Position {
  readonly epoch: string;
  readonly xid: string;
  readonly seq: string;
}

const BEGINNING: Position = { epoch: "0", xid: "0", seq: "0" };

/**
 * The feed after a cursor, in the order (epoch, transaction, number), page by page and up to one horizon: what commits while it is
 * read comes with the next call.
 *
 * @throws StoreError `failed` for what is no cursor of this store
 */
export async function* feedAfter(
  session: Session,
  place: Place,
  after: Cursor,
  guard: <T>(answer: Promise<T>) => Promise<T>,
): AsyncGenerator<FeedEntry> {
  let position = after === null ? BEGINNING : positionOf(after);
  let horizon: string | null = null;
  for (;;) {
    const rows: readonly Row[] = await guard(
      session.query("feed", `select * from ${nameIn(place, "feed")}($1, $2, $3, $4, $5)`, [
        position.epoch,
        position.xid,
        position.seq,
        horizon,
        PAGE,
      ]),
    );
    for (const { epoch, xid, seq, change } of rows) {
      position = { epoch: String(epoch), xid: String(xid), seq: String(seq) };
      yield { cursor: `${position.epoch}.${position.xid}.${position.seq}`, change: changeOf(change) };
    }
    if (rows.length < PAGE) return;
    horizon = String(rows.at(-1)?.horizon);
  }
}

export async function feedBounds(session: Session, place: Place): Promise<FeedBounds> {
  const { first, last } = await boundsOf(session, place, 0);
  return { start: first, end: last };
}

async function boundsOf(
  session: Session,
  place: Place,
  behind: number,
): Promise<{ readonly first: Cursor; readonly last: Cursor }> {
  const [row] = await session.query("bounds", `select * from ${nameIn(place, "bounds")}($1)`, [behind]);
  const textOf = (value: unknown): Cursor => (typeof value === "string" ? value : null);
  return { first: textOf(row?.first), last: textOf(row?.last) };
}

/** Drops entries in transactions of their own, none of which a reader cannot have seen yet. */
export async function trimFeed(
  session: Session,
  place: Place,
  upTo: Trim,
  { signal }: ReadOptions = {},
): Promise<number> {
  signal?.throwIfAborted();
  const through = await placeToTrim(session, place, upTo);
  if (through === null) return 0;
  const { epoch, xid, seq } = through;
  const sql = `select ${nameIn(place, "trim")}($1, $2, $3, $4) as dropped`;
  for (let dropped = 0; ; ) {
    signal?.throwIfAborted();
    const [row] = await session.query("trim", sql, [epoch, xid, seq, TRIMMED_AT_ONCE]);
    const count = Number(row?.dropped ?? 0);
    dropped += count;
    if (count < TRIMMED_AT_ONCE) return dropped;
  }
}

async function placeToTrim(session: Session, place: Place, upTo: Trim): Promise<Position | null> {
  if ("keep" in upTo) {
    const { last } = await boundsOf(session, place, checkKeep(upTo.keep));
    return last === null ? null : positionOf(last);
  }
  const through = positionOf(upTo.through);
  const { last } = await boundsOf(session, place, 0);
  if (last === null || isBefore(positionOf(last), through)) throw noPlace();
  return through;
}

function isBefore(a: Position, b: Position): boolean {
  const [x, y] = [a, b].map(({ epoch, xid, seq }) => [epoch, xid, seq].map(BigInt)) as [bigint[], bigint[]];
  for (const [at, part] of x.entries()) if (part !== y[at]) return part < (y[at] as bigint);
  return false;
}

function noPlace(): StoreError {
  return new StoreError(
    "failed",
    "the cursor is none of this store: start from the beginning, or from one that it gave",
  );
}

function positionOf(cursor: string): Position {
  const [, epoch, xid, seq] = CURSOR.exec(cursor) ?? [];
  if (epoch === undefined || xid === undefined || seq === undefined || BigInt(xid) >= 2n ** 64n)
    throw noPlace();
  return { epoch, xid, seq };
}

function changeOf(text: unknown): Change {
  const change: unknown = typeof text === "string" ? JSON.parse(text) : null;
  if (typeof change !== "object" || change === null || !("type" in change))
    throw new StoreError(
      "corrupt",
      "an entry of the feed is none: run `leadweave check`, or restore a backup",
    );
  return change as Change;
}
