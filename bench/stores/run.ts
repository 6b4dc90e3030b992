// Measures the stores under the live engine: rates, latencies, conflicts and size, beside what each database does by itself.
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { alignColumns, countText } from "../../src/cli/table.js";
import { type Ground, groundFor } from "./servers.js";
import { type Figures, INPUTS, type Input, STORE_NAMES, type StoreName, type Task } from "./task.js";

const USAGE = `npm run bench:stores -- [--stores ${STORE_NAMES.join(",")}] [--fragments 10000] [--single 1000] [--batches 1,100,1000]
                         [--processes 1,4] [--lookups 500] [--seed 13] [--json FILE]`;

interface Result {
  readonly store: StoreName;
  readonly input: Input;
  readonly processes: number;
  readonly batch: number;
  readonly fragments: number;
  readonly figures: Figures;
}

const { values } = parseArgs({
  options: {
    stores: { type: "string", default: STORE_NAMES.join(",") },
    fragments: { type: "string", default: "10000" },
    single: { type: "string", default: "1000" },
    batches: { type: "string", default: "1,100,1000" },
    processes: { type: "string", default: "1,4" },
    lookups: { type: "string", default: "500" },
    seed: { type: "string", default: "13" },
    json: { type: "string" },
  },
});
const fragments = wholeNumber("fragments", values.fragments);
/** Of the runs that commit every fragment by itself, and of those on the same few people. */
const single = wholeNumber("single", values.single);
const lookups = wholeNumber("lookups", values.lookups);
const seed = wholeNumber("seed", values.seed);
const batches = values.batches.split(",").map((text) => wholeNumber("batches", text));
const processes = values.processes.split(",").map((text) => wholeNumber("processes", text));
const stores = values.stores
  .split(",")
  .map((text) => STORE_NAMES.find((name) => name === text) ?? fail("--stores"));
const measureFile = fileURLToPath(new URL("./measure.js", import.meta.url));

const command = `npm run bench:stores -- --stores ${stores.join(",")} --fragments ${fragments} --single ${single} --batches ${batches.join(",")} --processes ${processes.join(",")} --lookups ${lookups} --seed ${seed}`;
const machine = {
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
};
const date = new Date().toISOString().slice(0, 10);

const results: Result[] = [];
for (const store of stores) {
  const ground = await groundFor(store);
  if (ground === null) continue;
  try {
    for (const input of INPUTS)
      for (const count of store === "memory" ? [1] : processes)
        for (const batch of batches) results.push(await measureOne(store, ground, input, count, batch));
  } finally {
    await ground.stop();
  }
}
process.stdout.write(
  `${command}\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load before ${machine.loadBefore}, ${date}\n\n${table(results)}\n`,
);
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ command, date, machine, results }, null, 2)}\n`);

async function measureOne(
  store: StoreName,
  ground: Ground,
  input: Input,
  count: number,
  batch: number,
): Promise<Result> {
  const place = ground.next();
  const most = batch === 1 || input === "hot" ? Math.min(single, fragments) : fragments;
  const task: Task = {
    phase: "ingest",
    place,
    input,
    fragments: most,
    part: 0,
    of: count,
    batch,
    lookups,
    seed,
  };
  const before = store === "redis" ? await ground.bytes(place) : 0;
  const parts = await together(Array.from({ length: count }, (_, part) => ({ ...task, part })));
  const bytes = (await ground.bytes(place)) - before;
  const [looked = {}] = await together([{ ...task, phase: "lookup" }]);
  const hasBare = count === 1 && (store === "sqlite" || store === "postgres");
  const [bare = {}] = hasBare ? await together([{ ...task, phase: "bare" }]) : [];
  const first = parts[0] as Figures;
  const rate = most / Math.max(...parts.map((part) => (part.ms ?? 0) / 1e3));
  const mean = (name: string): number =>
    parts.reduce((sum, part) => sum + (part[name] ?? 0) * (part.fragments ?? 0), 0) / most;
  process.stderr.write(
    `${store}, ${input}, ${count} × batches of ${batch}: ${countText(rate)} fragments/s\n`,
  );
  return {
    store,
    input,
    processes: count,
    batch,
    fragments: most,
    figures: {
      "calibration ms": first["calibration ms"] ?? Number.NaN,
      "fragments/s": rate,
      "batch ms p50": mean("batch ms p50"),
      "batch ms p99": Math.max(...parts.map((part) => part["batch ms p99"] ?? 0)),
      "round trips / batch": mean("round trips / batch"),
      "conflicts / commit": mean("conflicts / commit"),
      "bytes / fragment": bytes / most,
      "lookup ms p50": looked["lookup ms p50"] ?? Number.NaN,
      "lookup ms p99": looked["lookup ms p99"] ?? Number.NaN,
      "bare round trip ms p50": bare["bare round trip ms p50"] ?? Number.NaN,
      "bare fragments/s": bare["bare fragments/s"] ?? Number.NaN,
      "share of the bare rate": rate / (bare["bare fragments/s"] ?? Number.NaN),
    },
  };
}

/** Each in a process of its own; they begin when all of them are ready. */
async function together(tasks: readonly Task[]): Promise<Figures[]> {
  const children = tasks.map((task) =>
    spawn(process.execPath, [measureFile, JSON.stringify(task), "wait"], {
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );
  const lines = children.map((child) =>
    createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator](),
  );
  try {
    await Promise.all(lines.map((one) => one.next()));
    for (const child of children) child.stdin?.write("go\n");
    return await Promise.all(
      lines.map(async (one, at) => figuresFrom(await one.next(), children[at] as ChildProcess)),
    );
  } finally {
    for (const child of children) child.kill();
  }
}

function figuresFrom(line: IteratorResult<string>, child: ChildProcess): Figures {
  if (line.done === true) throw new Error(`measuring ended with ${child.exitCode ?? "nothing said"}`);
  return JSON.parse(line.value) as Figures;
}

function table(found: readonly Result[]): string {
  const names = Object.keys(found[0]?.figures ?? {});
  const heading = ["store", "input", "processes", "batch", "fragments", ...names];
  const rows = found.map(({ store, input, processes: count, batch, fragments: most, figures }) => [
    store,
    input,
    String(count),
    String(batch),
    countText(most),
    ...names.map((name) => figureText(figures[name])),
  ]);
  return alignColumns([heading, ...rows], heading.map((_, index) => index).slice(2));
}

function figureText(figure: number | undefined): string {
  if (figure === undefined || Number.isNaN(figure)) return "-";
  return Number.isInteger(figure) || Math.abs(figure) >= 100 ? countText(figure) : figure.toFixed(2);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text.replaceAll("_", ""));
  if (!(Number.isSafeInteger(value) && value >= 1)) fail(`--${name} must be whole and at least 1`);
  return value;
}

function fail(message: string): never {
  process.stderr.write(`${message}\n${USAGE}\n`);
  process.exit(2);
}
