import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

/** A fenced block of a page: the words behind its opening fence, and its text with a line end. */
export interface Fence {
  readonly info: string;
  readonly text: string;
}

function pathOf(page: string): string {
  return fileURLToPath(new URL(`../../docs/${page}`, import.meta.url));
}

export function readPage(page: string): string {
  return readFileSync(pathOf(page), "utf8");
}

/** All fenced blocks of a page, in order. */
export function fencesOf(page: string): Fence[] {
  return [...readPage(page).matchAll(/^```([^\n`]*)\n([\s\S]*?)^```$/gm)].map(([, info = "", text = ""]) => ({
    info: info.trim(),
    text,
  }));
}

/** The text of the one block with this info string; a page without it, or with two, is at fault. */
export function fenceText(page: string, info: string): string {
  const found = fencesOf(page).filter((fence) => fence.info === info);
  if (found.length !== 1) throw new Error(`expected one block "${info}" in ${page}, found ${found.length}`);
  return (found[0] as Fence).text;
}

/**
 * Whether the page prints this text in the block of that name. With LEADWEAVE_UPDATE_DOCS=1 the block is rewritten instead:
 * then read the page, for its words may have become wrong.
 */
export function expectFence(page: string, info: string, text: string): void {
  const shown = fenceText(page, info);
  if (process.env.LEADWEAVE_UPDATE_DOCS === "1" && shown !== text) {
    const opening = `\`\`\`${info}\n`;
    const markdown = readPage(page);
    writeFileSync(
      pathOf(page),
      markdown.replace(`\n${opening}${shown}\`\`\``, () => `\n${opening}${text}\`\`\``),
    );
    return;
  }
  expect(shown).toBe(text);
}
