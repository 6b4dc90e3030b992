import { rawText, unquote } from "./text.js";

const TEXT_LIMIT = 1024;

/**
 * Texts that stand for "no value". They glue thousands of strangers together once they become keys, and they arrive
 * quoted, stringified and in any case. Sources: the built-in lists of PostHog and Segment, plus what forms, sheets,
 * exporters and languages write for an absent value.
 */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  // PostHog and Segment
  "anonymous",
  "guest",
  "distinctid",
  "distinct_id",
  "id",
  "not_authenticated",
  "email",
  "undefined",
  "true",
  "false",
  "[object object]",
  "nan",
  "none",
  "null",
  "-1",
  // The name of the field in place of its value
  "anonymousid",
  "anonymous_id",
  "userid",
  "user_id",
  "visitor_id",
  "e-mail",
  "email address",
  "phone",
  "phone number",
  // Absent values of languages, databases and sheets
  "nil",
  "nul",
  "nulo",
  "(null)",
  "void",
  "inf",
  "-inf",
  "infinity",
  "-infinity",
  "object object",
  "[object null]",
  "[object undefined]",
  "invalid date",
  "#n/a",
  "#null!",
  "#ref!",
  "#value!",
  "#name?",
  "#div/0!",
  "#error!",
  "{}",
  "[]",
  // What people and forms write
  "n/a",
  "n.a.",
  "n.a",
  "n\\a",
  "na",
  "n/k",
  "unk",
  "unknown",
  "unspecified",
  "undisclosed",
  "not set",
  "not available",
  "not applicable",
  "not provided",
  "not given",
  "not specified",
  "not known",
  "notprovided",
  "no value",
  "no data",
  "no email",
  "noemail",
  "no phone",
  "no name",
  "noname",
  "none given",
  "none provided",
  "declined",
  "refused",
  "redacted",
  "[redacted]",
  "empty",
  "blank",
  "missing",
  "invalid",
  "placeholder",
  "dummy",
  "tbd",
  "tba",
  "todo",
  "xxx",
  "asd",
  "asdf",
  "asdfg",
  "asdfgh",
  "asdfghjkl",
  "asdfasdf",
  "asdasd",
  "qwe",
  "qwer",
  "qwert",
  "qwerty",
  "qwertyuiop",
  "zxcv",
  "zxcvbnm",
]);

const NAME_PLACEHOLDERS: ReadonlySet<string> = new Set([
  "test",
  "test test",
  "test user",
  "test name",
  "test lead",
  "tester",
  "testing",
  "testtest",
  "fake",
  "fake name",
  "sample",
  "name",
  "full name",
  "your name",
  "first",
  "first name",
  "firstname",
  "fname",
  "last name",
  "lastname",
  "lname",
  "surname",
  "customer",
  "customer name",
  "new customer",
  "client",
  "caller",
  "unknown caller",
  "unknown name",
  "wireless",
  "wireless caller",
  "cell phone",
  "toll free",
  "toll free call",
  "toll free caller",
  "restricted",
  "restricted caller",
  "unavailable",
  "private",
  "private caller",
  "private number",
  "blocked",
  "blocked caller",
  "withheld",
  "out of area",
  "no caller id",
  "caller id",
  "spam",
  "spam likely",
  "scam likely",
  "potential spam",
  "telemarketer",
  "user",
  "lead",
  "web lead",
  "visitor",
  "prospect",
  "contact",
  "resident",
  "occupant",
  "homeowner",
  "current resident",
  "no first name",
  "no last name",
]);

/** Nothing but punctuation: "-", "--", "?", ".", "...", "***". */
const ONLY_PUNCTUATION = /^[\p{P}\p{Z}\p{C}\p{M}+=$^`~|<>]*$/u;
/** "0", "000-000-0000", "0.00", "00/00/0000", "00000000-0000-0000-0000-000000000000". */
const ZEROS = /^[-+(\s]*0[-+0.,:/()\s]*$/;
/** "xx", "XXX-XXX-XXXX", "x.x". */
const CROSSES = /^x[-x.*_\s]*x$/;
/** "aaaa", "zzzzz". Not digits: 33333 is a ZIP code. Not three letters: AAA is a company. */
const ONE_LETTER = /^(\p{L})\1{3,}$/u;
/** Template fields nobody filled in: {{lead.email}}, ${email}, {gclid}, %%email%%, [[phone]], <%= name %>. */
const TEMPLATE =
  /^(?:\{\{[^{}]*\}\}|\$\{[^{}]*\}|\{[\w.:-]+\}|%%[^%]*%%|%[a-z_]+%|\[\[[^[\]]*\]\]|<%[^%]*%>|\*\|[^|]*\|\*)$/;
const BRACKETED = /^(?:\((.*)\)|\[(.*)\]|<(.*)>|\{(.*)\})$/s;

/**
 * Whether a text stands for "no value": a word of the refusal list, zeros and dashes, crosses, bare punctuation or an
 * unfilled template field. Compared after unquoting and case folding. Words that are fine as words but never as an
 * identifier ("true", "id", "email", "guest") count too.
 */
export function isPlaceholder(text: string): boolean {
  if (text.length > TEXT_LIMIT) return false;
  const folded = unquote(text.trim()).toLowerCase();
  if (PLACEHOLDERS.has(folded)) return true;
  if (ONLY_PUNCTUATION.test(folded) || ZEROS.test(folded) || CROSSES.test(folded)) return true;
  if (ONE_LETTER.test(folded) || TEMPLATE.test(folded)) return true;
  const inner = BRACKETED.exec(folded);
  if (inner === null) return false;
  const word = (inner[1] ?? inner[2] ?? inner[3] ?? inner[4] ?? "").trim();
  return PLACEHOLDERS.has(word) || ZEROS.test(word);
}

/** Whether a text is no name of a person: any placeholder, and what forms, testers and caller-id services write. */
export function isNamePlaceholder(text: string): boolean {
  if (text.length > TEXT_LIMIT) return false;
  return isPlaceholder(text) || NAME_PLACEHOLDERS.has(unquote(text.trim()).toLowerCase());
}

/**
 * A raw scalar as tidy text: NFC, without control, zero-width and unpaired surrogate characters, unquoted, white space
 * collapsed and trimmed, at most 1024 code units. Null for anything but a string, finite number, bigint or boolean, for
 * blanks and for placeholders ({@link isPlaceholder}, hence for `true`, `false` and `0`). Never throws; idempotent.
 */
export function cleanText(raw: unknown): string | null {
  const text = rawText(raw, TEXT_LIMIT);
  return text === null || isPlaceholder(text) ? null : text;
}

/** The text, or null when nothing or a placeholder is left of the value: folding "null!" leaves "null". */
export function unlessPlaceholder(text: string): string | null {
  return text === "" || isPlaceholder(text) ? null : text;
}
