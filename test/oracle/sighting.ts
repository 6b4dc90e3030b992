import type { Fragment, Identifier, Scalar } from "../../src/fragment/fragment.js";
import type { FieldNormalizer, Model } from "../../src/model/model.js";
import {
  cleanText,
  createPhoneNormalizer,
  createUserAgentParser,
  emailLocalPart,
  emailMailbox,
  foldText,
  impliedEmailDigests,
  impliedPhoneDigests,
  nationalDigits,
  normalizeCity,
  normalizeClickId,
  normalizeCompany,
  normalizeCountry,
  normalizeDate,
  normalizeDigest,
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
  parseInstant,
  phoneticCode,
  splitFullName,
  standsForNobody,
} from "../../src/normalize/index.js";

/** A key as text: type, scope and value. Equal keys are equal texts. */
export type Key = string;

export function makeKey(type: string, scope: string, value: string): Key {
  return [type, scope, value].join("\u0000");
}

export const typeOf = (key: Key): string => key.split("\u0000")[0] as string;
export const scopeOf = (key: Key): string => key.split("\u0000")[1] as string;
export const normalFormOf = (key: Key): string => key.split("\u0000")[2] as string;

/** One fragment in normal form. */
export interface Sighting {
  readonly fragment: Fragment;
  readonly atMs: number | null;
  readonly event: string;
  readonly untrusted: boolean;
  readonly typed: boolean;
  readonly keys: ReadonlySet<Key>;
  /** Key → greatest confidence. */
  readonly claims: ReadonlyMap<Key, number>;
  /** Field → values; those that are read from keys only later are missing here. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The parsers of one model; they remember what they read, which makes them worth keeping. */
export interface Reader {
  readonly model: Model;
  readonly phone: PhoneNormalizer;
  readonly agent: ReturnType<typeof createUserAgentParser>;
  /** Keys that a blocked value would imply: its digests are blocked with it. */
  readonly blockedDigests: ReadonlySet<Key>;
}

export function createReader(model: Model): Reader {
  const { defaultRegion, ownNumbers, blocked } = model.phone;
  const anyNumber = createPhoneNormalizer({ defaultRegion });
  const digests = [...ownNumbers, ...blocked].flatMap((number) => {
    const e164 = anyNumber.dialled(number);
    return e164 === null ? [] : impliedKeys(makeKey("phone", "", e164), model);
  });
  return {
    model,
    phone: createPhoneNormalizer({ defaultRegion, ownNumbers, blocked }),
    agent: createUserAgentParser(),
    blockedDigests: new Set(digests),
  };
}

export function sight(fragment: Fragment, reader: Reader): Sighting {
  const { model } = reader;
  const keys = new Set<Key>();
  const claims = new Map<Key, number>();
  for (const identifier of fragment.identifiers ?? []) {
    const settings = model.identifiers[identifier.type];
    if (settings === undefined) continue;
    const form = normalForm(identifier, regionOf(identifier, fragment, model), reader);
    if (form === null) continue;
    const key = makeKey(
      form.type,
      settings.scopedBySource ? (identifier.scope ?? fragment.source) : "",
      form.value,
    );
    if (reader.blockedDigests.has(key)) continue;
    const confidence = identifier.confidence ?? 1;
    if (confidence >= (settings.deterministicAt ?? 0.9)) keys.add(key);
    else claims.set(key, Math.max(claims.get(key) ?? 0, confidence));
  }
  const fields = new Map<string, ReadonlySet<string>>();
  for (const name of Object.keys(model.fields)) {
    const values = new Set<string>();
    for (const { from, normalizer } of fieldSources(name, model)) {
      if (isReadFromKeys(from, normalizer)) continue;
      for (const raw of rawValues(fragment, from)) {
        const value = normalizeField(normalizer, raw, model.sources[fragment.source]?.region, reader);
        if (value !== null) values.add(value);
      }
    }
    if (values.size > 0) fields.set(name, values);
  }
  return {
    fragment,
    atMs: parseInstant(fragment.observedAt ?? null),
    event: eventName(fragment),
    untrusted: model.sources[fragment.source]?.untrusted === true,
    typed: model.typedKinds.includes(fragment.kind),
    keys,
    claims,
    fields,
  };
}

function regionOf(identifier: Identifier, fragment: Fragment, model: Model): string {
  return identifier.region ?? model.sources[fragment.source]?.region ?? model.phone.defaultRegion;
}

/** The normal form of an identifier; null when it is blank, blocked, a placeholder or none of its type. */
function normalForm(
  identifier: Identifier,
  region: string,
  { model, phone }: Reader,
): { type: string; value: string } | null {
  const { type, value } = identifier;
  const ofType = (text: string | null): { type: string; value: string } | null =>
    text === null ? null : { type, value: text };
  const digest = normalizeDigest(value);
  // A digest in a column of plain values is a digest of such a value.
  const asDigest = (): { type: string; value: string } | null => {
    const digestType = Object.keys(model.identifiers).find(
      (name) => model.identifiers[name]?.digestOf === type,
    );
    return digest === null || digestType === undefined
      ? null
      : { type: digestType, value: `${digest.algorithm}:${digest.hex}` };
  };
  switch (model.identifiers[type]?.normalizer) {
    case "email":
      return ofType(normalizeEmail(value)) ?? asDigest();
    case "phone": {
      const number = phone.normalize(value, region);
      return ofType("e164" in number ? number.e164 : null) ?? asDigest();
    }
    case "digest":
      return ofType(digest === null ? null : `${digest.algorithm}:${digest.hex}`);
    case "click-id":
      return ofType(normalizeClickId(type, value)?.value ?? null);
    default:
      return ofType(normalizeOpaqueId(value));
  }
}

/** The digests that a plain key implies, as keys of every type declared to be a digest of it. */
export function impliedKeys(key: Key, model: Model): readonly Key[] {
  const { algorithms, emailRules } = model.digests;
  const types = Object.keys(model.identifiers).filter(
    (type) => model.identifiers[type]?.digestOf === typeOf(key),
  );
  if (types.length === 0) return [];
  const digests =
    model.identifiers[typeOf(key)]?.normalizer === "email"
      ? impliedEmailDigests(normalFormOf(key), algorithms, emailRules)
      : impliedPhoneDigests(normalFormOf(key), algorithms);
  return types.flatMap((type) =>
    digests.map(({ algorithm, hex }) => makeKey(type, "", `${algorithm}:${hex}`)),
  );
}

export function fieldSources(
  name: string,
  model: Model,
): readonly { from: string; normalizer: FieldNormalizer }[] {
  const field = model.fields[name];
  if (field === undefined) return [];
  return field.from.map((source) =>
    typeof source === "string" ? { from: source, normalizer: field.normalizer } : source,
  );
}

/** Finished identifiers are evidence as keys are: only while they are not generic. What was typed in part is no key. */
export function isReadFromKeys(from: string, normalizer: FieldNormalizer): boolean {
  return from.startsWith("identifier:") && normalizer !== "email-typed" && normalizer !== "phone-typed";
}

function rawValues(fragment: Fragment, from: string): readonly Scalar[] {
  const [origin, ...rest] = from.split(":");
  const name = rest.join(":");
  if (origin === "kind") return [fragment.kind];
  if (origin === "source") return [fragment.source];
  if (origin === "identifier")
    return (fragment.identifiers ?? []).filter(({ type }) => type === name).map(({ value }) => value);
  return [(origin === "signal" ? fragment.signals : fragment.attributes)?.[name] ?? []].flat() as Scalar[];
}

export function normalizeField(
  normalizer: FieldNormalizer,
  raw: Scalar,
  sourceRegion: string | undefined,
  { model, phone, agent }: Reader,
): string | null {
  const region = sourceRegion ?? model.phone.defaultRegion;
  const isContact = ["email", "phone", "number"].some((prefix) => normalizer.startsWith(prefix));
  if (typeof raw === "string" && !isContact && standsForNobody(raw.trim())) return null;
  const ofEmail = (part: (email: string) => string): string | null => {
    const email = normalizeEmail(raw);
    return email === null ? null : part(email);
  };
  const publicAddress = (): ReturnType<typeof normalizeIp> => {
    const address = normalizeIp(raw);
    return address?.scope === "public" ? address : null;
  };
  const number = (): string | null => {
    const found = phone.normalize(raw, region);
    return "e164" in found ? found.e164 : null;
  };
  const sound = (family: string | null): string | null => (family === null ? null : phoneticCode(family));
  switch (normalizer) {
    case "email":
      return normalizeEmail(raw);
    case "email-mailbox":
      return ofEmail(emailMailbox);
    case "email-local":
      return ofEmail(emailLocalPart);
    case "email-typed":
      return normalizePartialEmail(raw);
    case "phone":
      return number();
    case "phone-typed":
      return typedDigits(phone.normalize(raw, region));
    case "phone-national":
      return nationalDigits(number() ?? "");
    case "given-name":
      return normalizeGivenName(raw);
    case "family-name":
      return normalizeFamilyName(raw);
    case "full-name-given":
      return splitFullName(raw).given;
    case "full-name-family":
      return splitFullName(raw).family;
    case "name-sound":
      return sound(normalizeFamilyName(raw));
    case "full-name-sound":
      return sound(splitFullName(raw).family);
    case "postcode":
      return normalizePostcode(raw);
    case "street":
      return normalizeStreet(raw);
    case "city":
      return normalizeCity(raw);
    case "region":
      return normalizeRegion(raw);
    case "country":
      return normalizeCountry(raw);
    case "company":
      return normalizeCompany(raw);
    case "date":
      return normalizeDate(raw);
    case "ip":
      return publicAddress()?.ip ?? null;
    case "network":
      return publicAddress()?.network ?? null;
    case "agent":
      return agent(raw)?.agent ?? null;
    case "device":
      return agent(raw)?.device ?? null;
    case "site":
      return normalizeUrl(raw)?.site ?? null;
    case "number":
      return phone.dialled(raw, region);
    case "text":
      return foldText(cleanText(raw) ?? "") || null;
    case "exact":
      return normalizeOpaqueId(raw);
  }
}

function typedDigits(found: ReturnType<PhoneNormalizer["normalize"]>): string | null {
  return "partial" in found ? found.partial : null;
}

function eventName({ source, id, event }: Fragment): string {
  if (event === undefined) return JSON.stringify(["alone", source, id]);
  return JSON.stringify(
    typeof event === "string" ? ["of source", source, event] : ["shared", event.namespace, event.name],
  );
}

/** "Oldest": by time, unknown last, then source, then id. */
export function byAge(a: Sighting, b: Sighting): number {
  const [p, q] = [a.atMs ?? Number.MAX_VALUE, b.atMs ?? Number.MAX_VALUE];
  if (p !== q) return p - q;
  const [s, t] = [a.fragment.source, b.fragment.source];
  if (s !== t) return s < t ? -1 : 1;
  return a.fragment.id < b.fragment.id ? -1 : 1;
}
