import { CLICK_ID_COLUMNS } from "../fragment/columns.js";
import type { Bounds, Condition } from "./condition.js";
import type { Comparison, Level } from "./model.js";

const EMAIL_KEYS = ["email", "email_digest"];
const PHONE_KEYS = ["phone", "phone_digest"];
const PERSON_KEYS = [
  ...EMAIL_KEYS,
  ...PHONE_KEYS,
  "visitor_id",
  "ga_client_id",
  "fbp",
  "crm_id",
  "account_id",
];

const all = (...conditions: Condition[]): Condition => ({ all: conditions });
const any = (...conditions: Condition[]): Condition => ({ any: conditions });
const not = (condition: Condition): Condition => ({ not: condition });
const both = (field: string): Condition => ({ known: field });
const level = (name: string, bits: number, when?: Condition): Level =>
  when === undefined ? { name, bits } : { name, when, bits };

const sharesPhone: Condition = { sharesKey: PHONE_KEYS };
const givenNamesAgree: Condition = any({ equal: "given_name" }, { nickname: "given_name" });
const givenNamesDiffer: Condition = all(both("given_name"), not(givenNamesAgree));

/** Names in this share of people or more are usual, and tell little. */
const USUAL: Bounds = { min: 0.0005 };
const COMMON: Bounds = { min: 0.005 };

/** One weight for each class of gap in days between the uses of a shared phone. */
function byPhoneGap(name: string, bits: readonly [number, number, number, number], and: Condition): Level[] {
  const gaps = [
    ["within a day", 1],
    ["within 14 days", 14],
    ["within 44 days", 44],
  ] as const;
  return [
    ...gaps.map(([gap, max], at) =>
      level(`${name}, ${gap}`, bits[at] as number, all(and, { sharesKey: PHONE_KEYS, gapDays: { max } })),
    ),
    level(`${name}, later`, bits[3], and),
  ];
}

/** One weight for each level of a time-local block, where it matters for pairs that fit one more condition. */
function timeLocalLevels(
  block: string,
  bits: Readonly<Record<string, number>>,
  and?: { readonly name: string; readonly when: Condition },
): Level[] {
  return Object.entries(bits).map(([name, weight]) => {
    const found: Condition = { timeLocal: block, levels: [name] };
    return and === undefined
      ? level(name, weight, found)
      : level(`${name}, ${and.name}`, weight, all(found, and.when));
  });
}

/**
 * Comparisons of call-tracking leads. Weights are in bits, additive over candidate pairs, from regressions on simulated
 * leads and rounded to half a bit; missing evidence is 0.
 */
