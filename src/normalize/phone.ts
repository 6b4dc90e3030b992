import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import { nationalDigits } from "./nationalDigits.js";
import { isPlaceholder } from "./placeholder.js";
import { rawText } from "./text.js";
import { saysWithheld, spellsWithheld } from "./withheld.js";

/**
 * Why a number is no key:
 *
 * - `blank` nothing there, or a placeholder
 * - `withheld` the caller hid it, in words or spelled on the keypad
 * - `toll-free`, `premium` numbers of services, never of a person
 * - `own` one of `ownNumbers` or `blocked`
 * - `fictional` 555-01xx and other numbers set aside for fiction, directory assistance, 1234567890 and the like
 * - `repeated` one digit over and over
 * - `invalid` no number of any numbering plan
 */
export type PhoneRefusal =
  | "blank"
  | "withheld"
  | "toll-free"
  | "own"
  | "fictional"
  | "repeated"
  | "premium"
  | "invalid";

/**
 * A number in E.164 form with the country it belongs to (ISO 3166 alpha-2; null when the area code does not tell); or
 * the digits of a number that is not complete, without `+`, trunk zero or leading 1; or the reason why it is refused.
 */
export type NormalizedPhone =
  | { readonly e164: string; readonly country: string | null }
  | { readonly partial: string }
  | { readonly refused: PhoneRefusal };

export interface PhoneNormalizer {
  /** The number as an identifier of a person. `region` (ISO 3166 alpha-2) overrides the default region. */
  normalize(raw: unknown, region?: string): NormalizedPhone;
  /** E.164 form of a number that was dialled or shown: here toll-free and own numbers are fine. Null when it is none. */
  dialled(raw: unknown, region?: string): string | null;
}

export interface PhoneNormalizerOptions {
  /** Region of numbers written without country code, ISO 3166 alpha-2. Default "US". */
  readonly defaultRegion?: string;
  /** The account's own tracking and destination numbers, in any spelling. */
  readonly ownNumbers?: Iterable<string>;
  /** Other numbers that never mean a person, such as call-centre trunks, in any spelling. Refused as `own`. */
  readonly blocked?: Iterable<string>;
  /** Raw values remembered; when full the memory starts afresh. Default 50,000. */
  readonly cacheSize?: number;
}

/** What was read, before the question whether it may identify anybody. */
interface Reading {
  readonly outcome: NormalizedPhone;
  /** Also set for complete numbers that are refused as identifiers. */
  readonly number: string | null;
}

const TEXT_LIMIT = 128;
/** Toll-free codes of the North American plan, opened and reserved (NANPA). */
const NANP_TOLL_FREE = /^8(?:00|22|33|44|55|66|77|88)/;
/** Area codes: never 0 or 1 first, never N11 (services), never N9X (kept for expanding the plan). */
const NANP_AREA = /^[2-9](?!11)[0-8]\d/;
/** One number of the North American plan and nothing else, in any of the usual punctuations. */
const NANP_TEXT = /^(?:\+?1[-. ]?)?(?:\(\d{3}\)|\d{3})[-. ]{0,2}\d{3}[-. ]?\d{4}$/;
const SEQUENCES: ReadonlySet<string> = new Set([
  "1234567890",
  "12345678901",
  "2345678901",
  "0123456789",
  "123456789",
  "12345678",
  "1234567",
  "9876543210",
  "987654321",
  "0987654321",
]);
/** Ofcom's numbers for drama: London, no area, mobile. */
const UK_FICTION = /^44(?:2079460|1632960|7700900)\d{3}$/;

/**
 * Reads phone numbers as people and machines write them. A number is accepted when its length is possible in its plan
 * and, in the North American plan, its area code could exist. The exact ranges in use are not asked for: they change
 * faster than metadata is released, and refusing the number of a new area code loses a caller, while a mistyped number
 * hardly ever meets another one. Neither method throws; `normalize` is idempotent on `e164` and on `partial`.
 *
 * Metadata: `libphonenumber-js/max`, since the smaller set cannot tell toll-free from ordinary numbers in most countries.
 *
 * @throws TypeError when `defaultRegion` is no region the metadata knows.
 */
export function createPhoneNormalizer(options: PhoneNormalizerOptions = {}): PhoneNormalizer {
  const defaultRegion = supportedRegion(options.defaultRegion ?? "US");
  if (defaultRegion === null)
    throw new TypeError("defaultRegion must be an ISO 3166 alpha-2 code of a known region");
  const cacheSize = options.cacheSize ?? 50_000;
  const cache = new Map<string, Reading>();
  const areaCountries = new Map<string, string | null>();
  const own = new Set<string>();

  const countryOfArea = (area: string): string | null => {
    let country = areaCountries.get(area);
    if (country === undefined) {
      // An ordinary number of the area: an odd exchange must not hide where the area code belongs.
      country = parsePhoneNumberFromString(`+1${area}2002345`)?.country ?? null;
      areaCountries.set(area, country);
    }
    return country;
  };

  const read = (raw: unknown, region: CountryCode): Reading => {
    const text = rawText(raw, TEXT_LIMIT + 1);
    if (text === null || text === "") return refusal("blank");
    if (text.length > TEXT_LIMIT) return refusal("invalid");
    return readText(text.normalize("NFKC").replace(/[‐-―−]/g, "-"), region, countryOfArea, own);
  };

  const recall = (raw: unknown, region: string | undefined): Reading => {
    const plan = region === undefined ? defaultRegion : (supportedRegion(region) ?? defaultRegion);
    if (typeof raw !== "string" || raw.length > TEXT_LIMIT) return read(raw, plan);
    const key = plan + raw;
    let reading = cache.get(key);
    if (reading === undefined) {
      reading = read(raw, plan);
      if (cache.size >= cacheSize) cache.clear();
      cache.set(key, reading);
    }
    return reading;
  };

  const declared = [...(options.ownNumbers ?? []), ...(options.blocked ?? [])];
  const numbers = declared.map((number) => recall(number, undefined).number);
  for (const number of numbers) if (number !== null) own.add(number);
  cache.clear();

  return {
    normalize: (raw, region) => recall(raw, region).outcome,
    dialled: (raw, region) => recall(raw, region).number,
  };
}

