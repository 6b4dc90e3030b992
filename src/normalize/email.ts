import { isPlaceholder } from "./placeholder.js";
import { rawText } from "./text.js";

/** RFC 5321 allows 254; what is longer is no address that anybody typed. */
const ADDRESS_LIMIT = 320;

/**
 * Deliberately wider than RFC 5322 in what real mailboxes carry (any letter, dots anywhere) and narrower in what only
 * grammar allows (no quoted local parts, no comments, no address literals).
 */
const LOCAL = '[^\\s@<>,;:"()\\[\\]\\\\]{1,64}';
const ADDRESS = new RegExp(
  `^${LOCAL}@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\p{M}_-]*[\\p{L}\\p{N}\\p{M}])?\\.)+[\\p{L}\\p{M}][\\p{L}\\p{N}\\p{M}-]+$`,
  "u",
);
const PARTIAL = new RegExp(`^${LOCAL}(?:@[\\p{L}\\p{N}\\p{M}._-]*)?$`, "u");

/** Local parts that name nobody at any domain. */
const JUNK_LOCALS: ReadonlySet<string> = new Set([
  "noreply",
  "no-reply",
  "no_reply",
  "no.reply",
  "donotreply",
  "do-not-reply",
  "do_not_reply",
  "do.not.reply",
  "mailer-daemon",
  "no",
  "no-email",
  "no_email",
  "no.email",
  "nomail",
  "none",
  "nobody",
  "notprovided",
  "not-provided",
  "not.provided",
  "notavailable",
  "noone",
  "fake",
  "fakeemail",
  "test",
  "tester",
  "testing",
  "testtest",
  "testuser",
  "test.test",
  "test-test",
  "decline",
]);

/** Second-level names that people make up to get past a form. */
const JUNK_SITES: ReadonlySet<string> = new Set([
  "test",
  "none",
  "no",
  "na",
  "null",
  "fake",
  "fakeemail",
  "nomail",
  "noemail",
  "no-email",
  "noreply",
  "nowhere",
  "notprovided",
  "unknown",
  "undefined",
  "invalid",
  "asd",
  "asdf",
  "xxx",
]);

/** Sample addresses of documentation and form hints; other addresses at these domains are taken at their word. */
const SAMPLE_SITES: ReadonlySet<string> = new Set([
  "example",
  "email",
  "domain",
  "mail",
  "yourdomain",
  "company",
]);
const SAMPLE_LOCALS: ReadonlySet<string> = new Set([
  "example",
  "sample",
  "email",
  "mail",
  "name",
  "you",
  "your",
  "yourname",
  "your.name",
  "youremail",
  "your.email",
  "someone",
  "somebody",
  "something",
  "no",
]);

/** Refused as values, yet mailboxes of companies (email@acme.example, guest@hotel.example) or initials (na@acme.example). */
const MAILBOX_WORDS: ReadonlySet<string> = new Set([
  "email",
  "e-mail",
  "guest",
  "id",
  "phone",
  "na",
  "nil",
  "inf",
]);

const ROLES: ReadonlySet<string> = new Set(
  (
    "info information sales office admin administrator contact contacts contactus hello hi mail email enquiries enquiry " +
    "inquiries inquiry support help helpdesk service services customerservice customercare care billing accounts " +
    "accounting accountspayable ap ar finance payments invoices marketing media press pr news newsletter hr jobs careers " +
    "recruiting recruitment team staff reception frontdesk booking bookings reservations appointments schedule " +
    "scheduling dispatch orders order shop store web website webmaster postmaster hostmaster abuse security privacy legal " +
    "compliance it tech root noc management manager leads lead quotes quote estimates estimate general main company " +
    "feedback returns warranty claims"
  ).split(" "),
);

/** The form of an address, before it is asked whether it names anybody; null when it is none. */
function addressForm(raw: unknown): string | null {
  if (typeof raw !== "string") return null;
  const text = rawText(raw, ADDRESS_LIMIT * 2);
  if (text === null || text === "") return null;
  // "Jane Doe <jane@example.com>"; inner white space goes, as in Google's rule.
  let address = text.replace(/ /g, "").toLowerCase().normalize("NFC");
  const bracketed = /<([^<>]*)>$/.exec(address);
  if (bracketed !== null) address = bracketed[1] ?? "";
  if (address.startsWith("mailto:")) address = (address.slice(7).split("?", 1)[0] ?? "").replace("%40", "@");
  if (!address.includes("@")) address = address.replace("%40", "@");
  // Sheets put an apostrophe before text, sentences a full stop after it.
  address = address.replace(/^['"`]+/, "").replace(/[.,;:'"`]+$/, "");
  return address.length <= ADDRESS_LIMIT && ADDRESS.test(address) ? address : null;
}

function isThrowaway(email: string): boolean {
  const local = emailLocalPart(email);
  const labels = emailDomain(email).split(".");
  const site = labels[0] ?? "";
  if (labels.at(-1) === "invalid") return true;
  const bare = local.split("+", 1)[0] || local;
  if (JUNK_LOCALS.has(bare) || /^test\d{1,4}$/.test(bare)) return true;
  const sample = SAMPLE_SITES.has(site) && labels.length <= 3;
  if (sample && SAMPLE_LOCALS.has(bare)) return true;
  if (isPlaceholder(bare) && !MAILBOX_WORDS.has(bare)) return true;
  if (labels.length === 2 && JUNK_SITES.has(site)) return true;
  // a@a.com, abc@abc.com, 123@123.com: quick keys on both sides. Longer ones may be family domains.
  return bare === site && bare.length <= 3;
}

/**
 * An e-mail address as rule R1 hashes it: NFC, lower case without locale, no white space, no `mailto:`, no angle
 * brackets. Null for what does not look like `local@domain.tld` and for addresses that name nobody (`test@test.com`,
 * `noreply@…`, `a@a.com`). Never throws; idempotent.
 */
export function normalizeEmail(raw: unknown): string | null {
  const address = addressForm(raw);
  return address === null || isThrowaway(address) ? null : address;
}

/**
 * What has been typed of an address in a half-filled form ("leep", "jane.d@gm"): lower case, at least 3 characters, all
 * of them fit for an address. Null for whole addresses and placeholders. Never throws; idempotent.
 */
export function normalizePartialEmail(raw: unknown): string | null {
  if (typeof raw !== "string" || addressForm(raw) !== null) return null;
  const text = rawText(raw, ADDRESS_LIMIT + 1);
  if (text === null || text.length > ADDRESS_LIMIT) return null;
  const typed = text.toLowerCase().normalize("NFC");
  if (typed.length < 3 || !PARTIAL.test(typed) || addressForm(typed) !== null) return null;
  const local = emailLocalPart(typed);
  if (isPlaceholder(typed) || isPlaceholder(local) || JUNK_LOCALS.has(local)) return null;
  return typed;
}

/** The part of an address before its last `@`; the whole text when there is none. */
export function emailLocalPart(email: string): string {
  const at = email.lastIndexOf("@");
  return at < 0 ? email : email.slice(0, at);
}

/** The part of an address after its last `@`; empty when there is none. */
export function emailDomain(email: string): string {
  const at = email.lastIndexOf("@");
  return at < 0 ? "" : email.slice(at + 1);
}

/** Whether the mailbox belongs to a function of a company (`info@`, `sales@`) rather than to a person. */
export function isRoleMailbox(email: string): boolean {
  const local = emailLocalPart(email).split("+", 1)[0] ?? "";
  return ROLES.has(local.replace(/[._-]/g, ""));
}
