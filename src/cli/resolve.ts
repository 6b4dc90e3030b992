import type { Assertion, FragmentInput } from "../fragment/fragment.js";
import type { Model } from "../model/index.js";
import { parseInstant } from "../normalize/index.js";
import { type Resolution, resolve } from "../resolve/resolve.js";
import { writeAssignments } from "./assignments.js";
import { type Command, type Flags, filesOf } from "./command.js";
import { InputError, UsageError } from "./failure.js";
import { resolveLive } from "./liveEngine.js";
import { loadFragments } from "./load.js";
import { commitAll, discardAll, type Output, openOutputs } from "./output.js";
import { writeProfiles } from "./profileFiles.js";
import { announce } from "./progress.js";
import { READING_ARGS } from "./readingArgs.js";
import { resolveInto } from "./resolveInto.js";
import { adaptModel, loadSettings } from "./settings.js";
import { addressOf, STORE_ARGS } from "./store.js";
import { checkNoStoreFlags, checkStoreFlags } from "./storeModel.js";
import { type StoreSummary, storeSummaryText } from "./storeSummary.js";
import { type Summary, summarize, summaryText } from "./summary.js";
import { countText } from "./table.js";

export const resolveCommand: Command = {
  name: "resolve",
  description: "Reads fragments of leads and joins those of one person into profiles.",
  operands: "FILE…",
  args: {
    out: {
      type: "string",
      alias: "o",
      valueHint: "FILE",
      description: "Assignments as CSV: record_id, source, profile_id, confidence, status",
    },
    profiles: {
      type: "string",
      valueHint: "FILE",
      description: "Profiles as NDJSON: every value with its confidence and its fragments",
    },
    golden: {
      type: "string",
      valueHint: "FILE",
      description: "One line a profile as CSV: the best value of everything known",
    },
    rejects: {
      type: "string",
      valueHint: "FILE",
      description: "Rejected rows as NDJSON, with line and reason",
    },
    ...READING_ARGS,
    ...STORE_ARGS,
    engine: {
      type: "string",
      valueHint: "batch|live",
      description: "batch: all at once (default); live: one fragment at a time, the same result",
    },
    now: {
      type: "string",
      valueHint: "TIME",
      description: "Age values as of this time (default: the latest observed_at)",
    },
    json: { type: "boolean", description: "Summary as JSON" },
  },
  notes: [
    "FILE is CSV (any of , ; tab |), NDJSON, JSON or Parquet, gzipped or not; - is standard input, or output for an option.\n" +
      "Columns: record_id (required), source, kind, version, observed_at, event_id, call_id, visitor_id, email, email_hash,\n" +
      "phone, ip, user_agent, fingerprint, first_name, last_name, full_name, street, city, region, postal_code, country,\n" +
      "date_of_birth, company, crm_id, landing_page, referrer, utm_*, click ids, tracking_number, disposition and common\n" +
      "aliases of these. Any other column becomes an attribute.",
    "With --store the rows are added to what the store holds, which remembers its model. A run that was cut off is run again and\n" +
      "goes on where it stopped. --out has the rows of these files, --profiles and --golden all profiles of the store.",
    "Status of an input row: live; duplicate (the same again); conflicting-content (same version, other content; the one\n" +
      "with the greater digest is live); superseded (a higher version came); gone (removed); removal; rejected.",
  ],
  examples: [
    { what: "A summary only", command: "leadweave resolve leads.csv" },
    {
      what: "Web, calls and CRM together, with everything written down",
      command:
        "leadweave resolve web.csv calls.parquet crm.ndjson.gz --out assignments.csv --profiles profiles.ndjson --golden golden.csv",
    },
    {
      what: "A file in parts, under one source",
      command: "leadweave resolve part1.csv part2.csv --source web --out assignments.csv",
    },
    {
      what: "Columns under other names",
      command: "leadweave resolve export.csv --fields fields.json --rejects rejects.ndjson",
    },
    {
      what: "Day by day into one store",
      command: "leadweave resolve monday.csv --store ./leads.db --out assignments.csv",
    },
    { what: "Assignments to another program", command: "leadweave resolve leads.csv --out - --quiet | head" },
  ],
  run: runResolve,
};

