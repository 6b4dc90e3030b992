import { stat } from "node:fs/promises";
import type { FragmentInput, FragmentRef } from "../fragment/fragment.js";
import { type ReadFragment, readFragments } from "../readers/index.js";
import type { Flags } from "./command.js";
import { InputError } from "./failure.js";
import type { Output } from "./output.js";
import { startProgress } from "./progress.js";
import { checkTimeZone, faultText, type Settings } from "./settings.js";

type Rejected = Extract<ReadFragment, { type: "rejected" }>;

/** A rejected row that keeps its place among the inputs. */
export interface RejectedRow {
  /** Fragments read before it. */
  readonly before: number;
  readonly recordId: string | null;
  readonly source: string;
  /** `FILE:LINE`. */
  readonly at: string;
}

export interface Loaded {
  /** In input order. */
  readonly fragments: readonly FragmentInput[];
  readonly rejected: readonly RejectedRow[];
  /** What was wrong → rows. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Where each fragment came from is kept only for what people ask about: nothing by default. */
  readonly latestMs: number | null;
  readonly seconds: number;
}

const REPORTED_REJECTS = 3;

/** Reads all files into memory. Rejected rows go to `rejects`; with `--strict` the first one ends the run. */
export async function loadFragments(
  files: readonly string[],
  { fields }: Settings,
  flags: Flags,
  note: (text: string) => void,
  rejects?: Output,
): Promise<Loaded> {
  const timeZone = flags.text("tz");
  checkTimeZone(timeZone);
  const source = flags.text("source");
  const isStrict = flags.is("strict");
  const startedAt = performance.now();
  const totalBytes = await sizeOf(files);
  const progress = startProgress("reading rows", flags.is("quiet"));
  let bytes = 0;
  const fragments: FragmentInput[] = [];
  const rejected: RejectedRow[] = [];
  const reasons = new Map<string, number>();
  let latestMs: number | null = null;
  try {
    for await (const read of readFragments(files.map(inputOf), {
      ...(source === undefined ? {} : { source }),
      ...(fields === undefined ? {} : { fields }),
      ...(timeZone === undefined ? {} : { timeZone }),
      onNotice: ({ message }) => note(message),
      onBytes: (count) => {
        bytes += count;
        progress.update(fragments.length, totalBytes === null ? undefined : bytes / totalBytes);
      },
    })) {
      if (read.type === "fragment") {
        const { fragment } = read;
        fragments.push(fragment);
        if ("observedAt" in fragment && typeof fragment.observedAt === "number") {
          if (latestMs === null || fragment.observedAt > latestMs) latestMs = fragment.observedAt;
        }
        continue;
      }
      const row = rejectedRow(read, fragments.length);
      if (isStrict) throw new InputError(`${reportOf(read)} (--strict stops here)`);
      if (rejected.length < REPORTED_REJECTS) note(`rejected ${reportOf(read)}`);
      rejected.push(row);
      for (const { path, expected } of read.faults) {
        const reason = `${path === "" ? "row" : path}: expected ${expected}`;
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
      const wait = rejects?.write(rejectLine(read));
      if (wait !== undefined) await wait;
    }
  } finally {
    progress.end();
  }
  if (rejected.length > REPORTED_REJECTS) {
    const where = rejects === undefined ? "; --rejects FILE keeps them with the reasons" : "";
    note(`rejected ${rejected.length - REPORTED_REJECTS} more rows${where}`);
  }
  return { fragments, rejected, reasons, latestMs, seconds: (performance.now() - startedAt) / 1000 };
}

function inputOf(file: string): string | NodeJS.ReadStream {
  return file === "-" ? process.stdin : file;
}

/** Bytes of all files together; null where one has no size. */
async function sizeOf(files: readonly string[]): Promise<number | null> {
  let total = 0;
  for (const file of files) {
    const found = file === "-" ? null : await stat(file).catch(() => null);
    if (found === null || !found.isFile()) return null;
    total += found.size;
  }
  return total;
}

function rejectedRow({ recordId, source, file, line }: Rejected, before: number): RejectedRow {
  return { before, recordId, source, at: `${file}:${line}` };
}

/** File, line, record id and what was wrong, without any value of the row. */
function reportOf({ file, line, recordId, faults }: Rejected): string {
  const record = recordId === null ? "" : ` record ${recordId}:`;
  return `${file}:${line}:${record} ${faults.map(faultText).join("; ")}`;
}

function rejectLine({ file, line, recordId, faults, raw }: Rejected): string {
  return `${JSON.stringify({ file, line, record_id: recordId, faults, row: raw }, (_name, value) => (typeof value === "bigint" ? String(value) : value))}\n`;
}

/** `SOURCE/ID`, as people name fragments on the command line. */
export function refText({ source, id }: FragmentRef): string {
  return `${source}/${id}`;
}
