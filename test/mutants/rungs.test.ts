import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Fragment } from "../../src/fragment/fragment.js";
import { compileModel } from "../../src/model/compile.js";
import { createDefaultModel } from "../../src/model/defaultModel.js";
import type { Model, TimeLocalBlock } from "../../src/model/model.js";
import { createGuards } from "../../src/resolve/guards.js";
import { bestLevels, levelOf, NO_LEVELS, withLevel } from "../../src/resolve/levels.js";
import type { Key } from "../../src/resolve/observation.js";
import { resolve } from "../../src/resolve/resolve.js";
import { mergeEvidence } from "../../src/resolve/strands.js";
import { evidenceOf } from "../model/evidence.js";

/** Rules of single rungs that random histories seldom put to the test: each case fails when its one line is broken. */

const NOON = Date.UTC(2026, 0, 5, 12);
const MINUTE = 60_000;
const EMAIL = "ines.marlow@harbor.example";
const PHONE = "+13126731048";
const DEFAULT = createDefaultModel();

function saw(id: string, rest: Partial<Fragment> & { ids?: Readonly<Record<string, string>> }): Fragment {
  const { ids = {}, ...said } = rest;
  const identifiers = Object.entries(ids).map(([type, value]) => ({ type, value }));
  return { source: "web", id, kind: "form", observedAt: NOON, identifiers, ...said };
}

describe("events", () => {
  const model: Model = { ...DEFAULT, sources: { pixel: { untrusted: true } } };
  const event = { namespace: "call", name: "c1" };

  it("trust a key that one of their fragments may be trusted for, whichever came first", () => {
    const trusted = saw("1", { ids: { email: EMAIL }, event });
    for (const minutes of [-1, 1]) {
      const stranger = saw("2", {
        source: "pixel",
        ids: { email: EMAIL },
        event,
        observedAt: NOON + minutes * MINUTE,
      });
      const { strands } = resolve([trusted, stranger], model);
      expect(strands.flatMap(({ events }) => events.map(({ untrusted }) => untrusted))).toEqual([[]]);
    }
  });

  it("trust a digest of a plain value that they are trusted for", () => {
    const digest = createHash("sha256").update(EMAIL).digest("hex");
    const { strands } = resolve(
      [
        saw("1", { ids: { email: EMAIL }, event }),
        saw("2", { source: "pixel", ids: { email_digest: digest }, event }),
      ],
      model,
    );
    const [own] = strands.flatMap(({ events }) => events);
    expect(own?.keys.map(({ type }) => type)).toEqual(["email", "email_digest"]);
    expect(own?.untrusted).toEqual([]);
  });
});

describe("strands", () => {
  it("hold all events of one name on a shared phone, and one each without", () => {
    const calls = (attributes: NonNullable<Fragment["attributes"]>): Fragment[] =>
      ["1", "2", "3"].map((id) => saw(id, { ids: { phone: PHONE }, attributes }));
    expect(resolve(calls({ first_name: "Ines" }), DEFAULT).strands).toHaveLength(1);
    expect(resolve(calls({}), DEFAULT).strands).toHaveLength(3);
  });

  it("taken together have used a key from the first day of either to the last, unknown days apart", () => {
    const compiled = compileModel(DEFAULT);
    const key: Key = { index: 0, type: "email", value: EMAIL, scope: "" };
    const used = (first: number, last: number) =>
      evidenceOf(DEFAULT, {}, { keys: [key], days: [[first, last]] });
    const spans: readonly (readonly [number, number, number, number, number, number])[] = [
      [10, 20, 5, 12, 5, 20],
      [5, 12, 10, 20, 5, 20],
      [10, 12, 5, 20, 5, 20],
      [Number.NaN, Number.NaN, 5, 12, 5, 12],
    ];
    for (const [a, b, c, d, first, last] of spans) {
      const { firstDays, lastDays } = mergeEvidence(used(a, b), used(c, d), compiled);
      expect([firstDays, lastDays]).toEqual([[first], [last]]);
    }
  });
});

/** A number shown and dialled within two hours is enough; a strand has one partner at a level. */
const NUMBER: TimeLocalBlock = {
  name: "number",
  first: { fields: ["number_shown"] },
  second: { fields: ["number_dialled"] },
  slotMs: 120 * MINUTE,
  binMs: 5 * MINUTE,
  levels: [
    { name: "soon", maxGapBins: 2, maxCrowd: 9 },
    { name: "later", maxGapBins: 24, maxCrowd: 9 },
  ],
};
const NUMBER_MODEL: Model = {
  ...DEFAULT,
  prior: { type: "candidate", bits: 0 },
  thresholds: { review: 0, link: 2 },
  blocks: { lasting: [], timeLocal: [NUMBER] },
  comparisons: [{ name: "number", given: { timeLocal: "number" }, levels: [{ name: "any", bits: 3 }] }],
  limits: { ...DEFAULT.limits, maxPartners: 1 },
};
const dialled = (id: string, minutes: number): Fragment =>
  saw(id, {
    kind: "call",
    observedAt: NOON + minutes * MINUTE,
    signals: { number_dialled: "+18885550123" },
  });
const shown = saw("shown", { kind: "session", signals: { number_shown: "+18885550123" } });

