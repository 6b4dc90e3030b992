import { type Documents, KINDS, type Kind } from "../resolve/plan/documents.js";
import type { Store } from "../stores/store.js";
import type { OutcomeCounts } from "./outcome.js";
import { expectedFalseEdges } from "./population.js";
import type { Runner } from "./runner.js";

/** What a store holds, found by looking at every document. */
export interface ScannedStats {
  readonly strands: number;
  readonly profiles: number;
  /** Values too common to mean a person, and blocks with too many members to compare. */
  readonly genericKeys: number;
  readonly fullBlocks: number;
  readonly components: number;
  /** Strands of the largest component. */
  readonly largestComponent: number;
  /** Components that wait for `drain`. */
  readonly pendingComponents: number;
  /** Strands ÷ the population that the model is for: far above 1, adapt it (`forPopulation`). */
  readonly growth: number;
  /** Wrong edges per strand to expect, estimated from the growth; a model is made for 0.05. */
  readonly expectedFalseEdges: number;
}

export interface Stats {
  /** Documents by kind, approximately. */
  readonly documents: Readonly<Record<Kind, number>>;
  /** Components and cells that wait for `drain`, and values that it will count again. */
  readonly pending: number;
  readonly rechecks: number;
  /** Inputs of this resolver by what became of them. */
  readonly outcomes: OutcomeCounts;
  /** `type: reason` → identifiers that did not become keys, each time that this resolver looked at one. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Null unless asked for. */
  readonly scanned: ScannedStats | null;
}

export async function documentCounts(store: Store): Promise<Record<Kind, number>> {
  const counts = await Promise.all(KINDS.map(async (kind) => [kind, await store.count(kind)] as const));
  return Object.fromEntries(counts) as Record<Kind, number>;
}

export async function scanStats(
  runner: Runner,
  population: number,
  signal: AbortSignal | undefined,
): Promise<ScannedStats> {
  const found = {
    strands: 0,
    profiles: 0,
    genericKeys: 0,
    fullBlocks: 0,
    components: 0,
    largestComponent: 0,
    pendingComponents: 0,
  };
  async function visit<K extends Kind>(kind: K, look: (doc: Documents[K]) => void): Promise<void> {
    for await (const page of runner.scan(kind, signal)) for (const { doc } of page) look(doc);
  }
  await visit("strand", ({ body }) => {
    if (body === null) return;
    found.strands++;
    if (body.component === null && body.profile !== null) found.profiles++;
    found.largestComponent = Math.max(found.largestComponent, 1);
  });
  await visit("component", ({ strands, profiles, pending }) => {
    found.components++;
    found.profiles += profiles.length;
    found.largestComponent = Math.max(found.largestComponent, strands.length);
    if (pending) found.pendingComponents++;
  });
  await visit("key", ({ generic, genericUntrusted }) => {
    if (generic || genericUntrusted) found.genericKeys++;
  });
  const countFull = ({ full }: { readonly full: boolean }): void => {
    if (full) found.fullBlocks++;
  };
  await visit("block", countFull);
  await visit("time", countFull);
  return {
    ...found,
    growth: found.strands / population,
    expectedFalseEdges: expectedFalseEdges(found.strands, population),
  };
}
