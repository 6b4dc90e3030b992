import { exp, ln, type Random } from "./random.js";

/**
 * Ranks 0 … n-1 with probability proportional to 1 / (rank + 1)^exponent (Zipf). Popular values of the whole
 * population are drawn by it, so that the share of the most popular one hardly falls as the population grows: that is
 * what makes naive linking collapse on large files.
 */
export class PowerLaw {
  private readonly cumulative: Float64Array;

  constructor(
    readonly size: number,
    exponent: number,
  ) {
    this.cumulative = new Float64Array(size);
    let sum = 0;
    for (let i = 0; i < size; i++) {
      sum += exp(-exponent * ln(i + 1));
      this.cumulative[i] = sum;
    }
    for (let i = 0; i < size; i++) this.cumulative[i] = (this.cumulative[i] as number) / sum;
  }

  /** The probability of one rank. */
  share(rank: number): number {
    return (this.cumulative[rank] as number) - (rank === 0 ? 0 : (this.cumulative[rank - 1] as number));
  }

  draw(random: Random): number {
    const u = random.unit();
    let low = 0;
    let high = this.size - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.cumulative[middle] as number) > u) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
