import { emailDomain, emailLocalPart } from "./email.js";

/**
 * The rules by which systems in the field write an address before hashing it:
 *
 * - `R1` as normalised (Meta, Snap, most CRMs)
 * - `R2` no dots at Gmail, tag kept (CM360, older Google samples)
 * - `R3` no dots and no +tag at Gmail, domain kept (Google today)
 * - `R4` no dots and no +tag at every domain (Google's page as worded in December 2025)
 * - `R5` R2 without the `+` sign but with the text of the tag (a fault merged into googleads/google-ads-python #1050)
 * - `R6` MaxMind minFraud: tags (`-` at Yahoo) dropped everywhere, aliases of domains and usual typing errors folded
 */
export type EmailRule = "R1" | "R2" | "R3" | "R4" | "R5" | "R6";

/** The text that `rule` hashes for an address in the form of `normalizeEmail`. Total: other text is treated alike. */
export function emailRuleText(email: string, rule: EmailRule): string {
  const local = emailLocalPart(email);
  const domain = emailDomain(email);
  switch (rule) {
    case "R1":
      return email;
    case "R2":
      return isGmail(domain) ? address(undotted(local), domain, email) : email;
    case "R3":
      return isGmail(domain) ? address(undotted(untagged(local)), domain, email) : email;
    case "R4":
      return address(undotted(untagged(local)), domain, email);
    case "R5":
      return isGmail(domain) ? address(undotted(local).replaceAll("+", ""), domain, email) : email;
    case "R6":
      return minFraudText(local, domain, email);
  }
}

/**
 * The mailbox behind an address in the form of `normalizeEmail`: rule R3 with googlemail.com folded into gmail.com.
 * Dots and tags are dropped at Gmail alone, where they are known not to matter. Idempotent.
 */
export function emailMailbox(email: string): string {
  const domain = emailDomain(email);
  if (!isGmail(domain)) return email;
  const local = emailLocalPart(email);
  return `${undotted(untagged(local)) || local}@gmail.com`;
}

function isGmail(domain: string): boolean {
  return domain === "gmail.com" || domain === "googlemail.com";
}

function undotted(local: string): string {
  return local.replaceAll(".", "");
}

function untagged(local: string): string {
  const plus = local.indexOf("+");
  return plus > 0 ? local.slice(0, plus) : local;
}

/** Never an address without a local part: then the rule does not apply. */
function address(local: string, domain: string, unchanged: string): string {
  return local === "" || domain === "" ? unchanged : `${local}@${domain}`;
}

const SAME_DOMAIN: ReadonlyMap<string, string> = new Map([
  ["googlemail.com", "gmail.com"],
  ["pm.me", "protonmail.com"],
  ["proton.me", "protonmail.com"],
  ["yandex.by", "yandex.ru"],
  ["yandex.com", "yandex.ru"],
  ["yandex.kz", "yandex.ru"],
  ["yandex.ua", "yandex.ru"],
  ["ya.ru", "yandex.ru"],
]);
/** One letter wrong, doubled or swapped. */
const GMAIL_TYPO = /^(?:gmai|gamil|gmali|gmial|gmil|gmaill|gmailm|gmailo|\d+gmail?)\.com$/;
const COM_TYPO = /\.(?:c[b-np-z]m|co[ln]|[dsvx]o[mn]|com{2,4}|comn|clam|colm|comcom)$/;
const YAHOO = /^(?:yahoo|ymail|y7mail)\./;
/** The chief domains only: the provider has more than a hundred. */
const FASTMAIL =
  /^(?:fastmail\.(?:com|fm|net|org|us|uk|co\.uk|com\.au|de|fr|es|nl|to)|sent\.com|mm\.st|eml\.cc)$/;

/** Written from MaxMind's description of its normalisation; IDN domains are left in Unicode. */
function minFraudText(local: string, domain: string, unchanged: string): string {
  let host = domain.replace(/(?:\.com){2,}$/, ".com").replace(/^\d+gmail?\.com$/, "gmail.com");
  host = host.replace(COM_TYPO, ".com");
  if (GMAIL_TYPO.test(host)) host = "gmail.com";
  host = SAME_DOMAIN.get(host) ?? host;
  const tag = local.indexOf(YAHOO.test(host) ? "-" : "+");
  let box = tag > 0 ? local.slice(0, tag) : local;
  if (host === "gmail.com") box = undotted(box);
  const dot = host.indexOf(".");
  const parent = host.slice(dot + 1);
  if (dot > 0 && FASTMAIL.test(parent)) {
    box = host.slice(0, dot);
    host = parent;
  }
  return address(box, host, unchanged);
}
