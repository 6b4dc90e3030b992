import type { Assertion, FragmentInput, FragmentRef } from "../fragment/fragment.js";
import { validateAssertion, validateFragment } from "../fragment/validate.js";
import { createDefaultModel, type Model } from "../model/index.js";
import type { PairExplanation } from "../profile/explain.js";
import type { WorkLimits } from "../resolve/plan/kernel.js";
import type { PartialLead } from "../resolve/plan/lookup.js";
import { planAssertion, planInput } from "../resolve/plan/plan.js";
import { createMemoryStore, isMemoryStore } from "../stores/memoryStore.js";
import type { Cursor, FeedEntry, Store } from "../stores/store.js";
import { agreedSettings, agreement, rememberedModel } from "./agreement.js";
import { batchesOf } from "./batches.js";
import { isIngestHeard } from "./channels.js";
import { type Compacted, type CompactOptions, compactFeed } from "./compact.js";
import { DirectRunner } from "./directRunner.js";
import { type Drained, drain } from "./drain.js";
import { type Erased, type EraseOptions, erase } from "./erase.js";
import { LeadweaveError } from "./error.js";
import { ingestBatch, publishOutcome } from "./ingest.js";
import { Kernels } from "./kernels.js";
import { type Lookup, type LookupOptions, lookUp } from "./lookup.js";
import { type AssertOutcome, type IngestOutcome, OutcomeCounter } from "./outcome.js";
import { checkPopulation } from "./population.js";
import {
  allProfiles,
  contentOf,
  explanationOf,
  type LiveProfile,
  type ProfilePlace,
  placeOfFragment,
  placeOfId,
} from "./profiles.js";
import { retiredPeppers } from "./retired.js";
import type { Plan, Runner } from "./runner.js";
import { type FeedSnapshot, takeSnapshot } from "./snapshot.js";
import { documentCounts, type Stats, scanStats } from "./stats.js";
import { StoreRunner } from "./storeRunner.js";

export interface ResolverOptions {
  /** Where everything is kept. Default: memory of this process. It is not closed with the resolver. */
  readonly store?: Store;
  /** A valid model (see `validateModel`), the same for all resolvers of one store. Default: `createDefaultModel()`. */
  readonly model?: Model;
  /**
   * Secret of at least 16 characters with which names of documents are hashed (HMAC-SHA-256), the same for all resolvers of one
   * store. Without one, who can read the names of documents and knows a phone number can tell whether it is there.
   */
  readonly pepper?: string;
  /** Bounds beyond which work is put off to `drain`. */
  readonly limits?: Partial<WorkLimits>;
  /** Times that an operation is tried again when others were faster. Default 20. */
  readonly maxRetries?: number;
  /** The clock, in epoch milliseconds, for content whose `now` is not given. Default `Date.now`. */
  readonly now?: () => number;
}

export interface OperationOptions {
  readonly signal?: AbortSignal;
}

export interface IngestOptions extends OperationOptions {
  /**
   * Most inputs that are planned together and committed at once. Larger ones make fewer round trips and collide more. Default 16.
   */
  readonly batch?: number;
}

export interface ProfileOptions extends OperationOptions {
  /** Epoch milliseconds for which confidences are told. */
  readonly now?: number;
}

export interface StatsOptions extends OperationOptions {
  /** Look at every document for what is not counted elsewhere. Default false. */
  readonly scan?: boolean;
}

/**
 * Fragments in, unified profiles out, as they come. Any number of resolvers in any number of processes may work on one store; after
 * `drain` all of them have what `resolve` makes of the same fragments, assertions and model.
 *
 * Every method throws a `LeadweaveError`: `closed` after `close`, `population-exceeded` when the store holds far
 * more strands than the model is for as it is opened, `store-failed` when the store does, and those that only read
 * `contended` when the store changed faster than it could be read.
 */
