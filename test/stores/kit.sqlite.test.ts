import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { createSqliteStore } from "../../src/stores/sqlite/index.js";
import { testStore } from "../../src/testing/index.js";
import { announceSkip, notChosen } from "./chosen.js";

describe.skipIf(announceSkip("the kit over SQLite", notChosen("sqlite")))("the SQLite store", () => {
  testStore({
    test: it,
    factory: async () => {
      const folder = await mkdtemp(join(tmpdir(), "leadweave-kit-"));
      // Power is not what is tested here.
      const open = () => createSqliteStore({ path: join(folder, "leads.db"), synchronous: "normal" });
      return { store: await open(), open, remove: () => rm(folder, { recursive: true, force: true }) };
    },
    capabilities: { isSlow: true, countsWithin: true, trims: true },
    print: () => {},
  });
});