describe("time-local levels", () => {
  it("of two findings are the better of each block, the first being the best", () => {
    const [p, q] = [
      [2, 0],
      [1, 3],
    ].map(([first, second]) => withLevel(withLevel(NO_LEVELS, 0, first!), 1, second!)) as [number, number];
    for (const best of [bestLevels(p, q), bestLevels(q, p)])
      expect([0, 1, 2].map((block) => levelOf(best, block))).toEqual([1, 0, -1]);
    expect(bestLevels(p, NO_LEVELS)).toBe(p);
    expect(bestLevels(NO_LEVELS, q)).toBe(q);
  });

  it("are not asked for events that claim a key which speaks for them", () => {
    const called = (claimed: number | undefined): Fragment =>
      saw("called", {
        kind: "call",
        observedAt: NOON + MINUTE,
        signals: { number_dialled: "+18885550123" },
        ...(claimed === undefined
          ? {}
          : { identifiers: [{ type: "visitor_id", value: "v1", confidence: claimed }] }),
      });
    const candidates = (claimed?: number): number =>
      resolve([shown, called(claimed)], DEFAULT).links.candidates;
    expect(candidates()).toBe(1);
    expect(candidates(0.5)).toBe(0);
    expect(candidates(1)).toBe(0);
  });

  it("are taken from who has too many partners at that level or better", () => {
    const linked = (inputs: readonly Fragment[]): number[][] =>
      resolve(inputs, NUMBER_MODEL).links.edges.map(({ a, b }) => [a, b]);
    expect(linked([shown, dialled("later", 50)])).toEqual([[0, 1]]);
    expect(linked([shown, dialled("soon", 6), dialled("later", 50)])).toEqual([[0, 1]]);
  });
});

describe("edges", () => {
  it("ask the least that one of the shared types asks", () => {
    const asking = (email: number, phone: number): Model => ({
      ...DEFAULT,
      identifiers: {
        email: { ...DEFAULT.identifiers.email!, acceptAt: email },
        phone: { ...DEFAULT.identifiers.phone!, acceptAt: phone },
        crm_id: DEFAULT.identifiers.crm_id!,
      },
    });
    const two = ["1", "2"].map((id) => saw(id, { ids: { email: EMAIL, phone: PHONE, crm_id: id } }));
    for (const model of [asking(-4, 3), asking(3, -4)])
      expect(resolve(two, model).links.edges.map(({ acceptAt }) => acceptAt)).toEqual([-4]);
  });
});

describe("guards", () => {
  it("find nothing in what one side carries by itself", () => {
    const compiled = compileModel({
      ...DEFAULT,
      identifiers: { ...DEFAULT.identifiers, email: { ...DEFAULT.identifiers.email!, maxPerProfile: 2 } },
    });
    const keys = ["a", "b", "c", "d"].map(
      (value, index): Key => ({ index, type: "email", value, scope: "" }),
    );
    const holding = (...held: readonly Key[]) => evidenceOf(compiled.model, {}, { keys: held });
    const guards = createGuards(compiled);
    const [a, b, c, d] = keys as [Key, Key, Key, Key];
    expect(guards(holding(a, b, c), holding(b))).toBeNull();
    expect(guards(holding(a), holding(b))).toBeNull();
    expect(guards(holding(a, b, c), holding(d))).toEqual({ guard: "too-many-values", type: "email" });
    expect(guards(holding(a, b), holding(c))).toEqual({ guard: "too-many-values", type: "email" });
  });

  it("yield to `same`, bans excepted", () => {
    const model: Model = {
      ...DEFAULT,
      identifiers: {
        ...DEFAULT.identifiers,
        account_id: { ...DEFAULT.identifiers.account_id!, exclusive: true },
      },
    };
    const [a, b] = ["1", "2"].map((id) => saw(id, { ids: { email: EMAIL, account_id: id } })) as [
      Fragment,
      Fragment,
    ];
    const same = { type: "same", a, b } as const;
    expect(resolve([a, b], model).profiles).toHaveLength(2);
    expect(resolve([a, b], model, [same]).profiles).toHaveLength(1);
    expect(resolve([a, b], model, [same, { type: "different", a, b }]).profiles).toHaveLength(2);
  });
});

describe("bans", () => {
  it("part those who have met in time too, and those who came to them", () => {
    const [a, b] = [shown, dialled("called", 6)];
    expect(resolve([a, b], NUMBER_MODEL).profiles).toHaveLength(1);
    expect(resolve([a, b], NUMBER_MODEL, [{ type: "different", a, b }]).profiles).toHaveLength(2);

    const typed = saw("typed", { observedAt: null, ids: { email: EMAIL } });
    const called = { ...b, identifiers: typed.identifiers ?? [] };
    const model = {
      ...NUMBER_MODEL,
      comparisons: [
        ...NUMBER_MODEL.comparisons,
        { name: "email", given: { sharesKey: ["email"] }, levels: [{ name: "same", bits: 5 }] },
      ],
    };
    const named = { ...typed, attributes: { first_name: "Ines" } };
    expect(resolve([a, called, named], model).profiles).toHaveLength(1);
    const homes = resolve([a, called, named], model, [{ type: "different", a, b: named }]);
    expect(homes.profiles.map(({ strands }) => strands)).toEqual([[0], [1, 2]]);
  });
});
