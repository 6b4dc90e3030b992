/**
 * JSON texts as JSONB takes them. JSONB refuses what no text of Postgres can hold (U+0000, unpaired surrogates), has no negative
 * zero and no numbers beyond its own range. A document with any of these, which is rare, is kept twice: `raw` is the text itself,
 * which is what is read back, and `doc` is as near to it as JSONB comes, for those who query with SQL.
 */
export interface JsonbText {
  /** JSON that JSONB accepts. */
  readonly doc: string;
  /** The text to give back; null where it is the one of `doc`. */
  readonly raw: string | null;
}

/**
 * Escapes of U+0000 and of surrogates, and numbers that are `-0` or have exponents of four and more digits. A number follows a
 * bracket, comma or colon; a string that looks like one at such a place is suspected for nothing, and is rare. (Digests are not:
 * `1e4567` stands in many of them.)
 */
const SUSPECT = /\\u0000|\\u[dD][89a-fA-F]|[[,:]\s*-0(?![.\d]*[1-9])|[[,:]\s*-?\d+(?:\.\d+)?[eE][+-]?\d{4}/;
const SURROGATE = /[\uD800-\uDFFF]/;
const UNPAIRED = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const EACH_UNPAIRED = new RegExp(UNPAIRED, "g");

export function jsonbText(text: string): JsonbText {
  // Most texts have no surrogates at all, which is quicker to see than that they are paired.
  if (!SUSPECT.test(text) && !(SURROGATE.test(text) && UNPAIRED.test(text))) return { doc: text, raw: null };
  return {
    doc: JSON.stringify(storable(JSON.parse(text))),
    raw: text.replace(EACH_UNPAIRED, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`),
  };
}

function storable(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("\0", "\uFFFD").replace(EACH_UNPAIRED, "\uFFFD");
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [String(storable(name)), storable(member)]),
  );
}
