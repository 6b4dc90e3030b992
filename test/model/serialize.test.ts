import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDefaultModel, type Model, parseModel, serializeModel } from "../../src/model/index.js";
import { models } from "./arbitraries.js";

function parsed(text: string): Model {
  const outcome = parseModel(text);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.faults));
  return outcome.value;
}

describe("a model as text", () => {
  test("the default model comes back as it was, members in order", () => {
    const model = createDefaultModel();
    const text = serializeModel(model);
    expect(parsed(text)).toStrictEqual(model);
    expect(JSON.stringify(parsed(text))).toBe(JSON.stringify(model));
  });

  test("any model comes back as it was, to the last bit", () => {
    fc.assert(
      fc.property(models, (model) => {
        const text = serializeModel(model);
        // Node's own comparison: it tells −0 from 0, and does not mind members named constructor.
        expect(isDeepStrictEqual(parsed(text), model), text).toBe(true);
        expect(serializeModel(parsed(text))).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  test("negative zero and the smallest numbers survive", () => {
    const model: Model = {
      ...createDefaultModel(),
      prior: { type: "candidate", bits: -0 },
      thresholds: { review: -1e-300, link: 5e-324 },
    };
    const back = parsed(serializeModel(model));
    expect(back.prior.type === "candidate" && Object.is(back.prior.bits, -0)).toBe(true);
    expect(back.thresholds).toEqual({ review: -1e-300, link: 5e-324 });
  });

  test("is JSON, in lines that a person can read", () => {
    const lines = serializeModel(createDefaultModel()).split("\n");
    expect(JSON.parse(lines.join("\n"))).toEqual(createDefaultModel());
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}"prior": \{ "type": "candidate", "bits": .*, "bitsPerFactorOf3": .* \}/),
    );
    expect(lines.filter((line) => line.length > 112)).toEqual([]);
    expect(lines.at(-1)).toBe("");
  });

  test("members that are undefined are not written", () => {
    const model = { ...createDefaultModel(), later: undefined } as Model;
    expect(serializeModel(model)).toBe(serializeModel(createDefaultModel()));
  });

  test("a byte order mark does not matter", () => {
    expect(parseModel(`\uFEFF${serializeModel(createDefaultModel())}`).ok).toBe(true);
  });
});

describe("text that is no model", () => {
  test.each(["", "{", '{"name": "secret" "x"}', "[1, 2", "nonsense"])("%j is no JSON", (text) => {
    const outcome = parseModel(text);
    expect(outcome.ok ? [] : outcome.faults.map(({ path }) => path)).toEqual([""]);
    expect(JSON.stringify(outcome)).not.toContain("secret");
  });

  test("the place is told where the engine tells it", () => {
    const outcome = parseModel('{\n  "name": "x",\n  oops\n}');
    expect(JSON.stringify(outcome)).toContain("line 3, column 3");
  });

  test("JSON that is no model has its faults told", () => {
    const outcome = parseModel(serializeModel(createDefaultModel()).replace('"link": 1', '"link": "1"'));
    expect(outcome.ok ? [] : outcome.faults.map(({ path }) => path)).toEqual(["thresholds.link"]);
  });
});
