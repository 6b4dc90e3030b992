import { canonicalJson } from "../fragment/canonical.js";
import { type Model, parseModel } from "../model/index.js";
import type { SettingsDoc } from "../resolve/plan/documents.js";
import { LeadweaveError } from "./error.js";
import type { Plan, Runner } from "./runner.js";

/** Every resolver of a store has the same model and the same pepper: the store remembers those of the first. */

const NAME = "";
const PEPPER_CHECK = "leadweave/pepper-check/1";

/** What tells a pepper from others without giving it away. */
export function pepperCheckOf(conceal: (text: string) => string): string {
  return conceal(PEPPER_CHECK);
}

/** What the store was begun with, which is the same; null where nobody has begun it. Throws like `agreement`. */
export function agreedSettings(model: Model): Plan<SettingsDoc | null> {
  const agree = agreement(model);
  return (kernel, view) => {
    agree(kernel, view);
    return view.dirty.length === 0 ? view.get("settings", NAME) : null;
  };
}

/**
 * What the store was begun with; begins it where nobody has.
 *
 * @throws LeadweaveError `model-mismatch`, `pepper-mismatch`, `rotation-unfinished`
 */
export function agreement(model: Model): Plan<void> {
  return (kernel, view) => {
    const text = canonicalJson(model);
    const pepperCheck = pepperCheckOf(kernel.conceal);
    const held = view.get("settings", NAME);
    if (view.isStopped) return;
    if (held === null) view.put("settings", NAME, { model: text, pepperCheck });
    else if (held.rotation !== undefined && held.rotation.step !== "done")
      throw new LeadweaveError(
        "rotation-unfinished",
        "the store is the unfinished copy of one whose pepper is being rotated: rotate again, which goes on, and use the other one until then",
      );
    else if (held.pepperCheck !== pepperCheck)
      throw new LeadweaveError(
        "pepper-mismatch",
        "the store was begun with another pepper, or with none: open it with the one that it has",
      );
    else if (held.model !== text)
      throw new LeadweaveError(
        "model-mismatch",
        "the store was begun with another model: open it with the one that it remembers (openResolver does), or fill a new store",
      );
  };
}

/** The model that a store remembers; null for a store that nobody has begun. */
export async function rememberedModel(runner: Runner): Promise<Model | null> {
  const ran = await runner.run<SettingsDoc | null>((_, view) => view.get("settings", NAME), {
    isReading: true,
  });
  if (ran === null) throw new LeadweaveError("contended", "the store changed faster than it could be read");
  if (ran.value === null) return null;
  const parsed = parseModel(ran.value.model);
  if (parsed.ok) return parsed.value;
  throw new LeadweaveError(
    "store-inconsistent",
    `the model that the store remembers is not valid at ${parsed.faults[0]?.path}: a later release wrote it, or a hand did`,
  );
}
