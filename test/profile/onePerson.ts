import fc from "fast-check";
import { type Fragment, fragmentKey, type Scalar } from "../../src/fragment/fragment.js";
import { createDefaultModel } from "../../src/model/defaultModel.js";
import type { Model } from "../../src/model/model.js";
import { buildProfile, type Profile } from "../../src/profile/index.js";
import { resolve } from "../../src/resolve/resolve.js";

/**
 * Histories of one person: every fragment holds her address and none a name, so that all are one strand, her membership is
 * certain, and what is seen is content alone.
 */

export const DAY = 86_400_000;
export const NOW = Date.UTC(2026, 3, 1);
export const ADDRESS = "ines.marlow@harbor.example";

export const MODEL: Model = {
  ...createDefaultModel(),
  sources: { ledger: { reliability: 0.95 }, rumour: { reliability: 0.1 } },
};

/** Attribute → spellings of few values; blanks and placeholders are none. */
const SAID: Readonly<Record<string, readonly (Scalar | readonly Scalar[])[]>> = {
  city: ["Springfield", "springfield", " SPRINGFIELD ", "Salem", "salem", "Dover", "n/a", ""],
  shoe_size: [41, "41", 42, "43 "],
  disposition: ["Quoted", "quoted", "No answer", ["Quoted", "Sold"], ["sold", "SOLD"], []],
  newsletter: [true, false],
  visits: [0, 3, "3", -1],
};

export const SOURCES: readonly string[] = ["web", "calls", "ledger", "rumour"];
const KINDS: readonly string[] = ["session", "form", "call", "crm", "survey"];

export const observedAt: fc.Arbitrary<number | null> = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -2_000, max: 30 }).map((day) => NOW + day * DAY) },
  { weight: 2, arbitrary: fc.constant(null) },
);

const said = fc.record(
  Object.fromEntries(Object.entries(SAID).map(([name, values]) => [name, fc.constantFrom(...values)])),
  { requiredKeys: [] },
);

const agreed = fc.record({ marketing: fc.boolean(), calls: fc.boolean() }, { requiredKeys: [] });

const fragment = fc
  .record({
    source: fc.constantFrom(...SOURCES),
    id: fc.integer({ min: 0, max: 9 }).map(String),
    kind: fc.constantFrom(...KINDS),
    observedAt,
    event: fc.constantFrom<Fragment["event"]>(undefined, undefined, undefined, "e1", {
      namespace: "call",
      name: "c1",
    }),
    attributes: said,
    consent: agreed,
  })
  .map(
    ({ event, attributes, ...rest }): Fragment => ({
      ...rest,
      ...(event === undefined ? {} : { event }),
      attributes: attributes as NonNullable<Fragment["attributes"]>,
      identifiers: [{ type: "email", value: ADDRESS }],
    }),
  );

/** Fragments in any order, no two of one `(source, id)`. */
export const fragments: fc.Arbitrary<Fragment[]> = fc.uniqueArray(fragment, {
  minLength: 1,
  maxLength: 10,
  selector: fragmentKey,
});

export function profileOf(inputs: readonly Fragment[], now = NOW, model = MODEL): Profile {
  const resolution = resolve(inputs, model);
  const [only, ...others] = resolution.profiles;
  if (only === undefined || others.length > 0)
    throw new Error(`${resolution.profiles.length} profiles, not one`);
  return buildProfile(resolution, only, now);
}

/** Normal form of what `SAID` says; null where it says nothing. */
export function formOf(value: Scalar): string | null {
  const text = String(value).trim().toLowerCase();
  return text === "" || text === "n/a" ? null : text;
}

export function valuesIn(given: Fragment, attribute: string): readonly string[] {
  const all = [given.attributes?.[attribute] ?? []].flat() as Scalar[];
  return [...new Set(all.flatMap((value) => formOf(value) ?? []))];
}

/** Attribute and normal form → confidence. */
export function confidencesOf({ attributes }: Profile): Map<string, number> {
  return new Map(
    Object.entries(attributes).flatMap(([name, { alternatives, ...best }]) =>
      [best, ...alternatives].map(
        ({ value, confidence }) => [`${name} ${formOf(value)}`, confidence] as const,
      ),
    ),
  );
}
