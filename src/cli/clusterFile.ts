import type { Row } from "../fragment/row.js";
import { readRows } from "../readers/index.js";
import { InputError } from "./failure.js";

/** One line of a file that says which cluster a record belongs to. */
export interface ClusteredRecord {
  readonly recordId: string;
  /** Empty where the file has no source. */
  readonly source: string;
  /** Null where the record is in none: it was rejected or removed. */
  readonly cluster: string | null;
  readonly line: number;
}

export interface ClusterFile {
  readonly file: string;
  readonly hasSource: boolean;
  readonly records: readonly ClusteredRecord[];
}

const RECORD_COLUMNS = ["record_id", "id", "recordid", "unique_id", "fragment_id"];
const CLUSTER_COLUMNS = [
  "entity_id",
  "cluster_id",
  "profile_id",
  "person_id",
  "entity",
  "cluster",
  "group_id",
  "label",
  "truth",
  "true_id",
  "ent_id",
  "match_id",
];

/** Reads assignments or truth; of the columns that usually hold clusters the first that is there counts. */
export async function readClusterFile(file: string, clusterFirst: string): Promise<ClusterFile> {
  const records: ClusteredRecord[] = [];
  let names: { record: string; cluster: string; source: string | undefined } | undefined;
  for await (const read of readRows(file)) {
    if ("error" in read)
      throw new InputError(
        `${file}:${read.line}: expected ${read.error.expected}, received ${read.error.received}`,
      );
    const { row, line } = read;
    names ??= columnsOf(file, row, clusterFirst);
    const recordId = textOf(row[names.record]);
    if (recordId === "") continue;
    const cluster = textOf(row[names.cluster]);
    records.push({
      recordId,
      source: names.source === undefined ? "" : textOf(row[names.source]),
      cluster: cluster === "" ? null : cluster,
      line,
    });
  }
  if (records.length === 0) throw new InputError(`${file}: holds no records`);
  return { file, hasSource: names?.source !== undefined, records };
}

function columnsOf(
  file: string,
  row: Row,
  clusterFirst: string,
): { record: string; cluster: string; source: string | undefined } {
  const columns = Object.keys(row);
  const find = (wanted: readonly string[]): string | undefined => {
    for (const name of wanted) {
      const found = columns.find(
        (column) =>
          column
            .toLowerCase()
            .trim()
            .replace(/[\s-]+/g, "_") === name,
      );
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const record = find(RECORD_COLUMNS);
  if (record === undefined)
    throw new InputError(
      `${file}: has no column of record ids; expected one of ${RECORD_COLUMNS.join(", ")}`,
    );
  const cluster = find([clusterFirst, ...CLUSTER_COLUMNS]);
  if (cluster === undefined)
    throw new InputError(`${file}: has no column of clusters; expected one of ${CLUSTER_COLUMNS.join(", ")}`);
  return { record, cluster, source: find(["source"]) };
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? "" : String(value).trim();
}
