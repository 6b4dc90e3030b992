import { createHash } from "node:crypto";
import type { Identifier } from "../../src/fragment/fragment.js";

/** Few values of everything, so that histories of a dozen fragments meet, crowd and contradict one another. */

function hex(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest("hex");
}

const START = Date.UTC(2026, 0, 5, 10, 0);
const MINUTE = 60_000;

/** Whole slots and bins of the time-local blocks, their borders, other days and other weeks. */
export const TIMES: readonly (number | string)[] = [
  ...[0, 1, 4, 5, 9, 11, 20, 29, 45, 60, 110, 119, 120, 121, 125, 130, 180, 239, 241].map(
    (minute) => START + minute * MINUTE,
  ),
  ...[1, 2, 6, 8, 15, 40].map((day) => START + day * 24 * 60 * MINUTE),
  "2026-01-05T10:00:00Z",
  "2026-01-05T12:03:00+01:00",
];

const EMAILS: readonly string[] = [
  "ann.doe@gmail.com",
  "anndoe@gmail.com",
  "ann.doe+shop@gmail.com",
  "ann.doe@harbor.example",
  "anm.doe@harbor.example",
  "bob@harbor.example",
];

const PHONES: readonly string[] = [
  "+14155552671",
  "(415) 555-2671",
  "415-555-2672",
  "+1 415 555 2673",
  "4155552674",
];

/** Values that stand for nothing, in several spellings. */
const NOTHINGS: readonly string[] = [
  "",
  " ",
  "null",
  '"null"',
  "N/A",
  "0000000000",
  "+266696687",
  "test@test.com",
  "[object Object]",
  "unknown",
];

const EMAIL_DIGESTS: readonly string[] = [
  hex("sha256", "anndoe@gmail.com"),
  hex("sha256", "ann.doe@gmail.com").toUpperCase(),
  hex("md5", "bob@harbor.example"),
  hex("sha1", "ann.doe@harbor.example"),
  hex("sha256", ""),
];

export const PHONE_DIGESTS: readonly string[] = [
  hex("sha256", "+14155552671"),
  hex("md5", "14155552672"),
  hex("sha1", "4155552673"),
];

const VISITORS: readonly string[] = ["v-one", "v-two", "v-three", "v-four"];
const CRM_IDS: readonly string[] = ["17", "18", "19"];
const ACCOUNT_IDS: readonly string[] = ["acc-1", "acc-2", "acc-3"];
const CLICKS: readonly string[] = ["Cj0KCQiA-one", "Cj0KCQiA-two", "Cj0KCQiA-three"];

/** Type → values, with the weight of the type among identifiers. */
export const IDENTIFIERS: readonly {
  readonly type: Identifier["type"];
  readonly values: readonly string[];
  readonly weight: number;
}[] = [
  { type: "email", values: [...EMAILS, EMAIL_DIGESTS[0] as string], weight: 20 },
  { type: "phone", values: PHONES, weight: 20 },
  { type: "email_digest", values: EMAIL_DIGESTS, weight: 12 },
  { type: "phone_digest", values: PHONE_DIGESTS, weight: 8 },
  { type: "visitor_id", values: VISITORS, weight: 20 },
  { type: "crm_id", values: CRM_IDS, weight: 8 },
  { type: "account_id", values: ACCOUNT_IDS, weight: 12 },
  { type: "gclid", values: CLICKS, weight: 8 },
  { type: "email", values: ["ann.d", "ann.doe@ha", ...NOTHINGS], weight: 4 },
  { type: "phone", values: ["41555", "415555267", ...NOTHINGS], weight: 4 },
  { type: "loyalty", values: ["L1"], weight: 1 },
];

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";

export const SIGNALS: Readonly<Record<string, readonly string[]>> = {
  ip: ["81.2.69.142", "81.2.69.143", "10.0.0.1"],
  user_agent: [CHROME, SAFARI],
  fingerprint: ["fp-1", "fp-2"],
  landing_page: ["https://roofing.example/quote?x=1", "https://pools.example/"],
  publisher_id: ["pub-1", "pub-2"],
  utm_source: ["search"],
  utm_campaign: ["spring", "autumn"],
  number_shown: ["+18005550199", "+18885550123"],
  number_dialled: ["+18005550199", "8885550123"],
};

export const ATTRIBUTES: Readonly<Record<string, readonly (string | number | readonly string[])[]>> = {
  first_name: ["Ann", "Anna", "Bob", "Robert", "A", "Doe", "null"],
  last_name: ["Doe", "Dow", "Roe", "Ann"],
  full_name: ["Ann Doe", "Mr. Robert Roe", "n/a"],
  date_of_birth: ["1990-02-03", "1990-02-13", "1971-12-30"],
  street: ["1 Main Street", "1 Main St", "9 Mill Lane"],
  postal_code: ["94110", "10001"],
  city: ["Springfield", "Salem"],
  company: ["Acme Roofing LLC", "Bay Pools"],
  revenue: [100, 104, "150"],
  interest: [["roof", "gutter"], ["roof", "pool", "gutter"], ["pool"], "roof"],
};

export const CONSENT: Readonly<Record<string, readonly boolean[]>> = {
  marketing: [true, false],
  calls: [true, true, false],
};

export const KINDS: readonly string[] = ["session", "pageview", "form", "call", "disposition", "crm"];
/** The second is public capture, which the tiny models do not trust. */
export const SOURCES: readonly string[] = ["web", "pixel", "calls"];
