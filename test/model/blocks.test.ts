import { expect, it } from "vitest";
import { createDefaultModel, validateModel } from "../../src/model/index.js";

it("refuses a time-local block over identifiers, which would find nothing", () => {
  const model = createDefaultModel();
  const [first, ...others] = model.blocks.timeLocal;
  const over = (field: string) =>
    validateModel({
      ...model,
      blocks: { ...model.blocks, timeLocal: [{ ...first, first: { fields: [field] } }, ...others] },
    });
  expect(over("email_typed").ok).toBe(true);
  const outcome = over("phone");
  expect(outcome.ok ? [] : outcome.faults.map(({ path }) => path)).toEqual([
    "blocks.timeLocal[0].first.fields[0]",
  ]);
});
