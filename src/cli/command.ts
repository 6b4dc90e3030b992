import type { ArgsDef } from "citty";
import { UsageError } from "./failure.js";

/** One command: what it takes, how it is explained, what it does. */
export interface Command {
  readonly name: string;
  readonly description: string;
  /** What follows the name, such as `FILE…`. */
  readonly operands: string;
  readonly args: ArgsDef;
  /** Options that may be given several times. */
  readonly repeatable?: readonly string[];
  /** Options that take two values. */
  readonly twoValued?: readonly string[];
  readonly examples: readonly Example[];
  /** Paragraphs below the options. */
  readonly notes?: readonly string[];
  /** Returns the exit code. */
  run(flags: Flags): Promise<number>;
}

export interface Example {
  readonly what: string;
  readonly command: string;
}

/** Joins the values of an option given several times: no shell argument can hold it. */
export const VALUE_SEPARATOR = "\u0000";

/** The parsed command line, read by the names of the options. */
export class Flags {
  constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    readonly operands: readonly string[],
  ) {}

  text(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined) return undefined;
    const text = String(value);
    if (text === "") throw new UsageError(`--${name} needs a value`);
    return text;
  }

  texts(name: string): string[] {
    return this.text(name)?.split(VALUE_SEPARATOR) ?? [];
  }

  number(name: string, isAllowed: (value: number) => boolean, expected: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text.replaceAll("_", ""));
    if (text.trim() === "" || !Number.isFinite(value) || !isAllowed(value)) {
      throw new UsageError(`--${name} must be ${expected}`);
    }
    return value;
  }

  is(name: string): boolean {
    return this.values[name] === true;
  }

  /** The one of some words that was given. */
  choice<T extends string>(name: string, words: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = words.find((word) => word === text);
    if (found === undefined) throw new UsageError(`--${name} must be one of ${words.join(", ")}`);
    return found;
  }
}

/** At least one file must be named. */
export function filesOf(flags: Flags): readonly string[] {
  if (flags.operands.length === 0) throw new UsageError("name at least one FILE (- for standard input)");
  return flags.operands;
}
