import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Fragment, fragmentKey } from "../../src/fragment/fragment.js";
import type { AttributeValue, Profile } from "../../src/profile/index.js";
import { check } from "../properties/check.js";
import {
  ADDRESS,
  confidencesOf,
  DAY,
  formOf,
  fragments,
  MODEL,
  NOW,
  observedAt,
  profileOf,
  SOURCES,
  valuesIn,
} from "./onePerson.js";

/** Invariants 17 to 21 of the design, where everything about one person is certain but what is said of her. */

const ROUNDING = 1e-12;

const shuffled = fragments.chain((given) =>
  fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
);

function attributeValues({ attributes }: Profile): { name: string; value: AttributeValue }[] {
  return Object.entries(attributes).flatMap(([name, { alternatives, ...best }]) =>
    [best, ...alternatives].map((value) => ({ name, value })),
  );
}

/** Oldest first, unknown last, then by source and id: written without the library's own comparison. */
function byAge(given: readonly Fragment[]): Fragment[] {
  const time = ({ observedAt: at }: Fragment): number => (typeof at === "number" ? at : Number.MAX_VALUE);
  return [...given].sort((a, b) => {
    if (time(a) !== time(b)) return time(a) - time(b);
    if (a.source !== b.source) return a.source < b.source ? -1 : 1;
    return a.id < b.id ? -1 : 1;
  });
}

const refs = (given: readonly Fragment[]) => byAge(given).map(({ source, id }) => ({ source, id }));

describe("17: purity", () => {
  it("a profile is the same in whatever order its fragments came, and however often", () => {
    check(shuffled, ([given, moved]) => {
      const profile = profileOf(given);
      expect(profileOf(moved)).toEqual(profile);
      expect(profileOf([...moved, ...given])).toEqual(profile);
    });
  });
});

describe("18: where it comes from", () => {
  it("every value names exactly the fragments that state it, oldest first", () => {
    check(fragments, (given) => {
      const profile = profileOf(given);
      const named = new Map(
        attributeValues(profile).map(({ name, value }) => [`${name} ${formOf(value.value)}`, value]),
      );
      const stating = new Map<string, Fragment[]>();
      for (const one of given) {
        for (const name of Object.keys(one.attributes ?? {})) {
          for (const form of valuesIn(one, name))
            stating.set(`${name} ${form}`, [...(stating.get(`${name} ${form}`) ?? []), one]);
        }
      }
      expect([...named.keys()].sort()).toEqual([...stating.keys()].sort());
      for (const [key, own] of stating) {
        const { fragments: stated, sources, value } = named.get(key) as AttributeValue;
        expect(stated).toEqual(refs(own));
        expect(sources).toEqual([...new Set(own.map(({ source }) => source))].sort());
        const name = key.slice(0, key.indexOf(" "));
        expect(own.some(({ attributes }) => [attributes?.[name]].flat().includes(value))).toBe(true);
      }
      const [address, ...others] = profile.identifiers.email as AttributeValue[];
      expect(others).toEqual([]);
      expect(address?.value).toBe(ADDRESS);
      expect(address?.fragments).toEqual(refs(given));
    });
  });

  it("every value is dated by the first and the last fragment that state it", () => {
    check(fragments, (given) => {
      const text = (at: number | undefined): string | null =>
        at === undefined ? null : new Date(at).toISOString();
      const byKey = new Map(given.map((one) => [fragmentKey(one), one]));
      for (const { value } of attributeValues(profileOf(given))) {
        const times = value.fragments
          .flatMap((ref) => byKey.get(fragmentKey(ref))?.observedAt ?? [])
          .map(Number)
          .sort((a, b) => a - b);
        expect([value.firstAt, value.lastAt]).toEqual([text(times[0]), text(times.at(-1))]);
      }
    });
  });
});

