/**
 * Seeded randomness that gives the same bits on every machine.
 *
 * The stream is sfc32 (Chris Doty-Humphrey, PractRand, public domain): four 32-bit words, integer additions, shifts
 * and xors only. `Math.exp` and `Math.log` may differ in the last bit between engines, so the two are computed here
 * from the four basic operations, which IEEE 754 rounds exactly.
 */

const TWO_POW_32 = 4294967296;
const LN2 = Math.LN2;

/** e^x for moderate x: halve the range by powers of two, then a Taylor polynomial. */
export function exp(x: number): number {
  const k = Math.round(x / LN2);
  const r = x - k * LN2;
  let p = 1;
  for (let n = 14; n > 0; n--) p = 1 + (p * r) / n;
  for (let i = 0; i < k; i++) p *= 2;
  for (let i = 0; i > k; i--) p /= 2;
  return p;
}

/** Natural logarithm of x > 0, by the series of artanh after halving x into [0.7, 1.42]. */
export function ln(x: number): number {
  let k = 0;
  let y = x;
  while (y > 1.42) {
    y /= 2;
    k++;
  }
  while (y < 0.7) {
    y *= 2;
    k--;
  }
  const s = (y - 1) / (y + 1);
  const s2 = s * s;
  let p = 0;
  for (let n = 19; n > 0; n -= 2) p = p * s2 + 1 / n;
  return 2 * s * p + k * LN2;
}

const BYTE_HEX: readonly string[] = Array.from(
  { length: 256 },
  (_, i) => (i < 16 ? "0" : "") + i.toString(16),
);

function hex32(word: number): string {
  return (
    (BYTE_HEX[word >>> 24] as string) +
    (BYTE_HEX[(word >>> 16) & 255] as string) +
    (BYTE_HEX[(word >>> 8) & 255] as string) +
    (BYTE_HEX[word & 255] as string)
  );
}

/** A reusable generator: `seed` it with the key of the thing to draw, then draw. Seeding is cheap (12 rounds). */
export class Random {
  private a = 0;
  private b = 0;
  private c = 0;
  private d = 1;

  /** Starts the stream of the key (x, y, z), each taken modulo 2^32. Distinct keys give unrelated streams. */
  seed(x: number, y: number, z: number): this {
    this.a = x | 0;
    this.b = y | 0;
    this.c = z | 0;
    this.d = 1;
    for (let i = 0; i < 12; i++) this.word();
    return this;
  }

  /** 32 random bits as an unsigned integer. */
  word(): number {
    const t = (this.a + this.b + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + t;
    this.c |= 0;
    return t >>> 0;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.word() / TWO_POW_32;
  }

  chance(probability: number): boolean {
    return this.word() < probability * TWO_POW_32;
  }

  /** Uniform integer in [0, n). */
  below(n: number): number {
    return Math.floor(this.unit() * n);
  }

  /** Uniform integer in [low, high]. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Standard normal, approximated by four uniforms (Irwin-Hall); bounded at 3.46 deviations, which caps delays. */
  normal(): number {
    return (this.unit() + this.unit() + this.unit() + this.unit() - 2) * 1.7320508075688772;
  }

  logNormal(median: number, sigma: number): number {
    return median * exp(sigma * this.normal());
  }

  logUniform(low: number, high: number): number {
    return low * exp(ln(high / low) * this.unit());
  }

  exponential(mean: number): number {
    return -mean * ln(1 - this.unit());
  }

  /** How many successes before the first failure, at most `max`. */
  geometric(probability: number, max: number): number {
    let n = 0;
    while (n < max && this.chance(probability)) n++;
    return n;
  }

  /** `words` x 8 hexadecimal digits. */
  hex(words: number): string {
    let text = "";
    for (let i = 0; i < words; i++) text += hex32(this.word());
    return text;
  }

  /** `length` characters of `alphabet`. */
  letters(length: number, alphabet: string): string {
    let text = "";
    for (let i = 0; i < length; i++) text += alphabet[this.below(alphabet.length)];
    return text;
  }
}

/** Mixes two integers into one of 32 bits (the finaliser of MurmurHash3, Austin Appleby, public domain). */
export function mix(x: number, y: number): number {
  let h = (x ^ Math.imul(y, 0x9e3779b1)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** What a stream of random numbers is for: part of its key, so that drawing more of one thing never shifts another. */
export const STREAM = {
  person: 1,
  household: 2,
  company: 3,
  device: 4,
  episode: 5,
  session: 6,
  call: 7,
  callFollowUp: 8,
  crm: 9,
  crmFollowUp: 10,
  publisher: 11,
  campaign: 12,
  kiosk: 13,
  network: 16,
  cookie: 17,
  delivery: 18,
  arrival: 19,
  conversion: 20,
  click: 21,
  configuration: 22,
} as const;
