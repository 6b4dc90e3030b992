import { agreedSettings, rememberedModel } from "../engine/agreement.js";
import { LeadweaveError } from "../engine/error.js";
import { Kernels } from "../engine/kernels.js";
import { createResolver, type Resolver } from "../engine/resolver.js";
import { retiredPeppers } from "../engine/retired.js";
import { StoreRunner } from "../engine/storeRunner.js";
import { createDefaultModel, type Model } from "../model/index.js";
import type { WorkLimits } from "../resolve/plan/kernel.js";
import type { Store } from "../stores/store.js";
import type { Flags } from "./command.js";
import { InputError } from "./failure.js";
import { readPepper } from "./pepper.js";
import { type Opening, openStore, type StoreHandle } from "./store.js";

/** A store with what works on it. */
export interface StoreSession extends StoreHandle {
  readonly pepper: string | undefined;
  readonly model: Model;
  readonly resolver: Resolver;
  readonly kernels: Kernels;
  /** Carries out plans of the command's own. */
  readonly runner: StoreRunner;
}

/** What is asked for is worked through to its end, however large a component it makes. */
const LIMITS: Partial<WorkLimits> = { maxDrainStrands: Number.MAX_SAFE_INTEGER };
const MAX_RETRIES = 20;

/** Does something with a store that was begun before, and closes it. */
export async function withStore<T>(
  flags: Flags,
  opening: Omit<Opening, "begins">,
  work: (session: StoreSession) => Promise<T>,
): Promise<T> {
  return withHandle(flags, { ...opening, begins: false }, async (handle, pepper) => {
    const model = await modelOf(handle.store);
    if (model === null) throw notBegun(handle);
    return work(await recall(sessionOn(handle, model, pepper)));
  });
}

/** Plans of the command's own know the peppers that the store had before, as the resolver does. */
export async function recall(session: StoreSession): Promise<StoreSession> {
  const { runner, kernels, model, pepper } = session;
  try {
    const settings = (await runner.run(agreedSettings(model), { isReading: true }))?.value;
    if (settings) kernels.retire(retiredPeppers(settings, pepper));
  } catch (error) {
    // What counts documents needs no pepper; whatever names one is told by the resolver.
    if (!(error instanceof LeadweaveError && error.code === "pepper-mismatch")) throw error;
  }
  return session;
}

/** The same without a resolver: what needs no model and no pepper. */
export async function withHandle<T>(
  flags: Flags,
  opening: Opening,
  work: (handle: StoreHandle, pepper: string | undefined) => Promise<T>,
): Promise<T> {
  const pepper = await readPepper(flags);
  const handle = await openStore(flags, opening);
  try {
    return await work(handle, pepper);
  } finally {
    await handle.close();
  }
}

export function sessionOn(handle: StoreHandle, model: Model, pepper: string | undefined): StoreSession {
  const { store } = handle;
  const kernels = new Kernels(model, LIMITS, null, pepper);
  const secret = pepper === undefined ? {} : { pepper };
  return {
    ...handle,
    pepper,
    model,
    resolver: createResolver({ store, model, limits: LIMITS, maxRetries: MAX_RETRIES, ...secret }),
    kernels,
    runner: new StoreRunner(kernels, store, MAX_RETRIES),
  };
}

/** The model that a store remembers; null where nobody has begun it. */
export function modelOf(store: Store): Promise<Model | null> {
  // Settings are read without a name that would depend on model or pepper.
  return rememberedModel(new StoreRunner(new Kernels(createDefaultModel(), {}, null), store, MAX_RETRIES));
}

export function notBegun({ name }: StoreHandle): InputError {
  return new InputError(`${name}: holds no leads yet; leadweave resolve FILE --store ADDRESS begins a store`);
}
