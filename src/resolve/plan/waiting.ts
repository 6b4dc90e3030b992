import { assertedOf, candidatesOf } from "./links.js";
import type { Work } from "./work.js";

/** Components that wait are related anew as a whole, with those that wait beside them. */
export function expandWaiting(work: Work): void {
  const seen = new Set<string>();
  const take = (strand: string): void => {
    const component = work.strand(strand)?.body?.component;
    if (!component || seen.has(component)) return;
    seen.add(component);
    const doc = work.view.must("component", component);
    if (doc?.pending === true)
      for (const one of doc.strands) if (work.strand(one)?.body) work.relink.add(one);
  };
  for (const id of [...work.changed, ...work.redated]) take(id);
  for (const body of work.removed.values()) {
    const doc = body.component === null ? null : work.view.get("component", body.component);
    if (doc?.pending === true)
      for (const one of doc.strands) if (work.strand(one)?.body) work.relink.add(one);
  }
  for (const id of work.relink) {
    take(id);
    const body = work.strand(id)?.body;
    if (!body) continue;
    for (const other of candidatesOf(work, id, body).keys()) take(other);
    for (const other of assertedOf(work, id, "same")) take(other);
  }
}