export interface Resolver extends AsyncDisposable {
  /** The model with which it works. */
  readonly model: Model;
  /** Takes in one fragment or removal. What is none is refused, by an outcome. */
  ingest(input: FragmentInput, options?: OperationOptions): Promise<IngestOutcome>;
  /** Takes in many; outcomes come in the order of the inputs, and inputs are pulled only as outcomes are. */
  ingest(
    inputs: Iterable<FragmentInput> | AsyncIterable<FragmentInput>,
    options?: IngestOptions,
  ): AsyncIterableIterator<IngestOutcome>;
  /**
   * Takes in one fragment or removal at once.
   *
   * @throws TypeError unless the store is the memory store
   */
  ingestSync(input: FragmentInput): IngestOutcome;
  /** Takes back a fragment: versions up to `version`, or all there will ever be. */
  remove(ref: FragmentRef, version?: number, options?: OperationOptions): Promise<IngestOutcome>;
  /** Takes in what somebody says about two fragments. */
  assert(assertion: Assertion, options?: OperationOptions): Promise<AssertOutcome>;
  /** Carries out what was put off, in bounded steps, until nothing is left that can be. */
  drain(options?: OperationOptions): Promise<Drained>;
  /**
   * The profiles that a partial lead may belong to, best first: who is calling, before the call is answered. Writes nothing, and
   * answers from one consistent state, or says that it is not complete.
   *
   * @throws TypeError when it is no partial lead
   */
  lookup(partial: PartialLead, options?: LookupOptions): Promise<Lookup>;
  /** The profile of a fragment; null when it is not live, or waits for its first profile. */
  profileOf(source: string, id: string, options?: OperationOptions): Promise<ProfilePlace | null>;
  /** The profile that an id means now; null when none is left, or the id was never issued. */
  resolveId(id: string, options?: OperationOptions): Promise<ProfilePlace | null>;
  /** The content of the profile of an id or fragment; null as above. */
  profile(of: string | FragmentRef, options?: ProfileOptions): Promise<LiveProfile | null>;
  /** Every profile, in no order that means anything. One that changes meanwhile may come twice or not at all. */
  profiles(options?: ProfileOptions): AsyncIterableIterator<LiveProfile>;
  /**
   * Erases a person: every fragment of the profile of an id or fragment, everything drawn from them, and what was said of them.
   * The others are resolved as if they had never come. What is left are keyed hashes that keep them from coming back, and the
   * reason. Do it again when it fails half-way: it goes on where it stopped.
   */
  erase(of: string | FragmentRef, options: EraseOptions): Promise<Erased>;
  /** Why two fragments are, or are not, one person. */
  explain(a: FragmentRef, b: FragmentRef, options?: OperationOptions): Promise<PairExplanation>;
  /** The feed of changes after a cursor (null: from the beginning), up to now. */
  changes(after?: Cursor, options?: OperationOptions): AsyncIterable<FeedEntry>;
  /**
   * The profiles as entries, and the cursor to go on from: folding the entries, and then `changes` after that cursor, gives the
   * state. For readers who begin, or whose cursor is `cursor-expired`; others may write meanwhile. What a profile was in between is
   * not told, so the fold is right once it has come to the end that the feed had when the last entry was read.
   */
  snapshot(options?: OperationOptions): Promise<FeedSnapshot>;
  /**
   * Drops the beginning of the feed: entries up to a cursor that all readers have passed, or all but the last `keep`. A reader from
   * before that gets a `StoreError` with the code `cursor-expired`. Cut off, it is called again. One tenant's part of a store cannot.
   *
   * @throws StoreError `unsupported` where the store cannot trim its feed
   */
  compact(options: CompactOptions): Promise<Compacted>;
  stats(options?: StatsOptions): Promise<Stats>;
  /** Ends the use of this resolver; the store stays open. Idempotent. */
  close(): Promise<void>;
}

const DEFAULT_BATCH = 16;
const MAX_BEGINNERS = 100;

/**
 * Opens a resolver.
 *
 * @throws TypeError for options out of range, and for a store that is none
 */
export function createResolver(options: ResolverOptions = {}): Resolver {
  const { store = createMemoryStore(), model = createDefaultModel(), limits = {}, now = Date.now } = options;
  const { maxRetries = 20, pepper } = options;
  if (!(Number.isSafeInteger(maxRetries) && maxRetries >= 0))
    throw new TypeError("maxRetries must be a whole number of at least 0");
  if (typeof (store as Partial<Store> | null)?.read !== "function" || typeof store.commit !== "function")
    throw new TypeError(
      "store must be an opened store, as createMemoryStore() makes one: not a path or an address",
    );
  if (pepper !== undefined && pepper.length < 16)
    throw new TypeError("pepper must have at least 16 characters");
  const source = isMemoryStore(store) ? store.source : null;
  const kernels = new Kernels(model, limits, source, pepper);
  const direct = source === null ? null : new DirectRunner(kernels, source);
  return new LiveResolver(store, model, kernels, direct, maxRetries, now, pepper);
}

/** Opens a resolver with the model that its store remembers: `options.model`, or the default one, counts for a new store. */
export async function openResolver(options: ResolverOptions = {}): Promise<Resolver> {
  const { store = createMemoryStore() } = options;
  const first = createResolver({ ...options, store });
  const model = await rememberedModel(runnerOf(store, first.model));
  return model === null ? first : createResolver({ ...options, store, model });
}

