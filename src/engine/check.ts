import { createDefaultModel, type Model } from "../model/index.js";
import { isMemoryStore } from "../stores/memoryStore.js";
import type { Store } from "../stores/store.js";
import { agreedSettings, rememberedModel } from "./agreement.js";
import { type Finding, Findings } from "./check/findings.js";
import { readableStore } from "./check/readable.js";
import { repair } from "./check/repair.js";
import { Walk, type Walked } from "./check/walk.js";
import { LeadweaveError } from "./error.js";
import { Kernels } from "./kernels.js";
import { retiredPeppers } from "./retired.js";
import { StoreRunner } from "./storeRunner.js";

export type { Finding } from "./check/findings.js";

export interface CheckOptions {
  /** Put right what can be, by planning it again from the fragments. Back up first. Default false. */
  readonly repair?: boolean;
  /** The one that the store was begun with. Default: as it remembers. */
  readonly model?: Model;
  /** The one that the store was begun with. */
  readonly pepper?: string;
  readonly signal?: AbortSignal;
}

export interface Checked {
  /** Documents that were looked at. */
  readonly documents: number;
  /** What does not hold, by kind; after a repair, what is left. Nothing in it tells of a person. */
  readonly findings: readonly Finding[];
  /** Documents about which something did not hold before the repair, and does now. */
  readonly repaired: number;
}

/** Times that what is left is looked at and put right again: one document after the other comes to light. */
const MOST_REPAIRS = 6;
const MAX_RETRIES = 20;

/**
 * Walks every document and verifies what a store can break: that each can be read, that what names each other does so in both
 * directions, that strands, edges and profiles are those that the fragments make, that ids lead to what founded them, and that
 * versions and the folded feed are those shown.
 *
 * Others may read and write meanwhile. Memory is taken for the feed, folded: some hundred bytes for each strand.
 *
 * @throws LeadweaveError `pepper-mismatch`, `model-mismatch`, `contended`, `store-failed`
 */
export async function checkStore(store: Store, options: CheckOptions = {}): Promise<Checked> {
  const { pepper, signal } = options;
  const source = isMemoryStore(store) ? store.source : null;
  let findings = new Findings();
  const readable = readableStore(store, (kind, id) =>
    findings.add({ kind: "unreadable", of: id, at: { kind, id } }),
  );
  const runnerFor = (model: Model): StoreRunner =>
    new StoreRunner(new Kernels(model, {}, source, pepper), readable, MAX_RETRIES);
  const model = options.model ?? (await modelOf(runnerFor(createDefaultModel())));
  const kernels = new Kernels(model ?? createDefaultModel(), {}, source, pepper);
  const runner = new StoreRunner(kernels, readable, MAX_RETRIES);
  if (model !== null) {
    const settings = (await runner.run(agreedSettings(model), { isReading: true, signal }))?.value ?? null;
    if (settings !== null) kernels.retire(retiredPeppers(settings, pepper));
  }

  const walk = async (): Promise<Walked> => {
    findings = new Findings();
    const walked = await new Walk(readable, runner, findings, signal).run(model !== null);
    if (model === null && walked.documents > 0) findings.add({ kind: "settings", of: "" });
    return walked;
  };
  let walked = await walk();
  const found = findings.count;
  if (options.repair === true && model !== null) {
    for (let round = 0, before = Number.POSITIVE_INFINITY; round < MOST_REPAIRS; round++) {
      if (findings.count === 0 || (round > 2 && findings.count >= before)) break;
      before = findings.count;
      await repair(store, runner, findings, walked, signal);
      walked = await walk();
    }
  }
  const { conceal } = new Kernels(model ?? createDefaultModel(), {}, source, pepper).current;
  return {
    documents: walked.documents,
    findings: findings.told(conceal),
    repaired: Math.max(0, found - findings.count),
  };
}

/** Null where none is remembered, or none that can be read. */
async function modelOf(runner: StoreRunner): Promise<Model | null> {
  try {
    return await rememberedModel(runner);
  } catch (error) {
    if (error instanceof LeadweaveError && error.code === "store-inconsistent") return null;
    throw error;
  }
}
