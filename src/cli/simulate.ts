import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type Hardness,
  SIMULATED_COLUMNS,
  type SimulatedRow,
  type SimulateOptions,
  type SimulateRates,
  simpleClosure,
  simulate,
} from "../simulate/index.js";
import { evaluate } from "../train/evaluate.js";
import type { Command, Flags } from "./command.js";
import { csvLine } from "./csvText.js";
import { evaluationText } from "./evaluate.js";
import { InputError, UsageError } from "./failure.js";
import { commitAll, discardAll, type Output, openOutputs } from "./output.js";
import { startProgress } from "./progress.js";
import { counted, countText, durationText } from "./table.js";

const HARDNESSES: readonly Hardness[] = ["easy", "normal", "hard"];

export const simulateCommand: Command = {
  name: "simulate",
  description:
    "Makes fragments of call-tracking leads with known truth. The same options and seed give the same bytes.",
  operands: "",
  args: {
    people: { type: "string", valueHint: "N", description: "People who arrive (default 2000)" },
    fragments: {
      type: "string",
      valueHint: "N",
      description: "About so many fragments, in place of --people",
    },
    seed: { type: "string", valueHint: "N", description: "Any whole number (default 1)" },
    hardness: {
      type: "string",
      valueHint: "easy|normal|hard",
      description: "Preset of all rates (default normal)",
    },
    days: { type: "string", valueHint: "N", description: "Days over which people arrive (default 180)" },
    start: { type: "string", valueHint: "TIME", description: "First instant (default 2026-01-05T00:00:00Z)" },
    rate: {
      type: "string",
      valueHint: "NAME=VALUE",
      description: "One rate instead of the preset's; may be repeated",
    },
    out: {
      type: "string",
      alias: "o",
      valueHint: "FOLDER|FILE.csv",
      description: "Folder for fragments.csv, truth.csv and context.csv, or a file for the fragments",
    },
    truth: { type: "string", valueHint: "FILE", description: "record_id, entity_id" },
    context: {
      type: "string",
      valueHint: "FILE",
      description: "record_id, household_id, label: for analysis, never for resolving",
    },
    closure: {
      type: "boolean",
      description:
        "Evaluate the simple closure: what links of equal values could find at best (holds all rows in memory)",
    },
    json: { type: "boolean", description: "Counts as JSON" },
    quiet: { type: "boolean", alias: "q", description: "No progress and no notes on standard error" },
  },
  repeatable: ["rate"],
  examples: [
    { what: "A folder with fragments and truth", command: "leadweave simulate --people 20000 --out leads" },
    {
      what: "A hard million, straight into a file",
      command: "leadweave simulate --fragments 1000000 --hardness hard --out leads.csv --truth truth.csv",
    },
    {
      what: "More withheld callers, fewer cookies",
      command: "leadweave simulate --people 5000 --rate withheld=0.2 --rate cookieMissing=0.6 --out leads",
    },
  ],
  run: runSimulate,
};

async function runSimulate(flags: Flags): Promise<number> {
  const options = simulateOptions(flags);
  const rows = rowsOf(options);
  const outputs = await openOutputs(await targetsOf(flags));
  const isQuiet = flags.is("quiet");
  const wanted = options.fragments;
  const progress = startProgress("simulating fragments", isQuiet);
  const startedAt = performance.now();
  const kept: SimulatedRow[] | undefined = flags.is("closure") ? [] : undefined;
  let count = 0;
  const cells: (string | undefined)[] = SIMULATED_COLUMNS.map(() => undefined);
  try {
    await outputs.fragments?.write(csvLine(SIMULATED_COLUMNS));
    await outputs.truth?.write(csvLine(["record_id", "entity_id"]));
    await outputs.context?.write(csvLine(["record_id", "household_id", "label"]));
    for (const item of rows) {
      const { row, entity, household, label } = item;
      const recordId = row.record_id;
      for (let at = 0; at < cells.length; at++) cells[at] = row[SIMULATED_COLUMNS[at] as string];
      // Most writes only fill a buffer: awaiting those too would cost as much as making the row.
      const wait = outputs.fragments?.write(csvLine(cells));
      if (wait !== undefined) await wait;
      const waitForTruth = outputs.truth?.write(csvLine([recordId, entity]));
      if (waitForTruth !== undefined) await waitForTruth;
      const waitForContext = outputs.context?.write(csvLine([recordId, household, label]));
      if (waitForContext !== undefined) await waitForContext;
      kept?.push(item);
      if (++count % 1000 === 0)
        progress.update(count, wanted === undefined ? undefined : Math.min(1, count / wanted));
    }
    progress.end();
    await commitAll(outputs);
  } finally {
    await discardAll(outputs);
  }
  report(flags, outputs, { fragments: count, seconds: (performance.now() - startedAt) / 1000 }, kept);
  return 0;
}

