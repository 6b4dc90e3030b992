import { type FragmentInput, isRemoval } from "../../fragment/fragment.js";
import type { Key } from "../observation.js";
import type { SuppressedDoc } from "./documents.js";
import type { Work } from "./work.js";

/** What was erased and may not come back. */

const TOTAL = "";

/** Whether a fragment was erased, or states an identifier that was. */
export function isSuppressed(work: Work, key: string, input: FragmentInput | null): boolean {
  const { view, kernel } = work;
  const total = view.get("suppressed", TOTAL);
  if (total === null) return false;
  const isThere = (tombstone: string): boolean =>
    [kernel.conceal(tombstone), ...kernel.aliases(tombstone)].some(
      (name) => view.get("suppressed", name) !== null,
    );
  if (total.fragments > 0 && isThere(fragmentTombstone(key))) return true;
  if (total.identifiers === 0 || input === null || isRemoval(input)) return false;
  for (const stated of kernel.observe(input).keys) {
    if (identifierTombstones(work, stated).some(isThere)) return true;
  }
  return false;
}

/** Keeps a fragment and identifiers from coming back. */
export function suppress(work: Work, key: string, identifiers: readonly Key[], reason: string): void {
  const { view, kernel } = work;
  const total = view.get("suppressed", TOTAL);
  let fragments = total?.fragments ?? 0;
  let others = total?.identifiers ?? 0;
  const put = (tombstone: string): boolean => {
    const name = kernel.conceal(tombstone);
    if (view.get("suppressed", name) !== null) return false;
    view.put("suppressed", name, { reason, fragments: 0, identifiers: 0 });
    return true;
  };
  if (put(fragmentTombstone(key))) fragments++;
  for (const identifier of identifiers)
    for (const tombstone of identifierTombstones(work, identifier)) if (put(tombstone)) others++;
  const next: SuppressedDoc = { reason: null, fragments, identifiers: others };
  if (fragments !== total?.fragments || others !== total.identifiers) view.put("suppressed", TOTAL, next);
}

function fragmentTombstone(key: string): string {
  return `fragment\u0000${key}`;
}

/** Of an identifier, and of every digest of it: who knows only the one may not bring back the other. */
function identifierTombstones({ kernel }: Work, { type, scope, value }: Key): string[] {
  const key = kernel.table.intern(type, value, scope);
  const digests = kernel.digestsOf(key).map(({ digest }) => digest());
  return [key, ...digests].map((one) => `identifier\u0000${one.type}\u0000${one.scope}\u0000${one.value}`);
}
