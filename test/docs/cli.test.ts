import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { alignColumns } from "../../src/cli/table.js";
import { knownColumns, roleOfColumn } from "../../src/fragment/columns.js";
import { selectLive } from "../../src/resolve/live.js";
import { packageRoot, runCommand, scratchFolder } from "../package/node-process.js";
import { expectFence, fencesOf, readPage } from "./fences.js";

// Runs the examples of docs/cli.md with the built command, one after the other in one folder, and compares what they print.

const PAGE = "cli.md";
const folder = scratchFolder();
afterAll(() => folder.remove());

function run(script: string): string {
  const command = `leadweave() { "${process.execPath}" "${join(packageRoot, "dist", "cli.js")}" "$@"; }`;
  return runCommand("bash", ["-euo", "pipefail", "-c", `${command}\n${script}`], folder.path).stdout;
}

/** Times and rates differ from run to run. */
function withoutTimes(text: string): string {
  return text
    .replace(/[\d,]+ fragments\/s/g, "… fragments/s")
    .replace(/in [\d.]+ s \([\d,]+\/s\)/g, "in … (…/s)");
}

function whatItBecomes(column: string): string {
  const role = roleOfColumn(column);
  if (role === "number") return "signal number_shown or number_dialled";
  if (typeof role === "string") return "fragment";
  const [[what, name]] = Object.entries(role) as [[string, string]];
  return name === column ? what : `${what} ${name}`;
}

describe("docs/cli.md", () => {
  const examples = fencesOf(PAGE).filter(({ info }) => info.startsWith("sh run "));
  it.each(examples.map(({ info, text }) => [info.slice(7), text] as const))(
    "shows what the command prints: %s",
    (name, script) => {
      expectFence(PAGE, `text output ${name}`, withoutTimes(run(script)));
    },
  );

  it("lists the columns", () => {
    const rows = knownColumns().map(({ column, aliases }) => [
      column,
      whatItBecomes(column),
      aliases.join(", "),
    ]);
    expectFence(PAGE, "text columns", `${alignColumns([["column", "becomes", "aliases"], ...rows])}\n`);
  });

  it("lists the statuses", () => {
    const removal = { source: "a", id: "1", gone: true } as const;
    const fragment = { source: "b", id: "1", kind: "form" };
    const { statuses } = selectLive([
      removal,
      { ...fragment, source: "a" },
      fragment,
      { ...fragment, version: 1 },
      { ...fragment, version: 1 },
      { ...fragment, version: 1, kind: "call" },
    ]);
    const page = readPage(PAGE);
    for (const status of [...statuses, "rejected"]) expect(page).toContain(`\n| \`${status}\` |`);
    const shown = [...page.matchAll(/^\| `([a-z-]+)` \| (?:counts|has|is|was|could)/gm)].map(
      ([, name]) => name,
    );
    expect(shown).toHaveLength(7);
  });
});
