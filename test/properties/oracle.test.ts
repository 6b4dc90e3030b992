import fc from "fast-check";
import { expect, it } from "vitest";
import { resolve } from "../../src/resolve/resolve.js";
import { resolveNaively } from "../oracle/oracle.js";
import { history, RUNS } from "./histories.js";
import { viewOf, viewOfOracle } from "./views.js";

it("2: the ladder agrees with the naive oracle: profiles, ids, statuses, generic values, every decision and its bits", () => {
  fc.assert(
    fc.property(history, ({ model, inputs, assertions }) => {
      const resolution = resolve(inputs, model, assertions);
      const oracle = resolveNaively(inputs, model, assertions);
      expect(resolution.inputStatuses).toEqual(oracle.inputStatuses);
      expect(resolution.assertionStatuses).toEqual(oracle.assertionStatuses);
      expect(viewOf(resolution)).toEqual(viewOfOracle(oracle));
    }),
    { numRuns: RUNS },
  );
});
