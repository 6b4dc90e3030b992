import { scanStats } from "../engine/stats.js";
import { KINDS } from "../resolve/plan/documents.js";
import type { Command, Flags } from "./command.js";
import { STORE_ARGS } from "./store.js";
import { withStore } from "./storeSession.js";
import { alignColumns, counted, countText } from "./table.js";

export const statsCommand: Command = {
  name: "stats",
  description:
    "Says what a store holds: profiles, what waits, values too common to mean a person, documents by kind.",
  operands: "",
  args: {
    ...STORE_ARGS,
    quick: { type: "boolean", description: "Only what is counted already: does not look at every document" },
    json: { type: "boolean", description: "As JSON" },
  },
  notes: [
    "Expected wrong links: an estimate, from how far the store has outgrown the population of its model.",
  ],
  examples: [
    { what: "What there is", command: "leadweave stats --store ./leads.db" },
    { what: "One tenant of many", command: "leadweave stats --store ./leads.db --tenant acme --json" },
  ],
  run: runStats,
};

function runStats(flags: Flags): Promise<number> {
  return withStore(flags, { readOnly: true }, async ({ store, name, file, model, resolver, runner }) => {
    const { documents, pending, rechecks } = await resolver.stats();
    const scanned = flags.is("quick") ? null : await scanStats(runner, model.population, undefined);
    const size = file === null ? null : await file.size();
    const suppressed = await store.count("suppressed");
    const { population } = model;
    if (flags.is("json")) {
      const report = { store: name, population, documents, pending, rechecks, scanned, size };
      process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      return 0;
    }
    const rows = [
      ["fragments", countText(documents.fragment), ""],
      ["model", countText(population), "strands that it is made for"],
    ];
    if (scanned !== null) {
      rows.push(
        [
          "strands",
          countText(scanned.strands),
          `${scanned.expectedFalseEdges.toFixed(4)} wrong links each expected`,
        ],
        ["profiles", countText(scanned.profiles), ""],
        [
          "components",
          countText(scanned.components),
          `of several strands; largest ${counted(scanned.largestComponent, "strand")}`,
        ],
        ["generic values", countText(scanned.genericKeys), "too common to mean a person"],
        ["full blocks", countText(scanned.fullBlocks), "too many members to compare"],
      );
    }
    rows.push([
      "waiting",
      countText(pending + rechecks),
      pending + rechecks > 0 ? "leadweave drain works it off" : "",
    ]);
    // One document counts the others.
    if (suppressed > 0)
      rows.push([
        "suppressed",
        countText(suppressed - 1),
        "fragments and identifiers that may not come back",
      ]);
    if (size !== null)
      rows.push([
        "bytes",
        countText(size.bytes),
        `and ${countText(size.logBytes)} in the log; ${countText(size.freeBytes)} free`,
      ]);
    const kinds = KINDS.map((kind) => [`  ${kind}`, countText(documents[kind])]);
    process.stdout.write(`${name}\n\n${alignColumns(rows, [1])}\n\ndocuments\n${alignColumns(kinds, [1])}\n`);
    return 0;
  });
}
