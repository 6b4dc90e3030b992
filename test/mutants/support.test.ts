import { describe, expect, it } from "vitest";
import type { Fragment } from "../../src/fragment/fragment.js";
import { createDefaultModel } from "../../src/model/defaultModel.js";
import type { Model } from "../../src/model/model.js";
import { membershipConfidence } from "../../src/profile/index.js";
import { type Resolution, resolve } from "../../src/resolve/resolve.js";

/** How firmly strands belong where they are: nothing that decides, so that no oracle of the partition sees it. */

const NOON = Date.UTC(2026, 0, 5, 12);

/** One comparison of a key that both sides hold; the address is worth more than the cookie, another birthday speaks against. */
const model: Model = {
  ...createDefaultModel(),
  prior: { type: "candidate", bits: 0 },
  thresholds: { review: -1, link: 2 },
  fields: { born: { from: ["attribute:date_of_birth"], normalizer: "date" } },
  blocks: { lasting: [], timeLocal: [] },
  comparisons: [
    { name: "email", given: { sharesKey: ["email"] }, levels: [{ name: "same", bits: 5 }] },
    { name: "cookie", given: { sharesKey: ["visitor_id"] }, levels: [{ name: "same", bits: 3 }] },
    {
      name: "born",
      given: { known: "born" },
      levels: [
        { name: "same", when: { equal: "born" }, bits: 1 },
        { name: "other", bits: -4 },
      ],
    },
  ],
};

function saw(at: number, ids: Readonly<Record<string, string>>, born?: string): Fragment {
  return {
    source: "web",
    id: `${at}`,
    kind: "form",
    observedAt: NOON + at,
    identifiers: Object.entries(ids).map(([type, value]) => ({ type, value })),
    ...(born === undefined ? {} : { attributes: { date_of_birth: born } }),
  };
}

const confidencesOf = (resolution: Resolution): number[] =>
  resolution.strands.map(({ index }) => membershipConfidence(resolution, index));

const EMAIL = "ines.marlow@harbor.example";

describe("membership", () => {
  it("of the oldest strand is certain, of the one that came to it that of the join", () => {
    const resolution = resolve([saw(0, { email: EMAIL }), saw(1, { email: EMAIL, visitor_id: "v1" })], model);
    expect(resolution.profiles).toHaveLength(1);
    expect(confidencesOf(resolution)).toEqual([1, 1 / (1 + 2 ** -5)]);
  });

  it("weighs the join of a strand against the one that was refused to it", () => {
    const resolution = resolve(
      [
        saw(0, { email: EMAIL }, "1990-02-03"),
        saw(1, { email: EMAIL, visitor_id: "v1" }),
        saw(2, { visitor_id: "v1", crm_id: "17" }, "1971-12-30"),
      ],
      model,
    );
    expect(resolution.profiles.map(({ strands }) => strands)).toEqual([[0, 1], [2]]);
    // Refused with the 3 bits of the cookie less the 4 of another birthday.
    const [, came] = confidencesOf(resolution);
    expect(came).toBe(1 / (1 + 2 ** -5 + 2 ** (-1 - 5)));
  });

  it("of a strand that somebody asserted is as good as certain", () => {
    const [a, b] = [saw(0, { email: EMAIL }, "1990-02-03"), saw(1, { visitor_id: "v1" }, "1971-12-30")];
    const resolution = resolve([a, b], model, [{ type: "same", a, b }]);
    expect(resolution.profiles).toHaveLength(1);
    expect(confidencesOf(resolution)).toEqual([1, 1 / (1 + 2 ** -40)]);
  });

  it("of a strand that came with others is that of the weakest join on its way", () => {
    const resolution = resolve(
      [
        saw(0, { visitor_id: "v1" }),
        saw(1, { visitor_id: "v1", crm_id: "17" }),
        saw(2, { visitor_id: "v1", crm_id: "18" }),
        saw(3, { email: EMAIL, visitor_id: "v1", crm_id: "19" }),
        saw(4, { email: EMAIL }),
      ],
      model,
    );
    expect(resolution.profiles).toHaveLength(1);
    const [first, , , third, last] = confidencesOf(resolution);
    expect(first).toBe(1);
    expect(third).toBe(1 / (1 + 2 ** -3));
    // It came with the 5 bits of the address, then with the whole pair by the 3 of the cookie.
    expect(last).toBe(1 / (1 + 2 ** -3));
  });
});

describe("thresholds", () => {
  it("are reached by what just reaches them", () => {
    const born: Model = {
      ...model,
      thresholds: { review: -1, link: 1 },
      blocks: { lasting: [{ name: "born", fields: ["born"] }], timeLocal: [] },
    };
    const two = [saw(0, { email: "a@harbor.example" }, "1990-02-03"), saw(1, {}, "1990-02-03")];
    expect(resolve(two, born).profiles).toHaveLength(1);
    expect(resolve(two, { ...born, thresholds: { review: -1, link: 1.0625 } }).profiles).toHaveLength(2);
  });
});