describe("19: confidence", () => {
  const someone = fc.tuple(fragments, fc.nat(), fc.nat());

  /** A fragment of the history, an attribute that it states, and the value it gives. */
  function pick(given: readonly Fragment[], one: number, other: number) {
    const stated = given.flatMap((by) =>
      Object.keys(by.attributes ?? {}).flatMap((name) =>
        valuesIn(by, name).map((form) => ({ by, name, form })),
      ),
    );
    fc.pre(stated.length > 0);
    return stated[(one + other) % stated.length] as (typeof stated)[number];
  }

  it("is what the page says: worth of each source once, sources combined, rivals by their odds when fresh", () => {
    check(fragments, (given) => {
      const { reliability, defaultReliability, attributes, halfLifeDays } = MODEL.content;
      const expected = new Map<string, number>();
      const names = new Set(given.flatMap((one) => Object.keys(one.attributes ?? {})));
      for (const name of names) {
        const forms = new Set(given.flatMap((one) => valuesIn(one, name)));
        const worths = [...forms].map((form) => {
          let [wrongFresh, wrongNow] = [1, 1];
          for (const source of SOURCES) {
            const first = byAge(given).find(
              (one) => one.source === source && valuesIn(one, name).includes(form),
            );
            if (first === undefined) continue;
            const worth = MODEL.sources[source]?.reliability ?? reliability[first.kind] ?? defaultReliability;
            const age = typeof first.observedAt === "number" ? Math.max(0, NOW - first.observedAt) : 0;
            wrongFresh *= 1 - worth;
            wrongNow *= 1 - worth * 0.5 ** (age / DAY / (attributes[name]?.halfLifeDays ?? halfLifeDays));
          }
          return { form, odds: (1 - wrongFresh) / wrongFresh, now: 1 - wrongNow };
        });
        const odds = worths.reduce((sum, worth) => sum + worth.odds, 0);
        const many = attributes[name]?.cardinality === "many";
        for (const { form, odds: own, now } of worths)
          expected.set(`${name} ${form}`, many || worths.length === 1 ? now : (now * own) / odds);
      }
      const found = confidencesOf(profileOf(given));
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [key, confidence] of found) expect(confidence).toBeCloseTo(expected.get(key) as number, 9);
    });
  });

  it("never falls when another source agrees, and no rival's rises", () => {
    check(fc.tuple(someone, observedAt, fc.constantFrom("session", "form")), ([[given, p, q], at, kind]) => {
      const { by, name, form } = pick(given, p, q);
      const more: Fragment = {
        source: "neighbour",
        id: "new",
        kind,
        observedAt: at,
        identifiers: by.identifiers ?? [],
        attributes: { [name]: form },
      };
      const [before, after] = [given, [more, ...given]].map((all) => confidencesOf(profileOf(all)));
      const single = MODEL.content.attributes[name]?.cardinality !== "many";
      for (const [key, confidence] of before as Map<string, number>) {
        const now = after?.get(key) as number;
        if (key === `${name} ${form}`) expect(now).toBeGreaterThanOrEqual(confidence - ROUNDING);
        else if (single && key.startsWith(`${name} `)) expect(now).toBeLessThanOrEqual(confidence + ROUNDING);
        else expect(now).toBe(confidence);
      }
    });
  });

  it("does not rise when the same source says it again, later, of any kind, or at any time in the same way", () => {
    check(
      fc.tuple(someone, observedAt, fc.constantFrom("session", "form", "crm")),
      ([[given, p, q], at, kind]) => {
        const { name, form, by } = pick(given, p, q);
        const first = byAge(given).find(
          (one) => one.source === by.source && valuesIn(one, name).includes(form),
        );
        const again = {
          source: by.source,
          id: "~again",
          identifiers: by.identifiers ?? [],
          attributes: { [name]: form },
        };
        const later =
          typeof at === "number" && typeof first?.observedAt === "number" && at >= first.observedAt;
        const repeats: Fragment[] = [
          { ...again, kind: first?.kind as string, observedAt: at },
          { ...again, kind, observedAt: later ? at : null },
        ];
        const before = confidencesOf(profileOf(given)).get(`${name} ${form}`) as number;
        for (const repeat of repeats) {
          const after = confidencesOf(profileOf([...given, repeat])).get(`${name} ${form}`);
          expect(after).toBeLessThanOrEqual(before);
        }
      },
    );
  });

  it("never rises with time alone", () => {
    check(
      fc.tuple(fragments, fc.integer({ min: -2_500, max: 4_000 }), fc.nat(4_000)),
      ([given, day, days]) => {
        const [before, after] = [day, day + days].map((at) =>
          confidencesOf(profileOf(given, NOW + at * DAY)),
        );
        for (const [key, confidence] of after as Map<string, number>)
          expect(confidence).toBeLessThanOrEqual(before?.get(key) as number);
      },
    );
  });

  it("sums to at most 1 over what a person has one of, and the surest stands first", () => {
    check(fragments, (given) => {
      for (const { cardinality, alternatives, ...best } of Object.values(profileOf(given).attributes)) {
        const all = [best, ...alternatives].map(({ confidence }) => confidence);
        expect(all).toEqual([...all].sort((a, b) => b - a));
        if (cardinality === "one")
          expect(all.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(1 + ROUNDING);
      }
    });
  });
});

describe("20: counters", () => {
  it("count the fragments and the events that were given", () => {
    check(fragments, (given) => {
      const profile = profileOf([...given, ...given]);
      expect(profile.fragments).toEqual(refs(given));
      const names = given.map(({ source, id, event }) =>
        event === undefined
          ? `${source} ${id}`
          : typeof event === "string"
            ? `${source}/${event}`
            : `/${event.name}`,
      );
      expect(profile.events).toBe(new Set(names).size);
      expect(profile.timeline).toHaveLength(profile.events);
    });
  });
});

describe("21: consent", () => {
  const consentOf = (given: readonly Fragment[]) => profileOf(given).consent;

  it("is no wider than the narrowest fragment, speaks of what somebody spoke of, and comes back", () => {
    check(fc.tuple(fragments, fc.boolean()), ([given, granted]) => {
      for (const purpose of ["marketing", "calls"]) {
        const said = given.flatMap(({ consent }) => consent?.[purpose] ?? []);
        expect(consentOf(given)[purpose]).toBe(said.length === 0 ? undefined : !said.includes(false));
      }
      const more: Fragment = { ...(given[0] as Fragment), id: "new", consent: { calls: granted } };
      expect(consentOf([...given, more]).calls).toBe(granted && consentOf(given).calls !== false);
      expect(consentOf([...given, more].filter(({ id }) => id !== "new"))).toEqual(consentOf(given));
    });
  });
});
