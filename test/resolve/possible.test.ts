import { expect, it } from "vitest";
import { createDefaultModel, type Fragment, findPossiblePairs, resolve } from "../../src/index.js";

function form(id: string, first: string, last: string, street: string): Fragment {
  return {
    source: "web",
    id,
    kind: "form",
    observedAt: 1_767_600_000_000,
    attributes: { first_name: first, last_name: last, street, postal_code: "60614", city: "Chicago" },
  };
}

it("names pairs between review and link, strongest first, and joins none of them", () => {
  const model = createDefaultModel();
  const inputs = [
    form("1", "Henrietta", "Quillfeather", "12 Elm St"),
    form("2", "Henrietta", "Quillfeather", "12 Elm St"),
    form("3", "Oswald", "Quillfeather", "12 Elm St"),
  ];
  const cautious = { ...model, thresholds: { review: -20, link: 30 } };
  const resolution = resolve(inputs, cautious);
  expect(resolution.profiles).toHaveLength(3);
  const pairs = findPossiblePairs(resolution);
  expect(pairs.map(({ a, b }) => `${a.id}-${b.id}`)).toEqual(["1-2", "1-3", "2-3"]);
  expect(pairs[0]?.bits).toBeGreaterThan(pairs[1]?.bits as number);
  expect(findPossiblePairs(resolve(inputs, { ...cautious, thresholds: { review: 29, link: 30 } }))).toEqual(
    [],
  );
});

it("leaves out what is together already", () => {
  const inputs = [
    form("1", "Henrietta", "Quillfeather", "12 Elm St"),
    form("2", "Henrietta", "Quillfeather", "12 Elm St"),
  ];
  const resolution = resolve(inputs, createDefaultModel());
  expect(resolution.profiles).toHaveLength(1);
  expect(findPossiblePairs(resolution)).toEqual([]);
});
