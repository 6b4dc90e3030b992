import { encodeDocument } from "../resolve/plan/codec.js";
import type { RowRange, Slot, View } from "../resolve/plan/view.js";
import type { Changeset, Ref } from "../stores/store.js";

/** What is wanted from a store in one round trip. */
export interface Wish {
  readonly refs: readonly Ref[];
  readonly ranges: readonly RowRange[];
}

/** Documents that a view would write. What it put back as it was is no change. */
export function writesOf(view: View): Pick<Changeset, "puts" | "deletes"> {
  const puts: (Ref & { text: string })[] = [];
  const deletes: Ref[] = [];
  for (const { kind, id, doc, next, isRead } of view.dirty) {
    if (next === undefined || (isRead && next === doc)) continue;
    if (next === null) deletes.push({ kind, id });
    else puts.push({ kind, id, text: encodeDocument(kind, next) });
  }
  return { puts, deletes };
}

/** What a stopped view lacks, each once. */
export function wishOf({ missing, missingRows }: View): Wish {
  const ranges = new Map<string, RowRange>();
  for (const range of missingRows) {
    const of = `${range.kind} ${range.owner}`;
    const held = ranges.get(of);
    if (held === undefined || held.limit < range.limit) ranges.set(of, range);
  }
  return { refs: [...new Set<Slot>(missing)], ranges: [...ranges.values()] };
}
