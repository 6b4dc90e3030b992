import { describe, expect, test } from "vitest";
import { Publishers } from "../../src/simulate/campaign.js";
import { NumberPools, tollFreeCaller, trackingNumber } from "../../src/simulate/numberPool.js";
import { resolveRates } from "../../src/simulate/rates.js";

const MINUTE = 60_000;

describe("number pools", () => {
  const publishers = new Publishers(1, 2000, 180, resolveRates("normal"));
  const size = (publishers.firstNumber[1] as number) - (publishers.firstNumber[0] as number) - 1;

  test("numbers are leased in turn, so the one that rested longest comes next", () => {
    const pools = new NumberPools(publishers, MINUTE);
    const leased = Array.from({ length: size * 2 }, (_, i) => pools.lease(0, i * 10 * MINUTE));
    expect(new Set(leased.slice(0, size)).size).toBe(size);
    expect(leased.slice(size)).toEqual(leased.slice(0, size));
    expect(leased).not.toContain(pools.fixed(0));
  });

  test("an exhausted pool overflows to the fixed number until a lease ends", () => {
    const pools = new NumberPools(publishers, 30 * MINUTE);
    const first = pools.lease(0, 0);
    for (let i = 1; i < size; i++) expect(pools.lease(0, i)).not.toBe(pools.fixed(0));
    expect(pools.lease(0, MINUTE)).toBe(pools.fixed(0));
    expect(pools.lease(0, 31 * MINUTE)).toBe(first);
  });

  test("pools grow with the traffic of their publisher, publishers with the population", () => {
    const large = new Publishers(1, 2_000_000, 180, resolveRates("normal"));
    const pool = (of: Publishers, publisher: number): number =>
      (of.firstNumber[publisher + 1] as number) - (of.firstNumber[publisher] as number) - 1;
    expect(pool(large, 0)).toBeGreaterThan(pool(large, large.perVertical - 1));
    expect(pool(large, 0)).toBeGreaterThan(pool(publishers, 0));
    expect(large.count).toBeGreaterThan(10 * publishers.count);
  });

  test("tracking numbers are distinct toll-free numbers, and never those of robots", () => {
    const numbers = new Set(Array.from({ length: 200_000 }, (_, i) => trackingNumber(i)));
    const robots = Array.from({ length: 50_000 }, (_, i) => tollFreeCaller(i));
    expect(numbers.size).toBe(200_000);
    expect(robots.some((robot) => numbers.has(robot))).toBe(false);
    for (const number of numbers)
      if (!/^\+18(00|33|44|55|66|77|88)[2-8]\d{6}$/.test(number)) expect.fail(number);
  });
});
