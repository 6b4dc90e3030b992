import { cutText } from "./text.js";

const FOLD_LIMIT = 1024;

/** Accents of Latin, Greek and Cyrillic. The vowel signs of other scripts are marks as well, but carry the word. */
const ACCENTS =
  /[\u0300-\u036F]|[\u0483-\u0487]|[\u1AB0-\u1AFF]|[\u1DC0-\u1DFF]|[\u20D0-\u20FF]|[\uFE20-\uFE2F]/g;
const APOSTROPHES = /['’‘ʼʻ`´′＇]/g;
const NEITHER_LETTER_NOR_DIGIT = /[^\p{L}\p{N}\p{M}]+/gu;

/** Letters that Unicode does not decompose. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ı: "i",
  ŋ: "n",
  ŧ: "t",
  ς: "σ",
};
const SPECIAL = /[ßæœøđðþłħıŋŧς]/g;

/**
 * Text folded for comparison: case, accents, punctuation and width are gone; letters of every script and digits stay,
 * with single spaces between words. Apostrophes close up ("O'Brien" → "obrien"), other punctuation parts words. Result
 * in NFC, at most 1024 code units, maybe empty. Idempotent.
 */
export function foldText(raw: string): string {
  const text = cutText(String(raw), FOLD_LIMIT);
  if (/^[a-z\d]+(?: [a-z\d]+)*$/.test(text)) return text;
  const folded = text
    .normalize("NFKD")
    .toLowerCase()
    .normalize("NFKD")
    .replace(APOSTROPHES, "")
    .replace(ACCENTS, "")
    .replace(SPECIAL, (letter) => LETTERS[letter] ?? letter)
    .replace(NEITHER_LETTER_NOR_DIGIT, " ")
    .normalize("NFC");
  return cutText(folded.trim(), FOLD_LIMIT).trim();
}
