import type { Field, LastingBlock, TimeLocalBlock } from "./model.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What call tracking compares. */
export const DEFAULT_FIELDS: Readonly<Record<string, Field>> = {
  email: { from: ["identifier:email"], normalizer: "email" },
  mailbox: { from: ["identifier:email"], normalizer: "email-mailbox" },
  email_local: { from: ["identifier:email"], normalizer: "email-local" },
  email_typed: { from: ["identifier:email"], normalizer: "email-typed" },
  phone: { from: ["identifier:phone"], normalizer: "phone" },
  phone_national: { from: ["identifier:phone"], normalizer: "phone-national" },
  phone_typed: { from: ["identifier:phone"], normalizer: "phone-typed" },
  given_name: {
    from: ["attribute:first_name", { from: "attribute:full_name", normalizer: "full-name-given" }],
    normalizer: "given-name",
  },
  family_name: {
    from: ["attribute:last_name", { from: "attribute:full_name", normalizer: "full-name-family" }],
    normalizer: "family-name",
  },
  name_sound: {
    from: ["attribute:last_name", { from: "attribute:full_name", normalizer: "full-name-sound" }],
    normalizer: "name-sound",
  },
  date_of_birth: { from: ["attribute:date_of_birth"], normalizer: "date" },
  street: { from: ["attribute:street"], normalizer: "street" },
  postal_code: { from: ["attribute:postal_code"], normalizer: "postcode" },
  city: { from: ["attribute:city"], normalizer: "city" },
  region: { from: ["attribute:region"], normalizer: "region" },
  company: { from: ["attribute:company"], normalizer: "company" },
  fingerprint: { from: ["signal:fingerprint"], normalizer: "exact" },
  ip: { from: ["signal:ip"], normalizer: "ip" },
  agent: { from: ["signal:user_agent"], normalizer: "exact" },
  device: { from: ["signal:user_agent"], normalizer: "device" },
  site: { from: ["signal:landing_page"], normalizer: "site" },
  publisher: { from: ["signal:publisher_id"], normalizer: "exact" },
  utm_source: { from: ["signal:utm_source"], normalizer: "text" },
  campaign: { from: ["signal:utm_campaign"], normalizer: "text" },
  number_shown: { from: ["signal:number_shown"], normalizer: "number" },
  number_dialled: { from: ["signal:number_dialled"], normalizer: "number" },
};

/** Blocks that do not age, the most telling first: a strand is in its first 16. */
export const DEFAULT_LASTING_BLOCKS: readonly LastingBlock[] = [
  { name: "fingerprint and address", fields: ["fingerprint", "ip"] },
  { name: "mailbox", fields: ["mailbox"] },
  { name: "name and street", fields: ["family_name", "street"] },
  { name: "name sound and postcode", fields: ["name_sound", "postal_code"] },
  { name: "name and city", fields: ["given_name", "family_name", "city"] },
  { name: "date of birth and name", fields: ["date_of_birth", "name_sound"] },
  { name: "date of birth and given name", fields: ["date_of_birth", "given_name"] },
  { name: "address and agent", fields: ["ip", "agent"] },
  { name: "local part of the address", fields: ["email_local"] },
  { name: "name", fields: ["given_name", "family_name"] },
  { name: "fingerprint", fields: ["fingerprint"] },
  { name: "name and company", fields: ["company", "name_sound"] },
];

/** Nobody else about, a few others, several: where two sides meet, and where any two of one side do (who are two at least). */
const CROWDS_OF_TWO_SIDES = { alone: 1, few: 3, several: 7 };
const CROWDS_OF_ONE_SIDE = { alone: 2, few: 4, several: 7 };

/**
 * Every gap class with every crowd class, best first. Where any two of one side meet, a shorter gap is better than a smaller
 * crowd; where a number was dialled, both tell about as much.
 */
function levelsOf(
  gaps: Readonly<Record<string, number>>,
  crowds: Readonly<Record<string, number>>,
): TimeLocalBlock["levels"] {
  const twoSided = crowds === CROWDS_OF_TWO_SIDES;
  const ranked = Object.entries(gaps).flatMap(([gap, maxGapBins], atGap) =>
    Object.entries(crowds).map(([crowd, maxCrowd], atCrowd) => ({
      rank: twoSided ? (atGap + atCrowd) * 10 + atCrowd : atGap * 10 + atCrowd,
      level: { name: `${gap}, ${crowd}`, maxGapBins, maxCrowd },
    })),
  );
  return ranked.sort((a, b) => a.rank - b.rank).map(({ level }) => level);
}

export const DEFAULT_TIME_LOCAL_BLOCKS: readonly TimeLocalBlock[] = [
  {
    name: "number",
    first: { fields: ["number_shown"] },
    second: { fields: ["number_dialled"], unless: ["visitor_id"] },
    slotMs: 2 * HOUR,
    binMs: 5 * MINUTE,
    levels: levelsOf({ "10 minutes": 2, "30 minutes": 6, "2 hours": 24 }, CROWDS_OF_TWO_SIDES),
  },
  {
    name: "network",
    first: { fields: ["ip", "agent"] },
    slotMs: 7 * DAY,
    binMs: 6 * HOUR,
    levels: levelsOf({ "12 hours": 1, "1 day": 4, "7 days": 28 }, CROWDS_OF_ONE_SIDE),
  },
  {
    name: "publisher",
    first: { kinds: ["session", "pageview", "click_to_call", "form", "form_partial"], fields: ["publisher"] },
    second: { kinds: ["call"], fields: ["publisher"], unless: ["visitor_id"] },
    slotMs: 2 * HOUR,
    binMs: 5 * MINUTE,
    levels: levelsOf({ "10 minutes": 2, "2 hours": 24 }, CROWDS_OF_TWO_SIDES),
  },
  {
    name: "campaign",
    first: { fields: ["publisher", "utm_source", "campaign", "site"] },
    slotMs: 7 * DAY,
    binMs: 6 * HOUR,
    levels: levelsOf({ "12 hours": 1, "7 days": 28 }, CROWDS_OF_ONE_SIDE),
  },
];
