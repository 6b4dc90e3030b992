import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Assertion, Fragment, Identifier } from "../../src/fragment/fragment.js";
import { createDefaultModel } from "../../src/model/defaultModel.js";
import type { IdentifierType, Limits, Model } from "../../src/model/model.js";
import type { Key } from "../../src/resolve/observation.js";
import { type Resolution, resolve } from "../../src/resolve/resolve.js";
import { resolveNaively } from "../oracle/oracle.js";
import { check } from "../properties/check.js";
import { TINY_MODELS } from "../properties/models.js";
import { viewOf, viewOfOracle } from "../properties/views.js";

/** Limits that are local to one fragment, one strand or one value: what is beyond them must not decide what is within. */

const NOON = Date.UTC(2026, 0, 5, 12);
const DEFAULT = createDefaultModel();

function limited(
  limits: Partial<Limits>,
  types: Readonly<Record<string, Partial<IdentifierType>>> = {},
): Model {
  const identifiers = Object.entries(DEFAULT.identifiers).map(([type, settings]) => [
    type,
    { ...settings, ...types[type] },
  ]);
  return {
    ...DEFAULT,
    sources: { pixel: { untrusted: true } },
    identifiers: Object.fromEntries(identifiers),
    limits: { ...DEFAULT.limits, ...limits },
  };
}

function saw(id: string, identifiers: readonly Identifier[], rest: Partial<Fragment> = {}): Fragment {
  return { source: "web", id, kind: "form", observedAt: NOON, identifiers, ...rest };
}

const identifier = (type: Identifier["type"], value: string): Identifier => ({ type, value });
const claim = (value: string): Identifier => ({ type: "visitor_id", value, confidence: 0.6 });

function agreed(
  inputs: readonly Fragment[],
  model: Model,
  assertions: readonly Assertion[] = [],
): Resolution {
  const resolution = resolve(inputs, model, assertions);
  const oracle = resolveNaively(inputs, model, assertions);
  expect(viewOf(resolution)).toEqual(viewOfOracle(oracle));
  expect(resolution.assertionStatuses).toEqual(oracle.assertionStatuses);
  return resolution;
}

describe("assertions past the limit of a fragment", () => {
  const inputs = ["a", "b", "c", "d"].map((id) => saw(id, [identifier("crm_id", id)]));
  const same = (a: string, b: string, rest: Partial<Assertion> = {}): Assertion => ({
    type: "same",
    a: { source: "web", id: a },
    b: { source: "web", id: b },
    ...rest,
  });
  const statuses = (maxAssertions: number, ...said: readonly Assertion[]): readonly string[] =>
    agreed(inputs, limited({ maxAssertions }), said).assertionStatuses;

  it("leave no room at their other ends", () => {
    expect(statuses(1, same("a", "b"), same("b", "c"), same("c", "d"))).toEqual([
      "active",
      "inert-overflow",
      "inert-overflow",
    ]);
  });

  it("may be past it for those that are inert, not for those that are retracted", () => {
    expect(statuses(1, same("a", "0"), same("a", "b"))).toEqual(["inert-missing", "inert-overflow"]);
    expect(statuses(1, same("a", "a"), same("a", "b"))).toEqual(["inert-same-event", "inert-overflow"]);
    expect(statuses(1, same("a", "b", { retracted: true }), same("a", "c"))).toEqual(["retracted", "active"]);
  });

  it("are first of all what else makes them inert", () => {
    expect(statuses(1, same("a", "b"), same("a", "z"), same("a", "z0", { retracted: true }))).toEqual([
      "active",
      "inert-missing",
      "retracted",
    ]);
  });

  it("count once where both ends are one fragment", () => {
    expect(statuses(2, same("a", "a"), same("a", "b"), same("a", "c"))).toEqual([
      "inert-same-event",
      "active",
      "inert-overflow",
    ]);
  });
});

describe("claims", () => {
  const claiming = (id: string, ...values: readonly string[]): Fragment =>
    saw(id, [...values.map(claim), identifier("crm_id", id)]);
  const holder = saw("h", [identifier("visitor_id", "v1")]);
  const claimed = ({ strands }: Resolution): string[][] =>
    strands.map(({ evidence }) => evidence.claims.map(({ key }) => key.value));

  it("of a value that too many claim meet nobody and are no evidence", () => {
    const three = ["1", "2", "3"].map((id) => claiming(id, "v1"));
    const enough = agreed([holder, ...three], limited({ maxBlock: 3 }));
    expect(enough.links.candidates).toBe(6);
    const full = agreed([holder, ...three, claiming("4", "v1", "v2")], limited({ maxBlock: 3 }));
    expect(full.links.candidates).toBe(0);
    expect(claimed(full)).toEqual([[], [], [], ["v2"], []]);
  });

  it("are none where a strand makes too many, and are not counted there", () => {
    const inputs = [claiming("1", "v1", "v2", "v3"), claiming("2", "v1", "v2"), holder];
    const model = limited({ maxSessionKeys: 2, maxBlock: 1 });
    const resolution = agreed(inputs, model);
    expect(claimed(resolution)).toEqual([[], ["v1", "v2"], []]);
    expect(resolution.links.candidates).toBe(1);
  });

  it("are too many however few of them are generic", () => {
    const model = limited({ maxSessionKeys: 1 }, { visitor_id: { maxCells: 1 } });
    const others = ["1", "2"].map((id) =>
      saw(id, [identifier("visitor_id", "v2"), identifier("crm_id", id)]),
    );
    expect(claimed(agreed([claiming("0", "v1", "v2"), ...others], model))).toEqual([[], [], []]);
  });
});

