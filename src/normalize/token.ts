import { hmac } from "@noble/hashes/hmac";
import { sha256 } from "@noble/hashes/sha2";

/** Turns identifier values into keyed hashes: equal values meet, yet whoever lacks the pepper cannot guess them. */
export interface Tokenizer {
  /** Names the pepper, so that tokens of an older one can be told apart when it is rotated. */
  readonly keyId: string;
  /**
   * `keyId`, a full stop, and 128 bits of HMAC-SHA-256 over type, NUL and value, in base64url. Values must be
   * normalised already.
   */
  token(type: string, value: string): string;
}

export interface TokenizerOptions {
  /** Secret of at least 16 bytes (text counts in UTF-8). */
  readonly pepper: string | Uint8Array;
  /** Letters, digits, `_` and `-`, at most 32. By default derived from the pepper. */
  readonly keyId?: string;
  /** Tokens remembered; when full the memory starts afresh. Default 100,000. */
  readonly cacheSize?: number;
  /** HMAC-SHA-256 of a faster kind. Default @noble/hashes. */
  readonly hmac?: (key: Uint8Array, message: Uint8Array) => Uint8Array;
}

const TOKEN_BYTES = 16;
/** Longer values are not remembered, so that the memory of `cacheSize` values stays small. */
const LONGEST_REMEMBERED = 256;

/** @throws TypeError when the pepper is shorter than 16 bytes or `keyId` is malformed. */
export function createTokenizer(options: TokenizerOptions): Tokenizer {
  const encoder = new TextEncoder();
  const { pepper } = options;
  // A copy: wiping the caller's buffer must not change later tokens.
  const key = typeof pepper === "string" ? encoder.encode(pepper) : Uint8Array.from(pepper);
  if (key.length < 16) throw new TypeError("pepper must have at least 16 bytes");
  const sign = options.hmac ? bound(options.hmac, key) : nobleHmac(key);
  const keyId = options.keyId ?? base64url(sign(encoder.encode("key id")).subarray(0, 6));
  if (!/^[\w-]{1,32}$/.test(keyId)) throw new TypeError("keyId must be 1 to 32 letters, digits, _ or -");
  const cacheSize = options.cacheSize ?? 100_000;
  const cache = new Map<string, string>();
  const prefix = `${keyId}.`;

  return {
    keyId,
    token(type, value) {
      // Else ("a\0b", "c") and ("a", "b\0c") would be one message.
      if (type.includes("\0")) throw new TypeError("an identifier type must not contain NUL");
      const message = `${type}\0${value}`;
      let token = cache.get(message);
      if (token !== undefined) return token;
      token = prefix + base64url(sign(encoder.encode(message)).subarray(0, TOKEN_BYTES));
      if (message.length <= LONGEST_REMEMBERED) {
        if (cache.size >= cacheSize) cache.clear();
        cache.set(message, token);
      }
      return token;
    },
  };
}

function bound(
  sign: (key: Uint8Array, message: Uint8Array) => Uint8Array,
  key: Uint8Array,
): (message: Uint8Array) => Uint8Array {
  return (message) => sign(key, message);
}

/** Keeps the state after the key block: half of the work of a short message. */
function nobleHmac(key: Uint8Array): (message: Uint8Array) => Uint8Array {
  const keyed = hmac.create(sha256, key);
  return (message) => keyed.clone().update(message).digest();
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
