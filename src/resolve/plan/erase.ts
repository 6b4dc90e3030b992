import type { Fragment } from "../../fragment/fragment.js";
import type { Key } from "../observation.js";
import { counterparts } from "./assertions.js";
import type { Kernel } from "./kernel.js";
import { finish } from "./plan.js";
import { suppress } from "./suppression.js";
import { editFragment, rehome } from "./units.js";
import type { View } from "./view.js";
import { placeOf } from "./whereabouts.js";
import { startWork } from "./work.js";

export interface Erasure {
  /** Why: kept beside the tombstones, so nothing personal. */
  readonly reason: string;
  /** What may not come back: these fragments, or whatever bears their identifiers too. */
  readonly suppress: "fragments" | "identifiers";
}

/**
 * Takes a fragment out as if it had never come, with what was said of it, and keeps it from coming back. Identifiers that are too
 * common to mean a person are nobody's, and stay open to others. Gives the number of identifiers that were shut out.
 */
export function planErase(kernel: Kernel, view: View, key: string, erasure: Erasure): number {
  const work = startWork(kernel, view, { type: "erasure" }, false);
  const doc = work.fragment(key);
  const old = doc?.text == null ? null : (JSON.parse(doc.text) as Fragment);
  const identifiers =
    erasure.suppress === "identifiers" && old !== null ? personalKeys(kernel, old, work.key.bind(work)) : [];
  suppress(work, key, identifiers, erasure.reason);
  if (view.isStopped) return 0;
  const named = new Set(counterparts(work, key));
  for (const other of [...named]) {
    const id = kernel.name(other);
    const said = view.get("assertion", id)?.said.filter((one) => one.other !== key) ?? [];
    for (const one of said) named.add(one.other);
    view.put("assertion", id, said.length === 0 ? null : { said });
  }
  if (view.get("assertion", kernel.name(key)) !== null) view.put("assertion", kernel.name(key), null);
  if (old !== null) {
    work.putFragment(key, { version: -1, goneUpTo: null, text: null, event: null, cell: doc?.cell ?? null });
    editFragment(work, old, null);
  }
  named.delete(key);
  for (const other of named) {
    const place = placeOf(work, other);
    if (place !== null) rehome(work, place.ref);
  }
  finish(work);
  if (doc !== null) work.putFragment(key, null);
  return identifiers.length;
}

function personalKeys(
  kernel: Kernel,
  fragment: Fragment,
  look: (key: Key) => { readonly generic: boolean } | null,
): Key[] {
  return kernel.observe(fragment).keys.filter((key) => look(key)?.generic !== true);
}
