import type { ProfileId } from "../ids.js";
import { NONE } from "../observation.js";
import type { ComponentsBefore } from "./components.js";
import type { ComponentDoc, ComponentProfile } from "./documents.js";
import { putOff } from "./hot.js";
import type { OldProfiles } from "./oldProfiles.js";
import { bodyBefore, freeName, patchBody } from "./strandBody.js";
import type { Work } from "./work.js";

/** A component on its way to waiting. */
interface Draft {
  readonly doc: ComponentDoc | null;
  readonly strands: Set<string>;
  readonly profiles: readonly ComponentProfile[];
  readonly touched: Map<string, readonly ProfileId[]>;
  readonly beside: Set<string>;
}

/**
 * Everything that the operation touched waits where it is, and nobody is told of anything: components show what they showed, with
 * the strands that are gone, and are not looked into; a strand without one, or gone, gets one of its own. What came from where is
 * written down, so that `drain` can publish as if nothing had waited.
 */
export function wait(
  work: Work,
  before: ComponentsBefore,
  members: ReadonlySet<string>,
  old: OldProfiles,
): void {
  const drafts = new Map<string, Draft>();
  for (const doc of before.values()) drafts.set(doc.id, draftOf(work, doc));
  const singles = new Map<string, string>();

  /** Where a strand waits, or is shown although it is gone; null where it never was and is not. */
  const homeOf = (strand: string): string | null => {
    const was = bodyBefore(work, strand);
    if (was !== null && was.component !== null) {
      if (drafts.has(was.component)) return was.component;
      const doc = work.view.must("component", was.component);
      if (doc === null) return null;
      drafts.set(doc.id, draftOf(work, doc));
      return doc.id;
    }
    const held = singles.get(strand);
    if (held !== undefined) return held;
    const isThere = !!work.strand(strand)?.body;
    if (!isThere && !was?.profile) return null;
    const name = freeName(work, strand);
    drafts.set(name, {
      doc: null,
      strands: new Set(isThere ? [strand] : NONE),
      profiles: was?.profile ? [{ ...was.profile, strands: [strand] }] : NONE,
      touched: new Map(),
      beside: new Set(),
    });
    singles.set(strand, name);
    return name;
  };

  for (const strand of work.before.keys()) if (!work.strand(strand)?.body) homeOf(strand);
  for (const strand of members) {
    const home = homeOf(strand);
    const body = work.strand(strand)?.body;
    if (home === null || !body) continue;
    if (body.component !== home || body.profile !== null)
      patchBody(work, strand, { component: home, profile: null });
    const from = work.cameFrom.get(strand);
    if (from === undefined && !work.changed.has(strand)) continue;
    const draft = drafts.get(home) as Draft;
    const origins = new Set(draft.touched.get(strand) ?? old.originsOf(strand));
    for (const other of from ?? NONE) {
      for (const id of old.originsOf(other)) origins.add(id);
      const left = homeOf(other);
      if (left === null || left === home) continue;
      draft.beside.add(left);
      drafts.get(left)?.beside.add(home);
    }
    draft.touched.set(strand, [...origins]);
  }
  for (const [id, draft] of drafts) write(work, id, draft);
  work.isPending = true;
}

function draftOf(work: Work, doc: ComponentDoc): Draft {
  return {
    doc,
    strands: new Set(doc.strands.filter((strand) => !work.removed.has(strand) || work.strand(strand)?.body)),
    profiles: doc.profiles,
    touched: new Map(doc.touched.map(({ strand, origins }) => [strand, origins])),
    beside: new Set(doc.beside),
  };
}

function write(work: Work, id: string, { doc, strands, profiles, touched, beside }: Draft): void {
  for (const strand of touched.keys()) if (!strands.has(strand)) touched.delete(strand);
  const isAsBefore =
    doc?.pending === true &&
    doc.strands.length === strands.size &&
    doc.beside.length === beside.size &&
    doc.touched.length === touched.size &&
    doc.touched.every(({ strand, origins }) => origins.length === touched.get(strand)?.length);
  if (isAsBefore) {
    // The step that took it up has taken its name off the list.
    if (work.isDraining) putOff(work, "component", id);
    return;
  }
  work.view.put("component", id, {
    id,
    strands: [...strands],
    edges: doc?.edges ?? NONE,
    profiles,
    pending: true,
    touched: [...touched].map(([strand, origins]) => ({ strand, origins })),
    beside: [...beside],
  });
  putOff(work, "component", id);
}
