import type { PendingDoc, RecheckDoc } from "./documents.js";
import type { Work } from "./work.js";

/** Rungs keep this many names in a document; what is more stands in rows. */
export const INLINE_EVENTS = 32;

/** Says that a value may have come back below its limit, without reading what was said before. Only `drain` looks. */
export function recheck(work: Work, kind: RecheckDoc["kind"], id: string): void {
  work.view.put("recheck", work.kernel.name(`${kind} ${id}`), { kind, id });
}

/** Puts a component or a cell off to `drain`. */
export function putOff(work: Work, why: PendingDoc["why"], id: string): void {
  work.view.put("pending", work.kernel.name(`${why} ${id}`), { why, id });
}

/** Takes back that something waits. */
export function catchUp(work: Work, why: PendingDoc["why"], id: string): void {
  work.view.put("pending", work.kernel.name(`${why} ${id}`), null);
}
