import { describe, expect, it } from "vitest";
import {
  buildProfile,
  createDefaultModel,
  type FragmentInput,
  forPopulation,
  type Membership,
  type Resolution,
  resolve,
  validateFragment,
} from "../../src/index.js";
import { expectFence, fenceText, readPage } from "./fences.js";
import {
  componentsText,
  contentText,
  decisionsText,
  edgesText,
  eventsText,
  keysText,
  liveText,
  profilesText,
  strandsText,
  weightsText,
} from "./rungs.js";

// docs/design.md climbs the ladder with one story. Its blocks are the data of these tests: the story is what goes in, the
// others are what the rungs must return.

const PAGE = "design.md";
const NOW = Date.UTC(2026, 2, 22);

const model = createDefaultModel();
const story = fenceText(PAGE, "jsonl story")
  .trimEnd()
  .split("\n")
  .map((line): FragmentInput => {
    const validated = validateFragment(JSON.parse(line));
    if (!validated.ok) throw new Error(JSON.stringify(validated.faults));
    return validated.value;
  });
const resolution = resolve(story, model);

function annaContent({ profiles }: Resolution, from: Resolution): string {
  return contentText(buildProfile(from, profiles[0] as Membership, NOW));
}

describe("docs/design.md", () => {
  const shown: readonly (readonly [string, string])[] = [
    ["text live", liveText(story)],
    ["text events", eventsText(story, model)],
    ["text keys", keysText(story, model)],
    ["text strands", strandsText(resolution)],
    ["text edges", edgesText(resolution)],
    ["text bits 1 2", weightsText(resolution, 1, 2)],
    ["text bits 1 3", weightsText(resolution, 1, 3)],
    ["text components", componentsText(resolution)],
    ["text decisions", decisionsText(resolution)],
    ["text profiles", profilesText(resolution)],
    ["text content", annaContent(resolution, resolution)],
  ];
  it.each(shown)("shows what the functions return: %s", (info, text) => {
    expectFence(PAGE, info, text);
  });

  it("tells a story whose end does not depend on its order", () => {
    const orders = [
      [...story].reverse(),
      [...story.slice(7), ...story.slice(0, 7)],
      [...story, ...story.slice(3, 9)],
      story.filter((_, index) => index % 2 === 0).concat(story.filter((_, index) => index % 2 === 1)),
    ];
    for (const order of orders) {
      const again = resolve(order, model);
      expect(strandsText(again)).toBe(strandsText(resolution));
      expect(edgesText(again)).toBe(edgesText(resolution));
      expect(decisionsText(again)).toBe(decisionsText(resolution));
      expect(profilesText(again)).toBe(profilesText(resolution));
      expect(annaContent(again, again)).toBe(annaContent(resolution, resolution));
    }
  });

  it("says of the limits of the default model what they are", () => {
    expect(model.limits).toMatchObject({
      maxBlock: 20,
      maxLastingBlocks: 16,
      maxPartners: 16,
      maxEventFragments: 64,
      maxEventIdentifiers: 32,
      maxAssertions: 64,
    });
    expect(model.population).toBe(16_384);
    expect(model.prior).toMatchObject({ type: "candidate", bitsPerFactorOf3: 0.5 });
  });

  it("lists the priors that forPopulation gives", () => {
    const rows = [...readPage(PAGE).matchAll(/^\| ([\d,]+) \| (−?[\d.]+) \|$/gm)];
    expect(rows).toHaveLength(5);
    for (const [, strands = "", bits = ""] of rows) {
      const { prior } = forPopulation(model, Number(strands.replaceAll(",", "")));
      if (prior.type !== "candidate") throw new Error("expected a candidate prior");
      expect(prior.bits).toBeCloseTo(Number(bits.replace("−", "-")), 9);
    }
  });
});
