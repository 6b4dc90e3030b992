import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  describeShape,
  type Fault,
  MAX_FRAGMENT_IDENTIFIERS,
  type Validated,
  validateAssertion,
  validateFragment,
} from "../../src/fragment/validate.js";

function faultsOf(outcome: Validated<unknown>): readonly Fault[] {
  return outcome.ok ? [] : outcome.faults;
}

function pathsOf(outcome: Validated<unknown>): string[] {
  return faultsOf(outcome).map(({ path }) => path);
}

const FRAGMENT = {
  source: "web",
  id: "f1",
  version: 2,
  kind: "form",
  observedAt: "2026-01-05T05:46:27Z",
  event: { namespace: "call", name: "c1" },
  identifiers: [{ type: "email", value: "ann@example.com", confidence: 0.5, scope: "s", region: "US" }],
  signals: { ip: "203.0.113.9", consented: true, port: 443 },
  attributes: { first_name: "Ann", revenue: [10, 20.5], vip: false },
  consent: { marketing: false },
};

describe("fragments", () => {
  test.each([
    ["with every member", FRAGMENT],
    ["with the least", { source: "web", id: "f1", kind: "form" }],
    ["with an unknown time", { source: "web", id: "f1", kind: "form", observedAt: null }],
    ["at an epoch time", { source: "web", id: "f1", kind: "form", observedAt: 1_767_591_987_000 }],
    ["of a named event", { source: "web", id: "f1", kind: "form", event: "visit 7" }],
    ["taken back", { source: "web", id: "f1", gone: true }],
    ["taken back up to a version", { source: "web", id: "f1", version: 3, gone: true }],
  ])("a fragment %s is returned as given", (_, input) => {
    const outcome = validateFragment(input);
    expect(outcome).toEqual({ ok: true, value: input });
    expect(outcome.ok && outcome.value).toBe(input);
  });

  test("reports every fault at once, with its path", () => {
    const outcome = validateFragment({
      source: "",
      id: 7,
      version: -1,
      observedAt: "whenever",
      event: { namespace: "call" },
      identifiers: [
        { type: "email", value: "a@example.com" },
        "b@example.com",
        { value: 5, confidence: 0, extra: 1 },
      ],
      signals: { ip: null },
      attributes: { revenue: [1, {}], name: "x", bad: Number.NaN },
      consent: { marketing: "yes" },
      colour: "red",
    });
    expect(pathsOf(outcome).sort()).toEqual(
      [
        "source",
        "id",
        "version",
        "kind",
        "observedAt",
        "event.name",
        "identifiers[1]",
        "identifiers[2].type",
        "identifiers[2].value",
        "identifiers[2].confidence",
        "identifiers[2].extra",
        "signals.ip",
        "attributes.revenue",
        "attributes.bad",
        "consent.marketing",
        "colour",
      ].sort(),
    );
  });

  test.each([[null], [undefined], ["text"], [[]], [7]])("%j is no fragment", (input) => {
    expect(faultsOf(validateFragment(input))).toEqual([
      { path: "", expected: expect.any(String), received: describeShape(input) },
    ]);
  });

  test("identifiers beyond the limit are refused as a whole", () => {
    const identifiers = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ type: "email", value: `p${index}@example.com` }));
    const fragment = { source: "web", id: "f1", kind: "form" };
    expect(validateFragment({ ...fragment, identifiers: identifiers(MAX_FRAGMENT_IDENTIFIERS) }).ok).toBe(
      true,
    );
    expect(
      pathsOf(validateFragment({ ...fragment, identifiers: identifiers(MAX_FRAGMENT_IDENTIFIERS + 1) })),
    ).toEqual(["identifiers"]);
  });

  test.each([[1.5], [Number.NaN], [2 ** 53], ["1"], [null]])("%j is no version", (version) => {
    expect(pathsOf(validateFragment({ source: "web", id: "f1", kind: "form", version }))).toEqual([
      "version",
    ]);
  });

  test.each([[0], [-0.1], [1.01], [Number.NaN], ["1"]])("%j is no confidence", (confidence) => {
    const identifiers = [{ type: "email", value: "ann@example.com", confidence }];
    expect(pathsOf(validateFragment({ source: "web", id: "f1", kind: "form", identifiers }))).toEqual([
      "identifiers[0].confidence",
    ]);
  });

  test("a removal carries nothing else", () => {
    expect(pathsOf(validateFragment({ source: "web", id: "f1", gone: true, kind: "form" }))).toEqual([
      "kind",
    ]);
    expect(pathsOf(validateFragment({ source: "web", id: "f1", gone: "yes" }))).toEqual(["gone"]);
  });

  test("no fault repeats a value that stood in the input", () => {
    // Long random words, so that no word of a message can be one of them by chance.
    const secret = fc.string({ unit: fc.constantFrom(..."qxzjkvw"), minLength: 12, maxLength: 40 });
    const scalar = fc.oneof(secret, fc.integer(), fc.constant(null), fc.constant(Number.NaN), fc.boolean());
    const value = fc.oneof(
      scalar,
      fc.array(scalar, { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "type", "value", "namespace", "name"), scalar, { maxKeys: 3 }),
      fc.array(
        fc.dictionary(fc.constantFrom("type", "value", "confidence", "scope"), scalar, { maxKeys: 4 }),
        {
          maxLength: 3,
        },
      ),
    );
    const names = ["source", "id", "version", "kind", "observedAt", "event", "identifiers", "signals"];
    const input = fc.dictionary(
      fc.constantFrom(...names, "attributes", "consent", "gone", "a", "b", "type", "retracted"),
      value,
      { maxKeys: 12 },
    );
    fc.assert(
      fc.property(input, (given) => {
        const secrets = JSON.stringify(given).match(/[qxzjkvw]{12,}/g) ?? [];
        for (const outcome of [validateFragment(given), validateAssertion(given)]) {
          const told = JSON.stringify(faultsOf(outcome));
          for (const one of secrets) expect(told).not.toContain(one);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("never throws, and what it accepts has a source, an id and a kind or is gone", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withDate: true, withBigInt: true }), (input) => {
        const outcome = validateFragment(input);
        if (outcome.ok) {
          const { source, id } = outcome.value;
          expect([typeof source, typeof id]).toEqual(["string", "string"]);
        } else expect(outcome.faults.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe("assertions", () => {
  const refs = { a: { source: "web", id: "f1" }, b: { source: "crm", id: "f2" } };

  test.each([[{ type: "same", ...refs }], [{ type: "different", ...refs, version: 4, retracted: true }]])(
    "%j is returned as given",
    (input) => {
      expect(validateAssertion(input)).toEqual({ ok: true, value: input });
    },
  );

  test("reports every fault at once, with its path", () => {
    const input = {
      type: "maybe",
      a: "f1",
      b: { source: "crm", key: 1 },
      version: 1.5,
      retracted: 1,
      by: "x",
    };
    expect(pathsOf(validateAssertion(input)).sort()).toEqual(
      ["type", "a", "b.id", "b.key", "version", "retracted", "by"].sort(),
    );
  });

  test("a list is no assertion", () => {
    expect(pathsOf(validateAssertion([]))).toEqual([""]);
  });
});
