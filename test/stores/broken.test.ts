import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import type { Store } from "../../src/stores/store.js";
import { testStore } from "../../src/testing/index.js";
import { BROKEN_STORES } from "./broken.js";

/** Runs the kit's tests one after the other, except those over the whole engine, and tells which failed, and why. */
async function failuresOf(create: () => Store): Promise<Map<string, string>> {
  const tests: { readonly name: string; readonly run: () => Promise<void> }[] = [];
  testStore({
    test: (name, run) => tests.push({ name, run }),
    factory: () => ({ store: create() }),
    capabilities: { isShared: false, trims: true },
    tenant: false,
    runs: 20,
    print: () => {},
  });
  const failures = new Map<string, string>();
  for (const { name, run } of tests) {
    if (name.startsWith("engine:")) continue;
    await run().catch((error: unknown) => failures.set(name, String(error)));
  }
  return failures;
}

it("an intact store passes every test", async () => {
  const create = (): Store => {
    const { source: _, ...store } = createMemoryStore();
    return store;
  };
  expect(await failuresOf(create)).toEqual(new Map());
});

describe("a broken store fails by the test named for it", () => {
  it.each(BROKEN_STORES.map((one) => [one.defect, one] as const))("%s", async (_, { failsBy, create }) => {
    const failures = await failuresOf(create);
    expect([...failures.keys()]).toContain(failsBy);
  });
});
