import { channel } from "node:diagnostics_channel";
import { describe, expect, it } from "vitest";
import { createResolver } from "../../src/engine/resolver.js";
import type { Fragment } from "../../src/fragment/fragment.js";
import { encodeDocument } from "../../src/resolve/plan/codec.js";
import { KINDS } from "../../src/resolve/plan/documents.js";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import { RUNS } from "../properties/histories.js";

/**
 * Invariant 32: what one fragment costs is bounded, however many share a value with it. 20,000 fragments for each crowd, and 100,000
 * where `LEADWEAVE_RUNS` asks for deep runs.
 */
const CROWD = RUNS >= 100_000 ? 100_000 : 20_000;
const LAST = 1_000;

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";

interface Crowd {
  readonly name: string;
  /** What becomes of the values that they share. */
  readonly held: readonly ("generic keys" | "full blocks")[];
  readonly fragment: (index: number) => Omit<Fragment, "source" | "id">;
}

const CROWDS: readonly Crowd[] = [
  {
    name: "a switchboard that people with names call from",
    held: ["generic keys"],
    fragment: (index) => ({
      kind: "form",
      observedAt: START + index * MINUTE,
      identifiers: [{ type: "phone", value: "+14155552671" }],
      attributes: { first_name: `Ann${letters(index)}`, last_name: `Doe${letters(index * 7)}` },
    }),
  },
  {
    name: "a bot that keeps its cookie for a year",
    held: [],
    fragment: (index) => ({
      kind: "pageview",
      observedAt: START + (index * 365 * DAY) / CROWD,
      identifiers: [{ type: "visitor_id", value: "bot" }],
      signals: { ip: "81.2.69.142", user_agent: AGENT },
    }),
  },
  {
    name: "a trunk from which calls come without names",
    held: ["generic keys", "full blocks"],
    fragment: (index) => ({
      kind: "call",
      observedAt: START + index * MINUTE,
      identifiers: [{ type: "phone", value: "+14155552671" }],
      signals: { number_dialled: "+14155552600" },
    }),
  },
  {
    name: "visitors behind one address within hours",
    held: ["full blocks"],
    fragment: (index) => ({
      kind: "pageview",
      observedAt: START + (index * DAY) / 4 / CROWD,
      identifiers: [{ type: "visitor_id", value: `visitor-${index}` }],
      signals: { ip: "81.2.69.142", user_agent: AGENT, number_shown: "+14155552600" },
    }),
  },
];

/** A number in letters, so that names differ. */
function letters(index: number): string {
  return [...String(index)].map((digit) => "bcdfghjklm"[Number(digit)]).join("a");
}

interface Cost {
  readonly reads: number;
  readonly scored: number;
}

function listenToCosts(): { readonly costs: readonly Cost[]; readonly end: () => void } {
  const costs: Cost[] = [];
  const listen = (message: unknown): void => {
    const { reads, scored } = message as Cost;
    costs.push({ reads, scored });
  };
  const ingests = channel("leadweave:ingest");
  ingests.subscribe(listen);
  return { costs, end: () => ingests.unsubscribe(listen) };
}

const most = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => Math.max(a, b), 0);
const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;

describe(`32: ${CROWD} fragments share a value`, () => {
  it.each(CROWDS)("$name", async ({ fragment, held }) => {
    const store = createMemoryStore();
    const resolver = createResolver({ store });
    const { costs, end } = listenToCosts();
    try {
      for (let index = 0; index < CROWD; index++)
        resolver.ingestSync({ source: "web", id: String(index), ...fragment(index) });
    } finally {
      end();
    }
    expect(costs).toHaveLength(CROWD);
    const last = costs.slice(-LAST);
    const cost = {
      reads: most(costs.map(({ reads }) => reads)),
      scored: most(costs.map(({ scored }) => scored)),
      medianReads: median(last.map(({ reads }) => reads)),
      lastReads: most(last.map(({ reads }) => reads)),
      lastScored: most(last.map(({ scored }) => scored)),
    };
    let largest = 0;
    for (const kind of KINDS)
      for (const { doc } of store.source.all(kind))
        largest = Math.max(largest, encodeDocument(kind, doc).length);
    const { scanned } = await resolver.stats({ scan: true });
    expect((scanned?.genericKeys ?? 0) > 0).toBe(held.includes("generic keys"));
    expect((scanned?.fullBlocks ?? 0) > 0).toBe(held.includes("full blocks"));
    if (process.env.LEADWEAVE_COVERAGE !== undefined) console.table({ ...cost, largest });
    // A value that turns generic or full is taken out of everything that rested on it once, within the bound of one plan.
    expect(cost.reads).toBeLessThanOrEqual(2_000);
    expect(cost.scored).toBeLessThanOrEqual(2_000);
    expect(cost.medianReads).toBeLessThanOrEqual(60);
    expect(cost.lastReads).toBeLessThanOrEqual(200);
    expect(cost.lastScored).toBeLessThanOrEqual(200);
    expect(largest).toBeLessThan(64 * 1024);
    expect((await resolver.drain()).left).toBe(0);
  });
});
