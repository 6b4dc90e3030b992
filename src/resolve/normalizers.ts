import type { FieldNormalizer, Model } from "../model/model.js";
import {
  cleanText,
  createPhoneNormalizer,
  createUserAgentParser,
  emailLocalPart,
  emailMailbox,
  foldText,
  nationalDigits,
  normalizeCity,
  normalizeCompany,
  normalizeCountry,
  normalizeDate,
  normalizeEmail,
  normalizeFamilyName,
  normalizeGivenName,
  normalizeIp,
  normalizeOpaqueId,
  normalizePartialEmail,
  normalizePostcode,
  normalizeRegion,
  normalizeStreet,
  normalizeUrl,
  type PhoneNormalizer,
  phoneticCode,
  splitFullName,
  standsForNobody,
} from "../normalize/index.js";

import { Recent } from "./recent.js";

export type Normalize = (raw: unknown, region: string) => string | null;

/** Values remembered per normaliser, twice over; numbers, which are the slowest to read and come in several fields, as many more. */
const REMEMBERED = 8_192;
const NUMBERS_FOR_ONE = 4;

/** Raw → normal form per kind of field, each with a bounded memory of its own: leads repeat their names, pages and agents. */
export interface FieldNormalizers {
  readonly phone: PhoneNormalizer;
  /** The normal form as a list of one, shared by all who ask; undefined where the value is none. */
  readonly values: (
    normalizer: FieldNormalizer,
    raw: unknown,
    region: string,
  ) => readonly [string] | undefined;
  /** The same for one normaliser, for those who ask again and again. */
  readonly reader: (normalizer: FieldNormalizer) => ReadValues;
}

type ReadValues = (raw: unknown, region: string) => readonly [string] | undefined;

function whenText(transform: (text: string) => string | null): Normalize {
  return (raw) => {
    const text = cleanText(raw);
    return text === null ? null : transform(text) || null;
  };
}

function overEmail(transform: (email: string) => string): Normalize {
  return (raw) => {
    const email = normalizeEmail(raw);
    return email === null ? null : transform(email);
  };
}

export function createFieldNormalizers(model: Model, remembered = REMEMBERED): FieldNormalizers {
  const phone = createPhoneNormalizer({
    defaultRegion: model.phone.defaultRegion,
    ownNumbers: model.phone.ownNumbers,
    blocked: model.phone.blocked,
    cacheSize: remembered * NUMBERS_FOR_ONE,
  });
  const parseAgent = createUserAgentParser();
  const table: Readonly<Record<FieldNormalizer, Normalize>> = {
    email: (raw) => normalizeEmail(raw),
    "email-mailbox": overEmail(emailMailbox),
    "email-local": overEmail(emailLocalPart),
    "email-typed": (raw) => normalizePartialEmail(raw),
    phone: (raw, region) => {
      const found = phone.normalize(raw, region);
      return "e164" in found ? found.e164 : null;
    },
    "phone-typed": (raw, region) => {
      const found = phone.normalize(raw, region);
      return "partial" in found ? found.partial : null;
    },
    "phone-national": (raw, region) => {
      const found = phone.normalize(raw, region);
      return "e164" in found ? nationalDigits(found.e164) : null;
    },
    "given-name": (raw) => normalizeGivenName(raw),
    "family-name": (raw) => normalizeFamilyName(raw),
    "full-name-given": (raw) => splitFullName(raw).given,
    "full-name-family": (raw) => splitFullName(raw).family,
    "name-sound": (raw) => soundOf(normalizeFamilyName(raw)),
    "full-name-sound": (raw) => soundOf(splitFullName(raw).family),
    postcode: (raw) => normalizePostcode(raw),
    street: (raw) => normalizeStreet(raw),
    city: (raw) => normalizeCity(raw),
    region: (raw) => normalizeRegion(raw),
    country: (raw) => normalizeCountry(raw),
    company: (raw) => normalizeCompany(raw),
    date: (raw) => normalizeDate(raw),
    ip: (raw) => publicAddress(raw, "ip"),
    network: (raw) => publicAddress(raw, "network"),
    agent: (raw) => parseAgent(raw)?.agent ?? null,
    device: (raw) => parseAgent(raw)?.device ?? null,
    site: (raw) => normalizeUrl(raw)?.site ?? null,
    number: (raw, region) => phone.dialled(raw, region),
    text: whenText(foldText),
    exact: (raw) => normalizeOpaqueId(raw),
  };
  const regional = new Set<FieldNormalizer>(["phone", "phone-typed", "phone-national", "number"]);
  const readers = Object.fromEntries(
    (Object.keys(table) as FieldNormalizer[]).map((name) => [
      name,
      regional.has(name)
        ? readerByRegion(name, table[name], remembered)
        : createReader(name, table[name], remembered),
    ]),
  ) as Record<FieldNormalizer, ReadValues>;

  return {
    phone,
    reader: (normalizer) => readers[normalizer],
    values: (normalizer, raw, region) => readers[normalizer](raw, region),
  };
}

function createReader(name: FieldNormalizer, normalize: Normalize, remembered: number): ReadValues {
  const known = new Recent<unknown, readonly [string] | null>(remembered);
  const checks = !/^(?:email|phone|number)/.test(name);
  return (raw, region) => {
    let values = known.get(raw);
    if (values === undefined) {
      const value = checks && isNobodys(raw) ? null : normalize(raw, region);
      values = value === null ? null : [value];
      known.set(raw, values);
    }
    return values ?? undefined;
  };
}

/** Numbers mean something else in each region. */
function readerByRegion(name: FieldNormalizer, normalize: Normalize, remembered: number): ReadValues {
  const byRegion = new Map<string, ReadValues>();
  return (raw, region) => {
    let read = byRegion.get(region);
    if (read === undefined) {
      read = createReader(name, normalize, remembered);
      byRegion.set(region, read);
    }
    return read(raw, region);
  };
}

/** Addresses and numbers are refused by their own rules; what stands in for them turns up in names and places too. */
function isNobodys(raw: unknown): boolean {
  return typeof raw === "string" && standsForNobody(raw.trim());
}

function soundOf(family: string | null): string | null {
  return family === null ? null : phoneticCode(family);
}

/** Addresses of private and reserved ranges say nothing about who is behind them. */
function publicAddress(raw: unknown, part: "ip" | "network"): string | null {
  const address = normalizeIp(raw);
  return address === null || address.scope !== "public" ? null : address[part];
}
