import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { packageRoot, runCommand, scratchFolder } from "./node-process.js";
import { type CodeBlock, codeBlocks } from "./readme-blocks.js";

// Runs the README against the built package. Blocks marked "ts run" are type-checked and executed as modules of their
// own; blocks marked "sh run" are executed in order in one empty folder (so a later one may read what an earlier one
// wrote), with `npx leadweave` standing for the built command. A block marked "text output" right after one of them is
// what that block must print.

const readme = join(packageRoot, "README.md");

const shellFolder = scratchFolder();
const moduleFolder = scratchFolder();

afterAll(() => {
  shellFolder.remove();
  moduleFolder.remove();
});

function expectOutput(block: CodeBlock, stdout: string): void {
  if (block.output !== undefined) expect(stdout.trim()).toBe(block.output.trim());
}

function typeErrors(file: string): string[] {
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ["node"],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

function runTypeScript(block: CodeBlock, prefix = ""): string {
  const name = `${prefix}line-${block.line}`;
  const source = join(moduleFolder.path, `${name}.mts`);
  writeFileSync(source, block.code);
  expect(typeErrors(source)).toEqual([]);
  const { outputText } = ts.transpileModule(block.code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  writeFileSync(join(moduleFolder.path, `${name}.mjs`), outputText);
  return runCommand(process.execPath, [`${name}.mjs`], moduleFolder.path).stdout;
}

function runShell(block: CodeBlock): string {
  const command = `"${process.execPath}" "${join(packageRoot, "dist", "cli.js")}"`;
  const script = block.code
    .replace(/^\$ /gm, "")
    .replace(/\bnpx (?:--yes |-y )?leadweave\b/g, command)
    .replace(/\bnode (?:\.\/)?dist\/cli\.js\b/g, command);
  return runCommand("bash", ["-euo", "pipefail", "-c", script], shellFolder.path).stdout;
}

describe("runnable blocks", () => {
  it("are those marked to run, with the output that follows", () => {
    const markdown = [
      "# Title",
      "```ts run",
      "console.log(1);",
      "```",
      "prints",
      "```text output",
      "1",
      "```",
      "```sh",
      "npm install leadweave",
      "```",
      "```sh run",
      "npx leadweave demo",
      "```",
      "```ts",
      "not run",
      "```",
    ].join("\n");
    expect(codeBlocks(markdown)).toEqual([
      { language: "ts", line: 2, code: "console.log(1);\n", output: "1\n" },
      { language: "sh", line: 12, code: "npx leadweave demo\n" },
    ]);
  });

  it("are refused when a fence is never closed", () => {
    expect(() => codeBlocks("```ts run\nconsole.log(1);")).toThrow();
  });
});

if (existsSync(readme)) {
  const blocks = codeBlocks(readFileSync(readme, "utf8"));
  // Commands see the examples as a reader in a checkout would.
  const examples = join(packageRoot, "examples");
  if (existsSync(examples)) symlinkSync(examples, join(shellFolder.path, "examples"));

  describe("README", () => {
    it("has code that runs, in TypeScript and in the shell", () => {
      expect(blocks.filter(({ language }) => language === "ts")).not.toEqual([]);
      const shell = blocks.filter(({ language }) => language === "sh");
      expect(shell.some(({ code }) => /leadweave|dist\/cli\.js/.test(code))).toBe(true);
    });

    for (const block of blocks) {
      it(`${block.language} block of line ${block.line} runs and prints what it says`, () => {
        const stdout = block.language === "ts" ? runTypeScript(block) : runShell(block);
        expectOutput(block, stdout);
      });
    }
  });
}

describe("guide pages", () => {
  const pages = readdirSync(join(packageRoot, "docs")).filter((name) => name.endsWith(".md"));
  for (const page of pages) {
    for (const block of codeBlocks(readFileSync(join(packageRoot, "docs", page), "utf8"))) {
      if (block.language !== "ts") continue;
      it(`${page}: block of line ${block.line} runs and prints what it says`, () => {
        expectOutput(block, runTypeScript(block, page.replace(".md", "-")));
      });
    }
  }
});
