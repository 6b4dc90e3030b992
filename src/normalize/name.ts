import { doubleMetaphone } from "double-metaphone";
import { foldText } from "./fold.js";
import { cleanText, isNamePlaceholder } from "./placeholder.js";

const TITLES: ReadonlySet<string> = new Set(
  (
    "mr mrs ms miss mx dr prof professor rev reverend fr father sir madam lady lord hon capt sgt lt col gen " +
    "sr sra srta don dona herr frau m mme mlle monsieur madame signor signora"
  ).split(" "),
);
/** Titles that may be given names or initials as well, so that they are no titles when they stand alone. */
const ALSO_NAMES: ReadonlySet<string> = new Set(["m", "don", "dona", "lady", "gen", "sra"]);
const SUFFIXES: ReadonlySet<string> = new Set(
  "jr sr jnr snr ii iii iv 2nd 3rd 4th md phd esq esquire dds dvm rn cpa mba".split(" "),
);
/** Words that belong to the family name after them. */
const PARTICLES: ReadonlySet<string> = new Set(
  "de del della di da dos das do du des la le las los van von vom vander der den ter ten zu bin ibn al el abu st saint san santa mc mac o y".split(
    " ",
  ),
);

/** Folded words of a name; empty when it is blank or a placeholder. */
function nameWords(raw: unknown): string[] {
  const text = cleanText(raw);
  if (text === null || isNamePlaceholder(text)) return [];
  const folded = foldText(text);
  return folded === "" || isNamePlaceholder(folded) || !/\p{L}/u.test(folded) ? [] : folded.split(" ");
}

/** Index of the first word that is no title; the last word always counts as a name. */
function afterTitles(words: readonly string[]): number {
  let first = 0;
  while (first < words.length - 1 && TITLES.has(words[first] ?? "")) first += 1;
  return first;
}

/** Number of words without the suffixes at the end; the first word always counts as a name. */
function beforeSuffixes(words: readonly string[]): number {
  let end = words.length;
  while (end > 1 && SUFFIXES.has(words[end - 1] ?? "")) end -= 1;
  return end;
}

/**
 * A given name for comparison: the first word, folded, without titles. Initials are kept ("J."). Null for blanks,
 * placeholders and what callers and testers write instead ("Wireless Caller", "test"). Never throws; idempotent.
 */
export function normalizeGivenName(raw: unknown): string | null {
  const words = nameWords(raw);
  const first = words[afterTitles(words)];
  if (first === undefined || (TITLES.has(first) && !ALSO_NAMES.has(first))) return null;
  return isNamePlaceholder(first) || !/\p{L}/u.test(first) ? null : first;
}

/**
 * A family name for comparison: folded, without titles and suffixes (Jr, III, MD); particles are kept ("de la cruz"),
 * "O'Brien", "O Brien" and "OBrien" are one, and so are "Mc Donald" and "McDonald". Null for blanks and placeholders.
 * Never throws; idempotent.
 */
export function normalizeFamilyName(raw: unknown): string | null {
  const words = nameWords(raw);
  const named = words.slice(afterTitles(words));
  const family = named
    .slice(0, beforeSuffixes(named))
    .join(" ")
    .replace(/^(?:o|mc) (?=\p{L}{2})/u, joined);
  if (family === "" || SUFFIXES.has(family) || isNamePlaceholder(family)) return null;
  return /\p{L}/u.test(family) ? family : null;
}

function joined(words: string): string {
  return words.trimEnd();
}

/**
 * The given and family name in a full name: "Last, First Middle", or "First Middle Last" with particles kept to the
 * family name. A single word is a given name. Never throws.
 */
export function splitFullName(raw: unknown): { given: string | null; family: string | null } {
  const text = cleanText(raw);
  if (text === null || isNamePlaceholder(text) || isNamePlaceholder(foldText(text)))
    return { given: null, family: null };
  const comma = text.indexOf(",");
  if (comma > 0) {
    const behind = text.slice(comma + 1).replace(/,/g, " ");
    const words = foldText(behind).split(" ");
    // "John Smith, Jr." has its names before the comma.
    if (words.some((word) => word !== "" && !SUFFIXES.has(word) && !TITLES.has(word))) {
      return { given: normalizeGivenName(behind), family: normalizeFamilyName(text.slice(0, comma)) };
    }
  }
  // Split at white space only: the parts of "Smith-Jones" stay together.
  const words = (comma > 0 ? text.slice(0, comma) : text).split(" ").filter((word) => foldText(word) !== "");
  const folded = words.map(foldText);
  const start = afterTitles(folded);
  const end = start + beforeSuffixes(folded.slice(start));
  const given = normalizeGivenName(words[start]);
  if (end - start < 2) return { given, family: null };
  let from = end - 1;
  while (from - 1 > start && PARTICLES.has(folded[from - 1] ?? "")) from -= 1;
  return { given, family: normalizeFamilyName(words.slice(from, end).join(" ")) };
}

/**
 * How a family name sounds: the primary code of Double Metaphone (L. Philips, C/C++ Users Journal, June 2000), in upper
 * case; for names it gives no code for, such as those of other scripts, the folded name. Empty for blank text only.
 */
export function phoneticCode(family: string): string {
  const folded = foldText(family);
  if (folded === "") return cleanText(family)?.toLowerCase() ?? family.trim().toLowerCase();
  const latin = /^[a-z ]+$/.test(folded);
  return (latin ? doubleMetaphone(folded.replaceAll(" ", ""))[0] : "") || folded;
}

/**
 * First initial and sound of the family name ("j:SM0"), which tells most people apart while forgiving nicknames and
 * spelling. Null unless both names are known.
 */
export function nameSignature(given: string | null, family: string | null): string | null {
  const first = normalizeGivenName(given);
  const last = normalizeFamilyName(family);
  if (first === null || last === null) return null;
  return `${String.fromCodePoint(first.codePointAt(0) ?? 0)}:${phoneticCode(last)}`;
}
