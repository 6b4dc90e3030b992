import { parsePhoneNumberFromString } from "libphonenumber-js/max";

/** The national significant digits of an E.164 number ("+13126731048" → "3126731048"); null when it is none. */
export function nationalDigits(e164: string): string | null {
  // Numbers of the North American plan need no metadata.
  if (/^\+1\d{10}$/.test(e164)) return e164.slice(2);
  if (!/^\+[1-9]\d{3,14}$/.test(e164)) return null;
  return parsePhoneNumberFromString(e164)?.nationalNumber ?? null;
}

/** Whether the digits typed so far (a `partial` of the phone normaliser) begin this E.164 number. */
export function isPhonePrefix(partial: string, e164: string): boolean {
  if (partial === "") return false;
  return (
    e164.startsWith(partial, 1) || (nationalDigits(e164)?.replace(/^0/, "").startsWith(partial) ?? false)
  );
}
