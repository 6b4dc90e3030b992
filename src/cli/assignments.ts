import { type FragmentInput, isRemoval } from "../fragment/fragment.js";
import { membershipConfidence } from "../profile/index.js";
import type { Resolution } from "../resolve/resolve.js";
import { csvLine } from "./csvText.js";
import type { Loaded } from "./load.js";
import type { Output } from "./output.js";

/** Where each live fragment went. */
export interface Placement {
  readonly profile: number;
  readonly strand: number;
}

/** source → id → placement. */
export type Placements = ReadonlyMap<string, ReadonlyMap<string, Placement>>;

export function placementsOf({ profiles, strands }: Pick<Resolution, "profiles" | "strands">): Placements {
  const bySource = new Map<string, Map<string, Placement>>();
  profiles.forEach((membership, profile) => {
    for (const strand of membership.strands) {
      const placement = { profile, strand };
      for (const event of strands[strand]?.events ?? []) {
        for (const { fragment } of event.observations) {
          let byId = bySource.get(fragment.source);
          if (byId === undefined) {
            byId = new Map();
            bySource.set(fragment.source, byId);
          }
          byId.set(fragment.id, placement);
        }
      }
    }
  });
  return bySource;
}

const COLUMNS = ["record_id", "source", "profile_id", "confidence", "status"];

/** What is written of one input row. */
export interface Assignment {
  readonly status: string;
  /** Null where the row is in no profile. */
  readonly profileId: string | null;
  readonly confidence: number | null;
}

/** One line per input row, in input order. A copy or an older version has the profile of its live fragment. */
export async function writeAssignments(
  output: Output,
  loaded: Loaded,
  resolution: Resolution,
): Promise<void> {
  const placements = placementsOf(resolution);
  const confidences = resolution.strands.map(({ index }) => membershipConfidence(resolution, index));
  await writeAssignmentLines(output, loaded, (fragment, index) => {
    const status = resolution.inputStatuses[index] ?? "";
    const isPlaced = !isRemoval(fragment) && status !== "gone";
    const placement = isPlaced ? placements.get(fragment.source)?.get(fragment.id) : undefined;
    return {
      status,
      profileId: placement === undefined ? null : (resolution.profiles[placement.profile]?.id ?? null),
      confidence: placement === undefined ? null : (confidences[placement.strand] ?? null),
    };
  });
}

export async function writeAssignmentLines(
  output: Output,
  { fragments, rejected }: Pick<Loaded, "fragments" | "rejected">,
  assignmentOf: (fragment: FragmentInput, index: number) => Assignment,
): Promise<void> {
  await output.write(csvLine(COLUMNS));
  let next = 0;
  const writeRejectedBefore = async (count: number): Promise<void> => {
    for (let row = rejected[next]; row !== undefined && row.before <= count; row = rejected[++next]) {
      await output.write(csvLine([row.recordId, row.source, null, null, "rejected"]));
    }
  };
  for (let index = 0; index < fragments.length; index++) {
    if (next < rejected.length) await writeRejectedBefore(index);
    const fragment = fragments[index];
    if (fragment === undefined) continue;
    const { status, profileId, confidence } = assignmentOf(fragment, index);
    const shown = confidence === null ? null : confidence.toFixed(4);
    const wait = output.write(csvLine([fragment.id, fragment.source, profileId, shown, status]));
    if (wait !== undefined) await wait;
  }
  await writeRejectedBefore(fragments.length);
}
