import { createHmac, hash } from "node:crypto";
import type { Fragment } from "../fragment/fragment.js";
import type { Model } from "../model/model.js";
import type { DigestHasher } from "../normalize/index.js";
import type { Key, Observation } from "../resolve/observation.js";
import { createKernel, type Kernel, type KernelOptions, type WorkLimits } from "../resolve/plan/kernel.js";
import { Recent } from "../resolve/recent.js";
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

/** Names and digests that are remembered, twice over: enough for a batch of a thousand, which asks for each in every round. */
const REMEMBERED_NAMES = 16_384;
const REMEMBERED_KEYS = 2_048;

function remembering<K, V>(size: number, make: (of: K) => V): (of: K) => V {
  const recent = new Recent<K, V>(size);
  return (of) => {
    let held = recent.get(of);
    if (held === undefined) {
      held = make(of);
      recent.set(of, held);
    }
    return held;
  };
}

/** A kernel that plans one input several times, on documents that are not all there yet: what it draws from the input alone it keeps. */
function patient(kernel: Kernel): Kernel {
  const { digestsOf, observe } = kernel;
  const observed = new WeakMap<Fragment, Observation>();
  return {
    ...kernel,
    digestsOf: remembering<Key, ReturnType<typeof digestsOf>>(REMEMBERED_KEYS, digestsOf),
    observe(fragment) {
      let held = observed.get(fragment);
      if (held === undefined) {
        held = observe(fragment);
        observed.set(fragment, held);
      }
      return held;
    },
  };
}

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
    const conceal = source === null ? remembering(REMEMBERED_NAMES, concealer(pepper)) : concealer(pepper);
    // Objects of one process need no shorter names, and are found faster by those they have.
    const options: KernelOptions =
      source === null
        ? { limits, hasher: HASHER, conceal, name: conceal }
        : { limits, hasher: HASHER, conceal, table: source.table, tokens: source.tokens };
    this.#make = () => {
      const kernel = createKernel(model, { ...options, retired: this.#retiredPeppers.map(concealerOf) });
      return source === null ? patient(kernel) : kernel;
    };
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
