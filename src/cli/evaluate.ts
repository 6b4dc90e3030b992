import { type Evaluation, evaluate } from "../train/evaluate.js";
import { type ClusteredRecord, type ClusterFile, readClusterFile } from "./clusterFile.js";
import type { Command, Flags } from "./command.js";
import { InputError, UsageError } from "./failure.js";
import { alignColumns, counted, countText, shareText } from "./table.js";

export const evaluateCommand: Command = {
  name: "evaluate",
  description: "Compares assignments with the truth, over the records that both name.",
  operands: "ASSIGNMENTS TRUTH",
  args: {
    source: {
      type: "string",
      valueHint: "NAME",
      description: "Only assignments of this source, where record ids are unique within a source only",
    },
    json: { type: "boolean", description: "Figures as JSON" },
  },
  notes: [
    "ASSIGNMENTS is what resolve --out wrote. TRUTH is a file with record_id (or id) and entity_id (or cluster_id, person_id,\n" +
      "…); where it has a source too, records are matched by both. Records without a profile count as profiles of their own.",
    "Pairwise: of the pairs found, how many are true (precision), of the true pairs, how many were found (recall).\n" +
      "B-cubed: the same per record, averaged, so that large clusters do not outweigh small ones.",
  ],
  examples: [
    {
      what: "After leadweave resolve leads.csv --out assignments.csv",
      command: "leadweave evaluate assignments.csv truth.csv",
    },
    { what: "For a script", command: "leadweave evaluate assignments.csv truth.csv --json" },
  ],
  run: runEvaluate,
};

async function runEvaluate(flags: Flags): Promise<number> {
  const [assignmentsPath, truthPath, ...more] = flags.operands;
  if (assignmentsPath === undefined || truthPath === undefined || more.length > 0) {
    throw new UsageError("name two files: ASSIGNMENTS TRUTH");
  }
  const source = flags.text("source");
  const assignments = await readClusterFile(assignmentsPath, "profile_id");
  const truth = await readClusterFile(truthPath, "entity_id");
  const isBySource = assignments.hasSource && truth.hasSource;
  const found = clustersOf(assignments, isBySource, source);
  const evaluation = evaluate(
    found.clusters,
    clustersOf(truth, isBySource, truth.hasSource ? source : undefined).clusters,
  );
  if (evaluation.records === 0)
    throw new InputError(`${assignmentsPath} and ${truthPath} have no record in common`);
  const text = flags.is("json")
    ? `${JSON.stringify({ ...evaluation, withoutProfile: found.withoutCluster }, null, 2)}\n`
    : evaluationText(evaluation, found.withoutCluster);
  process.stdout.write(text);
  return 0;
}

function clustersOf(
  { file, records, hasSource }: ClusterFile,
  isBySource: boolean,
  source: string | undefined,
): { clusters: Map<string, string>; withoutCluster: number } {
  const clusters = new Map<string, string>();
  const firsts = new Map<string, ClusteredRecord>();
  let withoutCluster = 0;
  for (const record of records) {
    if (source !== undefined && hasSource && record.source !== source) continue;
    const key = isBySource ? JSON.stringify([record.source, record.recordId]) : record.recordId;
    const first = firsts.get(key);
    if (first !== undefined && first.source !== record.source) {
      throw new InputError(
        `${file}:${record.line}: record ${record.recordId} occurs in two sources; choose one with --source`,
      );
    }
    // A copy that was refused says nothing against the one that has a cluster.
    if (first !== undefined && record.cluster === null) continue;
    if (first !== undefined && first.cluster !== null && first.cluster !== record.cluster) {
      throw new InputError(
        `${file}:${record.line}: record ${record.recordId} is in two clusters (see line ${first.line})`,
      );
    }
    if (first?.cluster === null) withoutCluster--;
    if (record.cluster === null) withoutCluster++;
    firsts.set(key, record);
    clusters.set(key, record.cluster === null ? `alone\u0000${key}` : record.cluster);
  }
  return { clusters, withoutCluster };
}

/** The figures as aligned text. */
export function evaluationText(
  { records, unmatched, pairwise, bCubed, clusters }: Evaluation,
  withoutProfile = 0,
): string {
  const scores = alignColumns(
    [
      ["", "precision", "recall", "F1"],
      ["pairwise", shareText(pairwise.precision), shareText(pairwise.recall), shareText(pairwise.f1)],
      ["B-cubed", shareText(bCubed.precision), shareText(bCubed.recall), shareText(bCubed.f1)],
    ],
    [1, 2, 3],
  );
  const counts = alignColumns(
    [
      ["records compared", countText(records), leftOut(unmatched)],
      [
        "pairs",
        countText(pairwise.foundPairs),
        `found; ${countText(pairwise.truePairs)} true, ${countText(pairwise.commonPairs)} of them found`,
      ],
      [
        "profiles",
        countText(clusters.found),
        `found; ${countText(clusters.true)} true; largest ${counted(clusters.largestFound, "record")}`,
      ],
      ["  exact", countText(clusters.exact), "found just as they are"],
      ["  over-merged", countText(clusters.overMerged), "found profiles that hold several people"],
      ["  under-merged", countText(clusters.underMerged), "people in several profiles"],
      ...(withoutProfile > 0
        ? [["no profile", countText(withoutProfile), "records rejected or removed: counted as alone"]]
        : []),
    ],
    [1],
  );
  return `${scores}\n\n${counts}\n`;
}

function leftOut({ assignments, truth }: Evaluation["unmatched"]): string {
  if (assignments + truth === 0) return "";
  return `left out: ${countText(assignments)} without truth, ${countText(truth)} of the truth without assignment`;
}
