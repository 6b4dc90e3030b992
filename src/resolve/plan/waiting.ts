import { NONE } from "../observation.js";
import type { ComponentDoc, ComponentProfile } from "./documents.js";
import { assertedOf, candidatesOf } from "./links.js";
import type { Work } from "./work.js";

/** Takes up a component that waits, if it does, with those beside it: all of their strands are related anew. */
export function resume(work: Work, id: string): void {
  for (const doc of besides(work, id, work.resumed))
    for (const strand of doc.strands) if (work.strand(strand)?.body) work.relink.add(strand);
}

/** A component that waits and all that wait with it, without those already `seen`; none where it does not wait. */
export function* besides(work: Work, id: string, seen: Set<string>): Iterable<ComponentDoc> {
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    const doc = work.view.get("component", next);
    if (doc === null || !doc.pending) continue;
    seen.add(next);
    yield doc;
    open.push(...doc.beside);
  }
}

/** Whatever waits and is come upon is taken up too, and what it is connected with. */
export function expandWaiting(work: Work): void {
  const take = (strand: string): void => {
    const body = work.strand(strand)?.body;
    if (body?.component) resume(work, body.component);
    // A crowd around it may come or go, and with it the edges to its partners.
    for (const { strand: partner } of body?.near ?? NONE) {
      const component = work.strand(partner)?.body?.component;
      if (component) resume(work, component);
    }
  };
  for (const id of [...work.changed, ...work.redated, ...work.cameFrom.keys(), ...work.pairs.keys()])
    take(id);
  // Around whom the crowd has changed, pairs are compared again.
  for (const { first, second } of work.timesBefore.values())
    for (const { strand } of [...first, ...second]) take(strand);
  for (const body of work.removed.values()) if (body.component !== null) resume(work, body.component);
  for (const id of work.relink) {
    take(id);
    const body = work.strand(id)?.body;
    if (!body) continue;
    for (const other of candidatesOf(work, id, body).keys()) take(other);
    for (const other of assertedOf(work, id, "same")) take(other);
  }
}

/** What is shown for a strand of a component that waits: its profile, or the first from which a fragment came to it. */
export function waitingProfileOf(
  work: Work,
  component: ComponentDoc,
  strand: string,
): ComponentProfile | undefined {
  const touched = component.touched.find((one) => one.strand === strand);
  if (touched === undefined) return component.profiles.find(({ strands }) => strands.includes(strand));
  const [origin] = touched.origins;
  if (origin === undefined) return undefined;
  for (const { profiles } of besides(work, component.id, new Set())) {
    const profile = profiles.find(({ id }) => id === origin);
    if (profile !== undefined) return profile;
  }
  return undefined;
}
