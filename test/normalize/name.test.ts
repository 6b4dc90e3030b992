import { describe, expect, it } from "vitest";
import {
  nameSignature,
  normalizeFamilyName,
  normalizeGivenName,
  phoneticCode,
  sameByNickname,
  splitFullName,
} from "../../src/normalize/index.js";

describe("names", () => {
  it.each<[unknown, string | null]>([
    ["JAMES", "james"],
    ["Barbara H", "barbara"],
    ["D", "d"],
    ["Mr. John", "john"],
    ["Dr. Mary-Ann", "mary"],
    ["José", "jose"],
    ["Mr.", null],
    ["test", null],
    ["Test Test", null],
    ["First Name", null],
    ["Wireless Caller", null],
    ["Restricted", null],
    ["Unavailable", null],
    ["private", null],
    ["Customer", null],
    ["caller", null],
    ["null", null],
    ["123", null],
    [null, null],
    ["李", "李"],
  ])("given name %j → %j", (raw, expected) => {
    expect(normalizeGivenName(raw)).toBe(expected);
  });

  it.each<[unknown, string | null]>([
    ["O'Brien", "obrien"],
    ["O’BRIEN", "obrien"],
    ["O Brien", "obrien"],
    ["Mc Donald", "mcdonald"],
    ["Smith Jr.", "smith"],
    ["Smith, III", "smith"],
    ["de la Cruz", "de la cruz"],
    ["Smith-Jones", "smith jones"],
    ["Núñez", "nunez"],
    ["Mr Smith", "smith"],
    ["Jr", null],
    ["test", null],
    ["Caller", null],
    ["Unknown", null],
    ["--", null],
    [undefined, null],
  ])("family name %j → %j", (raw, expected) => {
    expect(normalizeFamilyName(raw)).toBe(expected);
  });

  it.each<[unknown, string | null, string | null]>([
    ["Jane Doe", "jane", "doe"],
    ["Doe, Jane", "jane", "doe"],
    ["DOE, JANE Q.", "jane", "doe"],
    ["Jane Quinn Doe", "jane", "doe"],
    ["Dr. Jane Doe, MD", "jane", "doe"],
    ["John Smith, Jr.", "john", "smith"],
    ["Maria de la Cruz", "maria", "de la cruz"],
    ["Anna Smith-Jones", "anna", "smith jones"],
    ["Ludwig van Beethoven III", "ludwig", "van beethoven"],
    ["Jane", "jane", null],
    ["wireless caller", null, null],
    ["", null, null],
    [5, null, null],
  ])("full name %j → %j, %j", (raw, given, family) => {
    expect(splitFullName(raw)).toEqual({ given, family });
  });

  it("sounds names alike", () => {
    expect(phoneticCode("Smith")).toBe(phoneticCode("Smyth"));
    expect(phoneticCode("Johnson")).toBe(phoneticCode("Jonson"));
    expect(phoneticCode("Smith")).not.toBe(phoneticCode("Jones"));
    expect(phoneticCode("de la Cruz")).toBe(phoneticCode("Delacruz"));
    expect(phoneticCode("Иванов")).toBe("иванов");
    expect(phoneticCode("  ")).toBe("");
  });

  it("signs names", () => {
    expect(nameSignature("Jon", "Smith")).toBe(nameSignature("Jane", "SMYTH"));
    expect(nameSignature("Jon", "Smith")).toMatch(/^j:[A-Z0-9]+$/);
    expect(nameSignature(null, "Smith")).toBeNull();
    expect(nameSignature("Jon", null)).toBeNull();
    expect(nameSignature("test", "Smith")).toBeNull();
  });
});

describe("nicknames", () => {
  it.each([
    ["bob", "robert", true],
    ["bob", "rob", true],
    ["liz", "elizabeth", true],
    ["bill", "william", true],
    ["pepe", "jose", true],
    ["paco", "francisco", true],
    ["jane", "jane", true],
    ["pat", "patrick", true],
    ["pat", "patricia", true],
    ["patrick", "patricia", false],
    ["john", "james", false],
    ["jane", "janet", false],
    ["", "", false],
    ["zz", "zz", true],
    ["constructor", "robert", false],
  ])("%s ~ %s: %s", (a, b, expected) => {
    expect(sameByNickname(a, b)).toBe(expected);
    expect(sameByNickname(b, a)).toBe(expected);
  });
});
