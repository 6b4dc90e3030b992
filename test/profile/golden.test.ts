import { describe, expect, it } from "vitest";
import type { Fragment } from "../../src/fragment/fragment.js";
import { createDefaultModel } from "../../src/model/defaultModel.js";
import {
  buildProfile,
  createContentBuilder,
  goldenRecord,
  membershipConfidence,
  type Profile,
} from "../../src/profile/index.js";
import { resolve } from "../../src/resolve/resolve.js";

const NOW = Date.UTC(2026, 3, 1);
const DAY = 86_400_000;
const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

const model = createDefaultModel();

function noor(id: string, rest: Partial<Fragment>): Fragment {
  return {
    source: "web",
    id,
    kind: "form",
    identifiers: [{ type: "email", value: "noor.haddad@harbor.example" }],
    ...rest,
  };
}

function only(inputs: readonly Fragment[], now = NOW): Profile {
  const resolution = resolve(inputs, model);
  expect(resolution.profiles).toHaveLength(1);
  return buildProfile(resolution, resolution.profiles[0]!, now);
}

describe("what is known of a person", () => {
  it("a city typed into a form by two sources beats one guessed from an address three times over", () => {
    const guessed = [0, 1, 2].map((day) =>
      noor(`guess ${day}`, {
        kind: "session",
        observedAt: NOW - day * DAY,
        attributes: { city: "Dover" },
      }),
    );
    const typed = ["web", "shop"].map((source) =>
      noor("typed", { source, observedAt: NOW - 30 * DAY, attributes: { city: "Salem" } }),
    );
    const { city } = only([...guessed, ...typed]).attributes;
    expect(city?.value).toBe("Salem");
    expect(city?.sources).toEqual(["shop", "web"]);
    // 1 − 0.1² against 0.5: odds of 99 to 1.
    expect(city?.confidence).toBeCloseTo(0.99 * (1 - (1 - 0.9 * 2 ** (-30 / 730)) ** 2), 10);
    expect(city?.alternatives).toMatchObject([{ value: "Dover", sources: ["web"] }]);
    expect(city?.alternatives[0]?.confidence).toBeCloseTo(0.5 * 2 ** (-2 / 730) * 0.01, 10);
  });

  it("is spelled as most spell it, of equals as the oldest does", () => {
    const spelled = (spellings: readonly string[]): unknown =>
      only(
        spellings.map((city, day) => noor(`${day}`, { observedAt: NOW - day * DAY, attributes: { city } })),
      ).attributes.city?.value;
    expect(spelled(["SALEM", "Salem", "SALEM"])).toBe("SALEM");
    expect(spelled(["SALEM", "Salem"])).toBe("Salem");
  });

  it("keeps all of what a person has many of, and numbers and booleans as they are", () => {
    const { disposition, revenue, newsletter, visits } = only([
      noor("a", {
        observedAt: NOW,
        attributes: { disposition: ["Quoted", "Sold"], revenue: 1200, newsletter: false, visits: 0 },
      }),
      noor("b", { observedAt: NOW, attributes: { disposition: "quoted" } }),
    ]).attributes;
    expect(disposition).toMatchObject({
      value: "Quoted",
      cardinality: "many",
      alternatives: [{ value: "Sold" }],
    });
    expect(disposition?.alternatives[0]?.confidence).toBe(disposition?.confidence);
    expect([revenue?.value, newsletter?.value, visits?.value]).toEqual([1200, false, 0]);
  });

  it("knows no value by a placeholder", () => {
    const { attributes } = only([noor("a", { attributes: { city: "n/a", company: " ", note: "null" } })]);
    expect(attributes).toEqual({});
  });

  it("holds identifiers in normal form, generic ones not", () => {
    const clients = Array.from({ length: 8 }, (_, index): Fragment => {
      const value = `client.${index}@harbor${index}.example`;
      return {
        source: "web",
        id: `${index}`,
        kind: "form",
        observedAt: NOW + index,
        identifiers: [
          { type: "email", value: ` ${value.toUpperCase()}` },
          { type: "phone", value: "(312) 673-1048" },
        ],
      };
    });
    const profilesOf = (inputs: readonly Fragment[]): Profile[] => {
      const resolution = resolve(inputs, model);
      const builder = createContentBuilder(resolution);
      return resolution.profiles.map((membership) => builder.build(membership, NOW));
    };
    const [first] = profilesOf(clients.slice(0, 1));
    expect(first?.identifiers.email?.map(({ value }) => value)).toEqual(["client.0@harbor0.example"]);
    expect(first?.identifiers.phone?.map(({ value }) => value)).toEqual(["+13126731048"]);
    // A phone of more than six addresses is an office's.
    const crowd = profilesOf(clients);
    expect(crowd).toHaveLength(8);
    for (const { identifiers } of crowd) expect(Object.keys(identifiers)).toEqual(["email"]);
  });
});

