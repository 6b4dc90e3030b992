import type { Resolution } from "../resolve/resolve.js";
import type { Loaded } from "./load.js";
import { alignColumns, counted, countText } from "./table.js";

export interface SummaryContext {
  readonly loaded: Loaded;
  readonly resolution: Resolution;
  readonly basePopulation: number;
  readonly baseBits: number | null;
  readonly nowMs: number;
  readonly resolveSeconds: number;
  readonly writeSeconds: number;
}

/** The outcome of a run in numbers, as plain data. */
export function summarize({
  loaded,
  resolution,
  basePopulation,
  baseBits,
  nowMs,
  resolveSeconds,
  writeSeconds,
}: SummaryContext) {
  const { counts, compiled, assertionStatuses } = resolution;
  const { prior, population, thresholds } = compiled.model;
  const assertions: Record<string, number> = {};
  for (const status of assertionStatuses) assertions[status] = (assertions[status] ?? 0) + 1;
  const rows = loaded.fragments.length + loaded.rejected.length;
  const seconds = loaded.seconds + resolveSeconds;
  return {
    rows,
    rejected: loaded.rejected.length,
    fragments: counts.inputs.live,
    inputs: counts.inputs,
    events: counts.events,
    strands: counts.strands,
    candidates: counts.candidates,
    components: counts.components,
    largestComponent: counts.largestComponent,
    profiles: counts.profiles,
    largestProfile: counts.largestProfile,
    links: counts.links,
    guards: counts.guards,
    generic: counts.generic,
    refusals: counts.refusals,
    rejections: Object.fromEntries(loaded.reasons),
    assertions,
    population: {
      strands: population,
      modelStrands: basePopulation,
      priorBits: prior.type === "candidate" ? prior.bits : null,
      modelPriorBits: baseBits,
      link: thresholds.link,
    },
    now: new Date(nowMs).toISOString(),
    seconds: { read: loaded.seconds, resolve: resolveSeconds, write: writeSeconds },
    fragmentsPerSecond: seconds > 0 ? Math.round(loaded.fragments.length / seconds) : 0,
  };
}

export type Summary = ReturnType<typeof summarize>;

const LINK_TYPES = ["asserted", "deterministic", "probabilistic"] as const;
const OUTCOMES = ["joined", "already-joined", "refused"] as const;

/** The summary as text, in aligned columns. */
export function summaryText(summary: Summary): string {
  const { inputs, links, population } = summary;
  const others = Object.entries(inputs)
    .filter(([status, count]) => status !== "live" && count > 0)
    .map(([status, count]) => `${countText(count)} ${status}`);
  const main = [
    ["rows", countText(summary.rows), ""],
    ["  rejected", countText(summary.rejected), ""],
    ["fragments", countText(summary.fragments), others.length === 0 ? "" : `and ${others.join(", ")}`],
    ["events", countText(summary.events), ""],
    ["strands", countText(summary.strands), `${counted(summary.candidates, "pair")} compared`],
    [
      "components",
      countText(summary.components),
      `of several strands; largest ${counted(summary.largestComponent, "strand")}`,
    ],
    ["profiles", countText(summary.profiles), `largest ${counted(summary.largestProfile, "strand")}`],
  ];
  const linkRows = LINK_TYPES.filter((type) => OUTCOMES.some((outcome) => links[type][outcome] > 0)).map(
    (type) => [type, ...OUTCOMES.map((outcome) => countText(links[type][outcome]))],
  );
  const parts = [
    alignColumns(main, [1]),
    linkRows.length === 0
      ? "links  none"
      : alignColumns([["links", "joined", "already joined", "refused"], ...linkRows], [1, 2, 3]),
    countList("refused by guard", summary.guards),
    countList("generic values (shared too widely to mean a person)", summary.generic),
    countList("identifiers refused", summary.refusals),
    countList("rows rejected", summary.rejections),
    countList("assertions", summary.assertions),
    populationText(population),
    `${countText(summary.fragmentsPerSecond)} fragments/s read and resolved; ages counted back from ${summary.now}`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function countList(title: string, counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).sort(([a, p], [b, q]) => q - p || (a < b ? -1 : 1));
  return entries.length === 0
    ? ""
    : `${title}\n${alignColumns(
        entries.map(([name, count]) => [`  ${name}`, countText(count)]),
        [1],
      )}`;
}

/** The prior is for some number of strands; adapting it is never silent. */
function populationText({ strands, modelStrands, priorBits, modelPriorBits }: Summary["population"]): string {
  if (strands === modelStrands)
    return `population  ${counted(strands, "strand")}, which is the model's own: nothing to adapt`;
  const adapted = `population  model for ${countText(modelStrands)} strands adapted to ${countText(strands)}`;
  if (priorBits === null || modelPriorBits === null) return adapted;
  const change = priorBits === modelPriorBits ? "stays at" : `goes from ${modelPriorBits.toFixed(2)} to`;
  return `${adapted}: the prior ${change} ${priorBits.toFixed(2)} bits`;
}
