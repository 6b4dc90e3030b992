import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cleanText,
  createPhoneNormalizer,
  createUserAgentParser,
  emailMailbox,
  emailRuleText,
  foldText,
  isPlaceholder,
  isRoleMailbox,
  nameSignature,
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
  normalizePartialEmail,
  normalizePostcode,
  normalizeRegion,
  normalizeStreet,
  normalizeUrl,
  parseInstant,
  phoneticCode,
  sameByNickname,
  splitFullName,
  type ZoneOffset,
} from "../../src/normalize/index.js";
import { zoneOffset } from "../../src/readers/timeZone.js";
import { anyText, anyValue, HUGE } from "./arbitraries.js";

const phone = createPhoneNormalizer();
const british = createPhoneNormalizer({ defaultRegion: "GB" });
const agent = createUserAgentParser();
const newYork = zoneOffset("America/New_York") as ZoneOffset;
const inNewYork = (raw: unknown): number | null => parseInstant(raw, { zone: newYork });

function numberOf(found: ReturnType<typeof phone.normalize>): string | null {
  if ("e164" in found) return found.e164;
  return "partial" in found ? found.partial : null;
}

/** Every normaliser as raw value → the form that may be fed back to it. */
const NORMALIZERS: Readonly<Record<string, (raw: unknown) => string | number | null>> = {
  cleanText,
  normalizeEmail,
  normalizePartialEmail,
  normalizeDigest: (raw) => normalizeDigest(raw)?.hex ?? null,
  "phone.normalize": (raw) => numberOf(phone.normalize(raw)),
  "phone.normalize GB": (raw) => numberOf(british.normalize(raw)),
  "phone.normalize in region": (raw) => numberOf(phone.normalize(raw, "DE")),
  "phone.dialled": (raw) => phone.dialled(raw),
  normalizeIp: (raw) => normalizeIp(raw)?.ip ?? null,
  normalizeGivenName,
  normalizeFamilyName,
  normalizePostcode: (raw) => normalizePostcode(raw),
  "normalizePostcode US": (raw) => normalizePostcode(raw, "US"),
  "normalizePostcode GB": (raw) => normalizePostcode(raw, "United Kingdom"),
  "normalizePostcode DE": (raw) => normalizePostcode(raw, "DE"),
  normalizeStreet,
  normalizeCity,
  normalizeRegion,
  normalizeCountry,
  normalizeCompany,
  normalizeDate,
  parseInstant: (raw) => parseInstant(raw),
  "parseInstant in a zone": inNewYork,
  "normalizeClickId gclid": (raw) => normalizeClickId("gclid", raw)?.value ?? null,
  "normalizeClickId _fbc": (raw) => normalizeClickId("_FBC", raw)?.value ?? null,
  "normalizeClickId _fbp": (raw) => normalizeClickId("_fbp", raw)?.value ?? null,
  "normalizeClickId _ga": (raw) => normalizeClickId("_ga", raw)?.value ?? null,
  normalizeUrl: (raw) => {
    const url = normalizeUrl(raw);
    return url && `https://${url.site}${url.path}`;
  },
};

