import { copyFile } from "node:fs/promises";
import { defineConfig, type Options } from "tsup";

/** Public subpaths by the name of their file in dist; package.json `exports` names the same ones. */
const library: Record<string, string> = {
  index: "src/index.ts",
  normalize: "src/normalize/index.ts",
  readers: "src/readers/index.ts",
  simulate: "src/simulate/index.ts",
  evaluate: "src/train/evaluate.ts",
  stores: "src/stores/index.ts",
  "stores/sqlite": "src/stores/sqlite/index.ts",
  "stores/postgres": "src/stores/postgres/index.ts",
  "stores/redis": "src/stores/redis/index.ts",
  testing: "src/testing/index.ts",
};

const shared: Options = {
  target: "es2022",
  platform: "node",
  sourcemap: true,
  removeNodeProtocol: false,
  // Two configurations write to dist at once, so neither may clear it: `npm run build` does that first.
  clean: false,
  // ESM-only and tiny: bundled, so that the CommonJS build needs no require() of an ES module.
  noExternal: ["double-metaphone"],
};

export default defineConfig([
  {
    ...shared,
    name: "library",
    entry: library,
    format: ["esm", "cjs"],
    dts: true,
    async onSuccess() {
      // What is bundled is redistributed, so its licence text travels with the package.
      await copyFile("node_modules/double-metaphone/license", "dist/double-metaphone.LICENSE.txt");
    },
  },
  {
    ...shared,
    name: "cli",
    entry: { cli: "src/cli/main.ts" },
    format: ["esm"],
    dts: false,
  },
]);
