import type { ProfileId } from "../ids.js";
import { NONE } from "../observation.js";

/** What a commit did to the profiles, for whoever follows them. */
export interface Change {
  readonly type: "created" | "updated" | "merged" | "split" | "erased";
  /** The id that the profile shows now; of an erased one the id that it showed last. */
  readonly profile: ProfileId;
  /** Version of the profile after the change. */
  readonly version: number;
  /** Strands that came and went. One that went and came back while the profile waited for `drain` comes again. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** `merged`: ids shown before by what was joined to it. `split`: ids shown now by what left it. */
  readonly others: readonly ProfileId[];
  readonly cause: Cause;
}

/** What brought a change about. Fragments are named by a keyed hash of their key (`fragmentName`), so that the feed can outlive them. */
export type Cause =
  | { readonly type: "fragment"; readonly fragment: string }
  | { readonly type: "assertion"; readonly a: string; readonly b: string }
  | { readonly type: "drain" }
  | { readonly type: "erasure" }
  /** Of an entry that stands for all before it: in snapshots, not in the feed. */
  | { readonly type: "snapshot" };

/** What is told of a profile by whoever has told nothing of it before. */
export function creation(
  profile: ProfileId,
  version: number,
  strands: readonly string[],
  cause: Cause,
): Change {
  return { type: "created", profile, version, added: strands, removed: NONE, others: NONE, cause };
}