describe.each(Object.entries(NORMALIZERS))("%s", (_name, normalize) => {
  it("is total and idempotent", () => {
    fc.assert(
      fc.property(anyValue, (raw) => {
        const once = normalize(raw);
        expect(once === null || once !== "").toBe(true);
        if (once !== null) expect(normalize(once)).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });

  it("returns on huge input", () => {
    for (const text of HUGE) {
      const once = normalize(text);
      if (once !== null) expect(normalize(once)).toBe(once);
    }
  });
});

/** Values of each kind, mangled: random text seldom comes near the shape that a normaliser accepts. */
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  normalizeEmail: [
    "Jane.Doe+tag@GMAIL.com",
    "<o'brien@example.co.uk>",
    "mailto:İ@ex.com?x=1",
    "j%40example.com",
  ],
  normalizePartialEmail: ["jane.d@gm", "Leep", "james_", "x@y."],
  normalizeDigest: [
    "542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345",
    "1hFzBkhe0OUK+rOshx6Y+BaZFR8wKBUn1j/18jNlbGk=",
  ],
  "phone.normalize": [
    "(602) 976-3233",
    "+44 20 7946 1234",
    "213763",
    "1-312-673-1048 x12",
    "tel:+13126731048",
  ],
  "phone.normalize GB": ["020 8946 1234", "+4407700100123", "0044 20 8946 1234", "13126731048"],
  "phone.normalize in region": ["030 901820", "0049 30 901820", "1-312-673-1048"],
  normalizeIp: ["1.2.3.4:80", "[2001:DB8::1%eth0]:443", "::ffff:8.8.8.8", "fe80::1"],
  normalizeGivenName: ["Dr. José María", "Mr Mrs J.", "Ｊａｎｅ", "Ωσς"],
  normalizeFamilyName: ["O'Brien Jr.", "Mc Mc Donald III", "de la Cruz", "o mc x y", "Mr. O. Henry"],
  normalizePostcode: ["02134-1234", "K1A 0B1", "sw1a 1aa", "501", "12345.0"],
  normalizeStreet: [
    "5 Maple Street Apt 43",
    "12 Unit",
    "a b Unit Unit 5",
    "2nd Second Floor Fl",
    "P.O. Box 12 #5 #6",
  ],
  normalizeCity: ["Saint Louis", "New York City", "Fort St. Saint"],
  normalizeRegion: ["US-IL", "Ill.", "Québec", "US CA ON"],
  normalizeCountry: ["U.S.A.", "uk", "Deutschland", "España"],
  normalizeCompany: ["The The Acme & Co., L.L.C.", "the inc", "A.B. Co Inc Ltd"],
  normalizeDate: ["1/31/90", "31.1.1990", "19900131", "Jan 2, 1990", "1990-01-02T10:00:00Z"],
  parseInstant: [
    "2016-01-01 12:25:15 -0500",
    "2013-10-01 10:17 AM +02:00",
    "1451651115",
    "1451651115123",
    "20160101122515",
  ],
  "parseInstant in a zone": ["2024-03-10 02:30", "2024-11-03 01:30", "11/3/2024 1:30 am"],
  normalizeUrl: [
    "HTTPS://www.WWW.Example.com./a//b/?q#f",
    "example.com//",
    "//x.y/%2e%2E/z",
    "http://[::1]:80/a",
  ],
};

describe.each(Object.entries(SHAPES))("%s on mangled values of its kind", (name, values) => {
  it("is idempotent, and accepts some", () => {
    const normalize = NORMALIZERS[name]!;
    let accepted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...values), fc.nat(40), fc.nat(3), anyText, (value, at, cut, noise) => {
        const once = normalize(value.slice(0, at) + noise.slice(0, 3) + value.slice(at + cut));
        if (once === null) return;
        accepted += 1;
        expect(normalize(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(50);
    for (const value of values) expect(normalize(normalize(value))).toBe(normalize(value));
  });
});

describe("functions of text", () => {
  it("foldText is idempotent and keeps only letters, marks, digits and single spaces", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const folded = foldText(text);
        expect(foldText(folded)).toBe(folded);
        expect(folded).toMatch(/^(?:[\p{L}\p{N}\p{M}]+(?: [\p{L}\p{N}\p{M}]+)*)?$/u);
      }),
      { numRuns: 3000 },
    );
    for (const text of HUGE) expect(foldText(text).length).toBeLessThanOrEqual(1024);
  });

  it("cleanText gives well-formed NFC text of bounded length that is no placeholder", () => {
    fc.assert(
      fc.property(anyValue, (raw) => {
        const text = cleanText(raw);
        if (text === null) return;
        expect(text.normalize("NFC")).toBe(text);
        expect(text).not.toMatch(/[\p{Cs}\p{Cc}\u200b]| {2}|^ | $/u);
        expect(text.length).toBeLessThanOrEqual(1024);
        expect(isPlaceholder(text)).toBe(false);
      }),
      { numRuns: 3000 },
    );
    expect(cleanText(`${"ab".repeat(511)}a😀`)).toBe(`${"ab".repeat(511)}a`);
  });

  it("phoneticCode is empty for blank text only", () => {
    fc.assert(
      fc.property(anyText, (name) => {
        if (name.trim() !== "") expect(phoneticCode(name)).not.toBe("");
      }),
      { numRuns: 3000 },
    );
  });

  it("emailMailbox and every rule are total, and the mailbox is idempotent", () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom("gmail.com", "googlemail.com", "x.com"), (local, domain) => {
        const email = `${local}@${domain}`;
        expect(emailMailbox(emailMailbox(email))).toBe(emailMailbox(email));
        for (const rule of ["R1", "R2", "R3", "R4", "R5", "R6"] as const) {
          expect(emailRuleText(emailRuleText(email, rule), rule)).toBe(emailRuleText(email, rule));
          expect(typeof emailRuleText(local, rule)).toBe("string");
        }
        expect(typeof isRoleMailbox(local)).toBe("boolean");
      }),
    );
  });

  it("the others are total", () => {
    fc.assert(
      fc.property(anyValue, anyText, anyText, (raw, a, b) => {
        splitFullName(raw);
        agent(raw);
        nameSignature(a, b);
        isPlaceholder(a);
        normalizeClickId(a, raw);
        parseInstant(raw);
        expect(sameByNickname(a, b)).toBe(sameByNickname(b, a));
      }),
    );
    for (const text of HUGE) {
      splitFullName(text);
      agent(text);
      isPlaceholder(text);
      phoneticCode(text);
      nameSignature(text, text);
    }
  });
});
