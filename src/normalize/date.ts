import { cleanText } from "./placeholder.js";
import { instantOfWallTime, type ZoneOffset } from "./timeZone.js";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** Two-digit years up to this one are of the 2000s. */
const PIVOT = 29;

interface Day {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const YEAR_FIRST = /^(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})$/;
const YEAR_LAST = /^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const DAY_NAME_YEAR = /^(\d{1,2})(?:st|nd|rd|th)?[- .]{1,2}([a-z]{3,9})[- .,]{1,2}(\d{4})$/;
const NAME_DAY_YEAR = /^([a-z]{3,9})[- .]{1,2}(\d{1,2})(?:st|nd|rd|th)?[, ]{1,2}(\d{4})$/;

/** Reads the date part of a text in lower case. */
function readDay(text: string): Day | null {
  let match = YEAR_FIRST.exec(text);
  if (match !== null) return realDay(Number(match[1]), Number(match[3]), Number(match[4]));
  match = YEAR_LAST.exec(text);
  if (match !== null) {
    const [first, second] = [Number(match[1]), Number(match[3])];
    const year = fullYear(match[4] ?? "");
    // Full stops are European; otherwise month first, unless that cannot be.
    const dayFirst = match[2] === "." || first > 12;
    return dayFirst ? realDay(year, second, first) : realDay(year, first, second);
  }
  match = COMPACT.exec(text);
  if (match !== null) return realDay(Number(match[1]), Number(match[2]), Number(match[3]));
  match = DAY_NAME_YEAR.exec(text);
  if (match !== null) return realDay(Number(match[3]), monthOf(match[2] ?? ""), Number(match[1]));
  match = NAME_DAY_YEAR.exec(text);
  if (match !== null) return realDay(Number(match[3]), monthOf(match[1] ?? ""), Number(match[2]));
  return null;
}

function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  return year <= PIVOT ? 2000 + year : 1900 + year;
}

/** 1 to 12; 0 for what is no month. */
function monthOf(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3)) + 1;
}

function realDay(year: number, month: number, day: number): Day | null {
  if (year < 1000 || year > 2999 || month < 1 || month > 12 || day < 1) return null;
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day <= lastDay ? { year, month, day } : null;
}

/**
 * A date of birth as "YYYY-MM-DD". Reads ISO dates (a time behind them is dropped), US order ("1/31/1990", "1-31-90"),
 * European order with full stops ("31.1.1990") or where month first is impossible, "19900131", and English month names.
 * Two-digit years up to 29 are of the 2000s, the others of the 1900s. Null for impossible dates and anything else. Never
 * throws; idempotent.
 */
export function normalizeDate(raw: unknown): string | null {
  if (raw instanceof Date) return Number.isFinite(raw.getTime()) ? normalizeDate(raw.toISOString()) : null;
  const text = cleanText(raw)?.toLowerCase();
  if (text === undefined || text.length > 40) return null;
  const day = readDay(text.replace(/(\d)[t ]+\d{1,2}:\d{2}.*$/, "$1"));
  if (day === null) return null;
  const pad = (part: number): string => String(part).padStart(2, "0");
  return `${day.year}-${pad(day.month)}-${pad(day.day)}`;
}

export interface InstantOptions {
  /** Offset from UTC, east positive, of times written without one. Default 0. */
  readonly timeZoneOffsetMinutes?: number;
  /** Offsets of the zone of times written without one, where they change over the year; goes before `timeZoneOffsetMinutes`. */
  readonly zone?: ZoneOffset;
}

/** Seconds below, milliseconds from here on: 1e11 is the year 5138 in seconds and March 1973 in milliseconds. */
const FIRST_MS = 1e11;
/** The year 2200. Later times come of units mistaken. */
const LAST_MS = 7_258_118_400_000;

const CLOCK =
  /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([ap])\.?m\.?)?(?: ?(z|[a-z]{3,4}|(?:utc|gmt)?[-+]\d{1,2}(?::?\d{2})?))?$/;
const ZONE_NAMES: Readonly<Record<string, number>> = {
  z: 0,
  utc: 0,
  gmt: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};

