import type { Loaded } from "./load.js";
import type { StoreCounts } from "./storeCounts.js";
import type { Ingested } from "./storeIngest.js";
import { alignColumns, counted, countText } from "./table.js";

export interface StoreSummaryContext {
  readonly name: string;
  /** Whether the store was begun by this run. */
  readonly isNew: boolean;
  readonly loaded: Loaded;
  readonly ingested: Ingested;
  readonly counts: StoreCounts;
  readonly population: number;
  readonly writeSeconds: number;
}

/** The outcome of a run into a store, as plain data. */
export function summarizeStore(context: StoreSummaryContext) {
  const { name, isNew, loaded, ingested, counts, population, writeSeconds } = context;
  const { taken, unchanged, removed, suppressed, assertions, drained, left, seconds } = ingested;
  const total = loaded.seconds + seconds;
  return {
    store: name,
    begun: isNew,
    rows: loaded.fragments.length + loaded.rejected.length,
    new: taken,
    unchanged,
    removed,
    suppressed,
    rejected: loaded.rejected.length,
    rejections: Object.fromEntries(loaded.reasons),
    assertions,
    nothingNew: taken + removed + assertions.accepted === 0,
    drained,
    left,
    held: counts,
    population,
    seconds: { read: loaded.seconds, ingest: seconds, write: writeSeconds },
    fragmentsPerSecond: total > 0 ? Math.round(loaded.fragments.length / total) : 0,
  };
}

export type StoreSummary = ReturnType<typeof summarizeStore>;

export function storeSummaryText(summary: StoreSummary): string {
  const { held, assertions, rejections } = summary;
  const rows: string[][] = [
    ["rows", countText(summary.rows), ""],
    ["  new", countText(summary.new), "or corrected"],
    ["  unchanged", countText(summary.unchanged), "the store knew them, or a later version"],
  ];
  if (summary.removed > 0) rows.push(["  removed", countText(summary.removed), "took a fragment back"]);
  if (summary.suppressed > 0)
    rows.push(["  suppressed", countText(summary.suppressed), "erased before: not taken in"]);
  rows.push(["  rejected", countText(summary.rejected), ""]);
  const said = assertions.accepted + assertions.unchanged;
  if (said > 0)
    rows.push(["assertions", countText(said), `${countText(assertions.accepted)} of them new to the store`]);
  rows.push(["held now", "", ""]);
  rows.push(["  fragments", countText(held.fragments), ""]);
  rows.push(["  strands", countText(held.strands), `model for ${countText(summary.population)}`]);
  rows.push(["  profiles", countText(held.profiles), ""]);
  const rejected = Object.entries(rejections).sort(([a, p], [b, q]) => q - p || (a < b ? -1 : 1));
  const parts = [
    titleOf(summary),
    alignColumns(rows, [1]),
    rejected.length === 0
      ? ""
      : `rows rejected\n${alignColumns(
          rejected.map(([reason, count]) => [`  ${reason}`, countText(count)]),
          [1],
        )}`,
    summary.left > 0
      ? `${counted(summary.left, "piece")} of work still wait for others who write: leadweave drain --store ${summary.store}`
      : "",
    `${countText(summary.fragmentsPerSecond)} fragments/s read and ingested`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function titleOf({ store, begun, nothingNew, unchanged, suppressed }: StoreSummary): string {
  if (begun) return `began ${store}`;
  if (!nothingNew) return `went on with ${store}`;
  const others = suppressed > 0 ? `, ${counted(suppressed, "row")} may not come back` : "";
  return `nothing new: ${counted(unchanged, "row")} ${unchanged === 1 ? "was" : "were"} in ${store} already${others}`;
}
