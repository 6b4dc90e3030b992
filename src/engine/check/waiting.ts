import type { RecheckDoc } from "../../resolve/plan/documents.js";
import type { Look } from "./looking.js";

/** What waits for `drain`. */

export function lookAtPending(look: Look, id: string): void {
  const { view, kernel } = look.work;
  const doc = view.get("pending", id);
  if (doc === null) return;
  const { why, id: of } = doc;
  const isThere =
    why === "component" ? view.get("component", of)?.pending === true : view.get("strand", of) !== null;
  if (kernel.name(`${why} ${of}`) !== id || !isThere)
    look.fault("pending", id, (mending) => mending.view.put("pending", id, null));
}

export function lookAtRecheck(look: Look, id: string): void {
  const { view, kernel } = look.work;
  const doc = view.get("recheck", id);
  if (doc === null) return;
  const isNamed = kernel.name(`${doc.kind} ${doc.id}`) === id;
  if (!isNamed || look.attempt(() => isThere(look, doc)) !== true)
    look.fault("recheck", id, (mending) => mending.view.put("recheck", id, null));
}

function isThere({ work }: Look, { kind, id }: RecheckDoc): boolean {
  const { view, kernel } = work;
  switch (kind) {
    case "event":
      return view.get("event", kernel.name(id)) !== null;
    case "block":
      return view.get("block", id) !== null;
    case "time":
      return view.get("time", id) !== null;
    default: {
      const [type, scope, value] = JSON.parse(id) as [string, string, string];
      return work.key(kernel.table.intern(type, value, scope)) !== null;
    }
  }
}
