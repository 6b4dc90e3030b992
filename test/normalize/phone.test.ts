import fc from "fast-check";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { describe, expect, it } from "vitest";
import { createPhoneNormalizer, isPhonePrefix, nationalDigits } from "../../src/normalize/index.js";
import { keypadDigits } from "../../src/normalize/withheld.js";

const phone = createPhoneNormalizer({
  ownNumbers: ["(312) 673-2000", "+1 888 293 0541"],
  blocked: ["2136731999"],
});

describe("numbers", () => {
  it.each<[unknown, string, string | null, string?]>([
    ["1-312-673-1048", "+13126731048", "US"],
    ["(602) 976-3233", "+16029763233", "US"],
    ["2137637556", "+12137637556", "US"],
    ["13125551234", "+13125551234", "US"],
    ["+1 312 673 1048", "+13126731048", "US"],
    ["312.673.1048 ext. 12", "+13126731048", "US"],
    ["312-673-1048x5", "+13126731048", "US"],
    ["tel:+1-312-673-1048;ext=5", "+13126731048", "US"],
    [3126731048, "+13126731048", "US"],
    ["13126731048.0", "+13126731048", "US"],
    ["1.3126731048E+10", "+13126731048", "US"],
    ["３１２６７３１０４８", "+13126731048", "US"],
    ["\u202a312‑673‑1048\u202c", "+13126731048", "US"],
    ["416-967-1111", "+14169671111", "CA"],
    ["0044 20 8946 1234", "+442089461234", "GB"],
    ["+44 (0)20 8946 1234", "+442089461234", "GB"],
    ["011 44 20 8946 1234", "+442089461234", "GB"],
    ["442089461234", "+442089461234", "GB"],
    ["020 8946 1234", "+442089461234", "GB", "gb"],
    ["07378 742833", "+447378742833", "GB", "GB"],
    ["312-673-1048", "+13126731048", "US", "nowhere"],
    ["+390612345678", "+390612345678", "IT"],
  ])("%j → %s", (raw, e164, country, region) => {
    expect(phone.normalize(raw, region)).toEqual({ e164, country });
    expect(phone.dialled(raw, region)).toBe(e164);
  });

  it.each<[unknown, string]>([
    ["2124986", "2124986"],
    ["1312673", "312673"],
    ["+1312673", "312673"],
    ["(312) 6", "3126"],
    ["+44 207", "44207"],
    [312673, "312673"],
  ])("part of a number: %j → %s", (raw, partial) => {
    expect(phone.normalize(raw)).toEqual({ partial });
    expect(phone.dialled(raw)).toBeNull();
  });

  it("matches what was typed with the whole number", () => {
    expect(isPhonePrefix("312673", "+13126731048")).toBe(true);
    expect(isPhonePrefix("44207", "+442079460018")).toBe(true);
    expect(isPhonePrefix("2079", "+442079460018")).toBe(true);
    expect(isPhonePrefix("3127", "+13126731048")).toBe(false);
    expect(isPhonePrefix("", "+13126731048")).toBe(false);
    expect(nationalDigits("+442079460018")).toBe("2079460018");
    expect(nationalDigits("x")).toBeNull();
  });
});

