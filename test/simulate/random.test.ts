import { describe, expect, test } from "vitest";
import { isoTime } from "../../src/simulate/clockText.js";
import { subscriberNumber } from "../../src/simulate/phoneNumber.js";
import { PowerLaw } from "../../src/simulate/powerLaw.js";
import { exp, ln, Random } from "../../src/simulate/random.js";
import { Schedule, TASK, type Task } from "../../src/simulate/schedule.js";
import { CITIES, type City } from "../../src/simulate/vocabulary/places.js";

describe("random", () => {
  test("exp and ln agree with the ones of the engine", () => {
    for (let x = -20; x <= 20; x += 0.37) expect(exp(x) / Math.exp(x)).toBeCloseTo(1, 13);
    for (let x = 0.001; x < 1e7; x *= 1.7) expect(ln(x)).toBeCloseTo(Math.log(x), 11);
  });

  test("draws have the distributions they are named after", () => {
    const random = new Random().seed(1, 2, 3);
    const mean = (draw: () => number): number => {
      let sum = 0;
      for (let i = 0; i < 20_000; i++) sum += draw();
      return sum / 20_000;
    };
    expect(mean(() => random.unit())).toBeCloseTo(0.5, 1);
    expect(mean(() => random.normal() ** 2)).toBeCloseTo(1, 1);
    expect(mean(() => random.exponential(2)) / 2).toBeCloseTo(1, 1);
    expect(mean(() => (random.chance(0.3) ? 1 : 0))).toBeCloseTo(0.3, 1);
    expect(mean(() => (random.logNormal(5, 1) < 5 ? 1 : 0))).toBeCloseTo(0.5, 1);
  });

  test("neighbouring keys give unrelated streams", () => {
    const seen = new Set<string>();
    for (let i = 0; i < 5000; i++)
      seen.add(new Random().seed(i, 1, 1).hex(2)).add(new Random().seed(1, i + 2, 1).hex(2));
    expect(seen.size).toBe(10_000);
  });

  test("a power law keeps its order and its shares", () => {
    const law = new PowerLaw(50, 1);
    const random = new Random().seed(4, 4, 4);
    const counts = new Array<number>(50).fill(0);
    for (let i = 0; i < 50_000; i++) {
      const rank = law.draw(random);
      counts[rank] = (counts[rank] as number) + 1;
    }
    let sum = 0;
    for (let rank = 0; rank < 50; rank++) sum += law.share(rank);
    expect(sum).toBeCloseTo(1, 10);
    expect(law.share(0) / law.share(9)).toBeCloseTo(10, 6);
    expect((counts[0] as number) / 50_000).toBeCloseTo(law.share(0), 1);
    expect(counts[49]).toBeLessThan((counts[0] as number) / 10);
  });
});

describe("time", () => {
  test("is written as the engine writes it", () => {
    const random = new Random().seed(5, 5, 5);
    const leapDays = ["2000-02-29T23:59:59.999Z", "2024-03-01T00:00:00.000Z", "2100-02-28T12:00:00.001Z"];
    for (const text of leapDays) expect(isoTime(Date.parse(text))).toBe(text);
    for (let i = 0; i < 20_000; i++) {
      const ms = random.unit() * 4e12;
      if (isoTime(ms) !== new Date(ms).toISOString()) expect.fail(`${ms}`);
    }
  });
});

describe("numbers of subscribers", () => {
  test("no two people of a city share one, and ranges do not overlap", () => {
    const city = CITIES[0] as City;
    const seen = new Set<string>();
    for (let i = 0; i < 50_000; i++) {
      seen.add(subscriberNumber(city, "mobile", i));
      seen.add(subscriberNumber(city, "landline", i));
    }
    expect(seen.size).toBe(100_000);
    for (const digits of seen) if (!/^\d{3}(?!\d11)(?!555)[2-9]\d{6}$/.test(digits)) expect.fail(digits);
  });
});

describe("schedule", () => {
  test("tasks come back whole, by time, equal times in the order they were added", () => {
    const schedule = new Schedule();
    const random = new Random().seed(9, 9, 9);
    const tasks: Task[] = Array.from({ length: 5000 }, (_, i) => ({
      atMs: random.below(800),
      actor: i,
      host: random.word(),
      kind: TASK.crm,
      episode: random.below(16),
      visit: random.below(16),
      call: random.below(256),
      number: random.word(),
    }));
    for (const task of tasks) schedule.add(task);
    const taken: Task[] = [];
    while (schedule.size > 0) {
      const nextMs = schedule.nextMs();
      const task = schedule.take();
      expect(task.atMs).toBe(nextMs);
      taken.push(task);
    }
    expect(taken).toEqual([...tasks].sort((a, b) => a.atMs - b.atMs || a.actor - b.actor));
    expect(schedule.nextMs()).toBe(Number.POSITIVE_INFINITY);
  });
});