/** What reads settings needs no names that depend on a model or a pepper. */
function runnerOf(store: Store, model: Model): Runner {
  const source = isMemoryStore(store) ? store.source : null;
  const kernels = new Kernels(model, {}, source);
  return source === null ? new StoreRunner(kernels, store, 20) : new DirectRunner(kernels, source);
}

class LiveResolver implements Resolver {
  readonly #store: Store;
  readonly model: Model;
  readonly #kernels: Kernels;
  readonly #direct: DirectRunner | null;
  readonly #runner: Runner;
  readonly #now: () => number;
  readonly #pepper: string | undefined;
  readonly #counter = new OutcomeCounter();
  #isClosed = false;
  #isChecked = false;
  #isBegun = false;

  constructor(
    store: Store,
    model: Model,
    kernels: Kernels,
    direct: DirectRunner | null,
    maxRetries: number,
    now: () => number,
    pepper: string | undefined,
  ) {
    this.#store = store;
    this.#pepper = pepper;
    this.model = model;
    this.#kernels = kernels;
    this.#direct = direct;
    this.#runner = direct ?? new StoreRunner(kernels, store, maxRetries);
    this.#now = now;
  }

  ingest(input: FragmentInput, options?: OperationOptions): Promise<IngestOutcome>;
  ingest(
    inputs: Iterable<FragmentInput> | AsyncIterable<FragmentInput>,
    options?: IngestOptions,
  ): AsyncIterableIterator<IngestOutcome>;
  ingest(
    input: FragmentInput | Iterable<FragmentInput> | AsyncIterable<FragmentInput>,
    options: IngestOptions = {},
  ): Promise<IngestOutcome> | AsyncIterableIterator<IngestOutcome> {
    const { batch = DEFAULT_BATCH } = options;
    if (!(Number.isSafeInteger(batch) && batch >= 1))
      throw new TypeError("batch must be a whole number of at least 1");
    return isIterable(input)
      ? this.#ingestMany(input, batch, options.signal)
      : this.#ingestOne(input, options);
  }

  async #ingestOne(input: unknown, { signal }: OperationOptions): Promise<IngestOutcome> {
    await this.#begin();
    const [outcome] = (await ingestBatch(this.#runner, [input], signal)) as [IngestOutcome];
    this.#counter.add(outcome);
    return outcome;
  }

  async *#ingestMany(
    inputs: Iterable<unknown> | AsyncIterable<unknown>,
    batch: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<IngestOutcome, void, undefined> {
    await this.#begin();
    for await (const some of batchesOf(inputs, batch)) {
      this.#checkOpen();
      signal?.throwIfAborted();
      const outcomes = await ingestBatch(this.#runner, some, signal);
      for (const outcome of outcomes) this.#counter.add(outcome);
      yield* outcomes;
    }
  }

  ingestSync(input: FragmentInput): IngestOutcome {
    const direct = this.#direct;
    if (direct === null) throw new TypeError("ingestSync needs the memory store: use ingest with this one");
    this.#checkOpen();
    if (!this.#isBegun) {
      direct.runSync(agreement(this.model), false);
      this.#isBegun = true;
    }
    if (!this.#isChecked) {
      checkPopulation(direct.count("strand"), this.model.population);
      this.#isChecked = true;
    }
    const isHeard = isIngestHeard();
    const startedAt = isHeard ? performance.now() : 0;
    const checked = validateFragment(input);
    if (!checked.ok) {
      const refused: IngestOutcome = { type: "refused", code: "invalid-fragment", faults: checked.faults };
      this.#counter.add(refused);
      if (isHeard)
        publishOutcome(refused, null, { rounds: 0, retries: 0, ms: performance.now() - startedAt });
      return refused;
    }
    const planned = direct.runSync((kernel, view) => {
      const { outcome, work } = planInput(kernel, view, checked.value);
      return { outcome, reads: view.reads, writes: view.dirty.length, scored: work.scored };
    }, false);
    this.#counter.add(planned.outcome);
    if (isHeard)
      publishOutcome(planned.outcome, planned, { rounds: 1, retries: 0, ms: performance.now() - startedAt });
    return planned.outcome;
  }

  remove(ref: FragmentRef, version?: number, options: OperationOptions = {}): Promise<IngestOutcome> {
    const { source, id } = ref;
    return this.#ingestOne(
      { source, id, gone: true, ...(version === undefined ? {} : { version }) },
      options,
    );
  }

  async assert(assertion: Assertion, { signal }: OperationOptions = {}): Promise<AssertOutcome> {
    await this.#begin();
    const checked = validateAssertion(assertion);
    if (!checked.ok) return { type: "refused", code: "invalid-assertion", faults: checked.faults };
    const ran = await this.#runner.run<AssertOutcome>(
      (kernel, view) => {
        const { status, work } = planAssertion(kernel, view, checked.value);
        const type = status === "unchanged" ? "unchanged" : "accepted";
        return { type, status, pending: work.isPending };
      },
      { signal },
    );
    return ran === null ? { type: "refused", code: "contended" } : ran.value;
  }

