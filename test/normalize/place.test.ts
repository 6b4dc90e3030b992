import { describe, expect, it } from "vitest";
import {
  normalizeCity,
  normalizeCompany,
  normalizeCountry,
  normalizePostcode,
  normalizeRegion,
  normalizeStreet,
} from "../../src/normalize/index.js";

it.each<[unknown, string | undefined, string | null]>([
  ["60608", undefined, "60608"],
  ["60608-1234", undefined, "60608"],
  ["606081234", undefined, "60608"],
  [2134, undefined, "02134"],
  ["501", "US", "00501"],
  ["21341234", "US", "02134"],
  ["60608.0", "US", "60608"],
  ["k1a 0b1", undefined, "K1A0B1"],
  ["K1A-0B1", "Canada", "K1A0B1"],
  ["sw1a 1aa", "UK", "SW1A1AA"],
  ["M1 1AE", undefined, "M11AE"],
  ["2000", "AU", "2000"],
  ["10115", "Germany", "10115"],
  ["1234 AB", "NL", "1234 ab"],
  ["00000", undefined, null],
  ["n/a", undefined, null],
  [null, undefined, null],
])("postcode %j in %j → %j", (raw, country, expected) => {
  expect(normalizePostcode(raw, country)).toBe(expected);
});

it.each<[unknown, string | null]>([
  ["5 Maple Street Apt 43", "5 maple st"],
  ["5 MAPLE ST., #43", "5 maple st"],
  ["103 North Avenue", "103 n ave"],
  ["12 W. Fifth St", "12 w 5th st"],
  ["Apt 4, 12 Main St", "12 main st"],
  ["12 Main St, Suite 200-B", "12 main st"],
  ["12 Main St 2nd Floor", "12 main st"],
  ["P.O. Box 12", "po box 12"],
  ["150 Zelarwicz Boulevard", "150 zelarwicz blvd"],
  ["4 Unity Road", "4 unity rd"],
  ["12 Saint Charles Ave", "12 st charles ave"],
  ["none", null],
  ["", null],
])("street %j → %j", (raw, expected) => {
  expect(normalizeStreet(raw)).toBe(expected);
});

it.each<[unknown, string | null]>([
  ["St. Louis", "st louis"],
  ["Saint Louis", "st louis"],
  ["New York City", "new york"],
  ["NYC", "new york"],
  ["Montréal", "montreal"],
  ["unknown", null],
])("city %j → %j", (raw, expected) => {
  expect(normalizeCity(raw)).toBe(expected);
});

it.each<[unknown, string | null]>([
  ["Illinois", "IL"],
  ["il", "IL"],
  ["Ill.", "IL"],
  ["US-IL", "IL"],
  ["N.C.", "n c"],
  ["North Carolina", "NC"],
  ["Québec", "QC"],
  ["CA-ON", "ON"],
  ["Washington, DC", "DC"],
  ["Bavaria", "bavaria"],
  ["-", null],
  ["ID", "ID"],
  ["Idaho", "ID"],
  ["null!", null],
])("region %j → %j", (raw, expected) => {
  expect(normalizeRegion(raw)).toBe(expected);
});

it.each<[unknown, string | null]>([
  ["USA", "US"],
  ["U.S.A.", "US"],
  ["United States", "US"],
  ["uk", "GB"],
  ["England", "GB"],
  ["México", "MX"],
  ["de", "DE"],
  ["Ruritania", "ruritania"],
  ["", null],
  ["Indonesia", "ID"],
  ["id", "ID"],
  ["n/a", null],
])("country %j → %j", (raw, expected) => {
  expect(normalizeCountry(raw)).toBe(expected);
});

describe("company", () => {
  it.each<[unknown, string | null]>([
    ["Acme Roofing, LLC", "acme roofing"],
    ["ACME ROOFING L.L.C.", "acme roofing"],
    ["The Acme Co., Inc.", "acme"],
    ["Smith & Sons Ltd", "smith and sons"],
    ["Smith and Sons", "smith and sons"],
    ["Müller GmbH & Co. KG", "muller gmbh and"],
    ["AAA", "aaa"],
    ["Inc", "inc"],
    ["N/A", null],
  ])("%j → %j", (raw, expected) => {
    expect(normalizeCompany(raw)).toBe(expected);
  });
});
