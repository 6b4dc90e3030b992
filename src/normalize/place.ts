import { foldText } from "./fold.js";
import { cleanText, unlessPlaceholder } from "./placeholder.js";
import { normalizeCountry } from "./region.js";

const CANADIAN_POSTCODE = /^[A-Z]\d[A-Z]\d[A-Z]\d$/;
const BRITISH_POSTCODE = /^(?:[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}|GIR0AA)$/;

/**
 * A postal code. US: five digits, ZIP+4 cut, leading zeros that a sheet lost put back. Canada and United Kingdom: upper
 * case without space. Elsewhere: folded. Without `country` digits are read as a US code. Null for blanks and
 * placeholders. Never throws; idempotent for one `country`.
 */
export function normalizePostcode(raw: unknown, country?: string): string | null {
  const text = cleanText(raw)?.replace(/\.0+$/, "");
  const folded = foldText(text ?? "");
  const compact = folded.replaceAll(" ", "").toUpperCase();
  if (compact === "") return null;
  const home = country === undefined ? null : normalizeCountry(country);
  if ((home === null || home === "US" || home === "PR") && /^\d{3,9}$/.test(compact)) {
    // 501 to 9999 have lost zeros; so has a ZIP+4 of seven or eight digits.
    const zip = compact.length > 5 ? compact.padStart(9, "0").slice(0, 5) : compact.padStart(5, "0");
    if (compact.length !== 6) return zip === "00000" ? null : zip;
  }
  if ((home === null || home === "CA") && CANADIAN_POSTCODE.test(compact)) return compact;
  if ((home === null || home === "GB") && BRITISH_POSTCODE.test(compact)) return compact;
  return unlessPlaceholder(folded);
}

/** USPS Publication 28, appendices B and C1: the usual ones. */
const STREET_WORDS: ReadonlyMap<string, string> = wordMap(
  "st street str strt saint|ave avenue av aven avn|rd road|dr drive drv|ln lane|ct court crt|blvd boulevard boul blv|" +
    "pl place|sq square|ter terrace terr|cir circle circ|hwy highway hiway|pkwy parkway pky parkwy|trl trail|way wy|" +
    "xing crossing|pt point|plz plaza|expy expressway|fwy freeway|aly alley|brg bridge|crk creek|cv cove|" +
    "est estates|fls falls|gdn garden|gdns gardens|grv grove|hl hill|hls hills|hts heights|is island|jct junction|" +
    "lk lake|mdw meadow|mdws meadows|ml mill|mnr manor|mtn mountain|mt mount|ft fort|orch orchard|pk park|rdg ridge|" +
    "rte route|rvr river|spg spring|spgs springs|sta station|vly valley|vw view|vlg village|ctr center centre|" +
    "n north|s south|e east|w west|ne northeast|nw northwest|se southeast|sw southwest|" +
    "1st first|2nd second|3rd third|4th fourth|5th fifth|6th sixth|7th seventh|8th eighth|9th ninth|10th tenth",
);
const UNIT_WORDS: ReadonlySet<string> = new Set(
  "apt apartment unit ste suite rm room bldg building no number flat".split(" "),
);

function wordMap(table: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const group of table.split("|")) {
    const [short = "", ...long] = group.split(" ");
    for (const word of long) map.set(word, short);
  }
  return map;
}

/**
 * A street line for comparison: folded, with the postal abbreviations of suffixes and directions ("North 5th Street" →
 * "n 5th st"), without the unit ("Apt 43", "# 5", "2nd floor"). Null for blanks and placeholders. Never throws;
 * idempotent.
 */
export function normalizeStreet(raw: unknown): string | null {
  const text = cleanText(raw);
  if (text === null) return null;
  const folded = foldText(text.replaceAll("#", " apt "));
  let words = folded === "" ? [] : folded.split(" ").map((word) => STREET_WORDS.get(word) ?? word);
  for (let cut = unitAt(words); cut !== null; cut = unitAt(words)) {
    words = [...words.slice(0, cut.from), ...words.slice(cut.to)];
  }
  const street = words.join(" ").replace(/^(?:p o|post office) box\b/, "po box");
  return unlessPlaceholder(street);
}

/** The words that name a unit: at the start ("Apt 4, 12 Main St") the word and its number, else all from there on. */
function unitAt(words: readonly string[]): { from: number; to: number } | null {
  const isNumber = (word: string | undefined): boolean =>
    word === undefined || word.length === 1 || /\d/.test(word);
  if (UNIT_WORDS.has(words[0] ?? "") && isNumber(words[1])) return { from: 0, to: 2 };
  for (let i = 1; i < words.length; i += 1) {
    const word = words[i] ?? "";
    if (UNIT_WORDS.has(word) && isNumber(words[i + 1])) return { from: i, to: words.length };
    const floor = word === "floor" || word === "fl";
    if (floor && i > 1 && /^\d+(?:st|nd|rd|th)$/.test(words[i - 1] ?? ""))
      return { from: i - 1, to: words.length };
  }
  return null;
}

const CITY_WORDS: ReadonlyMap<string, string> = wordMap("st saint|ft fort|mt mount");
const CITY_NAMES: ReadonlyMap<string, string> = new Map([
  ["nyc", "new york"],
  ["new york city", "new york"],
  ["new york ny", "new york"],
  ["manhattan", "new york"],
  ["washington dc", "washington"],
  ["washington d c", "washington"],
  ["philly", "philadelphia"],
  ["vegas", "las vegas"],
]);

/** A city for comparison: folded, "Saint", "Fort" and "Mount" abbreviated. Null for blanks. Never throws; idempotent. */
export function normalizeCity(raw: unknown): string | null {
  const folded = foldText(cleanText(raw) ?? "");
  if (folded === "") return null;
  const name = folded
    .split(" ")
    .map((word) => CITY_WORDS.get(word) ?? word)
    .join(" ");
  return CITY_NAMES.get(name) ?? unlessPlaceholder(name);
}

const LEGAL_FORMS: ReadonlySet<string> = new Set(
  (
    "inc incorporated llc ltd limited co corp corporation company plc pllc lp llp pc pa gmbh mbh ag kg ohg ug sa sas sarl " +
    "srl spa bv nv oy oyj ab as aps pty sl slu kk cv"
  ).split(" "),
);

/**
 * A company name for comparison: folded, "&" as "and", without a leading "the" and trailing legal forms ("Acme Roofing,
 * L.L.C." → "acme roofing"). Null for blanks and placeholders. Never throws; idempotent.
 */
export function normalizeCompany(raw: unknown): string | null {
  const text = cleanText(raw);
  if (text === null) return null;
  const folded = foldText(text.replaceAll(".", "").replaceAll("&", " and "));
  const words = folded.split(" ");
  let from = 0;
  let to = words.length;
  while (to - from > 1 && LEGAL_FORMS.has(words[to - 1] ?? "")) to -= 1;
  while (to - from > 1 && words[from] === "the") from += 1;
  return unlessPlaceholder(words.slice(from, to).join(" "));
}
