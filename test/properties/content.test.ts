import fc from "fast-check";
import { expect, it } from "vitest";
import { type Fragment, fragmentKey, isRemoval } from "../../src/fragment/fragment.js";
import { createContentBuilder, type Profile } from "../../src/profile/index.js";
import { resolve } from "../../src/resolve/resolve.js";
import { check, liveKeys } from "./check.js";
import { type History, history, plainHistory } from "./histories.js";

/** Invariants 17 to 21 of the design, over profiles of random histories. */

const NOW = Date.UTC(2026, 3, 1);
const YEAR = 365 * 24 * 60 * 60 * 1000;

function profilesOf({ inputs, model, assertions }: History, now = NOW): Profile[] {
  const resolution = resolve(inputs, model, assertions);
  const builder = createContentBuilder(resolution);
  return resolution.profiles.map((membership) => builder.build(membership, now));
}

/** Every value of a profile, identifiers and attributes alike, with the name it goes by. */
function valuesOf({ identifiers, attributes }: Profile) {
  return [
    ...Object.entries(identifiers).flatMap(([name, values]) =>
      values.map((value) => ({ name, from: "identifier", ...value })),
    ),
    ...Object.entries(attributes).flatMap(([name, { alternatives, ...best }]) =>
      [best, ...alternatives].map((value) => ({ name, from: "attribute", ...value })),
    ),
  ];
}

it("17: content depends on the fragments and on `now`, not on their order", () => {
  check(fc.tuple(history, fc.nat(14)), ([given, at]) => {
    const turned = { ...given, inputs: [...given.inputs.slice(at), ...given.inputs.slice(0, at)].reverse() };
    expect(profilesOf(turned)).toEqual(profilesOf(given));
  });
});

it("17: a profile of fragments that nothing links to others is the same without the others", () => {
  check(plainHistory, (given) => {
    const alone = { ...given, assertions: [], model: { ...given.model, comparisons: [] } };
    const stranger: Fragment = { source: "web", id: "stranger", kind: "note", attributes: { shoe_size: 43 } };
    const profiles = profilesOf({ ...alone, inputs: [...given.inputs, stranger] });
    expect(profiles.filter(({ fragments }) => fragments.every(({ id }) => id !== "stranger"))).toEqual(
      profilesOf(alone),
    );
  });
});

it("18: every value names fragments of the profile that state it", () => {
  check(history, (given) => {
    const stated = new Map<string, Fragment[]>();
    for (const input of given.inputs) {
      if (!isRemoval(input))
        stated.set(fragmentKey(input), [...(stated.get(fragmentKey(input)) ?? []), input]);
    }
    for (const profile of profilesOf(given)) {
      const members = new Set(profile.fragments.map(fragmentKey));
      for (const { name, from, fragments, sources } of valuesOf(profile)) {
        expect(fragments.length).toBeGreaterThan(0);
        expect(new Set(fragments.map(({ source }) => source))).toEqual(new Set(sources));
        for (const ref of fragments) {
          expect(members.has(fragmentKey(ref))).toBe(true);
          const versions = stated.get(fragmentKey(ref)) ?? [];
          // Digests in a column of plain values go by the name of their own type.
          const says = ({ attributes, identifiers }: Fragment): boolean =>
            from === "attribute"
              ? attributes !== undefined && name in attributes
              : (identifiers ?? []).some(({ type }) => type === name || name === `${type}_digest`);
          expect(versions.some(says)).toBe(true);
        }
      }
    }
  });
});

it("19: confidences lie in [0, 1] and never rise by waiting", () => {
  check(fc.tuple(history, fc.integer({ min: 0, max: 5 })), ([given, years]) => {
    const [before, after] = [profilesOf(given), profilesOf(given, NOW + years * YEAR)];
    before.forEach((profile, index) => {
      const later = new Map(
        valuesOf(after[index] as Profile).map(({ name, value, confidence }) => [
          `${name} ${value}`,
          confidence,
        ]),
      );
      for (const { name, value, confidence } of valuesOf(profile)) {
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(later.get(`${name} ${value}`)).toBeLessThanOrEqual(confidence);
      }
      expect(profile.confidence).toBeGreaterThanOrEqual(0);
      expect(profile.confidence).toBeLessThanOrEqual(1);
    });
  });
});

it("20: counters count fragments and events, however they came together", () => {
  check(history, (given) => {
    const resolution = resolve(given.inputs, given.model, given.assertions);
    const profiles = profilesOf(given);
    expect(profiles.flatMap(({ fragments }) => fragments.map(fragmentKey)).sort()).toEqual(
      liveKeys(given.inputs, resolution),
    );
    expect(profiles.reduce((sum, { events }) => sum + events, 0)).toBe(resolution.counts.events);
    for (const { events, timeline, fragments } of profiles) {
      expect(timeline).toHaveLength(events);
      expect(timeline.flatMap((entry) => entry.fragments.map(fragmentKey)).sort()).toEqual(
        fragments.map(fragmentKey).sort(),
      );
    }
  });
});

it("21: consent is never wider than its narrowest member, for each purpose", () => {
  check(plainHistory, (given) => {
    const fragments = new Map(given.inputs.map((fragment) => [fragmentKey(fragment), fragment]));
    for (const profile of profilesOf(given)) {
      const members = profile.fragments.map((ref) => fragments.get(fragmentKey(ref))?.consent ?? {});
      const purposes = new Set(members.flatMap((consent) => Object.keys(consent)));
      const narrowest = [...purposes].map((purpose) => [
        purpose,
        members.every((consent) => consent[purpose] !== false),
      ]);
      expect(profile.consent).toEqual(Object.fromEntries(narrowest));
    }
  });
});