function supportedRegion(region: unknown): CountryCode | null {
  if (typeof region !== "string" || region.length !== 2) return null;
  const code = region.toUpperCase();
  return isSupportedCountry(code) ? code : null;
}

function refusal(refused: PhoneRefusal, number: string | null = null): Reading {
  return { outcome: Object.freeze({ refused }), number };
}

function readText(
  given: string,
  region: CountryCode,
  countryOfArea: (area: string) => string | null,
  own: ReadonlySet<string>,
): Reading {
  // A column of numbers read as floats: "13126731048.0", "1.3126731048E+10".
  const float = /^(\d{7,15})\.0+$/.exec(given);
  const scientific = /^\d\.\d{6,14}e\+?(?:9|1\d)$/i.test(given) ? Number(given) : Number.NaN;
  const text = float?.[1] ?? (Number.isSafeInteger(scientific) ? String(scientific) : given);

  const bare = text.replace(/\D/g, "");
  if (/^(\d)\1{6,}$/.test(bare)) return refusal("repeated");
  if (saysWithheld(text.toLowerCase())) return refusal("withheld");
  if (bare !== "" && spellsWithheld(bare)) return refusal("withheld");
  if (isPlaceholder(text)) return refusal("blank");
  if (bare === "") return refusal("invalid");

  const nanp = getCountryCallingCode(region) === "1";
  if (NANP_TEXT.test(text) && (nanp || text.startsWith("+"))) {
    return judge(`+1${bare.slice(-10)}`, null, countryOfArea, own);
  }
  // "00" is how most of the world writes "+", whatever the region's own prefix is.
  const international = /^[\s(]*00[1-9]/.test(text) ? `+${bare.slice(2)}` : text;
  const parsed = parsePhoneNumberFromString(international, { defaultCountry: region });
  if (parsed?.isPossible()) return judge(parsed.number, parsed, countryOfArea, own);
  if (!international.includes("+") && bare.length >= 11 && bare.length <= 15) {
    // Digits with a country code but without "+", as some platforms send them. A guess, hence only if exactly valid.
    const guess = parsePhoneNumberFromString(`+${bare}`);
    if (guess?.isValid()) return judge(guess.number, guess, countryOfArea, own);
  }
  const typed = (international === text ? bare : bare.slice(2)).replace(nanp ? /^[01]+/ : /^0+/, "");
  if (/[a-z]/i.test(text) || typed.length < 4 || typed.length > 11) return refusal("invalid");
  if (spellsWithheld(typed)) return refusal("withheld");
  if (/^(\d)\1{6,}$/.test(typed)) return refusal("repeated");
  if (SEQUENCES.has(typed) || SEQUENCES.has(bare)) return refusal("fictional");
  if (typed !== text) {
    // Text from which the library could read no number, whose digits alone would be one, is neither.
    const again = readText(typed, region, countryOfArea, own);
    return "partial" in again.outcome ? again : refusal("invalid");
  }
  if (nanp && typed.length >= 10) return refusal("invalid");
  return { outcome: Object.freeze({ partial: typed }), number: null };
}

type Parsed = NonNullable<ReturnType<typeof parsePhoneNumberFromString>>;

/** Whether a number of possible length may identify a person. `parsed` is null where the plan is North American. */
function judge(
  e164: string,
  parsed: Parsed | null,
  countryOfArea: (area: string) => string | null,
  own: ReadonlySet<string>,
): Reading {
  const digits = e164.slice(1);
  const nanp = digits.length === 11 && digits.startsWith("1");
  const national = nanp ? digits.slice(1) : (parsed?.nationalNumber ?? nationalDigits(e164) ?? digits);
  if (spellsWithheld(digits)) return refusal("withheld");
  if (/^(\d)\1*$/.test(national) || (nanp && /(\d)\1{6}$/.test(national))) return refusal("repeated");
  if (SEQUENCES.has(national) || (nanp && national.endsWith("1234567"))) return refusal("fictional");
  if (nanp && !NANP_AREA.test(national)) return refusal("invalid");
  // Reading the number again must give the number again.
  if (!nanp && parsePhoneNumberFromString(e164)?.number !== e164) return refusal("invalid");
  if (own.has(e164)) return refusal("own", e164);
  const type = nanp ? undefined : parsed?.getType();
  if (nanp ? NANP_TOLL_FREE.test(national) : type === "TOLL_FREE") return refusal("toll-free", e164);
  if (nanp ? national.startsWith("900") : type === "PREMIUM_RATE") return refusal("premium", e164);
  const fictional = nanp ? /^(?:555|\d{3}555(?:01\d\d|1212)$)/.test(national) : UK_FICTION.test(digits);
  if (fictional) return refusal("fictional", e164);
  const country = nanp ? countryOfArea(national.slice(0, 3)) : (parsed?.country ?? null);
  return { outcome: Object.freeze({ e164, country }), number: e164 };
}
