import type { Publishers } from "./campaign.js";
import type { World } from "./world.js";
import { MINUTE_MS } from "./world.js";

/**
 * Dynamic number insertion: a visit leases a number of its publisher's pool, least recently leased first. With n
 * numbers and visits at rate λ a number is shown to someone else after n / λ on average, so a busier publisher reuses
 * sooner. A pool whose every number is under lease overflows to the fixed number, which names no visitor.
 */
export class NumberPools {
  private readonly leaseEndMs: Float64Array;
  private readonly cursor: Uint32Array;

  constructor(
    private readonly publishers: Publishers,
    private readonly leaseMs: number,
  ) {
    this.leaseEndMs = new Float64Array(publishers.firstNumber[publishers.count] as number);
    this.cursor = new Uint32Array(publishers.count);
  }

  static of(world: World): NumberPools {
    return new NumberPools(world.publishers, world.rates.leaseMinutes * MINUTE_MS);
  }

  /** The publisher's number that is the same for everyone. */
  fixed(publisher: number): number {
    return this.publishers.firstNumber[publisher] as number;
  }

  /** Leases the number that has rested longest; all numbers of a ring are leased in turn, so that is the next one. */
  lease(publisher: number, nowMs: number): number {
    const first = this.fixed(publisher) + 1;
    const size = (this.publishers.firstNumber[publisher + 1] as number) - first;
    const at = this.cursor[publisher] as number;
    const number = first + at;
    if ((this.leaseEndMs[number] as number) > nowMs) return this.fixed(publisher);
    this.cursor[publisher] = at + 1 === size ? 0 : at + 1;
    this.leaseEndMs[number] = nowMs + this.leaseMs;
    return number;
  }
}

const TOLL_FREE = ["800", "833", "844", "855", "866", "877", "888"] as const;
const PER_PREFIX = 6_900_000;

/** The tracking number of an index: toll-free, exchange 200 to 889, scattered so that neighbours do not look alike. */
export function trackingNumber(index: number): string {
  const line = 2_000_000 + ((Math.floor(index / TOLL_FREE.length) * 2_345_677 + 1_234_567) % PER_PREFIX);
  return `+1${TOLL_FREE[index % TOLL_FREE.length] as string}${line}`;
}

/** Toll-free callers (robots, mostly): exchange 890 to 999, so never a tracking number. */
export function tollFreeCaller(index: number): string {
  const line = 8_900_000 + ((Math.floor(index / TOLL_FREE.length) * 23_459 + 345_678) % 1_100_000);
  return `+1${TOLL_FREE[index % TOLL_FREE.length] as string}${line}`;
}
