import type { ProfileId } from "../../resolve/ids.js";
import type { StrandBody } from "../../resolve/plan/documents.js";

/** A profile as the feed has told it. */
export interface Told {
  readonly id: ProfileId;
  readonly version: number;
  readonly strands: readonly string[];
}

/** What others still say of strands that are lost. */
export interface Known {
  /** By strand. */
  readonly components: ReadonlyMap<string, string>;
  readonly told: ReadonlyMap<string, Told>;
  /** Last versions of profiles that the feed tells, also of those that are gone. */
  readonly versions: ReadonlyMap<string, number>;
  /** Ids by the fragment that they are founded on. */
  readonly ids: ReadonlyMap<string, readonly ProfileId[]>;
}

type Place = Pick<StrandBody, "component" | "profile" | "ids">;

/** Where a lost strand stood, and the ids that were founded on its fragments, as if none of them had been parted. */
export function placeKnown(
  { components, told, ids }: Known,
  strand: string,
  fragments: readonly (StrandBody["oldest"] & { readonly key: string })[],
): Place {
  const component = components.get(strand) ?? null;
  const shown = told.get(strand);
  const founded = fragments.flatMap(({ key, ...age }) =>
    (ids.get(key) ?? []).map((id) => ({ id, rank: 0, founder: key, age })),
  );
  return {
    component,
    profile:
      component !== null || shown === undefined ? null : { id: shown.id, version: shown.version, rank: 0 },
    ids: founded,
  };
}
