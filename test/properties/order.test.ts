import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Assertion,
  type Fragment,
  type FragmentInput,
  fragmentKey,
} from "../../src/fragment/fragment.js";
import { type Resolution, resolve } from "../../src/resolve/resolve.js";
import { check, run } from "./check.js";
import { content, history, plainHistory } from "./histories.js";
import { viewOf } from "./views.js";

/** Invariants 1 to 4 of the design: what comes in is a set, however it comes. */

/** The same things in an order drawn by the generator: a list of sort keys, one for each. */
function reordered<T>(list: readonly T[], ranks: readonly number[]): T[] {
  return list
    .map((item, index) => ({ item, rank: ranks[index % ranks.length] ?? 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

const ranks = fc.array(fc.nat(1_000), { minLength: 20, maxLength: 20 });

/** Statuses by input, copies counted: which of two copies is called live has no meaning. */
function statusesByContent(
  inputs: readonly (FragmentInput | Assertion)[],
  statuses: readonly string[],
): string[] {
  return inputs.map((input, index) => `${JSON.stringify(input)} ${statuses[index]}`).sort();
}

describe("1: order", () => {
  it("of fragments, removals and assertions changes nothing", () => {
    check(fc.tuple(history, ranks, ranks), ([given, byInput, byAssertion]) => {
      const moved = {
        ...given,
        inputs: reordered(given.inputs, byInput),
        assertions: reordered(given.assertions, byAssertion),
      };
      const [before, after] = [given, moved].map(({ inputs, model, assertions }) =>
        resolve(inputs, model, assertions),
      ) as [Resolution, Resolution];
      expect(viewOf(after)).toEqual(viewOf(before));
      expect(statusesByContent(moved.inputs, after.inputStatuses)).toEqual(
        statusesByContent(given.inputs, before.inputStatuses),
      );
      expect(statusesByContent(moved.assertions, after.assertionStatuses)).toEqual(
        statusesByContent(given.assertions, before.assertionStatuses),
      );
    });
  });

  it("of the members of a fragment, and of its identifiers, changes nothing", () => {
    check(fc.tuple(plainHistory, ranks), ([given, by]) => {
      const turned = given.inputs.map((fragment): Fragment => {
        const members = Object.fromEntries(Object.entries(fragment).reverse()) as unknown as Fragment;
        return fragment.identifiers === undefined
          ? members
          : { ...members, identifiers: reordered(fragment.identifiers, by) };
      });
      expect(run({ ...given, inputs: turned })).toEqual(run(given));
    });
  });

  it("of key values in code units changes nothing: a new pepper resolves alike", () => {
    const renamed: Readonly<Record<string, string>> = { visitor_id: "z", crm_id: "m", account_id: "a" };
    check(plainHistory, (given) => {
      const inputs = given.inputs.map((fragment): Fragment => {
        if (fragment.identifiers === undefined) return fragment;
        const identifiers = fragment.identifiers.map((identifier) => {
          const prefix = renamed[identifier.type];
          return prefix === undefined
            ? identifier
            : { ...identifier, value: `${prefix}${[...identifier.value].reverse().join("")}` };
        });
        return { ...fragment, identifiers };
      });
      const [before, after] = [run(given), run({ ...given, inputs })];
      expect(after.profiles).toEqual(before.profiles);
      expect(after.decisions).toEqual(before.decisions);
    });
  });
});

describe("2: cutting", () => {
  it("a history into batches, and putting them together in another order, changes nothing", () => {
    check(fc.tuple(history, fc.nat(14), fc.nat(14)), ([given, p, q]) => {
      const [first, second] = [Math.min(p, q), Math.max(p, q)];
      const { inputs } = given;
      const batches = [inputs.slice(second), inputs.slice(0, first), inputs.slice(first, second)];
      expect(run({ ...given, inputs: batches.flat() })).toEqual(run(given));
    });
  });
});

describe("3: duplicates", () => {
  it("of fragments, removals and assertions change nothing", () => {
    check(fc.tuple(history, fc.array(fc.nat(30), { minLength: 1, maxLength: 6 })), ([given, again]) => {
      const inputs = [
        ...given.inputs,
        ...again.flatMap((index) => given.inputs[index % given.inputs.length] ?? []),
      ];
      const assertions = [...given.assertions, ...again.flatMap((index) => given.assertions[index] ?? [])];
      expect(run({ ...given, inputs, assertions })).toEqual(run(given));
    });
  });
});

describe("4: taking back", () => {
  const fresh = { source: "web", id: "fresh" };

  it("adding and removing is never having added", () => {
    check(fc.tuple(history, content, fc.nat(14)), ([given, said, at]) => {
      const added: FragmentInput[] = [
        ...given.inputs.slice(0, at),
        { ...fresh, ...said },
        ...given.inputs.slice(at),
      ];
      expect(run({ ...given, inputs: [...added, { ...fresh, gone: true }] })).toEqual(run(given));
      expect(run({ ...given, inputs: [{ ...fresh, version: 0, gone: true }, ...added] })).toEqual(run(given));
    });
  });

  it("replacing is removing and adding", () => {
    check(fc.tuple(history, content, content), ([given, before, after]) => {
      const [old, corrected] = [
        { ...fresh, ...before },
        { ...fresh, version: 1, ...after },
      ];
      const alone = run({ ...given, inputs: [...given.inputs, corrected] });
      expect(run({ ...given, inputs: [...given.inputs, old, corrected] })).toEqual(alone);
      expect(run({ ...given, inputs: [corrected, ...given.inputs, old] })).toEqual(alone);
      expect(
        run({ ...given, inputs: [...given.inputs, old, { ...fresh, version: 0, gone: true }, corrected] }),
      ).toEqual(alone);
    });
  });

  it("removing what is there leaves what the others say", () => {
    check(fc.tuple(history, fc.nat(20)), ([given, at]) => {
      const { source, id } = given.inputs[at % given.inputs.length] as FragmentInput;
      const others = given.inputs.filter((input) => input.source !== source || input.id !== id);
      expect(run({ ...given, inputs: [...given.inputs, { source, id, gone: true }] })).toEqual(
        run({ ...given, inputs: others }),
      );
    });
  });

  it("an assertion taken back is one that was never made", () => {
    check(fc.tuple(history, fc.nat(20)), ([given, at]) => {
      fc.pre(given.assertions.length > 0);
      const { type, a, b } = given.assertions[at % given.assertions.length] as Assertion;
      const off: Assertion = { type, a: b, b: a, version: 9, retracted: true };
      const pair = (one: Assertion): string =>
        [one.type, ...[one.a, one.b].map(fragmentKey).sort()].join(" ");
      const others = given.assertions.filter((other) => pair(other) !== pair(off));
      expect(run({ ...given, assertions: [off, ...given.assertions] })).toEqual(
        run({ ...given, assertions: others }),
      );
    });
  });
});
