import { channel } from "node:diagnostics_channel";
import { describe, expect, it } from "vitest";
import { createResolver } from "../../src/engine/resolver.js";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import { createYieldingStore } from "../../src/stores/yielding.js";
import { simulatedLeads } from "./leads.js";

const NOW = Date.UTC(2026, 0, 5, 12);
const ANN = {
  source: "web",
  id: "1",
  kind: "form",
  observedAt: NOW,
  identifiers: [
    { type: "email", value: "ann.doe@harbor.example" },
    { type: "phone", value: "+14155552671" },
  ],
  attributes: { first_name: "Ann", last_name: "Doe", postal_code: "94110" },
};

describe("lookup", () => {
  it("names the profile that the partial would join, with the bits that say so", async () => {
    const resolver = createResolver();
    const { profile } = (await resolver.ingest(ANN)) as { readonly profile: string };
    await resolver.ingest({
      ...ANN,
      id: "2",
      identifiers: [{ type: "email", value: "bob@quay.example" }],
      attributes: {},
    });
    const partial = {
      identifiers: [{ type: "email", value: "ANN.DOE@harbor.example" }],
      attributes: { first_name: "Ann" },
    };
    const { candidates, complete } = await resolver.lookup(partial, { now: NOW });
    expect(complete).toBe(true);
    expect(candidates.map((candidate) => [candidate.profile, candidate.level])).toEqual([[profile, "match"]]);
    const [best] = candidates;
    expect(best?.weights.reduce((sum, { bits }) => sum + bits, 0)).toBe(best?.bits);
    expect(
      (await resolver.ingest({ ...partial, source: "web", id: "3", kind: "form" })) as object,
    ).toMatchObject({
      type: "attached",
      profile,
    });
  });

  it("finds the visitor who was shown the number that is dialled", async () => {
    const resolver = createResolver();
    const number = "+18005550199";
    const seen = await resolver.ingest({
      source: "site",
      id: "1",
      kind: "session",
      observedAt: NOW,
      identifiers: [{ type: "visitor_id", value: "v-1" }],
      signals: { number_shown: number, publisher_id: "p" },
    });
    const call = {
      kind: "call",
      observedAt: NOW + 120_000,
      signals: { number_dialled: number, publisher_id: "p" },
    };
    const { candidates } = await resolver.lookup(call);
    expect(candidates.map(({ profile }) => profile)).toEqual([
      (seen as { readonly profile: string }).profile,
    ]);
    expect(
      candidates[0]?.weights.find(({ comparison }) => comparison === "number shown and dialled")?.bits,
    ).toBeGreaterThan(0);
  });

  it("names a possible profile where the evidence does not reach a link, and nobody where there is none", async () => {
    const resolver = createResolver();
    await resolver.ingest({ ...ANN, identifiers: [] });
    const named = await resolver.lookup({ attributes: { first_name: "Ann", last_name: "Doe" } });
    expect(named.candidates.map(({ level }) => level)).toEqual(["match"]);
    const other = await resolver.lookup({
      attributes: { first_name: "Ann", last_name: "Doe", postal_code: "10001" },
    });
    expect(other.candidates.map(({ level }) => level)).toEqual(["possible"]);
    expect(
      (await resolver.lookup({ attributes: { first_name: "Zoe", last_name: "Roe" } })).candidates,
    ).toEqual([]);
  });

  it("writes nothing, and remembers no value that it was asked for", async () => {
    const store = createMemoryStore();
    const resolver = createResolver({ store });
    for (const fragment of simulatedLeads(20, 3)) await resolver.ingest(fragment);
    const before = JSON.stringify([
      (await resolver.stats()).documents,
      store.source.table.size,
      store.source.feed.end,
    ]);
    for (let at = 0; at < 20; at++)
      await resolver.lookup({ identifiers: [{ type: "email", value: `nobody${at}@harbor.example` }] });
    const after = JSON.stringify([
      (await resolver.stats()).documents,
      store.source.table.size,
      store.source.feed.end,
    ]);
    expect(after).toBe(before);
  });

  it("ranks alike on every store", async () => {
    const store = createMemoryStore();
    const [direct, far] = [createResolver(), createResolver({ store: createYieldingStore(store) })];
    const leads = simulatedLeads(25, 5);
    for (const lead of leads) {
      await direct.ingest(lead);
      await far.ingest(lead);
    }
    await direct.drain();
    await far.drain();
    let found = 0;
    for (const { source, id, kind, event, ...partial } of leads.slice(0, 40)) {
      const [near, other] = [
        await direct.lookup({ ...partial, kind }),
        await far.lookup({ ...partial, kind }),
      ];
      expect(other).toEqual(near);
      found += near.candidates.length;
    }
    expect(found).toBeGreaterThan(20);
  });

  it("keeps its deadline", async () => {
    const never = createYieldingStore(
      createMemoryStore(),
      () => new Promise<void>((done) => setTimeout(done, 50)),
    );
    const resolver = createResolver({ store: never });
    const told: unknown[] = [];
    const hear = (message: unknown): void => void told.push(message);
    channel("leadweave:lookup").subscribe(hear);
    const answer = await resolver.lookup({ identifiers: ANN.identifiers }, { deadlineMs: 5 });
    channel("leadweave:lookup").unsubscribe(hear);
    expect(answer).toEqual({ candidates: [], compared: 0, complete: false });
    expect(told).toHaveLength(1);
  });

  it("refuses what is no partial lead", async () => {
    const partial = { identifiers: "ann" } as unknown as Parameters<
      ReturnType<typeof createResolver>["lookup"]
    >[0];
    await expect(createResolver().lookup(partial)).rejects.toThrow(TypeError);
  });
});
