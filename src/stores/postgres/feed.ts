import type { Change } from "../../resolve/plan/changes.js";
import { StoreError } from "../error.js";
import type { Cursor, FeedEntry } from "../store.js";
import type { Row, Session } from "./client.js";
import { nameIn, type Place } from "./names.js";

const PAGE = 500;
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

function positionOf(cursor: string): Position {
  const [, epoch, xid, seq] = CURSOR.exec(cursor) ?? [];
  if (epoch === undefined || xid === undefined || seq === undefined || BigInt(xid) >= 2n ** 64n)
    throw new StoreError(
      "failed",
      "the cursor is none of this store: start from the beginning, or from one that it gave",
    );
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
