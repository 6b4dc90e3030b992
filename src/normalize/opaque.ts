import { normalizeDigest } from "./digest.js";
import { normalizeEmail } from "./email.js";
import { cleanText } from "./placeholder.js";
import { saysWithheld, spellsWithheld } from "./withheld.js";

const DIGEST = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i;
const ADDRESS = /^[^@\s]+@[^@\s]+\.[a-z]+$/i;
const DIGITS = /^\+?(\d{6,16})$/;

/**
 * Whether a text stands for nobody although it is no placeholder of its own column: a withheld caller spelled in digits, a
 * throw-away address, a digest of nothing. Systems put these wherever they have a value to fill in.
 */
export function standsForNobody(text: string): boolean {
  const digits = DIGITS.exec(text)?.[1];
  if (digits !== undefined) return spellsWithheld(digits);
  if (DIGEST.test(text)) return normalizeDigest(text) === null;
  return ADDRESS.test(text) && normalizeEmail(text) === null;
}

/** Whether what should be an id says in words that there is none. Random ids may spell anything between their digits. */
export function saysNobody(text: string): boolean {
  return !/\d/.test(text) && saysWithheld(text.toLowerCase());
}

/**
 * An id whose form only its issuer knows: a cookie, a row number, a click. Case is kept. Null for blanks and placeholders, of
 * whatever kind. Never throws; idempotent.
 */
export function normalizeOpaqueId(raw: unknown): string | null {
  const text = cleanText(raw);
  return text === null || saysNobody(text) || standsForNobody(text) ? null : text;
}
