import { expect, it } from "vitest";
import { createResolver } from "../../src/engine/resolver.js";
import { createDefaultModel } from "../../src/model/index.js";
import { KeyTable } from "../../src/resolve/keys.js";
import { decodeDocument, encodeDocument } from "../../src/resolve/plan/codec.js";
import { type ComponentDoc, KINDS, type StrandDoc } from "../../src/resolve/plan/documents.js";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import { simulatedLeads } from "./leads.js";

/** Documents as a live engine writes them. */
async function liveStore() {
  const store = createMemoryStore();
  const resolver = createResolver({ store, model: createDefaultModel() });
  const leads = simulatedLeads(60, 8);
  for (const fragment of leads) resolver.ingestSync(fragment);
  const [a, b] = [leads[0], leads[1]] as [(typeof leads)[0], (typeof leads)[0]];
  await resolver.assert({
    type: "same",
    a: { source: a.source, id: a.id },
    b: { source: b.source, id: b.id },
  });
  return store;
}

it("documents come back as they were written, keys as the objects of the table", async () => {
  const { source } = await liveStore();
  const kinds = new Set<string>();
  for (const kind of KINDS) {
    for (const { doc } of source.all(kind)) {
      kinds.add(kind);
      const read = decodeDocument(kind, encodeDocument(kind, doc), source.table);
      // Strict: a field without values is undefined, not null, and a day that nobody knows is NaN.
      expect(read).toStrictEqual(doc);
    }
  }
  expect([...kinds]).toEqual(expect.arrayContaining(["strand", "key", "digest", "component", "assertion"]));
});

it("an asserted edge asks for nothing, and still does when it is read", async () => {
  const { source } = await liveStore();
  const asserted = [...source.all("component")]
    .map(({ doc }) => decodeDocument("component", encodeDocument("component", doc), source.table))
    .flatMap(({ edges }: ComponentDoc) => edges)
    .filter(({ type }) => type === "asserted");
  expect(asserted.map(({ acceptAt }) => acceptAt)).toEqual([Number.NEGATIVE_INFINITY]);
});

it("evidence stands in the order of the table that reads it, days with their keys", async () => {
  const { source } = await liveStore();
  // A table that knows all keys in the opposite order.
  const table = new KeyTable();
  for (const { type, value, scope } of [...source.table.keys].reverse()) table.intern(type, value, scope);
  let turned = 0;
  for (const { doc } of source.all("strand")) {
    const read: StrandDoc = decodeDocument("strand", encodeDocument("strand", doc), table);
    const [before, after] = [doc.body?.evidence, read.body?.evidence];
    if (before === undefined || after === undefined) continue;
    const indexes = after.keys.map(({ index }) => index);
    expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
    if (indexes.length > 1) turned++;
    for (const [at, { type, value }] of before.keys.entries()) {
      const there = after.keys.findIndex((key) => key.type === type && key.value === value);
      expect(after.firstDays[there]).toBe(before.firstDays[at]);
      expect(after.lastDays[there]).toBe(before.lastDays[at]);
    }
  }
  expect(turned).toBeGreaterThan(0);
});
