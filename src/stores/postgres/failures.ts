import { cursorExpired, StoreError, type StoreErrorCode } from "../error.js";
import { CURSOR_EXPIRED, WRONG_ISOLATION } from "./functions.js";

/** A commit that was rolled back because it met another: nothing has changed. */
const COLLISIONS = new Set(["40001", "40P01"]);
/** "out of shared memory": more locks than the server keeps. */
const TOO_MANY_LOCKS = "53200";

type Failure = readonly [StoreErrorCode, string];

const MISSING: Failure = [
  "store-missing",
  "the tables of leadweave are not where they are looked for: check schema and tablePrefix, then run `leadweave migrate` or open with `migrate: true`",
];
const DENIED: Failure = [
  "access-denied",
  "the server refused the user, the password or a permission: check the connection and grant what docs/stores/postgres.md lists",
];
const UNREACHABLE: Failure = [
  "store-unreachable",
  "no server answers at the address: check host, port and that it runs, then try again",
];
const LOST: Failure = [
  "connection-lost",
  "the connection broke; whether the last commit took effect is unknown: do the same again, which has its effect once",
];
const BUSY: Failure = [
  "busy",
  "others held the store, or all its connections, for longer than the time-out: try again",
];
const READ_ONLY: Failure = [
  "read-only",
  "the server only reads: connect to the primary, with a role whose transactions may write",
];
const CORRUPT: Failure = [
  "corrupt",
  "what the tables hold is not what a store writes: run `leadweave check`, or restore a backup",
];

/** By SQLSTATE; see the appendix "PostgreSQL Error Codes" of its manual. */
const BY_STATE: Readonly<Record<string, Failure>> = {
  "3D000": ["store-missing", "the server has no such database: create it, or correct its name"],
  "3F000": MISSING,
  "42P01": MISSING,
  "42883": MISSING,
  "28000": DENIED,
  "28P01": DENIED,
  "42501": DENIED,
  "25006": READ_ONLY,
  "53100": [
    "disk-full",
    "the disk of the server is full and nothing was written: make room, then do the same again",
  ],
  "53300": BUSY,
  "55P03": BUSY,
  "57014": BUSY,
  "40001": BUSY,
  "40P01": BUSY,
  "57P03": UNREACHABLE,
  "57P01": LOST,
  "57P02": LOST,
  "57P05": LOST,
  "22P02": CORRUPT,
  "22023": CORRUPT,
  XX001: CORRUPT,
  XX002: CORRUPT,
  [CURSOR_EXPIRED]: ["cursor-expired", cursorExpired().message],
  [WRONG_ISOLATION]: [
    "failed",
    "the default isolation of this role or database is not READ COMMITTED, which commits and the feed rely on: reset default_transaction_isolation for the role",
  ],
};

/** Codes of the platform, where no server spoke. */
const BY_SYSTEM: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENOENT: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  ECONNRESET: LOST,
  EPIPE: LOST,
};

/** What `pg` says without a code. */
const BY_MESSAGE: readonly (readonly [RegExp, Failure])[] = [
  [/query read timeout/i, LOST],
  [/timeout exceeded when trying to connect|timeout expired|connection timeout/i, UNREACHABLE],
  [/connection terminated|connection error|not queryable|connection ended/i, LOST],
  [/password must be a string|no password|SASL/i, DENIED],
];

const FAILED: Failure = ["failed", "the server refused the statement; the cause says why"];

/** Any error of a client as the typed one. Its message is ours, so it holds neither password nor data. */
export function storeErrorOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const [code, message] = failureOf(error);
  return new StoreError(code, message, error);
}

function failureOf(error: unknown): Failure {
  const state = stateOf(error);
  // Several addresses were tried in vain: each has its own error.
  if (error instanceof AggregateError && error.errors.length > 0) return failureOf(error.errors[0]);
  const known = BY_STATE[state] ?? BY_SYSTEM[state];
  if (known !== undefined) return known;
  // Class 08 is connections.
  if (/^08/.test(state)) return LOST;
  const text = error instanceof Error ? error.message : "";
  return BY_MESSAGE.find(([said]) => said.test(text))?.[1] ?? FAILED;
}

/** SQLSTATE or system code; empty where there is none. */
function stateOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}

/** Whether a commit was rolled back by the server because it met another one. */
export function isCollision(error: unknown): boolean {
  return error instanceof StoreError && COLLISIONS.has(stateOf(error.cause));
}

/** Whether a commit needs more locks than the server has left. */
export function lacksLocks(error: unknown): boolean {
  return error instanceof StoreError && stateOf(error.cause) === TOO_MANY_LOCKS;
}