describe("refusals", () => {
  it.each<[unknown, string]>([
    ["", "blank"],
    [null, "blank"],
    [{}, "blank"],
    ["n/a", "blank"],
    ["null", "blank"],
    ["--", "blank"],
    [0, "blank"],
    ["000-000-0000", "repeated"],
    ["5555555555", "repeated"],
    ["+1 111 111 1111", "repeated"],
    ["312-222-2222", "repeated"],
    ["800-293-0541", "toll-free"],
    ["+18332930541", "toll-free"],
    ["+448001234567", "toll-free"],
    ["+18882930541", "own"],
    ["312 673 2000", "own"],
    ["213-673-1999", "own"],
    ["900-293-0541", "premium"],
    ["312-555-0123", "fictional"],
    ["123-456-7890", "fictional"],
    ["5551234567", "fictional"],
    ["1234567", "fictional"],
    ["+447700900123", "fictional"],
    ["12", "invalid"],
    ["hello", "invalid"],
    ["911", "invalid"],
    ["012-673-1048", "invalid"],
    ["99267310481", "invalid"],
    ["312673104831267310483126731048", "invalid"],
    ["211-673-1048", "invalid"],
    ["x".repeat(500), "invalid"],
  ])("%j is %s", (raw, refused) => {
    expect(phone.normalize(raw)).toEqual({ refused });
  });

  it("takes service, own and premium numbers as dialled", () => {
    expect(phone.dialled("(888) 293-0541")).toBe("+18882930541");
    expect(phone.dialled("800 293 0541")).toBe("+18002930541");
    expect(phone.dialled("312-673-2000")).toBe("+13126732000");
    expect(phone.dialled("5555555555")).toBeNull();
    expect(phone.dialled("+266696687")).toBeNull();
  });

  it("spells words as the published lists do", () => {
    expect(
      ["anonymous", "restricted", "blocked", "unknown", "unavailable", "private"].map(keypadDigits),
    ).toEqual(["266696687", "7378742833", "2562533", "8656696", "86282452253", "7748283"]);
  });

  it.each(["266696687", "7378742833", "2562533", "8656696", "86282452253", "7748283"])(
    "knows %s for a withheld number in every spelling",
    (digits) => {
      for (const prefix of ["", "+", "1", "+1", "+1 ", "00", "011", "001", "tel:+", "tel:"]) {
        expect(phone.normalize(prefix + digits), prefix).toEqual({ refused: "withheld" });
        expect(phone.normalize(prefix + digits, "GB"), prefix).toEqual({ refused: "withheld" });
        expect(phone.dialled(prefix + digits)).toBeNull();
      }
      expect(phone.normalize(Number(digits))).toEqual({ refused: "withheld" });
    },
  );

  it.each([
    "+17378742833",
    "(737) 874-2833",
    "737-874-2833",
    "1-737-874-2833",
    "+1 737 874 2833",
    "737.874.2833",
    "+16282452253",
    "anonymous",
    "Anonymous",
    "RESTRICTED",
    "unknown",
    "Private",
    "private caller",
    "Unavailable",
    "Blocked",
    "Withheld",
    "No Caller ID",
    "Out of Area",
    "'anonymous'",
    "client:jane",
    "sip:+13126731048@acme.example",
    "anonymous@anonymous.invalid",
  ])("knows %j for a withheld number", (raw) => {
    expect(phone.normalize(raw)).toEqual({ refused: "withheld" });
  });

  it("refuses an unknown default region", () => {
    expect(() => createPhoneNormalizer({ defaultRegion: "XX" })).toThrow(TypeError);
  });
});

describe("reading without the library", () => {
  const part = (digits: number) =>
    fc.integer({ min: 0, max: 10 ** digits - 1 }).map((n) => String(n).padStart(digits, "0"));
  const spelled = fc.tuple(
    part(3),
    part(3),
    part(4),
    fc.constantFrom("", "1", "+1", "1-", "+1 "),
    fc.constantFrom(0, 1, 2, 3),
  );

  it("gives what the library gives", () => {
    fc.assert(
      fc.property(spelled, ([area, exchange, line, prefix, style]) => {
        const bodies = [
          area + exchange + line,
          `(${area}) ${exchange}-${line}`,
          `${area}.${exchange}.${line}`,
          `${area} ${exchange} ${line}`,
        ];
        const text = prefix + bodies[style];
        const found = phone.normalize(text);
        if (!("e164" in found)) return;
        const expected = parsePhoneNumberFromString(text, { defaultCountry: "US" });
        expect(found.e164).toBe(expected?.number);
        // Without a valid number the library falls back on the default country.
        if (expected?.isValid()) expect(found.country).toBe(expected.country);
      }),
      { numRuns: 10_000 },
    );
  });

  it("forgets when its memory is full, and answers alike", () => {
    const small = createPhoneNormalizer({ cacheSize: 2 });
    for (let round = 0; round < 3; round += 1) {
      for (const [raw, e164] of [
        ["3126731048", "+13126731048"],
        ["2137637556", "+12137637556"],
        ["6029763233", "+16029763233"],
      ]) {
        expect(small.dialled(raw)).toBe(e164);
      }
    }
  });
});
