/** Names that trip up stores which fold, trim, quote, split or sort them in another way. */
export const ODD_NAMES: readonly string[] = [
  "a",
  "A",
  "a ",
  " a",
  "aa",
  "ab",
  "a b",
  "a:b",
  "a%",
  "a_",
  "a\\b",
  "a'b",
  'a"b',
  "a`b",
  "a\nb",
  "a\tb",
  "a\u0001b",
  "a\u007fb",
  "ä",
  "a\u0308",
  "ß",
  "ss",
  "İ",
  "i",
  "1",
  "01",
  "10",
  "2",
  "9",
  "null",
  "[]",
  "{}",
  "$1",
  "?",
  "*",
  "-",
  "(a",
  "[a",
  "+",
  "\u00e9",
  "\u200b",
  "\ud7ff",
  "\ue000",
  "\uffee",
  "\uffff",
  "\u{10000}",
  "\u{1f600}",
  "\u{10ffff}",
];

const LETTERS = "abcdefghijklmnopqrstuvwxyzäöüçñéλжあ漢字";

/** A text of so many characters in which nothing repeats for a compressor; texts of the same seed begin alike. */
export function longName(length: number, last: string, seed = 1): string {
  let state = seed;
  let text = "";
  while (text.length < length - last.length) {
    // The generator of Park and Miller: any will do, as long as it is always the same.
    state = (state * 48_271) % 2_147_483_647;
    text += LETTERS[state % LETTERS.length];
  }
  return text + last;
}
