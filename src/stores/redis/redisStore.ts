import type { Change } from "../../resolve/plan/changes.js";
import type { Kind } from "../../resolve/plan/documents.js";
import { StoreError } from "../error.js";
import type {
  Changeset,
  Cursor,
  DocumentEntry,
  Entry,
  FeedBounds,
  FeedEntry,
  ReadOptions,
  Store,
  Trim,
  Wanted,
} from "../store.js";
import { checkKeep } from "../trim.js";
import { type RedisClient, type SendCommand, senderOf } from "./client.js";
import { storeErrorOf } from "./failure.js";
import { BOUNDS, COMMIT, COUNT, FEED, READ, type Script, TRIM } from "./scripts.js";

export interface RedisStoreOptions {
  /** A client of ioredis or node-redis, connected or connecting. It stays open when the store is closed. */
  readonly client: RedisClient;
  /**
   * What the names of all keys begin with. Default `leadweave`. They are `{prefix}:docs` and so on: the braces keep the keys of one
   * store in one slot of a cluster. A prefix that has braces of its own is taken as it is.
   */
  readonly prefix?: string;
}

/** Wishes of one script. The server does nothing else meanwhile, and refuses a command of more than 1,048,576 words. */
const CHUNK = 5_000;
const MAX_WORDS = 1_000_000;
const FEED_PAGE = 500;
/** Entries that are dropped by one script: the server does nothing else meanwhile. */
const TRIMMED_AT_ONCE = 1_000;
/** Joins the parts of a name; no part holds it. */
const GAP = "\u0000";
const CURSOR = /^\d{1,16}-\d{1,16}$/;

/**
 * Keeps everything in Redis 6.2 or later: one script for a read, and one for a commit, which checks every version. How durable
 * that is decides the server's configuration: see docs/stores/redis.md.
 *
 * @throws TypeError for a client that is none, or an empty prefix
 */
export function createRedisStore({ client, prefix = "leadweave" }: RedisStoreOptions): Store {
  return new RedisStore(senderOf(client), keysOf(prefix));
}

class RedisStore implements Store {
  readonly #send: SendCommand;
  readonly #keys: readonly string[];
  #isClosed = false;
  #keepsKeys = false;

  constructor(send: SendCommand, keys: readonly string[]) {
    this.#send = send;
    this.#keys = keys;
  }

