import { describe, it } from "vitest";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import { testStore } from "../../src/testing/index.js";

describe("the memory store", () => {
  testStore({
    test: it,
    factory: () => {
      const { source: _, ...store } = createMemoryStore();
      return { store };
    },
    capabilities: { isShared: false, countsWithin: true },
    print: () => {},
  });
});