describe("the history of a person", () => {
  const call = { namespace: "call", name: "c1" };
  const fragments = [
    noor("unknown", { kind: "crm" }),
    noor("form", { observedAt: "2026-02-02T10:00:00Z" }),
    noor("sold", { source: "desk", kind: "disposition", event: call, observedAt: "2026-02-09T08:00:00Z" }),
    noor("ring", { source: "calls", kind: "call", event: call, observedAt: "2026-02-01T09:00:00+01:00" }),
  ];

  it("stands in order of time, one entry an event, unknown last", () => {
    const { timeline, events, firstAt, lastAt, fragments: refs } = only(fragments);
    expect(timeline.map(({ at, kinds, fragments: own }) => [at, kinds, own.map(({ id }) => id)])).toEqual([
      ["2026-02-01T08:00:00.000Z", ["call", "disposition"], ["ring", "sold"]],
      ["2026-02-02T10:00:00.000Z", ["form"], ["form"]],
      [null, ["crm"], ["unknown"]],
    ]);
    expect(events).toBe(3);
    expect([firstAt, lastAt]).toEqual(["2026-02-01T08:00:00.000Z", "2026-02-09T08:00:00.000Z"]);
    expect(refs.map(({ id }) => id)).toEqual(["ring", "form", "sold", "unknown"]);
  });

  it("has no dates where nobody knows the time, and loses nothing by it", () => {
    const profile = only([noor("a", { attributes: { city: "Salem" } }), noor("b", {})]);
    expect([profile.firstAt, profile.lastAt]).toEqual([null, null]);
    expect(profile.attributes.city).toMatchObject({ firstAt: null, lastAt: null, confidence: 0.9 });
    expect(profile.timeline.map(({ at }) => at)).toEqual([null, null]);
    expect(goldenRecord(profile)).not.toHaveProperty("first_at");
  });
});

describe("consent", () => {
  it("that one fragment refuses is refused for the profile, and comes back when that one leaves", () => {
    const granted = noor("granted", { observedAt: NOW - DAY, consent: { calls: true, marketing: true } });
    const refused = noor("refused", { observedAt: NOW, consent: { calls: false } });
    expect(only([granted, refused]).consent).toEqual({ calls: false, marketing: true });
    expect(only([granted]).consent).toEqual({ calls: true, marketing: true });
    expect(only([noor("silent", {})]).consent).toEqual({});
  });
});

describe("confidence of a membership", () => {
  it("is certain for one strand, and follows from the bits that joined two", () => {
    expect(only([noor("alone", {})]).confidence).toBe(1);
    const joined = resolve(
      [
        noor("form", {
          observedAt: NOW - DAY,
          signals: { user_agent: CHROME },
          attributes: { first_name: "Noor", last_name: "Haddad" },
        }),
        noor("visit", { kind: "session", observedAt: NOW, signals: { user_agent: CHROME } }),
      ],
      model,
    );
    expect(joined.profiles).toHaveLength(1);
    const bits = joined.links.edges[0]!.bits;
    const expected = 1 / (1 + 2 ** -bits);
    expect(expected).toBeLessThan(1);
    expect(membershipConfidence(joined, 0)).toBe(1);
    expect(membershipConfidence(joined, 1)).toBeCloseTo(expected, 12);
    expect(buildProfile(joined, joined.profiles[0]!, NOW).confidence).toBeCloseTo(expected, 12);
  });
});

describe("the golden record", () => {
  it("is one line: the id, the best value of everything, and the span", () => {
    const profile = only([
      noor("a", {
        observedAt: "2026-02-02T10:00:00Z",
        attributes: { first_name: "Noor", city: "Salem", events: "many" },
      }),
      noor("b", { kind: "session", observedAt: "2026-02-03T10:00:00Z", attributes: { city: "Dover" } }),
    ]);
    expect(goldenRecord(profile)).toEqual({
      profile_id: profile.id,
      fragments: 2,
      events: 2,
      first_at: "2026-02-02T10:00:00.000Z",
      last_at: "2026-02-03T10:00:00.000Z",
      confidence: profile.confidence,
      email: "noor.haddad@harbor.example",
      first_name: "Noor",
      city: "Salem",
    });
  });
});
