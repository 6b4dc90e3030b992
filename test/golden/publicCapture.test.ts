import { describe, expect, it } from "vitest";
import { createDefaultModel } from "../../src/model/defaultModel.js";
import type { Model } from "../../src/model/model.js";
import { DAY, observe, START, unify } from "./people.js";

describe("public capture", () => {
  const model: Model = { ...createDefaultModel(), sources: { pixel: { untrusted: true } } };
  const phone = "+13126731048";
  const victim = [
    observe("form", "form", {
      observedAt: START,
      ids: { phone },
      attributes: { first_name: "Zelda", last_name: "Quist" },
    }),
    observe("call", "call", { observedAt: START + 20 * DAY, ids: { phone } }),
  ];

  /** A stranger posts the victim's number, each time with what else they like. */
  const posted = (count: number, attributes: (index: number) => Readonly<Record<string, string>>) =>
    Array.from({ length: count }, (_, index) =>
      observe(`posted ${index}`, "pageview", {
        source: "pixel",
        observedAt: START + 100 * DAY + index,
        ids: { phone, email: `posted.${index}@orchard.example`, visitor_id: `v-${index}` },
        attributes: attributes(index),
      }),
    );

  it("links the victim's form and call to begin with", () => {
    const { home } = unify(victim, [], model);
    expect(home("form")).toBe(home("call"));
  });

  it("cannot detach the victim's phone by making it generic", () => {
    const { home, resolution } = unify([...victim, ...posted(200, () => ({}))], [], model);
    expect(resolution.counts.generic.phone).toBe(1);
    expect(home("form")).toBe(home("call"));
  });

  it("cannot detach the victim's phone by posting other names with it", () => {
    const names = ["Ugo", "Ivo", "Rex", "Pia"];
    const { home } = unify(
      [...victim, ...posted(4, (index) => ({ first_name: names[index] as string }))],
      [],
      model,
    );
    expect(home("form")).toBe(home("call"));
  });
});
