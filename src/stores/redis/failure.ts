import { cursorExpired, StoreError, type StoreErrorCode } from "../error.js";

interface Cause {
  readonly code: StoreErrorCode;
  readonly message: string;
}

const PASSWORD: Cause = {
  code: "access-denied",
  message: "Redis refused the user, the password or a command: check the credentials and the ACL of the user",
};

const GONE: Cause = {
  code: "store-unreachable",
  message: "nobody answers as Redis: check the address and that the server runs, then try again",
};

const BROKEN: Cause = {
  code: "connection-lost",
  message: "the connection to Redis broke, and whether the command took effect is unknown: do it again",
};

const BUSY: Cause = {
  code: "busy",
  message: "Redis is loading its data or busy with a script: try again in a moment",
};

/** First words of the server's errors, as its sources name them (shared objects of server.c, and acl.c). */
const BY_PREFIX: Readonly<Record<string, Cause>> = {
  NOAUTH: PASSWORD,
  WRONGPASS: PASSWORD,
  NOPERM: PASSWORD,
  READONLY: {
    code: "read-only",
    message: "this Redis is a read-only replica: connect to the primary",
  },
  NOREPLICAS: {
    code: "store-unreachable",
    message: "Redis has fewer replicas than min-replicas-to-write asks for: bring them back, then try again",
  },
  OOM: {
    code: "disk-full",
    message:
      "Redis has reached maxmemory and takes no writes: raise maxmemory or free memory, then try again; nothing was changed",
  },
  MISCONF: {
    code: "disk-full",
    message: "Redis cannot write its data to disk and takes no writes: see its log, then try again",
  },
  LOADING: BUSY,
  BUSY,
  CLUSTERDOWN: { ...GONE, message: "the Redis cluster is down: bring its slots back, then try again" },
  MASTERDOWN: { ...GONE, message: "the primary of this Redis is not there: wait for the failover" },
  CROSSSLOT: {
    code: "failed",
    message: "the keys of one store must be in one slot of the cluster: leave the braces in the prefix",
  },
  "LEADWEAVE-NEWER": {
    code: "format-newer",
    message: "this data was written by a newer release: update the package",
  },
  "LEADWEAVE-CURSOR": { code: "corrupt", message: "no such place in the feed: begin again with null" },
  "LEADWEAVE-EXPIRED": { code: "cursor-expired", message: cursorExpired().message },
  "LEADWEAVE-FORMAT": {
    code: "corrupt",
    message: "the keys with this prefix are not what this store writes: choose another prefix",
  },
  WRONGTYPE: {
    code: "corrupt",
    message: "the keys with this prefix are not what this store writes: choose another prefix",
  },
};

/** System errors of a connection that was never made. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "EAI_AGAIN",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "ETIMEDOUT",
]);

/** What clients throw when they lose a connection, or give up on one: ioredis, node-redis. */
const CONNECTION =
  /connection is closed|max retries per request|stream isn't writeable|socket closed|client is closed|client is offline|ECONNRESET|EPIPE/i;

/** The server's first word; of an error raised in a script Redis 6 says it behind the name of the script. */
const FIRST_WORD = /^(?:ERR )?(?:Error running script[^@]*)?(?:@user_script:\s*\d+:\s*)*-?([A-Z][A-Z-]+)\b/;

/** What went wrong, in the words of every store. The server's words are kept as `cause`: they may name a key. */
export function storeErrorOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { code, message } = causeOf(error);
  return new StoreError(code, message, error);
}

function causeOf(error: unknown): Cause {
  if (!(error instanceof Error))
    return { code: "failed", message: "the Redis client threw what is no error" };
  const word = FIRST_WORD.exec(error.message)?.[1] ?? "";
  const known = BY_PREFIX[word];
  if (known !== undefined) return known;
  const system = "code" in error && typeof error.code === "string" ? error.code : "";
  if (UNREACHABLE.has(system)) return GONE;
  if (CONNECTION.test(`${system} ${error.name} ${error.message}`)) return BROKEN;
  return { code: "failed", message: "Redis could not do it: see the cause" };
}
