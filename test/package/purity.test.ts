import { describe, expect, it } from "vitest";
import { findImpurities } from "../../scripts/check-purity.mjs";

const impure = [
  ["the clock", "export const now = () => Date.now();"],
  ["the clock through a constructor", "export const now = () => new Date();"],
  ["randomness", "export const die = () => Math.random();"],
  ["a Node module", 'import { readFileSync } from "node:fs";'],
  ["a Node module without its prefix", 'import * as path from "path";'],
  ["a folder around the core", 'import { Resolver } from "../engine/index.js";'],
  ["a re-export from around the core", 'export * from "../readers/index.js";'],
  ["a dynamic import", 'export const later = () => import("./edges.js");'],
  ["the locale", "export const order = (a: string, b: string) => a.localeCompare(b);"],
  ["the time zone", "export const hour = (date: Date) => date.getHours();"],
  ["local calendar fields", "export const day = new Date(2026, 0, 1);"],
] as const;

describe("the purity check", () => {
  for (const [what, code] of impure) {
    it(`finds ${what} in a pure folder and allows it elsewhere`, () => {
      expect(findImpurities("src/resolve/edges.ts", `\n${code}\n`)).toMatchObject([
        { file: "src/resolve/edges.ts", line: 2 },
      ]);
      expect(findImpurities("src/cli/main.ts", code)).toEqual([]);
    });
  }

  it("allows what is pure", () => {
    const code = `
      import { sha256 } from "@noble/hashes/sha2";
      import type { Fragment } from "../fragment/fragment.js";
      // Date.now() and Math.random() in a comment are only words.
      export const at = (ms: number) => new Date(ms).toISOString() + "Math.random()";
      export const utc = Date.UTC(2026, 0, 1);
    `;
    expect(findImpurities("src/resolve/edges.ts", code)).toEqual([]);
  });

  it("finds a suppressed check in any folder", () => {
    const code = ["// @ts", "expect-error because"].join("-");
    expect(findImpurities("src/cli/main.ts", code)).toMatchObject([{ line: 1 }]);
  });
});
