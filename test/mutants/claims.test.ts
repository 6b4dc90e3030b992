import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Fragment, Identifier } from "../../src/fragment/fragment.js";
import { createDefaultModel } from "../../src/model/defaultModel.js";
import type { Model } from "../../src/model/model.js";
import { resolve } from "../../src/resolve/resolve.js";

/** Claims and digests: rules that random histories put to the test once in a thousand. */

const NOON = Date.UTC(2026, 0, 5, 12);
const DEFAULT = createDefaultModel();
const EMAIL = "ines.marlow@harbor.example";

function saw(id: string, identifiers: readonly Identifier[], rest: Partial<Fragment> = {}): Fragment {
  return { source: "web", id, kind: "call", observedAt: NOON, identifiers, ...rest };
}

const claim = (confidence: number, value = "v1"): Identifier => ({ type: "visitor_id", value, confidence });
const event = { namespace: "call", name: "c1" };

describe("claims", () => {
  it("of one value in one event: the most confident speaks, whichever came first", () => {
    for (const [first, second] of [
      [0.6, 0.8],
      [0.8, 0.6],
    ] as const) {
      const { strands } = resolve(
        [
          saw("1", [claim(first)], { event }),
          saw("2", [claim(second)], { event, observedAt: NOON + 60_000 }),
        ],
        DEFAULT,
      );
      expect(strands.flatMap(({ evidence }) => evidence.claims.map(({ confidence }) => confidence))).toEqual([
        0.8,
      ]);
    }
  });

  it("count among the identifiers of an event", () => {
    const model: Model = { ...DEFAULT, limits: { ...DEFAULT.limits, maxEventIdentifiers: 2 } };
    const inEvent = (values: readonly string[]): Fragment[] =>
      values.map((value) => saw(value, [claim(0.6, value)], { event }));
    expect(resolve(inEvent(["v1", "v2"]), model).counts.events).toBe(1);
    expect(resolve(inEvent(["v1", "v2", "v3"]), model).counts.events).toBe(3);
  });

  it("of one value make their claimants worth comparing", () => {
    const two = ["1", "2"].map((id) => saw(id, [claim(0.6), { type: "crm_id", value: id }]));
    expect(resolve(two, DEFAULT).links.candidates).toBe(1);
  });
});

describe("digests", () => {
  it("are not generic for the plain values that stand beside them, whatever a type counts of itself", () => {
    const model: Model = {
      ...DEFAULT,
      identifiers: {
        ...DEFAULT.identifiers,
        email: { ...DEFAULT.identifiers.email!, maxAnchors: { email: 1, phone: 8 } },
      },
    };
    const digest = { type: "email_digest", value: createHash("sha256").update(EMAIL).digest("hex") };
    const inputs = ["a", "b", "c"].map((id) =>
      saw(id, [digest, { type: "email", value: `${id}@harbor.example` }]),
    );
    expect(resolve(inputs, model).counts.generic).toEqual({});
  });
});
