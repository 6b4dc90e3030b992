import { isRemoval } from "../fragment/fragment.js";
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

export function placementsOf({ profiles, strands }: Resolution): Placements {
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

/** One line per input row, in input order. A copy or an older version has the profile of its live fragment. */
export async function writeAssignments(
  output: Output,
  { fragments, rejected }: Loaded,
  resolution: Resolution,
): Promise<void> {
  const placements = placementsOf(resolution);
  const confidences = resolution.strands.map(({ index }) =>
    membershipConfidence(resolution, index).toFixed(4),
  );
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
    const { id, source } = fragment;
    const status = resolution.inputStatuses[index];
    const isPlaced = !isRemoval(fragment) && status !== "gone";
    const placement = isPlaced ? placements.get(source)?.get(id) : undefined;
    const profileId = placement === undefined ? null : resolution.profiles[placement.profile]?.id;
    const confidence = placement === undefined ? null : confidences[placement.strand];
    const wait = output.write(csvLine([id, source, profileId, confidence, status]));
    if (wait !== undefined) await wait;
  }
  await writeRejectedBefore(fragments.length);
}