interface Counts {
  readonly fragments: number;
  readonly seconds: number;
}

function report(
  flags: Flags,
  outputs: Readonly<Record<string, Output>>,
  counts: Counts,
  kept: readonly SimulatedRow[] | undefined,
): void {
  const isTaken = Object.values(outputs).some(({ path }) => path === "-");
  const stream = isTaken ? process.stderr : process.stdout;
  const closure = kept === undefined ? undefined : simpleClosure(kept);
  const evaluation = closure === undefined ? undefined : evaluate(closure.assignments, closure.truth);
  const written = Object.values(outputs).map(({ path }) => path);
  if (flags.is("json")) {
    stream.write(
      `${JSON.stringify({ ...counts, written, ...(evaluation === undefined ? {} : { closure: evaluation }) }, null, 2)}\n`,
    );
    return;
  }
  const { fragments, seconds } = counts;
  const rate = countText(fragments / Math.max(seconds, 0.001));
  stream.write(`${counted(fragments, "fragment")} in ${durationText(seconds)} (${rate}/s)\n`);
  for (const path of written) if (path !== "-") stream.write(`wrote ${path}\n`);
  if (evaluation !== undefined)
    stream.write(`\nSimple closure (true links of equal values only)\n${evaluationText(evaluation)}`);
  if (written.length === 0 && !flags.is("quiet"))
    process.stderr.write("Nothing was written; --out FOLDER writes fragments and truth.\n");
}

/** The rows, with the options checked before anything is opened. */
function rowsOf(options: SimulateOptions): Iterable<SimulatedRow> {
  try {
    return simulate(options);
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

function simulateOptions(flags: Flags): SimulateOptions {
  const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
  const people = flags.number("people", isCount, "a whole number of at least 1");
  const fragments = flags.number("fragments", isCount, "a whole number of at least 1");
  if (people !== undefined && fragments !== undefined)
    throw new UsageError("give --people or --fragments, not both");
  const seed = flags.number("seed", Number.isSafeInteger, "a whole number");
  const days = flags.number("days", (value) => value > 0, "a number above 0");
  const hardness = flags.choice("hardness", HARDNESSES);
  const startAt = flags.text("start");
  return {
    ...(people === undefined ? {} : { people }),
    ...(fragments === undefined ? {} : { fragments }),
    ...(seed === undefined ? {} : { seed }),
    ...(hardness === undefined ? {} : { hardness }),
    ...(days === undefined ? {} : { days }),
    ...(startAt === undefined ? {} : { startAt }),
    rates: ratesOf(flags.texts("rate")),
  };
}

function ratesOf(texts: readonly string[]): Partial<SimulateRates> {
  const rates: Record<string, number> = {};
  for (const text of texts.flatMap((given) => given.split(","))) {
    const [name = "", value = ""] = text.split("=");
    const rate = Number(value);
    if (name === "" || value.trim() === "" || !Number.isFinite(rate))
      throw new UsageError("--rate needs NAME=VALUE, such as withheld=0.2");
    rates[name] = rate;
  }
  return rates;
}

/** A target that ends in .csv, or is standard output, is a file for the fragments; any other is a folder for all three. */
async function targetsOf(flags: Flags): Promise<Record<string, string | undefined>> {
  const out = flags.text("out");
  const targets = { fragments: out, truth: flags.text("truth"), context: flags.text("context") };
  if (out === undefined) return targets;
  const found = await stat(out).catch(() => null);
  const isFolder = found?.isDirectory() ?? (out !== "-" && !/\.[a-z]+$/i.test(out));
  if (!isFolder) return targets;
  try {
    await mkdir(out, { recursive: true });
  } catch {
    throw new InputError(`${out}: the folder cannot be made`);
  }
  return {
    fragments: join(out, "fragments.csv"),
    truth: targets.truth ?? join(out, "truth.csv"),
    context: targets.context ?? join(out, "context.csv"),
  };
}
