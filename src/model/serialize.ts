import type { Fault, Validated } from "../fragment/validate.js";
import type { Model } from "./model.js";
import { validateModel } from "./validate.js";

/** Arrays and objects that fit within this width stay on one line: a level or an identifier type reads as one rule. */
const LINE_WIDTH = 110;

/**
 * The model as JSON, members in the order in which they stand in the model. `parseModel` gives back an equal model: numbers
 * are written with all their digits, and −0 as `-0`, which `JSON.stringify` would turn into 0.
 */
export function serializeModel(model: Model): string {
  return `${pretty(model, "", 0)}\n`;
}

/** `used` is the width that the line has before the value. */
function pretty(value: unknown, indent: string, used: number): string {
  const line = compact(value);
  if (used + line.length <= LINE_WIDTH || typeof value !== "object" || value === null) return line;
  const inside = `${indent}  `;
  const entries = Array.isArray(value)
    ? value.map((entry: unknown) => `${inside}${pretty(entry, inside, inside.length + 1)}`)
    : membersOf(value).map(([name, member]) => {
        const label = `${inside}${JSON.stringify(name)}: `;
        return `${label}${pretty(member, inside, label.length + 1)}`;
      });
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${entries.join(",\n")}\n${indent}${close}`;
}

function compact(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(compact).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const inner = membersOf(value).map(([name, member]) => `${JSON.stringify(name)}: ${compact(member)}`);
    return inner.length === 0 ? "{}" : `{ ${inner.join(", ")} }`;
  }
  return Object.is(value, -0) ? "-0" : JSON.stringify(value);
}

function membersOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

/** Reads a model back from `serializeModel`'s text or any other JSON of it; see {@link validateModel} for the faults. */
export function parseModel(json: string): Validated<Model> {
  let input: unknown;
  try {
    input = JSON.parse(json.replace(/^\uFEFF/, ""));
  } catch (error) {
    return { ok: false, faults: [syntaxFault(json, error)] };
  }
  return validateModel(input);
}

/** Names the place, never the text: the engine's own message quotes the file. */
function syntaxFault(json: string, error: unknown): Fault {
  const position = error instanceof Error ? / at position (\d+)/.exec(error.message)?.[1] : undefined;
  const before = position === undefined ? null : json.slice(0, Number(position)).split("\n");
  const place =
    before === null ? "" : ` from line ${before.length}, column ${(before.at(-1) ?? "").length + 1} on`;
  return { path: "", expected: "the JSON of a model", received: `text that is no JSON${place}` };
}