/**
 * A time as epoch milliseconds. Reads ISO 8601 with or without offset, the forms of call platforms ("2016-01-01 12:25:15
 * -0500", "2013-10-01 10:17 AM +02:00", "10/01/2013 10:17:00", RFC 2822, "20160101122515"), and epoch seconds,
 * milliseconds, microseconds or nanoseconds as a number or as digits. Times without offset are read in the given zone
 * (default UTC). Null for what is no time, and for times outside March 1973 to 2199: within them seconds and milliseconds
 * cannot be confused, and what lies outside is a default such as 1970-01-01. Never throws; idempotent.
 */
export function parseInstant(raw: unknown, options: InstantOptions = {}): number | null {
  const { zone } = options;
  return readInstant(raw, (wallMs) =>
    zone === undefined
      ? wallMs - fixedOffset(options.timeZoneOffsetMinutes) * 60_000
      : instantOfWallTime(wallMs, zone),
  );
}

function fixedOffset(minutes: number | undefined): number {
  return minutes !== undefined && Number.isFinite(minutes) ? minutes : 0;
}

type WallTime = (wallMs: number) => number | null;

function readInstant(raw: unknown, ofWallTime: WallTime): number | null {
  if (raw instanceof Date) return inRange(raw.getTime());
  if (typeof raw === "number") return Number.isFinite(raw) ? ofDigits(raw, String(raw), ofWallTime) : null;
  const text = cleanText(raw)?.toLowerCase();
  if (text === undefined || text.length > 64) return null;
  if (/^\d+(?:\.\d+)?$/.test(text)) return ofDigits(Number(text), text, ofWallTime);
  return ofText(text, ofWallTime);
}

function ofDigits(value: number, digits: string, ofWallTime: WallTime): number | null {
  const compact = /^((?:19|20)\d{6})(?:(\d{2})(\d{2})(\d{2}))?$/.exec(digits);
  if (compact !== null) {
    const [, day = "", hour, minute, second] = compact;
    return ofText(hour === undefined ? day : `${day} ${hour}:${minute}:${second}`, ofWallTime);
  }
  if (value < 1e8) return null;
  if (value < FIRST_MS) return inRange(Math.round(value * 1000));
  if (value < 1e14) return inRange(Math.round(value));
  return inRange(Math.round(value < 1e17 ? value / 1e3 : value / 1e6));
}

function ofText(text: string, ofWallTime: WallTime): number | null {
  const plain = text
    .replace(/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? /, "")
    .replace(/ ?\([a-z ]+\)$/, "");
  const split = /^(.*\d)(?:t|,? (?:at )?)(\d{1,2}:.*)$/.exec(plain);
  const day = readDay(split?.[1] ?? plain);
  if (day === null) return null;
  const midnight = Date.UTC(day.year, day.month - 1, day.day);
  if (split === null) return inRange(ofWallTime(midnight));

  const clock = CLOCK.exec(split[2] ?? "");
  if (clock === null) return null;
  const [, hours = "", minutes = "", seconds = "0", fraction = "", half, zone] = clock;
  let hour = Number(hours);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half === "p" ? 12 : 0);
  }
  // 24:00 is the end of the day and :60 a leap second, both in ISO 8601.
  if (hour > 24 || Number(minutes) > 59 || Number(seconds) > 60) return null;
  if (hour === 24 && (Number(minutes) > 0 || Number(seconds) > 0)) return null;
  const sinceMidnight = (hour * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
  const wallMs = midnight + sinceMidnight + Math.floor(Number(`0.${fraction || "0"}`) * 1000);
  if (zone === undefined) return inRange(ofWallTime(wallMs));
  const offset = offsetOf(zone);
  return offset === null ? null : inRange(wallMs - offset * 60_000);
}

/** Minutes east of UTC of "z", "est", "+02:00", "-0500", "utc+2"; null for other zones. */
function offsetOf(zone: string): number | null {
  const match = /^(?:utc|gmt)?([-+])(\d{1,2})(?::?(\d{2}))?$/.exec(zone);
  if (match === null) return ZONE_NAMES[zone] ?? null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  if (minutes > 14 * 60 || Number(match[3] ?? 0) > 59) return null;
  return match[1] === "-" ? -minutes : minutes;
}

function inRange(epochMs: number | null): number | null {
  return epochMs !== null && epochMs >= FIRST_MS && epochMs < LAST_MS ? Math.trunc(epochMs) : null;
}