  async drain({ signal }: OperationOptions = {}): Promise<Drained> {
    await this.#begin();
    return drain(this.#runner, signal);
  }

  async lookup(partial: PartialLead, options: LookupOptions = {}): Promise<Lookup> {
    await this.#open();
    return lookUp(this.#runner, partial, options.now ?? this.#now(), options);
  }

  profileOf(source: string, id: string, options?: OperationOptions): Promise<ProfilePlace | null> {
    return this.#read(placeOfFragment({ source, id }), options);
  }

  resolveId(id: string, options?: OperationOptions): Promise<ProfilePlace | null> {
    return this.#read(placeOfId(id), options);
  }

  profile(of: string | FragmentRef, options: ProfileOptions = {}): Promise<LiveProfile | null> {
    return this.#read(contentOf(of, options.now ?? this.#now()), options);
  }

  async *profiles(options: ProfileOptions = {}): AsyncGenerator<LiveProfile, void, undefined> {
    await this.#open();
    yield* allProfiles(this.#runner, options.now ?? this.#now(), contended, options.signal);
  }

  async erase(of: string | FragmentRef, options: EraseOptions): Promise<Erased> {
    await this.#begin();
    return erase(this.#runner, this.#store, of, options, contended);
  }

  async explain(a: FragmentRef, b: FragmentRef, options?: OperationOptions): Promise<PairExplanation> {
    const explanation = await this.#read(explanationOf(a, b), options);
    if (explanation === null) throw contended();
    return explanation;
  }

  async #read<T>(plan: Plan<T>, options: OperationOptions = {}): Promise<T> {
    await this.#open();
    return this.#look(plan, options);
  }

  async #look<T>(plan: Plan<T>, { signal }: OperationOptions = {}): Promise<T> {
    const ran = await this.#runner.run(plan, { isReading: true, signal });
    if (ran === null) throw contended();
    return ran.value;
  }

  async *changes(after: Cursor = null, options: OperationOptions = {}): AsyncGenerator<FeedEntry> {
    this.#checkOpen();
    yield* this.#store.changes(after, options);
  }

  async snapshot({ signal }: OperationOptions = {}): Promise<FeedSnapshot> {
    await this.#open();
    return takeSnapshot(this.#runner, this.#store, contended, signal);
  }

  async compact({ signal, ...upTo }: CompactOptions): Promise<Compacted> {
    this.#checkOpen();
    return compactFeed(this.#store, upTo, signal);
  }

  async stats({ scan = false, signal }: StatsOptions = {}): Promise<Stats> {
    this.#checkOpen();
    const documents = await documentCounts(this.#store);
    return {
      documents,
      pending: documents.pending,
      rechecks: documents.recheck,
      outcomes: this.#counter.counts(),
      refusals: this.#kernels.refusals(),
      scanned: scan ? await scanStats(this.#runner, this.model.population, signal) : null,
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new LeadweaveError("closed", "the resolver is closed");
  }

  /** The first operation that writes begins a new store. */
  async #begin(): Promise<void> {
    await this.#open();
    if (this.#isBegun) return;
    // Only others who begin it get in between, each once.
    if ((await this.#runner.run(agreement(this.model), { maxRetries: MAX_BEGINNERS })) === null)
      throw contended();
    this.#isBegun = true;
  }

  /** The first operation looks at what the store holds already. */
  async #open(): Promise<void> {
    this.#checkOpen();
    if (this.#isChecked) return;
    const settings = await this.#look(agreedSettings(this.model));
    this.#isBegun = settings !== null;
    if (settings !== null) this.#kernels.retire(retiredPeppers(settings, this.#pepper));
    checkPopulation(await this.#store.count("strand"), this.model.population);
    this.#isChecked = true;
  }
}

function contended(): LeadweaveError {
  return new LeadweaveError("contended", "the store changed faster than it could be read");
}

function isIterable(input: unknown): input is Iterable<unknown> | AsyncIterable<unknown> {
  return (
    typeof input === "object" && input !== null && (Symbol.iterator in input || Symbol.asyncIterator in input)
  );
}
