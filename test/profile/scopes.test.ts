import { expect, it } from "vitest";
import {
  buildProfile,
  createDefaultModel,
  type Fragment,
  goldenRecord,
  type Membership,
  resolve,
} from "../../src/index.js";

const AT = 1_767_600_000_000;

it("keeps equal ids of different systems apart, and its own columns from being overwritten", () => {
  const row = (source: string): Fragment => ({
    source,
    id: "1",
    kind: "crm",
    observedAt: AT,
    identifiers: [
      { type: "crm_id", value: "17" },
      { type: "email", value: "june@harbor.example" },
      { type: "events", value: "abc-123-xyz" },
    ],
    attributes: { first_name: "June", last_name: "Okafor" },
  });
  const model = createDefaultModel();
  const withEvents = {
    ...model,
    identifiers: { ...model.identifiers, events: { scope: "person", normalizer: "opaque" } as const },
  };
  const resolution = resolve([row("east"), row("west")], withEvents);
  expect(resolution.profiles).toHaveLength(1);
  const profile = buildProfile(resolution, resolution.profiles[0] as Membership, AT);
  expect(profile.identifiers.crm_id?.map(({ value, sources }) => [value, sources])).toEqual([
    ["17", ["east"]],
    ["17", ["west"]],
  ]);
  expect(profile.identifiers.email).toHaveLength(1);
  expect(goldenRecord(profile).events).toBe(2);
});
