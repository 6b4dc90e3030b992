import type { Scalar } from "../fragment/fragment.js";
import { createContentBuilder, goldenRecord, type Profile } from "../profile/index.js";
import type { Resolution } from "../resolve/resolve.js";
import { csvLine } from "./csvText.js";
import type { Output } from "./output.js";
import { startProgress } from "./progress.js";

const SHARES = new Set(["confidence"]);

/** Writes profiles as NDJSON and their golden records as CSV, whichever is wanted; profiles are built once. */
export async function writeProfiles(
  resolution: Resolution,
  nowMs: number,
  profilesOutput: Output | undefined,
  goldenOutput: Output | undefined,
  isQuiet: boolean,
): Promise<void> {
  if (profilesOutput === undefined && goldenOutput === undefined) return;
  const builder = createContentBuilder(resolution);
  function* built(): Generator<Profile> {
    for (const membership of resolution.profiles) yield builder.build(membership, nowMs);
  }
  await writeBuiltProfiles(built(), resolution.profiles.length, profilesOutput, goldenOutput, isQuiet);
}

/** @param count of the profiles, for progress */
export async function writeBuiltProfiles(
  profiles: Iterable<Profile> | AsyncIterable<Profile>,
  count: number,
  profilesOutput: Output | undefined,
  goldenOutput: Output | undefined,
  isQuiet: boolean,
): Promise<void> {
  if (profilesOutput === undefined && goldenOutput === undefined) return;
  const progress = startProgress("building profiles", isQuiet);
  const golden = new GoldenTable();
  let done = 0;
  for await (const profile of profiles) {
    const wait = profilesOutput?.write(`${JSON.stringify(profile)}\n`);
    if (wait !== undefined) await wait;
    if (goldenOutput !== undefined) golden.add(goldenRecord(profile));
    progress.update(++done, done / count);
  }
  if (goldenOutput !== undefined) await golden.writeTo(goldenOutput);
  progress.end();
}

/** Golden records have whatever columns their profiles have: the header is known only after the last one. */
class GoldenTable {
  private readonly position = new Map<string, number>();
  private readonly rows: (Scalar | undefined)[][] = [];
  /** Columns of every record, which come first and in their own order. */
  private readonly leading = new Set([
    "profile_id",
    "fragments",
    "events",
    "first_at",
    "last_at",
    "confidence",
  ]);

  add(record: Readonly<Record<string, Scalar>>): void {
    const row: (Scalar | undefined)[] = [];
    for (const [column, value] of Object.entries(record)) {
      let at = this.position.get(column);
      if (at === undefined) {
        at = this.position.size;
        this.position.set(column, at);
      }
      row[at] = typeof value === "number" && SHARES.has(column) ? value.toFixed(4) : value;
    }
    this.rows.push(row);
  }

  async writeTo(output: Output): Promise<void> {
    const { leading } = this;
    const others = [...this.position.keys()].filter((column) => !leading.has(column)).sort();
    const columns = [...leading, ...others];
    const order = columns.map((column) => this.position.get(column) ?? -1);
    await output.write(csvLine(columns));
    for (const row of this.rows) {
      const wait = output.write(csvLine(order.map((at) => row[at])));
      if (wait !== undefined) await wait;
    }
  }
}
