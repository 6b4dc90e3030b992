import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Fragment, Identifier } from "../../src/fragment/fragment.js";
import type { Comparison, Model } from "../../src/model/model.js";
import { resolve } from "../../src/resolve/resolve.js";
import { resolveNaively } from "../oracle/oracle.js";
import { HANDMADE_LOOSE, HANDMADE_TIGHT } from "./models.js";
import { viewOf, viewOfOracle } from "./views.js";

/** Histories that have once told the kernel from the oracle or the design, shrunk, and never to come back. */

const NOON = Date.UTC(2026, 0, 5, 12);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function saw(
  source: string,
  id: string,
  identifiers: readonly Identifier[],
  rest: Partial<Fragment> = {},
): Fragment {
  return { source, id, kind: "session", observedAt: NOON, identifiers, ...rest };
}

function expectAgreement(inputs: readonly Fragment[], model: Model): void {
  expect(viewOf(resolve(inputs, model))).toEqual(viewOfOracle(resolveNaively(inputs, model)));
}

function withComparison(model: Model, comparison: Comparison): Model {
  return { ...model, comparisons: [...model.comparisons, comparison] };
}

describe("digests", () => {
  it("of a blocked number are blocked with it (rung 3)", () => {
    const model: Model = {
      ...HANDMADE_LOOSE,
      phone: { ...HANDMADE_LOOSE.phone, blocked: ["(415) 555-2671"] },
    };
    const digest = { type: "phone_digest", value: sha256("+14155552671") };
    const inputs = ["0", "1"].map((id) => saw("web", id, [digest]));
    expect(resolve(inputs, model).links.edges.filter(({ type }) => type === "deterministic")).toEqual([]);
    expectAgreement(inputs, model);
  });

  it("are implied by each plain value that may link, not by the first alone", () => {
    const [dotted, plain] = ["ann.doe@gmail.com", "anndoe@gmail.com"].map((value) => ({
      type: "email",
      value,
    })) as [Identifier, Identifier];
    const call = { event: { namespace: "call", name: "x" } };
    const inputs = [
      saw("pixel", "z", [dotted, plain]),
      saw("pixel", "x1", [dotted], call),
      saw(
        "web",
        "x2",
        [
          { type: "email_digest", value: sha256("anndoe@gmail.com") },
          { type: "visitor_id", value: "v-one" },
        ],
        call,
      ),
      saw("pixel", "y", [dotted, { type: "visitor_id", value: "v-two" }]),
    ];
    expectAgreement(inputs, HANDMADE_TIGHT);
  });
});

describe("session-scoped keys", () => {
  const click = { type: "gclid", value: "Cj0KCQiA-one" };

  it("have names and a class of their own, as person-scoped ones do", () => {
    const model = withComparison(HANDMADE_LOOSE, {
      name: "typed click",
      given: { sharesKey: ["gclid"], typed: true, names: { min: 1 } },
      levels: [{ name: "typed", bits: 3 }],
    });
    expectAgreement(
      [
        saw("web", "0", [click]),
        saw("web", "1", [click], { kind: "crm", attributes: { first_name: "Ann" } }),
      ],
      model,
    );
  });

  it("silence a side of a time-local block that is told to leave their events out", () => {
    const [number] = HANDMADE_LOOSE.blocks.timeLocal;
    const timeLocal = [{ ...number!, second: { ...number!.second!, unless: ["gclid"] } }];
    const comparisons: Comparison[] = [
      { name: "number", given: { timeLocal: "number" }, levels: [{ name: "any", bits: 9 }] },
    ];
    const model: Model = { ...HANDMADE_LOOSE, blocks: { lasting: [], timeLocal }, comparisons };
    const shown = saw("web", "0", [], { signals: { number_shown: "+18885550123" } });
    const dialled = { kind: "call", signals: { number_dialled: "+18885550123" } };
    expect(resolve([shown, saw("web", "1", [], dialled)], model).profiles).toHaveLength(1);
    expectAgreement([shown, saw("web", "1", [click], dialled)], model);
  });
});

describe("exclusive identifiers", () => {
  it("conflict inside one scope only", () => {
    const crm = (scope: string, value: string): Identifier => ({ type: "crm_id", value, scope });
    const inputs = [
      saw("web", "0", [crm("east", "17"), crm("west", "18")]),
      saw("web", "1", [crm("east", "17"), crm("east", "18")]),
    ];
    expect(resolve(inputs, HANDMADE_LOOSE).counts.guards).toEqual({});
    expect(resolve(inputs, HANDMADE_LOOSE).profiles).toHaveLength(1);
    expectAgreement(inputs, HANDMADE_LOOSE);
  });
});

describe("time-local blocks", () => {
  it("a strand on both sides of a time-local block meets others, not itself", () => {
    const inputs = [
      saw("web", "0", [], {
        kind: "call",
        signals: { number_shown: "+18885550123", number_dialled: "+18885550123" },
      }),
      saw("web", "1", [], {
        kind: "call",
        observedAt: NOON + 60_000,
        signals: { number_dialled: "+18885550123" },
      }),
    ];
    expectAgreement(inputs, HANDMADE_LOOSE);
  });
});
