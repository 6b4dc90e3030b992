import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../package/node-process.js";
import { readPage } from "./fences.js";

const pages = readdirSync(join(packageRoot, "docs")).filter((name) => name.endsWith(".md"));

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(page: string): string[] {
  const text = readPage(page).replace(/^```[\s\S]*?^```$/gm, "");
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("docs", () => {
  it.each(pages)("has links that lead somewhere: %s", (page) => {
    const links = [...readPage(page).matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)/g)];
    expect(links.length).toBeGreaterThan(0);
    for (const [link, target = "", anchor] of links) {
      const named = target === "" ? page : target;
      expect(existsSync(join(packageRoot, "docs", named)), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(named), link).toContain(anchor);
    }
  });

  it("names files that are there", () => {
    for (const page of pages) {
      const named = [...readPage(page).matchAll(/`((?:src|test)\/[\w/.]+)`/g)].map(([, path = ""]) => path);
      for (const path of named) expect(existsSync(join(packageRoot, path)), `${page}: ${path}`).toBe(true);
    }
  });
});