async function runResolve(flags: Flags): Promise<number> {
  const files = filesOf(flags);
  const isQuiet = flags.is("quiet");
  const note = (text: string): void => {
    if (!isQuiet) process.stderr.write(`${text}\n`);
  };
  const givenNow = readNow(flags);
  const address = flags.text("store") === undefined ? null : addressOf(flags);
  const isStored = address !== null;
  if (isStored) checkStoreFlags(flags);
  else checkNoStoreFlags(flags);
  const engine = flags.choice("engine", ["batch", "live"]) ?? "batch";
  const settings = await loadSettings(flags, note);
  const wanted = {
    out: flags.text("out"),
    profiles: flags.text("profiles"),
    golden: flags.text("golden"),
    rejects: flags.text("rejects"),
  };
  const settingFiles = ["fields", "model", "assertions", "own-numbers", "pepper-file"].flatMap(
    (name) => flags.text(name) ?? [],
  );
  const outputs = await openOutputs(wanted, [
    ...files,
    ...settingFiles,
    ...(address?.type === "sqlite" ? [address.path] : []),
  ]);
  try {
    if (isStored) {
      const summary = await resolveInto(flags, files, settings, outputs, givenNow, note);
      await commitAll(outputs);
      printSummary(summary, storeSummaryText(summary), outputs, flags);
      return 0;
    }
    const loaded = await loadFragments(files, settings, flags, note, outputs.rejects);
    if (loaded.fragments.length === 0 && loaded.rejected.length > 0) {
      await outputs.rejects?.commit();
      throw new InputError("every row was rejected");
    }
    const model = adaptModel(settings.model, loaded.fragments.length, flags);
    const resolvedAt = performance.now();
    const resolution =
      engine === "live"
        ? await resolveLive(loaded.fragments, model, settings.assertions, isQuiet)
        : resolveAtOnce(loaded.fragments, model, settings.assertions, isQuiet);
    const writtenAt = performance.now();
    const nowMs = givenNow ?? loaded.latestMs ?? 0;
    if (outputs.out !== undefined) await writeAssignments(outputs.out, loaded, resolution);
    await writeProfiles(resolution, nowMs, outputs.profiles, outputs.golden, isQuiet);
    await commitAll(outputs);
    const { prior } = settings.model;
    const summary = summarize({
      loaded,
      resolution,
      basePopulation: settings.model.population,
      baseBits: prior.type === "candidate" ? prior.bits : null,
      nowMs,
      resolveSeconds: (writtenAt - resolvedAt) / 1000,
      writeSeconds: (performance.now() - writtenAt) / 1000,
    });
    printSummary(summary, summaryText(summary), outputs, flags);
    if (outputs.out === undefined && !flags.is("json"))
      note("Nothing but this summary was made; --out assignments.csv writes the assignments.");
    return 0;
  } finally {
    await discardAll(outputs);
  }
}

function resolveAtOnce(
  fragments: readonly FragmentInput[],
  model: Model,
  assertions: readonly Assertion[],
  isQuiet: boolean,
): Resolution {
  const waiting = announce(`resolving ${countText(fragments.length)} fragments`, isQuiet);
  const resolution = resolve(fragments, model, assertions);
  waiting.end();
  return resolution;
}

function readNow(flags: Flags): number | undefined {
  const text = flags.text("now");
  if (text === undefined) return undefined;
  const now = parseInstant(text);
  if (now === null) throw new UsageError("--now must be a time such as 2026-01-05T00:00:00Z");
  return now;
}

/** On standard output, unless that carries a file: then on standard error. */
function printSummary(
  summary: Summary | StoreSummary,
  inWords: string,
  outputs: Readonly<Record<string, Output>>,
  flags: Flags,
): void {
  const isTaken = Object.values(outputs).some(({ path }) => path === "-");
  if (isTaken && flags.is("quiet")) return;
  const text = flags.is("json") ? `${JSON.stringify(summary, null, 2)}\n` : inWords;
  (isTaken ? process.stderr : process.stdout).write(text);
}
