import { eventUnit, fragmentUnit, type Work } from "./work.js";

/** The unit to which a live fragment belongs, without its event; null when the fragment is not live. */
export function placeOf(
  work: Work,
  key: string,
): { readonly ref: string; readonly cell: string | null } | null {
  const doc = work.fragment(key);
  if (doc === null || doc.text === null) return null;
  if (doc.event === null) return { ref: fragmentUnit(key), cell: doc.cell };
  const event = work.view.must("event", work.kernel.name(doc.event));
  if (event === null) return null;
  return event.over
    ? { ref: fragmentUnit(key), cell: doc.cell }
    : { ref: eventUnit(doc.event), cell: event.cell };
}
