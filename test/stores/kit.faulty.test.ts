import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import type { Store } from "../../src/stores/store.js";
import { createFaultyStore, type FaultType, testStore } from "../../src/testing/index.js";
import { changesetOf, KIND, putOf, readValue } from "../../src/testing/wishes.js";

const LOST = { name: "StoreError", code: "connection-lost", retryable: true };

const put = (store: Store, value: unknown) => store.commit(changesetOf({ puts: [putOf("a", value)] }));

function stage(type: FaultType, call: number, wait?: () => Promise<void>) {
  const below = createMemoryStore();
  return { below, faulty: createFaultyStore(below, [{ call, type }], wait) };
}

describe("a faulty store", () => {
  it("crashes before a call: nothing happened, and nobody answers any more", async () => {
    const { below, faulty } = stage("crash-before", 2);
    await put(faulty, 1);
    await expect(put(faulty, 2)).rejects.toMatchObject(LOST);
    await expect(readValue(faulty, "a")).rejects.toMatchObject(LOST);
    expect(await readValue(below, "a")).toBe(1);
    expect(faulty.happened).toEqual([{ call: 2, type: "crash-before" }]);
  });

  it("crashes after a call: it took effect, and nobody answers any more", async () => {
    const { below, faulty } = stage("crash-after", 1);
    await expect(put(faulty, 1)).rejects.toMatchObject(LOST);
    await expect(put(faulty, 2)).rejects.toMatchObject(LOST);
    expect(await readValue(below, "a")).toBe(1);
  });

  it("loses a reply: it took effect, and the next call is fine", async () => {
    const { faulty } = stage("lost-reply", 1);
    await expect(put(faulty, 1)).rejects.toMatchObject(LOST);
    expect(await readValue(faulty, "a")).toBe(1);
  });

  it("makes a call twice, and tells the second reply", async () => {
    const { below, faulty } = stage("duplicated-call", 1);
    const made = changesetOf({ expect: [{ kind: KIND, id: "a", version: 0 }], puts: [putOf("a", 1)] });
    expect(await faulty.commit(made)).toBe("conflict");
    expect(await readValue(below, "a")).toBe(1);
  });

  it("delays a call: others go first", async () => {
    const { below, faulty } = stage("delay", 1);
    const slow = put(faulty, "slow");
    await put(below, "quick");
    await slow;
    expect(await readValue(below, "a")).toBe("slow");
  });

  it("answers a read as it did before", async () => {
    const { below, faulty } = stage("stale-read", 2);
    await readValue(faulty, "a");
    await put(below, 1);
    expect(await readValue(faulty, "a")).toBeUndefined();
    expect(await readValue(faulty, "a")).toBe(1);
  });

  it("tears a read: between its wishes others go", async () => {
    const below = createMemoryStore();
    const faulty = createFaultyStore(below, [{ call: 1, type: "torn-batch" }], async () => {
      await below.commit(changesetOf({ puts: [putOf("a", "later"), putOf("b", "later")] }));
    });
    const entries = await faulty.read([
      { kind: KIND, id: "a" },
      { kind: KIND, id: "b" },
    ]);
    expect(entries.map((entry) => entry.type === "document" && entry.document.text)).toEqual([
      null,
      '{"value":"later"}',
    ]);
  });
});

describe("the kit", () => {
  const factory = () => ({ store: createMemoryStore() });

  it("says which tests it skips, and why", () => {
    const [registered, skipped, printed]: [string[], string[], string[]] = [[], [], []];
    const test = Object.assign((name: string) => registered.push(name), {
      skip: (name: string) => skipped.push(name),
    });
    const skip = { "count: documents of a kind": "it is told at random" };
    const print = (line: string) => printed.push(line);
    testStore({ test, factory, capabilities: { isShared: false }, skip, print, tenant: false });
    expect(printed).toContain("skipped: count: documents of a kind: it is told at random");
    expect(printed.some((line) => line.includes("isShared is false"))).toBe(true);
    expect(printed.some((line) => line.includes("countsWithin is not set"))).toBe(true);
    expect(printed.some((line) => line.includes("trims is not set"))).toBe(true);
    expect(skipped).toHaveLength(printed.length);
    expect(registered).not.toContain("count: documents of a kind");
    expect(new Set(registered).size).toBe(registered.length);
    printed.length = 0;
    testStore({ test, factory, capabilities: { isShared: true, countsWithin: true, trims: true }, print });
    expect(printed).toEqual([]);
  });

  it("refuses to skip a test that is none", () => {
    expect(() => testStore({ test: () => {}, factory, skip: { nonsense: "" } })).toThrow(TypeError);
  });
});
