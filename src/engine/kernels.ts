import { createHmac, hash } from "node:crypto";
import type { Model } from "../model/model.js";
import type { DigestHasher } from "../normalize/index.js";
import { createKernel, type Kernel, type KernelOptions, type WorkLimits } from "../resolve/plan/kernel.js";
import type { MemorySource } from "../stores/memory.js";

/** Keys that a kernel may hold before another takes its place: each key that was ever read stays in its table. */
const MAX_KEYS = 200_000;

/** The same digests as the core's own, by the platform. */
const HASHER: DigestHasher = { hex: (algorithm, text) => hash(algorithm, text, "hex") };

/** Names things by 128 bits of SHA-256, with a pepper of HMAC-SHA-256, so that no identifier stands in the name of one. */
function concealer(pepper: string | undefined): (text: string) => string {
  return pepper === undefined
    ? (text) => hash("sha256", text, "hex").slice(0, 32)
    : (text) => createHmac("sha256", pepper).update(text).digest("hex").slice(0, 32);
}

/** The empty text stands for no pepper. */
const concealerOf = (pepper: string): ((text: string) => string) =>
  concealer(pepper === "" ? undefined : pepper);

/** The kernel that plans next. One is replaced when its table has grown large; who plans with it still, goes on. */
export class Kernels {
  readonly #make: () => Kernel;
  #retiredPeppers: readonly string[] = [];
  readonly #renews: boolean;
  readonly #retired = new Map<string, number>();
  #current: Kernel;

  /**
   * @param source a store that holds documents as objects; null where they are decoded for each plan
   * @param pepper secret with which names are hashed; without, who knows a value can tell whether a store holds it
   */
  constructor(model: Model, limits: Partial<WorkLimits>, source: MemorySource | null, pepper?: string) {
    const conceal = concealer(pepper);
    // Objects of one process need no shorter names, and are found faster by those they have.
    const options: KernelOptions =
      source === null
        ? { limits, hasher: HASHER, conceal, name: conceal }
        : { limits, hasher: HASHER, conceal, table: source.table, tokens: source.tokens };
    this.#make = () => createKernel(model, { ...options, retired: this.#retiredPeppers.map(concealerOf) });
    this.#renews = source === null;
    this.#current = this.#make();
  }

  /** Peppers that the store had before, newest first: from now on what is named by them is found. */
  retire(peppers: readonly string[]): void {
    if (peppers.length === 0 && this.#retiredPeppers.length === 0) return;
    this.#retiredPeppers = peppers;
    addCounts(this.#retired, this.#current.refusals);
    this.#current = this.#make();
  }

  get current(): Kernel {
    if (this.#renews && this.#current.table.size > MAX_KEYS) {
      addCounts(this.#retired, this.#current.refusals);
      this.#current = this.#make();
    }
    return this.#current;
  }

  /** `type: reason` → identifiers that did not become keys, counted each time a fragment was looked at. */
  refusals(): Record<string, number> {
    const sum = new Map(this.#retired);
    addCounts(sum, this.#current.refusals);
    return Object.fromEntries([...sum].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function addCounts(sum: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [name, count] of counts) sum.set(name, (sum.get(name) ?? 0) + count);
}
