import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { runModule } from "./node-process.js";

// The built package under its own name, resolved through package.json `exports` exactly as a dependant resolves it,
// and loaded by plain Node: the test runner has its own module resolution, which users do not get.

interface Branch {
  readonly types: string;
  readonly default: string;
}

interface Manifest {
  readonly name: string;
  readonly main: string;
  readonly types: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly import: Branch; readonly require: Branch }>>;
}

const root = new URL("../../", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as Manifest;

const modules = Object.entries(manifest.exports).flatMap(([subpath, target]) =>
  typeof target === "string" ? [] : [{ specifier: manifest.name + subpath.slice(1), target }],
);

function exportNames(source: string): string[] {
  return (JSON.parse(runModule(source).stdout) as string[]).sort();
}

describe("package exports", () => {
  it("names the core and at least one other subpath", () => {
    expect(modules.map(({ specifier }) => specifier)).toContain(manifest.name);
    expect(modules.length).toBeGreaterThan(1);
  });

  for (const { specifier, target } of modules) {
    it(`${specifier} loads by import and by require with the same names`, () => {
      const name = JSON.stringify(specifier);
      const imported = exportNames(`console.log(JSON.stringify(Object.keys(await import(${name}))));`);
      const required = exportNames(
        `import { createRequire } from "node:module";
         console.log(JSON.stringify(Object.keys(createRequire(import.meta.url)(${name}))));`,
      );
      expect(imported).toEqual(required);
      expect(imported).not.toEqual([]);
      expect(imported).not.toContain("default");
    });

    it(`${specifier} has a declaration file for each branch`, () => {
      for (const path of Object.values(target).flatMap((branch) => [branch.types, branch.default])) {
        expect(existsSync(new URL(path, root)), path).toBe(true);
      }
      expect(target.import.types).toMatch(/\.d\.ts$/);
      expect(target.require.types).toMatch(/\.d\.cts$/);
    });
  }

  it("serves its own manifest", () => {
    const require = createRequire(import.meta.url);
    expect(require(`${manifest.name}/package.json`)).toMatchObject({ name: manifest.name });
  });

  it("has a command with a shebang", () => {
    const command = manifest.bin[manifest.name];
    expect(command).toBeDefined();
    expect(readFileSync(new URL(command ?? "", root), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
