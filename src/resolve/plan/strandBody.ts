import { copyBody, withBody } from "./copies.js";
import type { StrandBody, StrandDoc } from "./documents.js";
import type { Work } from "./work.js";

/** The body of a strand that has one. */
export function bodyOf(work: Work, strand: string): StrandBody {
  const doc = work.strand(strand) as StrandDoc;
  return doc.body as StrandBody;
}

export function patchBody(work: Work, id: string, patch: Partial<StrandBody>): void {
  const doc = work.strand(id) as StrandDoc & { readonly body: StrandBody };
  work.putStrand(id, withBody(doc, Object.assign(copyBody(doc.body), patch)));
}

/** The body of a strand as it was before the operation. */
export function bodyBefore(work: Work, strand: string): StrandBody | null {
  const { before } = work;
  return (before.has(strand) ? before.get(strand) : work.strand(strand))?.body ?? null;
}

/** A name for the component of a strand. While it waits, a component may bear the name of a strand that has left it. */
export function freeName(work: Work, strand: string): string {
  let name = strand;
  while (work.view.get("component", name) !== null) name += "'";
  return name;
}