export const DEFAULT_COMPARISONS: readonly Comparison[] = [
  {
    name: "email",
    given: any({ sharesKey: EMAIL_KEYS }, both("email"), {
      prefix: "email_typed",
      of: "email",
      length: { min: 4 },
    }),
    levels: [
      level("equal, of one person", 8, { sharesKey: EMAIL_KEYS, names: { max: 1 } }),
      level("equal, of several names", 4.5, { sharesKey: EMAIL_KEYS }),
      level("one mailbox by the provider's rule", 2, { equal: "mailbox" }),
      level("one slip apart", 3.5, { edits: "email", atMost: 1, minLength: 10 }),
      level("same local part", 3, { edits: "email_local", atMost: 0, minLength: 7 }),
      level("typed in part", 1, { prefix: "email_typed", of: "email", length: { min: 4 } }),
      level("different", -1.5),
    ],
  },
  {
    name: "phone",
    given: any(sharesPhone, both("phone"), { prefix: "phone_typed", of: "phone_national" }),
    levels: [
      level("typed, of one name", 3.5, { sharesKey: PHONE_KEYS, typed: true, names: { max: 1 } }),
      level("typed, of two names", 2, { sharesKey: PHONE_KEYS, typed: true, names: { max: 2 } }),
      level("typed, of more names", 0.5, { sharesKey: PHONE_KEYS, typed: true }),
      level("caller id", 2.5, { sharesKey: PHONE_KEYS, names: { max: 2 } }),
      level("caller id of more names", -5.5, { sharesKey: PHONE_KEYS }),
      level("one slip apart", 1.5, { edits: "phone", atMost: 1 }),
      level("typed in part, six digits or more", 4, {
        prefix: "phone_typed",
        of: "phone_national",
        length: { min: 6 },
      }),
      level("typed in part", 1.5, { prefix: "phone_typed", of: "phone_national" }),
      level("different", -3, both("phone")),
    ],
  },
  {
    name: "use of the phone",
    given: sharesPhone,
    levels: [
      ...byPhoneGap("first names agree", [5, 7, 4, 3.5], givenNamesAgree),
      ...byPhoneGap("first names differ", [4, 4, 3, 1.5], givenNamesDiffer),
      ...byPhoneGap("no name, phone of one name", [5.5, 2.5, 1, 0], {
        sharesKey: PHONE_KEYS,
        names: { max: 1 },
      }),
      ...byPhoneGap("no name", [4.5, 2.5, 1, 0.5], sharesPhone),
    ],
  },
  {
    name: "browser",
    given: any({ sharesKey: ["visitor_id", "ga_client_id", "fbp"] }, { differs: "visitor_id" }),
    levels: [
      level("same cookie", 6, { sharesKey: ["visitor_id", "ga_client_id", "fbp"] }),
      level(
        "cookie lost on one site",
        0,
        all({ equal: "site" }, any({ equal: "fingerprint" }, { timeLocal: "network" })),
      ),
      level("other cookie on one site", -0.5, { equal: "site" }),
      level("other cookie", -1.5),
    ],
  },
  {
    name: "click",
    given: { sharesKey: [...CLICK_ID_COLUMNS] },
    levels: [
      level("same click, same agent", 4, { equal: "agent" }),
      level("same click, other agent", 0, both("agent")),
      level("same click", 5),
    ],
  },
  {
    name: "account",
    given: any({ sharesKey: ["crm_id", "account_id"] }, { differs: "crm_id" }, { differs: "account_id" }),
    levels: [level("equal", 12, { sharesKey: ["crm_id", "account_id"] }), level("different", -3)],
  },
  {
    name: "first name",
    given: both("given_name"),
    levels: [
      level("equal, common", 2.5, { equal: "given_name", share: COMMON }),
      level("equal, usual", 3.5, { equal: "given_name", share: USUAL }),
      level("equal, rare", 3.5, { equal: "given_name" }),
      level("nickname", 2, { nickname: "given_name" }),
      level("one slip apart", 1.5, { edits: "given_name", atMost: 1, minLength: 4 }),
      level("initial", 1, { prefix: "given_name", length: { max: 1 } }),
      level("swapped with the last name", 0.5, { swapped: ["given_name", "family_name"] }),
      level("different, shared phone", -6.5, sharesPhone),
      level("different, shared key", -4.5, { sharesKey: PERSON_KEYS }),
      level("different", -3.5),
    ],
  },
  {
    name: "last name",
    given: both("family_name"),
    levels: [
      level("equal, first names differ", 2, all({ equal: "family_name" }, givenNamesDiffer)),
      level("equal, usual", 1.5, { equal: "family_name", share: USUAL }),
      level("equal, rare", 2, { equal: "family_name" }),
      level(
        "one slip apart",
        1.5,
        any({ edits: "family_name", atMost: 1, minLength: 4 }, { jaroWinkler: "family_name", atLeast: 0.92 }),
      ),
      level("swapped with the first name", 0.5, { swapped: ["given_name", "family_name"] }),
      level("different, as first names", 0, givenNamesDiffer),
      level("different", -6),
    ],
  },
  {
    name: "date of birth",
    given: both("date_of_birth"),
    levels: [
      level("equal", 6, { equal: "date_of_birth" }),
      level("one digit off", 3, { edits: "date_of_birth", atMost: 1 }),
      level("different", -6),
    ],
  },
  {
    name: "postcode",
    given: both("postal_code"),
    levels: [
      level("equal", 0.5, { equal: "postal_code" }),
      level("different, as first names", 0, givenNamesDiffer),
      level("different", -3),
    ],
  },
  {
    name: "street",
    given: both("street"),
    levels: [
      level("equal", 0.5, { equal: "street" }),
      level("close", 0, { jaroWinkler: "street", atLeast: 0.9 }),
      level("different, as first names", 0, givenNamesDiffer),
      level("different", -2),
    ],
  },
  {
    name: "city",
    given: all(both("city"), not(sharesPhone)),
    levels: [level("equal", 1.5, { equal: "city" }), level("different", -6)],
  },
  {
    name: "company",
    given: all(both("company"), not({ differs: "crm_id" })),
    levels: [
      level("equal", 2, { equal: "company" }),
      level("close", 1, { jaroWinkler: "company", atLeast: 0.9 }),
      level("different", -2),
    ],
  },
  {
    name: "device",
    given: any(both("fingerprint"), { equal: "ip" }),
    levels: [
      level("same fingerprint and address", 3.5, all({ equal: "fingerprint" }, { equal: "ip" })),
      level("same fingerprint and agent", 1, all({ equal: "fingerprint" }, { equal: "agent" })),
      level("same fingerprint", 2.5, { equal: "fingerprint" }),
      level(
        "same address and agent, other fingerprint",
        -1.5,
        all({ equal: "ip" }, { equal: "agent" }, both("fingerprint")),
      ),
      level("same address and agent", 0.5, all({ equal: "ip" }, { equal: "agent" })),
      level("same address", 2, { equal: "ip" }),
      level("nothing in common", -0.5),
    ],
  },
  {
    name: "network in time",
    given: all({ timeLocal: "network" }, not({ equal: "fingerprint" })),
    levels: timeLocalLevels("network", {
      "12 hours, alone": 6.5,
      "12 hours, few": 6,
      "12 hours, several": 5,
      "1 day, alone": 2,
      "1 day, few": 1.5,
      "1 day, several": 0.5,
      "7 days, alone": 1.5,
      "7 days, few": 1.5,
      "7 days, several": 1,
    }),
  },
  {
    name: "number shown and dialled",
    given: { timeLocal: "number" },
    levels: timeLocalLevels("number", {
      "10 minutes, alone": 4.5,
      "10 minutes, few": 3.5,
      "10 minutes, several": 3,
      "30 minutes, alone": 4.5,
      "30 minutes, few": 2,
      "30 minutes, several": 0,
      "2 hours, alone": 3,
      "2 hours, few": 0,
      "2 hours, several": -1,
    }),
  },
  {
    name: "publisher",
    given: all(both("publisher"), any({ timeLocal: "number" }, { timeLocal: "publisher" })),
    levels: [
      level("number dialled, same publisher", 1.5, all({ timeLocal: "number" }, { equal: "publisher" })),
      level("number dialled, other publisher", -8, { timeLocal: "number" }),
      level("within 10 minutes", 5, { timeLocal: "publisher", levels: ["10 minutes, alone"] }),
      level("within 10 minutes, few", 3.5, { timeLocal: "publisher", levels: ["10 minutes, few"] }),
      level("within 2 hours", 2.5, { timeLocal: "publisher", levels: ["2 hours, alone"] }),
      level("within 2 hours, few", 0.5, { timeLocal: "publisher", levels: ["2 hours, few"] }),
      level("crowded", 1),
    ],
  },
  {
    name: "campaign",
    given: { timeLocal: "campaign" },
    levels: [
      ...timeLocalLevels(
        "campaign",
        {
          "12 hours, alone": 4.5,
          "12 hours, few": 4,
          "12 hours, several": 3,
          "7 days, alone": 5,
          "7 days, few": 4.5,
          "7 days, several": 3,
        },
        { name: "same agent", when: { equal: "agent" } },
      ),
      ...timeLocalLevels("campaign", {
        "12 hours, alone": 3.5,
        "12 hours, few": 2.5,
        "12 hours, several": 1.5,
        "7 days, alone": 2,
        "7 days, few": 1.5,
        "7 days, several": 1,
      }),
    ],
  },
];
