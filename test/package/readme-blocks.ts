/** A fenced code block that a reader may run, with what it claims to print. */
export interface CodeBlock {
  readonly language: "ts" | "sh";
  /** 1-based line of the opening fence. */
  readonly line: number;
  readonly code: string;
  /** Content of the "text output" block that follows, if there is one before any other block. */
  readonly output?: string;
}

interface Fence {
  readonly info: string;
  readonly line: number;
  readonly code: string;
}

function fences(markdown: string): Fence[] {
  const found: Fence[] = [];
  let open: { info: string; line: number; code: string[] } | undefined;
  markdown.split(/\r?\n/).forEach((text, index) => {
    const fence = /^```(.*)$/.exec(text);
    if (open === undefined) {
      if (fence) open = { info: (fence[1] ?? "").trim(), line: index + 1, code: [] };
    } else if (fence) {
      found.push({ info: open.info, line: open.line, code: `${open.code.join("\n")}\n` });
      open = undefined;
    } else {
      open.code.push(text);
    }
  });
  if (open !== undefined) throw new Error(`the fence of line ${open.line} is never closed`);
  return found;
}

/** The runnable blocks of a Markdown text: those whose info string is "ts run" or "sh run". */
export function codeBlocks(markdown: string): CodeBlock[] {
  const all = fences(markdown);
  return all.flatMap(({ info, line, code }, index): CodeBlock[] => {
    const match = /^(ts|sh) run\b/.exec(info);
    if (!match) return [];
    const next = all[index + 1];
    const language = match[1] === "ts" ? "ts" : "sh";
    return [{ language, line, code, ...(next?.info === "text output" ? { output: next.code } : {}) }];
  });
}