  async read(
    wanted: readonly Wanted[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly Entry[]> {
    this.#checkOpen();
    signal?.throwIfAborted();
    const chunks: Promise<readonly Entry[]>[] = [];
    for (let from = 0; from < wanted.length; from += CHUNK)
      chunks.push(this.#readChunk(wanted.slice(from, from + CHUNK)));
    return (await abortable(Promise.all(chunks), signal)).flat();
  }

  async #readChunk(wanted: readonly Wanted[]): Promise<readonly Entry[]> {
    const answers = arrayOf(await this.#run(READ, wanted.flatMap(wordsOf)));
    return wanted.map((wish, at) => entryOf(wish, arrayOf(answers[at])));
  }

  async commit(changeset: Changeset): Promise<"committed" | "conflict"> {
    this.#checkOpen();
    await this.#checkEviction();
    const words = commitWords(changeset);
    if (words.length > MAX_WORDS)
      throw new StoreError("failed", "too much for one commit: ingest in smaller batches");
    return (await this.#run(COMMIT, words)) === 1 ? "committed" : "conflict";
  }

  async *changes(
    after: Cursor,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<FeedEntry> {
    this.#checkOpen();
    signal?.throwIfAborted();
    if (after !== null && !CURSOR.test(after)) throw noPlace();
    let at = after ?? "";
    let end = "";
    for (;;) {
      const page = arrayOf(await abortable(this.#run(FEED, [at, end, String(FEED_PAGE)]), signal)).map(
        String,
      );
      end = page[0] ?? "";
      for (let from = 1; from < page.length; from += 2) {
        signal?.throwIfAborted();
        at = page[from] as string;
        yield { cursor: at, change: JSON.parse(page[from + 1] as string) as Change };
      }
      if (page.length < 1 + 2 * FEED_PAGE) return;
    }
  }

  count(kind: Kind): Promise<number> {
    return this.countWithin(kind, "");
  }

  async countWithin(kind: Kind, prefix: string): Promise<number> {
    this.#checkOpen();
    return Number(await this.#run(COUNT, [nameOf(kind, prefix)]));
  }

  async feedBounds(): Promise<FeedBounds> {
    this.#checkOpen();
    const [start, end] = arrayOf(await this.#run(BOUNDS, [])).map(String);
    return { start: start || null, end: end || null };
  }

  async trim(upTo: Trim, { signal }: ReadOptions = {}): Promise<number> {
    this.#checkOpen();
    if ("through" in upTo && !CURSOR.test(upTo.through)) throw noPlace();
    const words = "keep" in upTo ? ["", String(checkKeep(upTo.keep))] : [upTo.through, "0"];
    // Others go on writing: only what there was to drop at first is dropped.
    let goal = Number.POSITIVE_INFINITY;
    for (let dropped = 0; ; ) {
      signal?.throwIfAborted();
      const most = Math.min(TRIMMED_AT_ONCE, goal - dropped);
      const [count = 0, left = 0] = arrayOf(await this.#run(TRIM, [...words, String(most)])).map(Number);
      if (dropped === 0 && "keep" in upTo) goal = count + Math.max(0, left);
      dropped += count;
      if (count < TRIMMED_AT_ONCE || dropped >= goal) return dropped;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new StoreError("closed", "the Redis store is closed: make another one");
  }

  /** The server is told the digest of a script, and the script itself when it does not know it (any more). */
  async #run({ text, sha1 }: Script, words: readonly string[]): Promise<unknown> {
    const args = [String(this.#keys.length), ...this.#keys].concat(words);
    try {
      return await this.#send("EVALSHA", [sha1].concat(args));
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw storeErrorOf(error);
    }
    try {
      return await this.#send("EVAL", [text].concat(args));
    } catch (error) {
      throw storeErrorOf(error);
    }
  }

  /** A server that may evict any key would drop all documents at once, without a word. Asked once, where it may be asked. */
  async #checkEviction(): Promise<void> {
    if (this.#keepsKeys) return;
    let info: unknown;
    try {
      info = await this.#send("INFO", ["memory"]);
    } catch {
      // Not allowed, or not reached: then the commit says so.
      return;
    }
    if (/^maxmemory_policy:allkeys/m.test(String(info)))
      throw new StoreError(
        "failed",
        "this Redis may evict any key when memory is short: set maxmemory-policy to noeviction, for here are no copies",
      );
    this.#keepsKeys = true;
  }
}

/** In the order of the scripts. */
function keysOf(prefix: string): readonly string[] {
  if (typeof prefix !== "string" || prefix === "")
    throw new TypeError("prefix must be a text that is not empty");
  const base = /\{[^}]+\}/.test(prefix) ? prefix : `{${prefix}}`;
  return ["meta", "docs", "ids", "rows", "feed"].map((name) => `${base}:${name}`);
}

function nameOf(...parts: readonly string[]): string {
  return parts.join(GAP);
}

function wordsOf(wish: Wanted): string[] {
  // A mark before `after`, for the empty text is no id but may be asked for.
  if ("scan" in wish)
    return ["s", nameOf(wish.scan, ""), wish.after === null ? "" : `>${wish.after}`, String(wish.limit)];
  if ("owner" in wish) return ["r", nameOf(wish.kind, wish.owner, ""), String(wish.limit)];
  return ["d", nameOf(wish.kind, wish.id)];
}

function entryOf(wish: Wanted, answer: readonly unknown[]): Entry {
  if ("owner" in wish) return { type: "rows", names: answer.map(String) };
  if (!("scan" in wish))
    return { type: "document", document: documentOf(wish.kind, wish.id, answer[0], answer[1]) };
  const documents: DocumentEntry[] = [];
  for (let at = 0; at < answer.length; at += 3)
    documents.push(documentOf(wish.scan, String(answer[at]), answer[at + 1], answer[at + 2]));
  return { type: "scan", documents };
}

function documentOf(kind: Kind, id: string, version: unknown, text: unknown): DocumentEntry {
  return { kind, id, version: Number(version), text: typeof text === "string" ? text : null };
}

function commitWords({ expect, puts, deletes, rows, changes }: Changeset): string[] {
  const words: string[] = [String(expect.length)];
  for (const { kind, id, version } of expect) words.push(nameOf(kind, id), String(version));
  words.push(String(puts.length));
  for (const { kind, id, text } of puts) words.push(nameOf(kind, id), text);
  words.push(String(deletes.length));
  for (const { kind, id } of deletes) words.push(nameOf(kind, id));
  for (const isPut of [true, false]) {
    const some = rows.filter((row) => row.isPut === isPut);
    words.push(String(some.length));
    for (const { kind, owner, name } of some) words.push(nameOf(kind, owner, name));
  }
  words.push(String(changes.length));
  for (const change of changes) words.push(JSON.stringify(change));
  return words;
}

function noPlace(): StoreError {
  return new StoreError("corrupt", "no such place in the feed: begin again with null");
}

function arrayOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw new StoreError("failed", "the Redis client gave a reply of another form: see the page on clients");
}

/** Lets go of a reply once nobody waits for it any more. */
async function abortable<T>(reply: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return reply;
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([aborted, reply]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
