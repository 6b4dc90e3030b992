import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeDate, parseInstant, type ZoneOffset } from "../../src/normalize/index.js";
import { zoneOffset } from "../../src/readers/timeZone.js";

const newYork = zoneOffset("America/New_York") as ZoneOffset;

describe("normalizeDate", () => {
  it.each<[unknown, string | null]>([
    ["1990-01-31", "1990-01-31"],
    ["1990-1-5", "1990-01-05"],
    ["1990-01-31T23:00:00Z", "1990-01-31"],
    ["1990-01-31 00:00", "1990-01-31"],
    ["1/31/1990", "1990-01-31"],
    ["01-31-1990", "1990-01-31"],
    ["1/31/90", "1990-01-31"],
    ["1/2/29", "2029-01-02"],
    ["1/2/30", "1930-01-02"],
    ["31.1.1990", "1990-01-31"],
    ["2.1.1990", "1990-01-02"],
    ["31/1/1990", "1990-01-31"],
    ["19620924", "1962-09-24"],
    [19620924, "1962-09-24"],
    ["1990/01/31", "1990-01-31"],
    ["Jan 31, 1990", "1990-01-31"],
    ["31 January 1990", "1990-01-31"],
    [new Date(0), "1970-01-01"],
    ["2000-02-29", "2000-02-29"],
    ["1900-02-29", null],
    ["2001-02-30", null],
    ["13/13/1990", null],
    ["0000-00-00", null],
    ["00/00/0000", null],
    ["1990", null],
    ["31 Foo 1990", null],
    ["unknown", null],
    [new Date(Number.NaN), null],
    [null, null],
  ])("%j → %j", (raw, expected) => {
    expect(normalizeDate(raw)).toBe(expected);
  });
});

describe("parseInstant", () => {
  it.each<[unknown, string | null]>([
    ["2016-01-01T12:25:15Z", "2016-01-01T12:25:15.000Z"],
    ["2016-01-01T12:25:15.1234567-05:00", "2016-01-01T17:25:15.123Z"],
    ["2016-01-01 12:25:15 -0500", "2016-01-01T17:25:15.000Z"],
    ["2013-10-01 10:17 AM +02:00", "2013-10-01T08:17:00.000Z"],
    ["2016-01-01 12:25:15", "2016-01-01T12:25:15.000Z"],
    ["2016-01-01", "2016-01-01T00:00:00.000Z"],
    ["2016-01-01 12:25 UTC", "2016-01-01T12:25:00.000Z"],
    ["10/01/2013 10:17:00 pm", "2013-10-01T22:17:00.000Z"],
    ["10/1/2013, 12:05 AM", "2013-10-01T00:05:00.000Z"],
    ["Mon, 15 Aug 2005 15:52:01 +0000", "2005-08-15T15:52:01.000Z"],
    ["Fri Jan 1, 2016 12:25 EST", "2016-01-01T17:25:00.000Z"],
    [1451651115, "2016-01-01T12:25:15.000Z"],
    ["1451651115", "2016-01-01T12:25:15.000Z"],
    [1451651115123, "2016-01-01T12:25:15.123Z"],
    ["1451651115.5", "2016-01-01T12:25:15.500Z"],
    [1451651115123456, "2016-01-01T12:25:15.123Z"],
    ["20160101122515", "2016-01-01T12:25:15.000Z"],
    ["20160101", "2016-01-01T00:00:00.000Z"],
    ["2016-01-01T24:00:00Z", "2016-01-02T00:00:00.000Z"],
    ["2016-01-01T25:00:00Z", null],
    ["2016-02-30T12:00:00Z", null],
    ["2016-01-01 13:00 pm", null],
    ["2016-01-01T12:60:00Z", null],
    ["2016-01-01T12:00:00+25:00", null],
    ["1970-01-01T00:00:00Z", null],
    ["0001-01-01T00:00:00Z", null],
    ["9999-12-31", null],
    [0, null],
    [12345, null],
    [-5, null],
    ["yesterday", null],
    ["null", null],
    [{}, null],
    [Number.NaN, null],
  ])("%j → %j", (raw, expected) => {
    const instant = parseInstant(raw);
    expect(instant === null ? null : new Date(instant).toISOString()).toBe(expected);
  });

  it("reads times without offset in the given zone", () => {
    const noon = Date.UTC(2016, 0, 1, 12);
    expect(parseInstant("2016-01-01 12:00", { timeZoneOffsetMinutes: -300 })).toBe(noon + 5 * 3_600_000);
    expect(parseInstant("2016-01-01 12:00", { zone: newYork })).toBe(noon + 5 * 3_600_000);
    expect(parseInstant("2016-07-01 12:00", { zone: newYork })).toBe(Date.UTC(2016, 6, 1, 16));
    expect(parseInstant("2016-01-01 12:00Z", { zone: newYork })).toBe(noon);
  });

  it("takes the earlier of two times and steps over a gap", () => {
    const parse = (raw: unknown) => parseInstant(raw, { zone: newYork });
    expect(parse("2024-11-03 01:30")).toBe(Date.UTC(2024, 10, 3, 5, 30));
    expect(parse("2024-03-10 02:30")).toBe(Date.UTC(2024, 2, 10, 7, 30));
    expect(parse("2024-03-10 03:30")).toBe(Date.UTC(2024, 2, 10, 7, 30));
    expect(parseInstant("2016-01-01 12:00", { timeZoneOffsetMinutes: 60 })).toBe(Date.UTC(2016, 0, 1, 11));
  });

  it("reads back what Date writes", () => {
    const time = fc.date({ min: new Date("1974-01-01"), max: new Date("2199-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(time, (date) => {
        expect(parseInstant(date.toISOString())).toBe(date.getTime());
        expect(parseInstant(date.getTime())).toBe(date.getTime());
        expect(parseInstant(date.toUTCString())).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
    );
  });
});
