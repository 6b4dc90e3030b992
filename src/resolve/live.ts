import { contentDigest } from "../fragment/canonical.js";
import { type Fragment, type FragmentInput, type FragmentRef, isRemoval } from "../fragment/fragment.js";

/** What became of one input, in the order of the inputs. */
export type InputStatus =
  /** It is the live version of its fragment. */
  | "live"
  /** The same version with the same content came more than once; another copy is counted as live. */
  | "duplicate"
  /** The same version with another content came too, and that one has the greater digest. */
  | "conflicting-content"
  /** A higher version is live. */
  | "superseded"
  /** A removal took it back. */
  | "gone"
  /** The input is itself a removal. */
  | "removal";

export interface LiveSet {
  /** The live fragments, in no order that means anything. */
  readonly fragments: readonly Fragment[];
  readonly statuses: readonly InputStatus[];
}

/** What is known of one `(source, id)` after all inputs were seen once. */
interface Candidates {
  /** Greatest version that a removal took back; -1 when there is none. */
  goneUpTo: number;
  /** Highest version of a fragment; -1 when there are removals only. */
  version: number;
  /** Inputs at that version. */
  copies: number;
  /** The input that stands for that version. */
  best: number;
  /** Its digest; made only where contents have to be compared. */
  digest: string;
}

/**
 * Rung 1. For one `(source, id)` the highest version is live; at equal versions with different content the greater digest
 * wins; a removal wins at its own version and below. All of it is a maximum, so order cannot matter.
 */
export function selectLive(inputs: readonly FragmentInput[]): LiveSet {
  const bySource = new Map<string, Map<string, Candidates>>();
  const held = inputs.map((input) => {
    const candidates = candidatesOf(bySource, input);
    if (isRemoval(input)) {
      candidates.goneUpTo = Math.max(candidates.goneUpTo, input.version ?? Number.POSITIVE_INFINITY);
    } else {
      const version = input.version ?? 0;
      if (version > candidates.version) {
        candidates.version = version;
        candidates.copies = 0;
      }
      if (version === candidates.version) candidates.copies++;
    }
    return candidates;
  });

  const digests = new Map<number, string>();
  inputs.forEach((input, index) => {
    const candidates = held[index] as Candidates;
    if (isRemoval(input) || (input.version ?? 0) !== candidates.version) return;
    // The version is the same by now, written or not.
    const digest = candidates.copies > 1 ? contentDigest({ ...input, version: undefined }) : "";
    if (candidates.copies > 1) digests.set(index, digest);
    if (candidates.best < 0 || digest > candidates.digest) {
      candidates.best = index;
      candidates.digest = digest;
    }
  });

  const fragments: Fragment[] = [];
  const statuses = inputs.map((input, index): InputStatus => {
    if (isRemoval(input)) return "removal";
    const candidates = held[index] as Candidates;
    const version = input.version ?? 0;
    if (version <= candidates.goneUpTo) return "gone";
    if (version < candidates.version) return "superseded";
    if (index === candidates.best) {
      fragments.push(input);
      return "live";
    }
    return digests.get(index) === candidates.digest ? "duplicate" : "conflicting-content";
  });
  return { fragments, statuses };
}

function candidatesOf(bySource: Map<string, Map<string, Candidates>>, ref: FragmentRef): Candidates {
  let byId = bySource.get(ref.source);
  if (byId === undefined) {
    byId = new Map();
    bySource.set(ref.source, byId);
  }
  let candidates = byId.get(ref.id);
  if (candidates === undefined) {
    candidates = { goneUpTo: -1, version: -1, copies: 0, best: -1, digest: "" };
    byId.set(ref.id, candidates);
  }
  return candidates;
}
