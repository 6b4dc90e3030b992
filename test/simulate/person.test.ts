import { describe, expect, test } from "vitest";
import { householdOf, landlineOf, mateOf } from "../../src/simulate/household.js";
import { arrivalStep, emailOf, mobileOf, personAt } from "../../src/simulate/person.js";
import { resolveRates } from "../../src/simulate/rates.js";
import { createWorld } from "../../src/simulate/world.js";

const people = 4000;
const rates = resolveRates("normal", { recycled: 0, sharedEmail: 0, roleEmail: 0 });
const world = createWorld(1, people, 0, 180, rates);

describe("people", () => {
  test("a household is the same for all its members, and they follow each other", () => {
    const sizes = new Map<number, number>();
    for (let i = 0; i < people; i++) {
      const household = householdOf(world, i);
      expect(i).toBeGreaterThanOrEqual(household.first);
      expect(i).toBeLessThan(household.first + household.size);
      expect(household).toEqual(householdOf(world, household.first));
      const mate = mateOf(household, i);
      expect(householdOf(world, mate).first).toBe(household.first);
      expect(mate === i).toBe(household.size === 1);
      sizes.set(household.first, (sizes.get(household.first) ?? 0) + 1);
    }
    for (const [first, size] of sizes) expect(householdOf(world, first).size).toBe(size);
    expect(people / sizes.size).toBeGreaterThan(2);
    expect(people / sizes.size).toBeLessThan(2.6);
  });

  test("phones, landlines and mailboxes are one owner's", () => {
    const owners = new Map<string, number>();
    for (let i = 0; i < people; i++) {
      const person = personAt(world, i);
      expect(person).toEqual(personAt(world, i));
      const lines = [
        mobileOf(world, person),
        emailOf(world, person, "first"),
        emailOf(world, person, "second"),
      ];
      if (person.household.first === i) lines.push(landlineOf(person.household));
      for (const line of lines) {
        expect(owners.has(line)).toBe(false);
        owners.set(line, i);
      }
    }
  });

  test("a recycled phone was somebody else's", () => {
    const handedOn = createWorld(1, people, 0, 180, { ...rates, recycled: 1 });
    const before = new Set(Array.from({ length: people }, (_, i) => mobileOf(world, personAt(world, i))));
    for (let i = 0; i < 200; i++) {
      const person = personAt(handedOn, i);
      expect(mobileOf(handedOn, person)).not.toBe(mobileOf(world, personAt(world, i)));
      expect(before).toContain(mobileOf(handedOn, person));
    }
  });

  test("everybody arrives once, household members far apart", () => {
    for (const count of [1, 2, 7, 1000, 4096, 99_991]) {
      const step = arrivalStep(count);
      const seen = new Set<number>();
      for (let rank = 0, at = 0; rank < count; rank++, at = (at + step) % count) seen.add(at);
      expect(seen.size).toBe(count);
    }
  });
});
