/**
 * Raw values as bounded, well-formed text: the first step of every normaliser.
 *
 * Input is cut before anything else looks at it, so that no later step can be made slow by a huge value.
 */

/** Code units of a raw value that are looked at; longer text is read up to here. */
const READ_LIMIT = 4096;

/** Zero-width and format characters, lone surrogates, blanks that are letters to Unicode (Hangul fillers, Braille blank). */
const INVISIBLE = /[\p{Cf}\p{Cs}]|\u034F|\u115F|\u1160|\u2800|\u3164|\uFFA0/gu;
/** Controls, without those that are white space. */
const CONTROL = /[^\P{Cc}\t\n\v\f\r\u0085]/gu;
const WHITE_SPACE = /[\s\u0085]+/gu;

/** Opening quote → the closing ones that match it. */
const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "`": "`'",
  "“": "”",
  "”": "”",
  "‘": "’",
  "’": "’",
  "„": "“”",
  "«": "»",
};

/** At most `limit` code units of the text, never ending inside a surrogate pair. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

/** Text without the quotes and white space around it, however often they are nested; `\"x\"` counts as quoted. */
export function unquote(text: string): string {
  let from = 0;
  let to = text.length;
  for (;;) {
    while (from < to && text.charCodeAt(from) === 32) from += 1;
    while (to > from && text.charCodeAt(to - 1) === 32) to -= 1;
    const escaped = text[from] === "\\" && text[to - 2] === "\\" ? 1 : 0;
    if (to - from < 2 + 2 * escaped) break;
    const closing = QUOTES[text[from + escaped] ?? ""];
    if (closing === undefined || !closing.includes(text[to - 1] ?? " ")) break;
    from += 1 + escaped;
    to -= 1 + escaped;
  }
  return text.slice(from, to);
}

/**
 * A raw scalar as text, or null when it is none: strings, finite numbers, bigints of at most 128 bits and booleans.
 * The result is in NFC, without invisible characters, lone surrogates, outer quotes and outer white space; inner white
 * space is one space a run; at most `limit` code units.
 */
export function rawText(raw: unknown, limit: number): string | null {
  const given = scalarText(raw);
  if (given === null) return null;
  const visible = cutText(given, READ_LIMIT)
    .replace(INVISIBLE, "")
    .replace(CONTROL, "")
    .replace(WHITE_SPACE, " ")
    .normalize("NFC");
  return unquote(cutText(visible.trim(), limit));
}

function scalarText(raw: unknown): string | null {
  switch (typeof raw) {
    case "string":
      return raw;
    case "number":
      return Number.isFinite(raw) ? String(raw) : null;
    case "bigint":
      // Printing takes quadratic time in the number of digits.
      return BigInt.asIntN(128, raw) === raw ? String(raw) : null;
    case "boolean":
      return String(raw);
    default:
      return null;
  }
}
