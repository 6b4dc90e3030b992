import { describe, expect, it } from "vitest";
import { type FragmentInput, fragmentKey, isRemoval } from "../../src/fragment/fragment.js";
import { resolve } from "../../src/resolve/resolve.js";
import { resolveNaively } from "../oracle/oracle.js";
import { typeOf } from "../oracle/sighting.js";
import { check, run } from "./check.js";
import { history } from "./histories.js";
import { decisionsOf } from "./views.js";

/** Invariants 17 and 25 of the design: purity and counted outcomes. */

describe("17: purity", () => {
  it("the same inputs give the same result, and are left as they were", () => {
    check(history, (given) => {
      const before = JSON.stringify(given);
      const first = run(given);
      expect(run(given)).toEqual(first);
      expect(JSON.stringify(given)).toBe(before);
    });
  });
});

describe("25: outcomes", () => {
  it("every input has exactly one status, and they add up", () => {
    check(history, ({ inputs, model, assertions }) => {
      const { inputStatuses, assertionStatuses, counts } = resolve(inputs, model, assertions);
      expect(inputStatuses).toHaveLength(inputs.length);
      expect(assertionStatuses).toHaveLength(assertions.length);
      expect(Object.values(counts.inputs).reduce((sum, count) => sum + count, 0)).toBe(inputs.length);
      for (const [status, count] of Object.entries(counts.inputs)) {
        expect(inputStatuses.filter((one) => one === status)).toHaveLength(count);
      }
      expect(counts.inputs.removal).toBe(inputs.filter(isRemoval).length);
    });
  });

  it("of what was said about one `(source, id)` one input is live, or none where it was removed", () => {
    check(history, ({ inputs, model, assertions }) => {
      const { inputStatuses } = resolve(inputs, model, assertions);
      for (const key of new Set(inputs.map(fragmentKey))) {
        const own = inputStatuses.filter((_, index) => fragmentKey(inputs[index] as FragmentInput) === key);
        const live = own.filter((status) => status === "live");
        if (own.includes("removal")) expect(live.length).toBeLessThanOrEqual(1);
        else expect(live).toHaveLength(1);
        if (live.length === 0)
          expect(own.every((status) => status === "gone" || status === "removal")).toBe(true);
      }
    });
  });

  it("every decision is counted, by type and by guard", () => {
    check(history, ({ inputs, model, assertions }) => {
      const resolution = resolve(inputs, model, assertions);
      const decisions = decisionsOf(resolution);
      for (const [type, outcomes] of Object.entries(resolution.counts.links)) {
        for (const [outcome, count] of Object.entries(outcomes)) {
          expect(
            decisions.filter(({ edge, outcome: found }) => edge.type === type && found === outcome),
          ).toHaveLength(count);
        }
      }
      for (const [guard, count] of Object.entries(resolution.counts.guards)) {
        expect(decisions.filter(({ refusedBy }) => refusedBy?.guard === guard)).toHaveLength(count);
      }
      const oracle = resolveNaively(inputs, model, assertions);
      const generic = [...oracle.facts].filter(
        ([, fact]) => fact.generic.length + fact.genericUntrusted.length > 0,
      );
      const byType: Record<string, number> = {};
      for (const [key] of generic) byType[typeOf(key)] = (byType[typeOf(key)] ?? 0) + 1;
      expect(resolution.counts.generic).toEqual(byType);
    });
  });
});
