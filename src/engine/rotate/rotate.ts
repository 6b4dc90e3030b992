import { canonicalJson } from "../../fragment/canonical.js";
import { createDefaultModel, type Model } from "../../model/index.js";
import type { Kind, Rotation, RotationStep, SettingsDoc } from "../../resolve/plan/documents.js";
import { isMemoryStore } from "../../stores/memoryStore.js";
import type { Store } from "../../stores/store.js";
import { agreedSettings, pepperCheckOf, rememberedModel } from "../agreement.js";
import { drain } from "../drain.js";
import { LeadweaveError } from "../error.js";
import { allProfiles, contentOf, type ProfilePlace, placeOfId } from "../profiles.js";
import { retiredPeppers, sealPeppers } from "../retired.js";
import type { Plan } from "../runner.js";
import { otherwise, takeOverIds, takeOverProfiles } from "./profiles.js";
import { Side } from "./side.js";
import { putRenamed, takeOverTold } from "./told.js";

export interface RotatePepperOptions {
  /** The store whose pepper is to be another one. It is drained, and else only read. Nobody may write to it meanwhile. */
  readonly from: Store;
  /** An empty store, or one that a rotation has begun to fill. */
  readonly to: Store;
  /** The pepper that `from` has; absent for none. */
  readonly pepper?: string;
  /** The one that `to` shall have: at least 16 characters. */
  readonly newPepper: string;
  /** The one that `from` was begun with. Default: as it remembers. */
  readonly model?: Model;
  readonly signal?: AbortSignal;
  /** Told of each step as it begins. */
  readonly onStep?: (step: RotationStep) => void;
}

export interface RotatedPepper {
  readonly profiles: number;
  /** It was done already: nothing was looked at. */
  readonly wasDone: boolean;
}

const SHORTEST = 16;
const TOTAL = "";
/** For which both contents are compared: any moment does. */
const NOW = 0;

/**
 * Fills a store with what another one holds, named under another pepper: fragments, removals, assertions and all that may not come
 * back, the same profiles with the same ids and versions, and every id ever issued. At the end the profiles of both are compared, one
 * by one; until then nobody can open the new store, and the old one is as it was. Cut off at any moment, it is called again and goes on.
 *
 * The feed of the new store begins with an entry for every profile as it is: cursors of the old one mean nothing there, and strands have
 * other names. What was erased or removed is known by a keyed hash alone, so the old pepper is kept in the settings, under the new one.
 *
 * @throws LeadweaveError `pepper-mismatch` for a pepper that is not that of `from`, `store-not-empty`, `store-inconsistent` where the two
 *   turn out to differ, `contended` where others write, `store-failed`
 * @throws TypeError for peppers that are too short or the same, and for memory stores, whose names end with the process
 */
export async function rotatePepper(options: RotatePepperOptions): Promise<RotatedPepper> {
  const { pepper, newPepper, signal, onStep = () => {} } = options;
  checkOptions(options);
  const model = options.model ?? (await modelOf(options.from, signal));
  const from = new Side(options.from, model, pepper, signal);
  const own = await from.read(agreedSettings(model));
  if (own === null) throw notBegun();
  const older = retiredPeppers(own, pepper);
  from.kernels.retire(older);
  const to = new Side(options.to, model, newPepper, signal);
  const retired = [pepper ?? "", ...older];
  to.kernels.retire(retired);

  let rotation = await begin(to, own, sealPeppers(retired, newPepper));
  if (rotation.step === "done") return { profiles: 0, wasDone: true };
  if ((await drain(from.runner, signal)).left > 0)
    throw new LeadweaveError("contended", "others write to the store: stop them, then rotate again");
  let profiles = 0;
  const steps: Readonly<Record<Exclude<RotationStep, "done">, () => Promise<unknown>>> = {
    told: () => takeOverTold(from, to, signal),
    ids: () => takeOverIds(from, to),
    components: () => takeOverProfiles(from, to, "components", rotation),
    strands: () => takeOverProfiles(from, to, "strands", rotation),
    tombstones: () => takeOverTombstones(from, to),
    compare: async () => {
      profiles = await compare(from, to, signal);
    },
  };
  const order = Object.keys(steps) as Exclude<RotationStep, "done">[];
  for (const step of order.slice(order.indexOf(rotation.step))) {
    onStep(step);
    to.step = step;
    await steps[step]();
    rotation = await advance(to, rotation, order[order.indexOf(step) + 1] ?? "done");
  }
  onStep("done");
  return { profiles, wasDone: false };
}

/** Whether a store has taken over another one under this pepper, and is whole. */
export async function isRotatedTo(store: Store, newPepper: string): Promise<boolean> {
  const side = new Side(store, createDefaultModel(), newPepper, undefined);
  const settings = await side.settings();
  return (
    settings?.rotation?.step === "done" &&
    settings.pepperCheck === pepperCheckOf(side.kernels.current.conceal)
  );
}

