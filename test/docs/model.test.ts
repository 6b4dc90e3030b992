import { describe, expect, it } from "vitest";
import {
  createDefaultModel,
  type Fault,
  parseModel,
  serializeModel,
  validateModel,
} from "../../src/index.js";
import { runModule } from "../package/node-process.js";
import { expectFence, fencesOf, fenceText, readPage } from "./fences.js";

// The snippets of docs/model.md are parts of models: each is put into the default model at its place and validated.

const PAGE = "model.md";
const model = createDefaultModel();

function faultsOf(edited: unknown): readonly Fault[] {
  const validated = validateModel(edited);
  return validated.ok ? [] : validated.faults;
}

const PLACES: Readonly<Record<string, (part: never) => unknown>> = {
  identifiers: (part: object) => ({ ...model, identifiers: { ...model.identifiers, ...part } }),
  fields: (part: object) => ({ ...model, fields: { ...model.fields, ...part } }),
  lasting: (part: unknown) => ({
    ...model,
    blocks: { ...model.blocks, lasting: [...model.blocks.lasting, part] },
  }),
  timeLocal: (part: unknown) => ({
    ...model,
    blocks: { ...model.blocks, timeLocal: [...model.blocks.timeLocal, part] },
  }),
  comparison: (part: unknown) => ({ ...model, comparisons: [...model.comparisons, part] }),
  prior: (prior: unknown) => ({ ...model, prior }),
  thresholds: (thresholds: unknown) => ({ ...model, thresholds }),
  digests: (digests: unknown) => ({ ...model, digests }),
  phone: (phone: unknown) => ({ ...model, phone }),
  sources: (sources: unknown) => ({ ...model, sources }),
  content: (content: unknown) => ({ ...model, content }),
  limits: (limits: unknown) => ({ ...model, limits }),
};

const snippets = fencesOf(PAGE).filter(({ info }) => info.startsWith("json "));
const conditions = [...readPage(PAGE).matchAll(/^\| `(\{.*\})` \|/gm)].map(([, text = ""]) => text);

describe("docs/model.md", () => {
  it("has a snippet for every place", () => {
    expect(new Set(snippets.map(({ info }) => info.slice(5)))).toEqual(new Set(Object.keys(PLACES)));
  });

  it.each(snippets.map(({ info, text }) => [info, text] as const))("shows valid parts: %s", (info, text) => {
    const place = PLACES[info.slice(5)] as (part: unknown) => unknown;
    expect(faultsOf(place(JSON.parse(text)))).toEqual([]);
    expect(faultsOf(place({ ...JSON.parse(text), surplus: { surplus: 1 } }))).not.toEqual([]);
  });

  it.each(conditions)("shows valid conditions: %s", (text) => {
    const comparison = { name: "shown", given: JSON.parse(text), levels: [{ name: "held", bits: 1 }] };
    expect(faultsOf({ ...model, comparisons: [comparison] })).toEqual([]);
  });

  it("shows every kind of condition", () => {
    const invalid = { ...model, comparisons: [{ name: "x", given: {}, levels: [{ name: "y", bits: 1 }] }] };
    const [fault] = faultsOf(invalid);
    const kinds = (fault?.expected ?? "").split("one of ").at(-1)?.split(", ") ?? [];
    expect(kinds.length).toBeGreaterThan(10);
    const shown = new Set(conditions.map((text) => Object.keys(JSON.parse(text))[0]));
    expect(shown).toEqual(new Set(kinds));
  });

  it("names every part, setting and limit", () => {
    const page = readPage(PAGE);
    const members = [...Object.keys(model), ...Object.keys(model.limits)];
    for (const type of Object.values(model.identifiers)) members.push(...Object.keys(type));
    for (const field of Object.values(model.fields)) members.push(field.normalizer);
    expect(members.filter((member) => !page.includes(`\`${member}\``))).toEqual([]);
  });

  it("gives the defaults that the model has", () => {
    expect(JSON.parse(fenceText(PAGE, "json limits"))).toEqual(model.limits);
    expect(JSON.parse(fenceText(PAGE, "json thresholds"))).toEqual(model.thresholds);
    expect(JSON.parse(fenceText(PAGE, "json digests"))).toEqual(model.digests);
  });

  it("writes a model that reads back as it was", () => {
    const code = fenceText(PAGE, "js write").replace(
      /writeFileSync\("model.json", (.*)\);/,
      "console.log($1);",
    );
    const parsed = parseModel(runModule(code).stdout);
    expect(parsed).toEqual({ ok: true, value: JSON.parse(serializeModel(model)) });
  });

  it("shows the fault that an edit has", () => {
    expectFence(PAGE, "text edit", runModule(fenceText(PAGE, "js edit")).stdout);
  });
});
