import { md5, sha1 } from "@noble/hashes/legacy";
import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils";
import type { PowerLaw } from "./powerLaw.js";
import type { Random } from "./random.js";
import type { SimulateRates } from "./rates.js";
import { NICKNAMES } from "./vocabulary/names.js";
import { MISTYPED_HOSTS, PLACEHOLDER_EMAILS, PLACEHOLDER_PHONES } from "./vocabulary/trade.js";

/** How people and agents write what they mean: slips, nicknames, odd capitals, placeholders, digests. */

/** One slip of the fingers: two neighbours swapped, a letter doubled, lost or replaced. */
export function slip(text: string, random: Random): string {
  if (text.length < 3) return text;
  const at = random.between(1, text.length - 2);
  const before = text.slice(0, at);
  switch (random.below(4)) {
    case 0:
      return before + (text[at + 1] as string) + (text[at] as string) + text.slice(at + 2);
    case 1:
      return before + (text[at] as string) + text.slice(at);
    case 2:
      return before + text.slice(at + 1);
    default:
      return before + (random.letters(1, "aeioulnrst") as string) + text.slice(at + 1);
  }
}

function oddCase(text: string, random: Random): string {
  return random.chance(0.5) ? text.toUpperCase() : text.toLowerCase();
}

/** A name as typed into a form, where people slip, or by an agent, whose errors the CRM adds. */
export function typeName(
  first: string,
  last: string,
  by: "person" | "agent",
  rates: SimulateRates,
  random: Random,
): [string, string] {
  let given = random.chance(rates.nickname) ? (NICKNAMES.get(first) ?? first) : first;
  let family = last;
  if (by === "person" && random.chance(rates.nameTypo)) given = slip(given, random);
  if (by === "person" && random.chance(rates.nameTypo)) family = slip(family, random);
  if (random.chance(rates.oddCase)) {
    const upper = random.chance(0.3);
    given = upper ? given.toUpperCase() : given.toLowerCase();
    family = upper ? family.toUpperCase() : family.toLowerCase();
  }
  return [given, family];
}

/** A mail address as typed into a form: mostly right. */
export function typeEmail(email: string, rates: SimulateRates, popular: PowerLaw, random: Random): string {
  if (random.chance(rates.emailPlaceholder)) {
    return PLACEHOLDER_EMAILS[popular.draw(random) % PLACEHOLDER_EMAILS.length] as string;
  }
  const at = email.indexOf("@");
  let local = email.slice(0, at);
  let host = email.slice(at + 1);
  if (random.chance(rates.emailLocalTypo)) local = slip(local, random);
  if (random.chance(rates.emailHostTypo)) host = random.pick(MISTYPED_HOSTS.get(host) ?? [host]);
  const typed = `${local}@${host}`;
  return random.chance(rates.oddCase / 2) ? oddCase(typed, random) : typed;
}

/** Ten digits as typed into a form: mostly right. */
export function typePhone(digits: string, rates: SimulateRates, popular: PowerLaw, random: Random): string {
  if (random.chance(rates.phonePlaceholder)) {
    return PLACEHOLDER_PHONES[popular.draw(random) % PLACEHOLDER_PHONES.length] as string;
  }
  if (random.chance(rates.phoneWrongDigit)) return wrongDigit(digits, random);
  if (!random.chance(rates.phoneSwap)) return digits;
  const at = random.between(3, 8);
  return digits.slice(0, at) + (digits[at + 1] as string) + (digits[at] as string) + digits.slice(at + 2);
}

export function wrongDigit(digits: string, random: Random): string {
  const at = random.between(4, 9);
  const digit = (Number(digits[at]) + random.between(1, 9)) % 10;
  return `${digits.slice(0, at)}${digit}${digits.slice(at + 1)}`;
}

/** The digests in use for one address: plain rule in three algorithms, and Gmail's rule without dots. */
export function emailDigest(email: string, random: Random): string {
  const plain = email.trim().toLowerCase();
  switch (random.geometric(0.4, 3)) {
    case 1:
      return bytesToHex(md5(utf8ToBytes(plain)));
    case 2:
      return bytesToHex(sha256(utf8ToBytes(withoutDots(plain))));
    case 3:
      return bytesToHex(sha1(utf8ToBytes(plain)));
    default:
      return bytesToHex(sha256(utf8ToBytes(plain)));
  }
}

function withoutDots(email: string): string {
  const at = email.indexOf("@");
  if (email.slice(at) !== "@gmail.com") return email;
  return email.slice(0, at).replaceAll(".", "") + email.slice(at);
}

/** Every digest that `emailDigest` may write for an address. */
export function emailDigests(email: string): readonly string[] {
  const plain = utf8ToBytes(email.trim().toLowerCase());
  const dotless = utf8ToBytes(withoutDots(email.trim().toLowerCase()));
  return [md5(plain), sha1(plain), sha256(plain), sha256(dotless)].map(bytesToHex);
}
