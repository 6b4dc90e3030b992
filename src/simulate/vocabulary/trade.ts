/** What pay-per-call publishers sell: each vertical has its own sites, campaigns, buyers and CRM. */
export const VERTICALS: readonly string[] = [
  "roofing",
  "solar",
  "plumbing",
  "medicare",
  "autoinsurance",
  "legal",
];

export const SITE_BRANDS: readonly string[] = ["direct", "quotes", "pros", "compare", "experts", "nearby"];

export const LANDING_PATHS: readonly string[] = ["/lp/2", "/quote", "/", "/lp/7", "/estimate"];

export const INNER_PATHS: readonly string[] = [
  "/faq",
  "/pricing",
  "/reviews",
  "/contact",
  "/how-it-works",
  "/areas",
];

/** Names of campaigns by rank inside a publisher; rank 0 has about half of the traffic. */
export const CAMPAIGN_NAMES: readonly string[] = [
  "core",
  "brand",
  "spring",
  "seniors",
  "retarget",
  "storm",
  "video",
  "lookalike",
  "mobile",
  "weekend",
  "test-b",
  "longtail",
];

/** Where the traffic of a campaign comes from. */
export interface Channel {
  readonly source: string;
  readonly medium: string;
  readonly referrer: string;
  readonly clickId: "gclid" | "fbclid" | "";
  readonly weight: number;
}

export const CHANNELS: readonly Channel[] = [
  { source: "google", medium: "cpc", referrer: "https://www.google.com/", clickId: "gclid", weight: 48 },
  {
    source: "facebook",
    medium: "paid_social",
    referrer: "https://l.facebook.com/",
    clickId: "fbclid",
    weight: 28,
  },
  { source: "taboola", medium: "native", referrer: "https://www.taboola.com/", clickId: "", weight: 8 },
  { source: "newsletter", medium: "email", referrer: "", clickId: "", weight: 8 },
  { source: "bing", medium: "cpc", referrer: "https://www.bing.com/", clickId: "", weight: 8 },
];

export const SEARCH_TERMS: readonly string[] = [
  "near me",
  "quotes",
  "cost",
  "best",
  "company",
  "free estimate",
];

export const DISPOSITIONS: readonly string[] = [
  "not_interested",
  "qualified",
  "callback",
  "no_answer",
  "sold",
  "appointment_set",
  "wrong_number",
  "dnc",
];

export const CRM_STATES: readonly string[] = ["open", "nurture", "won", "lost"];

export const COMPANY_KINDS: readonly string[] =
  "Roofing Electric Dental Medical Foods Freight Insurance Consulting Group Labs Motors Realty Supply Services".split(
    " ",
  );

/** Mail providers by weight. `.example` hosts stand for the long tail of private domains. */
export const MAIL_HOSTS: readonly (readonly [string, number])[] = [
  ["gmail.com", 56],
  ["yahoo.com", 15],
  ["hotmail.com", 7],
  ["outlook.com", 6],
  ["icloud.com", 6],
  ["aol.com", 5],
  ["comcast.net", 3],
  ["att.net", 2],
];

/** Usual slips in the host of a mail address. */
export const MISTYPED_HOSTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["gmail.com", ["gmial.com", "gmai.com", "gmail.con", "gamil.com", "gmail.co"]],
  ["yahoo.com", ["yaho.com", "yahooo.com", "yahoo.con"]],
  ["hotmail.com", ["hotmial.com", "hotmail.con", "hotmal.com"]],
  ["outlook.com", ["outlok.com", "outlook.con"]],
  ["icloud.com", ["iclod.com", "icloud.con"]],
  ["aol.com", ["aol.con"]],
]);

/** What people type who do not want to be written to; the first ones are far more usual than the last. */
export const PLACEHOLDER_EMAILS: readonly string[] = [
  "test@test.com",
  "none@none.com",
  "a@a.com",
  "noemail@gmail.com",
  "na@na.com",
  "noreply@gmail.com",
  "abc@abc.com",
  "asdf@asdf.com",
  "no@no.com",
];

export const PLACEHOLDER_PHONES: readonly string[] = [
  "5555555555",
  "1234567890",
  "0000000000",
  "1111111111",
  "9999999999",
  "5551234567",
  "2222222222",
  "1231231234",
  "5555551212",
];

/** Withheld callers as carriers and platforms spell them (words and keypad spellings). */
export const WITHHELD_CALLERS: readonly string[] = [
  "+266696687",
  "+7378742833",
  "anonymous",
  "Restricted",
  "+2562533",
  "+8656696",
  "unknown",
  "+86282452253",
  "Anonymous",
  "private",
  "Unavailable",
  "7748283",
  "sip:anonymous@anonymous.invalid",
];

export const TEST_PEOPLE: readonly (readonly [string, string])[] = [
  ["Test", "Test"],
  ["test", "lead"],
  ["John", "Doe"],
  ["Asdf", "Asdf"],
];