describe("session-scoped keys", () => {
  it("of a strand are too many with the generic ones", () => {
    const email = identifier("email", "ines.marlow@harbor.example");
    const [one, two] = ["Cj0KCQiA-one", "Cj0KCQiA-two"].map((value) => identifier("gclid", value)) as [
      Identifier,
      Identifier,
    ];
    const inputs = [saw("0", [email, one]), saw("1", [email, two]), saw("2", [one])];
    const keys = (maxSessionKeys: number): string[] | undefined =>
      agreed(inputs, limited({ maxSessionKeys }, { gclid: { maxCells: 1 } })).strands[0]?.evidence.keys.map(
        ({ type }) => type,
      );
    expect(keys(2)?.sort()).toEqual(["email", "gclid"]);
    expect(keys(1)).toEqual(["email"]);
  });
});

describe("digests", () => {
  const EMAIL = "ines.marlow@harbor.example";
  const email = identifier("email", EMAIL);
  const digestOf = (text: string): Identifier =>
    identifier("email_digest", createHash("sha256").update(text).digest("hex"));
  const factsOf = (
    { strands, facts }: Resolution,
    type: string,
    nth = 0,
  ): readonly (number | undefined)[] => {
    const keys = new Set(
      strands.flatMap(({ events }) => events.flatMap((event): readonly Key[] => event.keys)),
    );
    const { index } = [...keys].filter((key) => key.type === type)[nth] as Key;
    return [facts.generic[index], facts.genericUntrusted[index]];
  };

  it("are generic where a plain value is that they stand beside", () => {
    const model = limited({}, { email: { maxAnchors: { email_digest: 1 } } });
    const inputs = [
      saw("0", [email, digestOf(EMAIL)]),
      saw("1", [email, digestOf("ida.berg@harbor.example"), identifier("crm_id", "1")]),
    ];
    const resolution = agreed(inputs, model);
    expect(factsOf(resolution, "email")).toEqual([1, 0]);
    expect([0, 1].map((nth) => factsOf(resolution, "email_digest", nth))).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });

  const typedBy = (id: string, source: string): Fragment[] => {
    const event = { namespace: "form", name: id };
    return [
      saw(`${id}a`, [email, identifier("crm_id", id)], { source: "pixel", event }),
      saw(`${id}b`, [digestOf(EMAIL)], { source, event }),
    ];
  };

  it("are generic for strangers where a plain value is", () => {
    const model = limited({}, { email: { maxCells: 2 } });
    const inputs = [...typedBy("0", "web"), ...typedBy("1", "web"), ...typedBy("2", "pixel")];
    const resolution = agreed(inputs, model);
    expect(factsOf(resolution, "email")).toEqual([0, 1]);
    expect(factsOf(resolution, "email_digest")).toEqual([0, 1]);
  });

  it("that are generic for everybody are not so for strangers besides", () => {
    const model = limited({}, { email: { maxCells: 2 } });
    const inputs = ["0", "1", "2"].flatMap((id) => typedBy(id, "web"));
    const resolution = agreed(inputs, model);
    expect(factsOf(resolution, "email")).toEqual([0, 1]);
    expect(factsOf(resolution, "email_digest")).toEqual([1, 0]);
  });
});

describe("the ladder agrees with the naive oracle", () => {
  const ids = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
  const fragments = (
    identifiers: readonly Identifier[],
    rest: fc.Arbitrary<Partial<Fragment>> = fc.constant({}),
  ): fc.Arbitrary<Fragment[]> =>
    fc.uniqueArray(
      fc
        .tuple(
          fc.constantFrom("web", "pixel"),
          fc.constantFrom(...ids),
          fc.uniqueArray(fc.constantFrom(...identifiers), { minLength: 1, maxLength: 3 }),
          rest,
        )
        .map(([source, id, own, said]) => saw(id, own, { source, ...said })),
      { minLength: 6, maxLength: 14, selector: ({ source, id }) => `${source} ${id}` },
    );
  const models = fc.constantFrom(...TINY_MODELS);

  it("where hardly anything but claims is made", () => {
    const values = ["v1", "v2"].flatMap((value) => [
      claim(value),
      claim(value),
      identifier("visitor_id", value),
    ]);
    const crm = ids.slice(0, 4).map((id) => identifier("crm_id", id));
    check(fc.tuple(fragments([...values, ...crm]), models), ([inputs, model]) => {
      agreed(inputs, model);
    });
  });

  it("where plain values stand beside their digests", () => {
    const plain = ["ann.doe@gmail.com", "anndoe@gmail.com", "bob@harbor.example"];
    const digests = plain.map((text) => createHash("sha256").update(text).digest("hex"));
    const identifiers = [
      ...plain.map((value) => identifier("email", value)),
      ...digests.map((value) => identifier("email_digest", value)),
    ];
    const events = fc.constantFrom<Partial<Fragment>[]>(
      {},
      ...["e1", "e2", "e3"].map((name) => ({ event: { namespace: "call", name } })),
    );
    check(fc.tuple(fragments(identifiers, events), models), ([inputs, model]) => {
      agreed(inputs, model);
    });
  });

  it("where a few fragments are much talked about", () => {
    const ref = fc.record({ source: fc.constant("web"), id: fc.constantFrom("a", "b", "c", "z") });
    const said: fc.Arbitrary<Assertion> = fc.record({
      type: fc.constantFrom("same", "different"),
      a: ref,
      b: ref,
      version: fc.constantFrom(0, 1),
      retracted: fc.constantFrom(false, false, false, true),
    });
    const inputs = ["a", "b", "c"].map((id) => saw(id, [identifier("crm_id", id)]));
    check(fc.tuple(fc.array(said, { minLength: 2, maxLength: 10 }), models), ([assertions, model]) => {
      agreed(inputs, model, assertions);
    });
  });
});
