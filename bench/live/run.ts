// Measures the live engine on the memory store: see docs/performance.md.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { alignColumns, countText } from "../../src/cli/table.js";
import { median } from "../statistics.js";
import type { Phase, Task } from "./measure.js";
import { MODEL_NAMES, type ModelName } from "./models.js";

const USAGE = `npm run bench:live -- [--fragments 10000,100000] [--models ${MODEL_NAMES.join(",")}] [--repeat 5] [--seed 13]
                       [--core N] [--json FILE]`;

type Figures = Readonly<Record<string, number>>;

/** Medians of one model and size, and what each process measured. */
interface Result {
  readonly model: ModelName;
  readonly fragments: number;
  readonly lookups: number;
  readonly medians: Figures;
  readonly runs: readonly Figures[];
}

const PHASES: readonly Phase[] = ["ingest", "parts"];
const MOST_LOOKUPS = 10_000;
const measureFile = fileURLToPath(new URL("./measure.js", import.meta.url));

/** A young generation as large as a service would give it, and old space enough for a million fragments. */
const NODE_FLAGS = [
  "--expose-gc",
  "--max-semi-space-size=64",
  `--max-old-space-size=${Math.floor((totalmem() / 2 ** 20) * 0.75)}`,
];

const { values } = parseArgs({
  options: {
    fragments: { type: "string", default: "10000,100000" },
    models: { type: "string", default: MODEL_NAMES.join(",") },
    repeat: { type: "string", default: "5" },
    seed: { type: "string", default: "13" },
    core: { type: "string", default: "0" },
    json: { type: "string" },
  },
});
const repeat = wholeNumber("repeat", values.repeat, 1);
const seed = wholeNumber("seed", values.seed, 0);
const sizes = values.fragments.split(",").map((text) => wholeNumber("fragments", text, 100));
const models = values.models.split(",").map(modelName);
const pinned = ["taskset", "-c", String(wholeNumber("core", values.core, 0))];
const isPinned = spawnSync("taskset", ["-c", pinned[2] as string, "true"]).status === 0;

const machine = {
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  pinnedToOneCore: isPinned,
  /** Of the minute before: what else runs makes tails longer. */
  loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
};
const command = `npm run bench:live -- --fragments ${sizes.join(",")} --models ${models.join(",")} --repeat ${repeat} --seed ${seed}`;
const date = new Date().toISOString().slice(0, 10);

const results = sizes.flatMap((fragments) => models.map((model) => measureAll(model, fragments)));
process.stdout.write(
  `${command}\n${machine.cpu}, Node ${machine.node}, ${isPinned ? "one core" : "not pinned to a core"}, load before ${machine.loadBefore}, ${date}; medians of ${repeat}\n\n${table(results)}\n`,
);
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ command, date, machine, results }, null, 2)}\n`);

function measureAll(model: ModelName, fragments: number): Result {
  const lookups = Math.min(MOST_LOOKUPS, Math.ceil(fragments / 10));
  const runs: Figures[] = [];
  for (let turn = 0; turn < repeat; turn++) {
    const found = PHASES.map((phase) => measureOnce({ phase, model, fragments, lookups, seed }));
    runs.push(Object.assign({}, ...found) as Figures);
    process.stderr.write(`${model}, ${countText(fragments)} fragments: ${turn + 1} of ${repeat}\n`);
  }
  const names = Object.keys(runs[0] ?? {});
  const medians = Object.fromEntries(
    names.map((name) => [name, median(runs.map((run) => run[name] ?? Number.NaN))]),
  );
  return { model, fragments, lookups, medians, runs };
}

/** A process of its own: no measurement inherits the heap or the compiled code of another. */
function measureOnce(task: Task): Figures {
  const [program, ...before] = isPinned ? [...pinned, process.execPath] : [process.execPath];
  const args = [...before, ...NODE_FLAGS, measureFile, JSON.stringify(task)];
  const { status, stdout, stderr } = spawnSync(program as string, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 24,
  });
  if (status !== 0) throw new Error(`measuring ${JSON.stringify(task)} failed\n${stderr}`);
  return JSON.parse(stdout) as Figures;
}

function table(found: readonly Result[]): string {
  const names = Object.keys(found[0]?.medians ?? {});
  const rows = names.map((name) => [name, ...found.map(({ medians }) => figureText(medians[name]))]);
  const heading = [
    ["model", ...found.map(({ model }) => model)],
    ["fragments", ...found.map(({ fragments }) => countText(fragments))],
  ];
  return alignColumns(
    [...heading, ...rows],
    found.map((_, index) => index + 1),
  );
}

function figureText(figure: number | undefined): string {
  if (figure === undefined || Number.isNaN(figure)) return "-";
  return Number.isInteger(figure) || Math.abs(figure) >= 100 ? countText(figure) : figure.toFixed(2);
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text.replaceAll("_", ""));
  if (!(Number.isSafeInteger(value) && value >= least)) fail(`--${name} must be whole and at least ${least}`);
  return value;
}

function modelName(text: string): ModelName {
  const found = MODEL_NAMES.find((name) => name === text);
  return found ?? fail(`--models must be of ${MODEL_NAMES.join(", ")}`);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n${USAGE}\n`);
  process.exit(2);
}
