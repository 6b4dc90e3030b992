import { styleText } from "node:util";
import type { Command } from "./command.js";
import { alignColumns } from "./table.js";

const HELP_OPTION = ["-h, --help", "Show this help"];

/** Help of one command: usage, options, notes, examples. */
export function helpOf(command: Command): string {
  const options = Object.entries(command.args).map(([name, arg]): string[] => {
    const value = "valueHint" in arg && arg.valueHint !== undefined ? ` ${arg.valueHint}` : "";
    const alias = "alias" in arg && typeof arg.alias === "string" ? `-${arg.alias}, ` : "    ";
    return [`${alias}--${name}${value}`, arg.description ?? ""];
  });
  const examples = command.examples.map(({ what, command: line }) => `  # ${what}\n  ${line}`);
  return [
    command.description,
    "",
    `${heading("Usage")} leadweave ${command.name}${command.operands === "" ? "" : ` ${command.operands}`} [options]`,
    "",
    heading("Options"),
    indent(alignColumns([...options, HELP_OPTION])),
    ...(command.notes ?? []).flatMap((note) => ["", note]),
    "",
    heading("Examples"),
    examples.join("\n"),
    "",
  ].join("\n");
}

/** Help of the whole program. */
export function rootHelp(
  commands: Readonly<Record<string, { readonly description: string }>>,
  version: string,
): string {
  return [
    `leadweave ${version}: fragments of leads in, unified profiles out`,
    "",
    `${heading("Usage")} leadweave COMMAND [options]`,
    "",
    heading("Commands"),
    indent(alignColumns(Object.entries(commands).map(([name, { description }]) => [name, description]))),
    "",
    heading("Options"),
    indent(alignColumns([HELP_OPTION, ["-v, --version", "Show the version"]])),
    "",
    heading("Examples"),
    "  # See it work on simulated leads",
    "  leadweave demo",
    "  # Resolve a file of leads",
    "  leadweave resolve leads.csv --out assignments.csv",
    "  # Keep profiles in a file, day by day",
    "  leadweave resolve monday.csv --store ./leads.db",
    "",
    "leadweave COMMAND --help explains a command.",
    "",
  ].join("\n");
}

function heading(text: string): string {
  return process.stdout.isTTY && !process.env.NO_COLOR ? styleText("bold", `${text}:`) : `${text}:`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
