import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Runs of each property, as the properties read it themselves: deep runs take as much longer. */
const runs = Number(process.env.LEADWEAVE_RUNS ?? 2_000);

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    typecheck: {
      enabled: true,
      include: ["test/**/*.test-d.ts"],
      tsconfig: "./tsconfig.json",
    },
    reporters: ["default"],
    // Vitest leaves one core idle; of two that is half of them.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Property tests and end-to-end runs share small machines with other work: a slow run is not a failed one.
    testTimeout: Math.max(300_000, runs * 150),
    hookTimeout: 120_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text-summary", "html"],
    },
  },
});
