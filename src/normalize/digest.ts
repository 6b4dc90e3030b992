import { md5, sha1 } from "@noble/hashes/legacy";
import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";
import { type EmailRule, emailRuleText } from "./emailRules.js";
import { nationalDigits } from "./nationalDigits.js";
import { rawText } from "./text.js";

export type DigestAlgorithm = "sha256" | "sha1" | "md5";

/** Something that hashes the UTF-8 bytes of a text to lower-case hex. Inject a native one where speed matters. */
export interface DigestHasher {
  hex(algorithm: DigestAlgorithm, text: string): string;
}

export interface Digest {
  readonly algorithm: DigestAlgorithm;
  /** Lower-case hex. */
  readonly hex: string;
}

export type PhoneDigestRule = "plus" | "digits" | "national";

const FUNCTIONS = { sha256, sha1, md5 };
const ALGORITHMS: readonly DigestAlgorithm[] = ["sha256", "sha1", "md5"];
const BY_HEX_LENGTH: ReadonlyMap<number, DigestAlgorithm> = new Map([
  [64, "sha256"],
  [40, "sha1"],
  [32, "md5"],
]);

/** The default hasher: @noble/hashes, which runs on any web platform. */
const nobleHasher: DigestHasher = {
  hex: (algorithm, text) => bytesToHex(FUNCTIONS[algorithm](new TextEncoder().encode(text))),
};

/** Texts that careless senders hash in place of a value: their digests are shared by strangers. */
const HASHED_BY_MISTAKE: readonly string[] = [
  "",
  " ",
  "\n",
  '""',
  "null",
  "NULL",
  "Null",
  "nil",
  "none",
  "None",
  "NONE",
  "undefined",
  "nan",
  "NaN",
  "n/a",
  "N/A",
  "na",
  "0",
  "1",
  "-1",
  "-",
  "+",
  "+1",
  "1",
  "@",
  "true",
  "false",
  "test",
  "email",
  "unknown",
  "anonymous",
  "[object Object]",
  "[object object]",
  "{}",
  "[]",
  "test@test.com",
  "test@example.com",
  "test@gmail.com",
  "example@example.com",
  "email@example.com",
  "a@a.com",
  "no@email.com",
  "none@none.com",
  "noemail@noemail.com",
  "0000000000",
  "+10000000000",
  "+0000000000",
];

let refused: ReadonlySet<string> | undefined;

/** Computed at first use: importing the module costs nothing. */
function refusedDigests(): ReadonlySet<string> {
  if (refused !== undefined) return refused;
  const digests = new Set<string>();
  for (const algorithm of ALGORITHMS) {
    for (const text of HASHED_BY_MISTAKE) digests.add(nobleHasher.hex(algorithm, text));
    // Double hashing: a pipeline that hashed an empty field that another one had hashed before.
    for (const inner of ALGORITHMS) digests.add(nobleHasher.hex(algorithm, nobleHasher.hex(inner, "")));
  }
  refused = digests;
  return digests;
}

/**
 * A digest of an e-mail address or phone number in whatever spelling it came: hex in any case (algorithm by length: 64
 * SHA-256, 40 SHA-1, 32 MD5), base64 or base64url of the 32 raw bytes (UID2, Data Manager), or, a common fault, base64
 * of the hex text. A prefix such as `sha256:` is dropped. Null for anything else and for digests of "no value" (empty
 * text, `null`, `test@test.com`, …). Never throws; idempotent on `hex`.
 */
export function normalizeDigest(raw: unknown): Digest | null {
  if (typeof raw !== "string") return null;
  const text = rawText(raw, 160)?.replace(/^(?:sha-?256|sha-?1|md5)[:=]/i, "");
  if (text === undefined) return null;
  const hex =
    /^[\da-f]+$/i.test(text) && BY_HEX_LENGTH.has(text.length) ? text.toLowerCase() : hexOfBase64(text);
  const algorithm = hex === null ? undefined : BY_HEX_LENGTH.get(hex.length);
  if (hex === null || algorithm === undefined || /^(.)\1*$/.test(hex) || refusedDigests().has(hex))
    return null;
  return { algorithm, hex };
}

function hexOfBase64(text: string): string | null {
  if (text.length < 43 || text.length > 88 || !/^[\w+/-]+={0,2}$/.test(text)) return null;
  let bytes: string;
  try {
    bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return null;
  }
  // Before the raw reading: the hex text of an MD5 is 32 bytes long as well.
  if (/^[\da-f]+$/i.test(bytes) && BY_HEX_LENGTH.has(bytes.length)) return bytes.toLowerCase();
  if (bytes.length !== 32) return null;
  let hex = "";
  for (let i = 0; i < bytes.length; i += 1) hex += bytes.charCodeAt(i).toString(16).padStart(2, "0");
  return hex;
}

/**
 * The digests by which a plain address may be known elsewhere. By default SHA-256, SHA-1 and MD5 of rules R1, R2 and R3,
 * and the MD5 of R6 (minFraud); with `rules` given, each algorithm with each of them. Each digest once, under the first
 * rule that yields it.
 *
 * @param email an address in the form of `normalizeEmail`
 */
export function impliedEmailDigests(
  email: string,
  algorithms: readonly DigestAlgorithm[] = ALGORITHMS,
  rules?: readonly EmailRule[],
  hasher: DigestHasher = nobleHasher,
): { algorithm: DigestAlgorithm; rule: EmailRule; hex: string }[] {
  const texts = new Map<string, EmailRule>();
  for (const rule of rules ?? (["R1", "R2", "R3"] as const)) {
    const text = emailRuleText(email, rule);
    if (!texts.has(text)) texts.set(text, rule);
  }
  const digests: { algorithm: DigestAlgorithm; rule: EmailRule; hex: string }[] = [];
  for (const algorithm of new Set(algorithms)) {
    for (const [text, rule] of texts) digests.push({ algorithm, rule, hex: hasher.hex(algorithm, text) });
  }
  if (rules === undefined && algorithms.includes("md5")) {
    const text = emailRuleText(email, "R6");
    if (!texts.has(text)) digests.push({ algorithm: "md5", rule: "R6", hex: hasher.hex("md5", text) });
  }
  return digests;
}

/**
 * The digests by which a plain number may be known elsewhere: E.164 with plus (`plus`: Google, UID2), without
 * (`digits`: Meta, Snap) and without country code (`national`: CRMs). SHA-256, SHA-1 and MD5 unless told otherwise.
 *
 * @param e164 a number in E.164 form, with `+`
 */
export function impliedPhoneDigests(
  e164: string,
  algorithms: readonly DigestAlgorithm[] = ALGORITHMS,
  hasher: DigestHasher = nobleHasher,
): { algorithm: DigestAlgorithm; rule: PhoneDigestRule; hex: string }[] {
  const texts = new Map<string, PhoneDigestRule>([[e164, "plus"]]);
  const digits = e164.replace(/^\+/, "");
  if (!texts.has(digits)) texts.set(digits, "digits");
  const national = nationalDigits(e164);
  if (national !== null && !texts.has(national)) texts.set(national, "national");
  const digests: { algorithm: DigestAlgorithm; rule: PhoneDigestRule; hex: string }[] = [];
  for (const algorithm of new Set(algorithms)) {
    for (const [text, rule] of texts) digests.push({ algorithm, rule, hex: hasher.hex(algorithm, text) });
  }
  return digests;
}
