import type { ArgsDef } from "citty";
import { type Command, VALUE_SEPARATOR } from "./command.js";
import { UsageError } from "./failure.js";
import { didYouMean } from "./suggest.js";

/**
 * Brings a command line into the one form that needs no guessing: `--name=value` for every option, operands behind `--`.
 *
 * @throws UsageError for an unknown option, a missing value, an option given twice
 */
export function normalizeCommandLine(rawArgs: readonly string[], command: Command): string[] {
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (let index = 0; index < rawArgs.length; index++) {
    const arg = rawArgs[index] as string;
    if (arg === "--") {
      operands.push(...rawArgs.slice(index + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      operands.push(arg);
      continue;
    }
    const [given = "", inline] = splitOnce(arg.replace(/^--?/, ""));
    const name = nameOf(given, arg, command.args);
    const isNegated = name !== given && given.startsWith("no-");
    const taken: string[] = inline === undefined ? [] : [inline];
    if (command.args[name]?.type === "boolean") {
      if (inline !== undefined) throw new UsageError(`--${name} takes no value`);
      taken.push(isNegated ? "false" : "true");
    } else {
      const wanted = command.twoValued?.includes(name) === true ? 2 : 1;
      while (taken.length < wanted) {
        const next = rawArgs[index + 1];
        if (next === undefined || next.startsWith("--")) {
          throw new UsageError(`--${name} needs ${wanted === 1 ? "a value" : `${wanted} values`}`);
        }
        taken.push(next);
        index++;
      }
    }
    const held = values.get(name);
    if (held === undefined) values.set(name, taken);
    else if (command.repeatable?.includes(name) === true) held.push(...taken);
    else throw new UsageError(`--${name} is given twice`);
  }
  const options = [...values].map(([name, taken]) => `--${name}=${taken.join(VALUE_SEPARATOR)}`);
  return [...options, "--", ...operands];
}

function splitOnce(text: string): [string, string | undefined] {
  const at = text.indexOf("=");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function nameOf(given: string, arg: string, args: ArgsDef): string {
  if (arg.startsWith("--")) {
    if (Object.hasOwn(args, given)) return given;
    const positive = given.replace(/^no-/, "");
    if (positive !== given && args[positive]?.type === "boolean") return positive;
  } else {
    for (const [name, { alias }] of Object.entries(args as Record<string, { alias?: string | string[] }>)) {
      if ([alias].flat().includes(given)) return name;
    }
  }
  const shown = arg.replace(/=.*/s, "");
  throw new UsageError(`unknown option ${shown}${didYouMean(given, Object.keys(args), "--")}`);
}
