import type { City } from "./vocabulary/places.js";

/**
 * Who has the numbers of a range of exchanges. The ranges are disjoint, so a landline never equals a mobile phone by
 * accident, and inside a range numbers are dealt by an index, so two people never share one unless a rate says so.
 */
export type LineRange = "mobile" | "second" | "landline" | "main" | "spoofed" | "trunk";

const RANGES: Readonly<Record<LineRange, readonly [from: number, count: number]>> = {
  mobile: [0, 470],
  second: [470, 90],
  landline: [560, 140],
  main: [700, 30],
  spoofed: [730, 50],
  trunk: [780, 11],
};

/** Exchanges 2xx to 9xx without service codes (N11) and without 555, which is kept for fictional numbers. */
const EXCHANGES: readonly number[] = Array.from({ length: 800 }, (_, i) => 200 + i).filter(
  (exchange) => exchange % 100 !== 11 && exchange !== 555,
);

/** Prime, so it has no common factor with any range: index -> number is then one to one until a range is used up. */
const STRIDE = 7_654_319;

/** The ten digits of line `index` of a range in a city. */
export function subscriberNumber(city: City, range: LineRange, index: number): string {
  const [from, count] = RANGES[range];
  const perArea = count * 10_000;
  const all = perArea * city.areaCodes.length;
  const place = ((index % all) * STRIDE + 4_321_987) % all;
  const area = city.areaCodes[Math.floor(place / perArea)] as string;
  const exchange = EXCHANGES[from + Math.floor((place % perArea) / 10_000)] as number;
  return `${area}${exchange}${String(10_000 + (place % 10_000)).slice(1)}`;
}

/** How platforms and people write the ten digits. */
export type PhoneStyle = "e164" | "dashes" | "eleven" | "ten" | "dots" | "brackets" | "spaces" | "dashedOne";

export const TYPED_STYLES: readonly PhoneStyle[] = [
  "ten",
  "dashes",
  "brackets",
  "dots",
  "e164",
  "spaces",
  "dashedOne",
];

/** Writes ten digits in a style; anything else (withheld spellings, placeholders of other lengths) stays as it is. */
export function formatPhone(digits: string, style: PhoneStyle): string {
  if (!/^\d{10}$/.test(digits)) return digits;
  const area = digits.slice(0, 3);
  const exchange = digits.slice(3, 6);
  const line = digits.slice(6);
  switch (style) {
    case "e164":
      return `+1${digits}`;
    case "dashes":
      return `${area}-${exchange}-${line}`;
    case "eleven":
      return `1${digits}`;
    case "ten":
      return digits;
    case "dots":
      return `${area}.${exchange}.${line}`;
    case "brackets":
      return `(${area}) ${exchange}-${line}`;
    case "spaces":
      return `+1 ${area} ${exchange} ${line}`;
    case "dashedOne":
      return `1-${area}-${exchange}-${line}`;
  }
}
