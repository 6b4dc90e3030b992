import fc from "fast-check";
import { expect, it } from "vitest";
import { history, plainHistory } from "./histories.js";
import { SITUATIONS, type Situation, situationsOf } from "./situations.js";

const SAMPLES = 1_500;

it.each([
  ["histories with versions and removals", history, []],
  [
    "plain histories",
    plainHistory,
    ["input: duplicate", "input: conflicting-content", "input: superseded", "input: gone", "input: removal"],
  ],
] as const)("random %s bring about every situation", (_name, arbitrary, without) => {
  const counts = new Map<Situation, number>();
  for (const sample of fc.sample(arbitrary, { numRuns: SAMPLES, seed: 20_260_105 })) {
    for (const situation of situationsOf(sample)) counts.set(situation, (counts.get(situation) ?? 0) + 1);
  }
  if (process.env.LEADWEAVE_COVERAGE !== undefined)
    console.table(Object.fromEntries(SITUATIONS.map((name) => [name, counts.get(name) ?? 0])));
  const missing = SITUATIONS.filter(
    (situation) => !counts.has(situation) && !(without as readonly string[]).includes(situation),
  );
  expect(missing).toEqual([]);
});
