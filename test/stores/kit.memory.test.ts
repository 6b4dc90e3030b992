import { describe, it } from "vitest";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import { testStore } from "../../src/testing/index.js";
import { announceSkip, notChosen } from "./chosen.js";

describe.skipIf(announceSkip("the kit over the memory store", notChosen("memory")))(
  "the memory store",
  () => {
    testStore({
      test: it,
      factory: () => {
        const { source: _, ...store } = createMemoryStore();
        return { store };
      },
      capabilities: { isShared: false, countsWithin: true, trims: true },
      print: () => {},
    });
  },
);