function checkOptions({ from, to, pepper, newPepper }: RotatePepperOptions): void {
  if (typeof newPepper !== "string" || newPepper.length < SHORTEST)
    throw new TypeError(`newPepper must have at least ${SHORTEST} characters`);
  if (pepper === newPepper) throw new TypeError("newPepper must be another one than pepper");
  if (from === to) throw new TypeError("to must be another store than from");
  if (isMemoryStore(from) || isMemoryStore(to))
    throw new TypeError("a memory store has no pepper to rotate: its names end with the process");
}

async function modelOf(store: Store, signal: AbortSignal | undefined): Promise<Model> {
  const model = await rememberedModel(new Side(store, createDefaultModel(), undefined, signal).runner);
  if (model === null) throw notBegun();
  return model;
}

function notBegun(): LeadweaveError {
  return new LeadweaveError("store-inconsistent", "the store was never begun: there is nothing to rotate");
}

const HELD: readonly Kind[] = ["fragment", "id", "assertion", "suppressed", "strand"];

/** Begins the new store, or finds how far it has come. */
async function begin(
  to: Side,
  { model, pepperCheck: from }: SettingsDoc,
  retired: string,
): Promise<Rotation> {
  const pepperCheck = pepperCheckOf(to.kernels.current.conceal);
  const held = await to.settings();
  if (held !== null) {
    const isOurs =
      held.rotation !== undefined &&
      held.rotation.from === from &&
      held.pepperCheck === pepperCheck &&
      canonicalJson(JSON.parse(held.model)) === canonicalJson(JSON.parse(model));
    if (!isOurs || held.rotation === undefined) throw notEmpty();
    return held.rotation;
  }
  for (const kind of HELD) if (!(await to.isEmpty(kind))) throw notEmpty();
  const rotation: Rotation = { from, step: "told", after: null };
  await to.write((_, view) => {
    if (view.get("settings", "") === null)
      view.put("settings", "", { model, pepperCheck, retired, rotation });
  });
  return rotation;
}

function notEmpty(): LeadweaveError {
  return new LeadweaveError(
    "store-not-empty",
    "the new store holds something else already: name an empty one, or the one in which this rotation was begun, with the same peppers",
  );
}

/** The next step, provided that nobody else has taken it. */
async function advance(to: Side, { from }: Rotation, step: RotationStep): Promise<Rotation> {
  const rotation: Rotation = { from, step, after: null };
  const isNeeded = step !== "done" || !(await isNamedAnew(to));
  await to.write((_, view) => {
    const settings = view.get("settings", "");
    if (settings === null) return;
    const { retired, ...others } = settings;
    const kept = isNeeded && retired !== undefined ? { retired } : {};
    view.put("settings", "", { ...others, ...kept, rotation });
  });
  return rotation;
}

/** Whether nothing is left that only an old pepper names. */
async function isNamedAnew(to: Side): Promise<boolean> {
  if (!(await to.isEmpty("suppressed"))) return false;
  for await (const page of to.pages("fragment"))
    if (page.some(({ text }) => (JSON.parse(text as string) as { readonly text: unknown }).text === null))
      return false;
  return true;
}

async function takeOverTombstones(from: Side, to: Side): Promise<void> {
  for await (const page of from.pages("suppressed")) {
    await putRenamed(
      to,
      page.filter(({ id }) => id !== TOTAL),
    );
    const total = page.find(({ id }) => id === TOTAL);
    if (total !== undefined)
      await to.write((_, view) => {
        view.put("suppressed", TOTAL, JSON.parse(total.text as string));
      });
  }
}

/** Every profile of both, its content, id and version, and where every id leads. */
async function compare(from: Side, to: Side, signal: AbortSignal | undefined): Promise<number> {
  const contended = (): Error => otherwise();
  let profiles = 0;
  for await (const profile of allProfiles(from.runner, NOW, contended, signal)) {
    profiles++;
    const copy = await to.read(contentOf(profile.id, NOW));
    if (canonicalJson(copy) !== canonicalJson(profile)) throw otherwise();
  }
  for await (const page of from.pages("id")) {
    const places: Plan<readonly (ProfilePlace | null)[]> = (kernel, view) =>
      page.map(({ id }) => placeOfId(id)(kernel, view));
    if (canonicalJson(await from.read(places)) !== canonicalJson(await to.read(places))) throw otherwise();
  }
  let copies = 0;
  for await (const _ of allProfiles(to.runner, NOW, contended, signal)) copies++;
  if (copies !== profiles) throw otherwise();
  return profiles;
}
