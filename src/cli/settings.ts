import { readFile } from "node:fs/promises";
import { isSupportedCountry } from "libphonenumber-js/min";
import { knownColumns } from "../fragment/columns.js";
import type { Assertion } from "../fragment/fragment.js";
import { type Fault, validateAssertion } from "../fragment/validate.js";
import {
  createDefaultModel,
  forPopulation,
  type Model,
  populationOfRows,
  validateModel,
} from "../model/index.js";
import { readRows } from "../readers/index.js";
import { zoneOffset } from "../readers/timeZone.js";
import type { Flags } from "./command.js";
import { InputError, UsageError } from "./failure.js";
import { nearest } from "./suggest.js";

/** The settings of a run that come from files and options. */
export interface Settings {
  readonly fields: Readonly<Record<string, string | null>> | undefined;
  /** Before it is adapted to the population. */
  readonly model: Model;
  readonly assertions: readonly Assertion[];
}

export async function loadSettings(flags: Flags, note: (text: string) => void): Promise<Settings> {
  const fields = flags.text("fields");
  const assertions = flags.text("assertions");
  return {
    fields: fields === undefined ? undefined : await readFields(fields, note),
    model: await loadModel(flags),
    assertions: assertions === undefined ? [] : await readAssertions(assertions),
  };
}

async function loadModel(flags: Flags): Promise<Model> {
  const path = flags.text("model");
  const model = path === undefined ? createDefaultModel() : await readModel(path);
  const ownNumbers = flags.text("own-numbers");
  const region = flags.text("region")?.toUpperCase();
  if (region !== undefined && !isSupportedCountry(region)) {
    throw new UsageError("--region must be an ISO 3166 region with two letters, such as US");
  }
  return {
    ...model,
    phone: {
      ...model.phone,
      defaultRegion: region ?? model.phone.defaultRegion,
      ownNumbers: [
        ...model.phone.ownNumbers,
        ...(ownNumbers === undefined ? [] : await readNumbers(ownNumbers)),
      ],
    },
  };
}

/** The model for a set of so many rows, as `--population` and `--threshold` want it. */
export function adaptModel(
  model: Model,
  rows: number,
  flags: Flags,
  given = flags.text("population") ?? "auto",
): Model {
  let adapted = model;
  if (given === "auto") adapted = forPopulation(model, populationOfRows(rows));
  else if (given !== "model") {
    const strands = flags.number(
      "population",
      (value) => value >= 1,
      "a number of at least 1, auto or model",
    );
    adapted = forPopulation(model, strands ?? 1);
  }
  const link = flags.number("threshold", () => true, "a number of bits");
  if (link === undefined) return adapted;
  return { ...adapted, thresholds: { review: Math.min(adapted.thresholds.review, link), link } };
}

async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown cause";
    const why =
      { ENOENT: "no such file", EISDIR: "is a folder, not a file" }[code] ?? `cannot be read (${code})`;
    throw new InputError(`${path}: ${why}`);
  }
}

async function readJson(path: string, expected: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(`${path}: is not valid JSON; expected ${expected}`);
  }
}

async function readModel(path: string): Promise<Model> {
  const validated = validateModel(await readJson(path, "a model"));
  if (!validated.ok) throw new InputError(`${path}: is no valid model\n${faultLines(validated.faults)}`);
  return validated.value;
}

const SHOWN_FAULTS = 10;

function faultLines(faults: readonly Fault[]): string {
  const shown = faults.slice(0, SHOWN_FAULTS).map((fault) => `  ${faultText(fault)}`);
  if (faults.length > SHOWN_FAULTS) shown.push(`  and ${faults.length - SHOWN_FAULTS} more`);
  return shown.join("\n");
}

export function faultText({ path, expected, received }: Fault): string {
  return `${path === "" ? "" : `${path}: `}expected ${expected}, received ${received}`;
}

async function readFields(
  path: string,
  note: (text: string) => void,
): Promise<Record<string, string | null>> {
  const expected = 'an object such as {"given_name": "first_name", "notes": null}';
  const input = await readJson(path, expected);
  if (typeof input !== "object" || input === null || Array.isArray(input))
    throw new InputError(`${path}: expected ${expected}`);
  const known = knownColumns().flatMap(({ column, aliases }) => [column, ...aliases]);
  const fields: Record<string, string | null> = {};
  for (const [column, target] of Object.entries(input as Record<string, unknown>)) {
    if (target !== null && (typeof target !== "string" || target.trim() === "")) {
      throw new InputError(`${path}: "${column}": expected the name of a column, or null to drop it`);
    }
    const [near] =
      target === null || known.includes(target.trim().toLowerCase()) ? [] : nearest(target, known);
    if (near !== undefined)
      note(`${path}: "${target}" is no known column and becomes an attribute; did you mean "${near}"?`);
    fields[column] = target;
  }
  return fields;
}

/** One number a line; of a table its first column. What holds no digit is a heading. */
async function readNumbers(path: string): Promise<string[]> {
  const lines = (await readText(path)).split(/\r\n|\n|\r/);
  return lines
    .map((line) => (line.split(/[,;\t]/)[0] ?? "").replaceAll('"', "").trim())
    .filter((number) => /\d/.test(number));
}

async function readAssertions(path: string): Promise<Assertion[]> {
  const assertions: Assertion[] = [];
  for await (const read of readRows(path, { format: "ndjson" })) {
    const faults: readonly Fault[] = "error" in read ? [{ path: "", ...read.error }] : [];
    const validated = "row" in read ? validateAssertion(read.row) : { ok: false as const, faults };
    if (!validated.ok)
      throw new InputError(`${path}:${read.line}: is no assertion\n${faultLines(validated.faults)}`);
    assertions.push(validated.value);
  }
  return assertions;
}

/** A time zone that the platform does not know is a slip on the command line. */
export function checkTimeZone(timeZone: string | undefined): void {
  if (timeZone !== undefined && zoneOffset(timeZone) === null) {
    throw new UsageError("--tz must be a time zone such as America/New_York");
  }
}
