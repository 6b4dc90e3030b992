import { describe, expect, it } from "vitest";
import { cleanText, foldText, isPlaceholder } from "../../src/normalize/index.js";

describe("placeholders", () => {
  it.each([
    "anonymous",
    "Guest",
    "distinctid",
    "distinct_id",
    "id",
    "not_authenticated",
    "email",
    "undefined",
    "TRUE",
    "false",
    "[object Object]",
    "NaN",
    "None",
    "none",
    "null",
    "NULL",
    "0",
    "-1",
    "anonymousId",
    '"null"',
    "'null'",
    "“null”",
    "\"'null'\"",
    '\\"null\\"',
    "(null)",
    "<null>",
    "",
    "   ",
    '""',
    "-",
    "--",
    "?",
    ".",
    "...",
    "n/a",
    "N/A",
    "na",
    "nil",
    "TBD",
    "unknown",
    "000-000-0000",
    "0000000000",
    "0.00",
    "00000000-0000-0000-0000-000000000000",
    "xxx",
    "XXX-XXX-XXXX",
    "aaaa",
    "asdf",
    "{{lead.email}}",
    "$".concat("{email}"),
    "{gclid}",
    "%%phone%%",
    "[[name]]",
    "#N/A",
    "Not provided",
  ])("refuses %j", (text) => {
    expect(isPlaceholder(text)).toBe(true);
    expect(cleanText(text)).toBeNull();
  });

  it.each([
    "Jane",
    "33333",
    "AAA",
    "x",
    "0044",
    "100",
    "No. 5",
    "{a: 1}",
    "nulls",
    "O'Null",
    "1-0",
    "😀",
    "-5",
  ])("keeps %j", (text) => {
    expect(isPlaceholder(text)).toBe(false);
    expect(cleanText(text)).toBe(text);
  });
});

describe("cleanText", () => {
  it.each<[unknown, string | null]>([
    ["  Jane \t\n Doe\u00a0", "Jane Doe"],
    ["Ja\u200bne\ufeff", "Jane"],
    ["Jose\u0301", "José"],
    ['"Jane"', "Jane"],
    ["\ud800Jane\udc00", "Jane"],
    ["a\u0000b", "ab"],
    [42, "42"],
    [true, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    [undefined, null],
    [{}, null],
    [["Jane"], null],
    ["\u3164", null],
  ])("%j → %j", (raw, expected) => {
    expect(cleanText(raw)).toBe(expected);
  });
});

it("reads bigints of a sane size", () => {
  expect(cleanText(12345678901234567890n)).toBe("12345678901234567890");
  expect(cleanText(10n ** 400n)).toBeNull();
});

describe("foldText", () => {
  it.each([
    ["José  ÁLVAREZ-Núñez", "jose alvarez nunez"],
    ["O’Brien", "obrien"],
    ["Straße", "strasse"],
    ["Łukasz Ørsted", "lukasz orsted"],
    ["Ｊａｎｅ", "jane"],
    ["ΟΔΟΣ", "οδοσ"],
    ["Ёлка", "елка"],
    ["हिन्दी", "हिन्दी"],
    ["김철수", "김철수"],
    ["が", "が"],
    ["!!!", ""],
  ])("%j → %j", (raw, expected) => {
    expect(foldText(raw)).toBe(expected);
  });
});
