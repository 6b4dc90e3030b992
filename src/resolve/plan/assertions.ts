import { compareText, NONE } from "../observation.js";
import type { Said } from "./documents.js";
import { placeOf } from "./whereabouts.js";
import type { Unit, Work } from "./work.js";

/** An assertion that counts, as one of its fragments sees it. */
interface ActiveSaid {
  readonly type: Said["type"];
  /** Unit of the other fragment. */
  readonly ref: string;
  readonly cell: string | null;
}

/** As `selectAssertions` orders them: `different` first, then by both fragments. */
function orderOf(own: string, { type, other }: Said): string {
  return own < other ? `${type} ${own} ${other}` : `${type} ${other} ${own}`;
}

/** The first live assertions that name a fragment, up to the limit. */
function firstSaid(work: Work, key: string): readonly Said[] {
  const said = work.view.get("assertion", work.kernel.name(key))?.said;
  if (said === undefined) return [];
  return said
    .filter(({ retracted }) => !retracted)
    .sort((p, q) => compareText(orderOf(key, p), orderOf(key, q)))
    .slice(0, work.kernel.compiled.model.limits.maxAssertions);
}

/** Assertions that count for a live fragment whose unit is `ref`: among the first of both ends, of two live fragments of different events. */
export function activeSaid(work: Work, key: string, ref: string): ActiveSaid[] {
  const active: ActiveSaid[] = [];
  for (const said of firstSaid(work, key)) {
    if (said.other === key) continue;
    const place = placeOf(work, said.other);
    if (place === null || place.ref === ref) continue;
    if (firstSaid(work, said.other).some(({ type, other }) => type === said.type && other === key))
      active.push({ type: said.type, ref: place.ref, cell: place.cell });
  }
  return active;
}

/** Fragments of a unit about which somebody said something that was not taken back. */
export function saidKeys(work: Work, { fragments }: Unit): readonly string[] {
  let keys: string[] | undefined;
  for (const key of fragments) {
    const doc = work.view.get("assertion", work.kernel.name(key));
    if (doc === null || doc.said.every(({ retracted }) => retracted)) continue;
    keys ??= [];
    keys.push(key);
  }
  return keys ?? NONE;
}

/** Whether a live `different` names a fragment of the unit: then it is a cell by itself. */
export function isDiffering(work: Work, unit: Unit): boolean {
  return saidKeys(work, unit).some((key) =>
    activeSaid(work, key, unit.ref).some(({ type }) => type === "different"),
  );
}

/** Fragments that assertions join to a fragment, active or not. */
export function counterparts(work: Work, key: string): string[] {
  return (work.view.get("assertion", work.kernel.name(key))?.said ?? []).map(({ other }) => other);
}
