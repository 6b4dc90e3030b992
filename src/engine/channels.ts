import { channel } from "node:diagnostics_channel";
import type { InputStatus } from "../resolve/live.js";
import type { OutcomeType } from "../resolve/plan/plan.js";
import type { View } from "../resolve/plan/view.js";

/**
 * What the engine tells on `node:diagnostics_channel`, while somebody listens: numbers and codes, never keys, names or values.
 */
interface IngestMessage {
  readonly type: OutcomeType | "refused";
  /** Null where it was refused. */
  readonly status: InputStatus | null;
  /** Documents looked at and written by this input alone. */
  readonly reads: number;
  readonly writes: number;
  /** Pairs that were scored. */
  readonly scored: number;
  /** Of the batch in which it was planned. */
  readonly rounds: number;
  readonly retries: number;
  readonly pending: boolean;
  readonly ms: number;
}

interface DrainMessage {
  readonly kind: "recheck" | "pending";
  readonly reads: number;
  readonly writes: number;
  readonly scored: number;
  readonly rounds: number;
  readonly retries: number;
  readonly ms: number;
}

interface CommitMessage {
  readonly result: "committed" | "conflict";
  readonly expects: number;
  readonly writes: number;
  readonly changes: number;
}

interface LookupMessage {
  readonly candidates: number;
  readonly compared: number;
  readonly complete: boolean;
  readonly rounds: number;
  readonly ms: number;
}

const ingests = channel("leadweave:ingest");
const drains = channel("leadweave:drain");
const commits = channel("leadweave:commit");
const lookups = channel("leadweave:lookup");

export function isIngestHeard(): boolean {
  return ingests.hasSubscribers;
}

export function publishIngest(message: IngestMessage): void {
  ingests.publish(message);
}

export function publishDrain(message: DrainMessage): void {
  if (drains.hasSubscribers) drains.publish(message);
}

export function publishLookup(message: LookupMessage): void {
  if (lookups.hasSubscribers) lookups.publish(message);
}

export function publishCommit(view: View, expects: number, result: CommitMessage["result"]): void {
  if (!commits.hasSubscribers) return;
  const message: CommitMessage = {
    result,
    expects,
    writes: view.dirty.length,
    changes: view.changes.length,
  };
  commits.publish(message);
}
