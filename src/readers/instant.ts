import { parseInstant } from "../normalize/index.js";
import { zoneOffset } from "./timeZone.js";

/** Days up to 28 only: Date.parse takes 30 February for 2 March. */
const ISO_UTC = /^\d{4}-\d{2}-(?:[01]\d|2[0-8])T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;
/** Inside the range of the general parser; outside it decides. */
const FIRST_MS = Date.UTC(1980);
const LAST_MS = Date.UTC(2190);

/**
 * The general parser of times, with a short way for what machines write: ISO 8601 in UTC.
 *
 * @throws TypeError for an unknown time zone
 */
export function createFastInstantParser(timeZone: string | undefined): (raw: unknown) => number | null {
  const zone = timeZone === undefined ? undefined : zoneOffset(timeZone);
  if (zone === null) throw new TypeError("timeZone must be an IANA time zone that the platform knows");
  const options = zone === undefined ? {} : { zone };
  return (raw) => {
    if (typeof raw === "string" && ISO_UTC.test(raw)) {
      const ms = Date.parse(raw);
      // Also false for what is no number: days that do not exist, leap seconds.
      if (ms >= FIRST_MS && ms < LAST_MS) return ms;
    }
    return parseInstant(raw, options);
  };
}
