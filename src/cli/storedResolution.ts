import { LeadweaveError } from "../engine/error.js";
import { Kernels } from "../engine/kernels.js";
import { type Neighbourhood, neighbourhoodOf } from "../engine/neighbourhood.js";
import type { Assertion, FragmentInput } from "../fragment/fragment.js";
import type { Model } from "../model/index.js";
import { agglomerate, type Decision } from "../resolve/agglomerate.js";
import { selectAssertions } from "../resolve/assertions.js";
import type { EdgeType } from "../resolve/edges.js";
import { foundProfileId } from "../resolve/ids.js";
import { type InputStatus, selectLive } from "../resolve/live.js";
import type { Kernel } from "../resolve/plan/kernel.js";
import { View } from "../resolve/plan/view.js";
import { Work } from "../resolve/plan/work.js";
import type { Membership, Resolution, ResolutionCounts } from "../resolve/resolve.js";
import type { Strand } from "../resolve/strands.js";
import type { MemorySource } from "../stores/memory.js";

/**
 * All that a drained memory store holds, as the resolution from scratch of the same inputs: strands, links and profiles are those of
 * its documents, so that whatever writes one engine's outcome writes the other's.
 *
 * @param scored pairs that were compared on the way
 */
export function resolutionOf(
  source: MemorySource,
  model: Model,
  inputs: readonly FragmentInput[],
  assertions: readonly Assertion[],
  scored: number,
): Resolution {
  // A kernel of its own will have looked at each live fragment once, and so counts each refused identifier once.
  const kernel = new Kernels(model, {}, source).current;
  const work = new Work(kernel, new View(source), { type: "drain" }, false);
  const ids: string[] = [];
  for (const { id, doc } of source.all("strand")) if (doc.body !== null) ids.push(id);
  const all = neighbourhoodOf(work, { strands: ids }, () => true);
  source.sweep();
  if (all === null || all.profiles.some(({ pending }) => pending))
    throw new LeadweaveError("store-inconsistent", "documents in memory do not fit together after drain");

  const profiles = all.profiles
    .map(({ strands }) => nameProfile(strands, all.strands))
    .sort((p, q) => (p.strands[0] as number) - (q.strands[0] as number));
  // A row's status is about all rows: when it came, it could not know of those after it.
  const { statuses } = selectLive(inputs);
  const events = all.strands.flatMap((strand) => strand.events);
  const said = selectAssertions(assertions, events, all.compiled);
  return {
    ...all,
    profiles,
    inputStatuses: statuses,
    assertionStatuses: said.statuses,
    counts: {
      inputs: countStatuses(statuses),
      events: events.length,
      strands: all.strands.length,
      candidates: scored,
      components: all.components.length,
      largestComponent: Math.max(
        largestOf(all.components.map(({ strands }) => strands.length)),
        Math.min(all.strands.length, 1),
      ),
      profiles: profiles.length,
      largestProfile: largestOf(profiles.map(({ strands }) => strands.length)),
      ...countDecisions(all),
      generic: countGeneric(kernel),
      refusals: Object.fromEntries([...kernel.refusals].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

/**
 * The live engine founds an id when a profile first appears and keeps it through merges, so that its ids tell of the order of
 * arrival. A run over files promises the same ids whatever the order of rows: as from scratch, a profile is named by its oldest
 * fragment.
 */
function nameProfile(strands: readonly number[], of: readonly Strand[]): Membership {
  return { id: foundProfileId((of[strands[0] as number] as Strand).oldest.fragment), strands };
}

function largestOf(sizes: readonly number[]): number {
  return sizes.reduce((most, size) => Math.max(most, size), 0);
}

function countStatuses(statuses: readonly InputStatus[]): Record<InputStatus, number> {
  const counts = { live: 0, duplicate: 0, "conflicting-content": 0, superseded: 0, gone: 0, removal: 0 };
  for (const status of statuses) counts[status]++;
  return counts;
}

/** Decides every component once more, as explanations do: what was refused on the way is not stored. */
function countDecisions({ components, links, strands, judge }: Neighbourhood): {
  readonly links: ResolutionCounts["links"];
  readonly guards: ResolutionCounts["guards"];
} {
  const none = (): Record<Decision["outcome"], number> => ({ joined: 0, "already-joined": 0, refused: 0 });
  const outcomes: Record<EdgeType, Record<Decision["outcome"], number>> = {
    asserted: none(),
    deterministic: none(),
    probabilistic: none(),
  };
  const guards: Record<string, number> = {};
  for (const component of components) {
    agglomerate(component, links.bans, strands, judge, ({ edge, outcome, refusedBy }) => {
      outcomes[edge.type][outcome]++;
      if (refusedBy !== null) guards[refusedBy.guard] = (guards[refusedBy.guard] ?? 0) + 1;
    });
  }
  return { links: outcomes, guards };
}

function countGeneric({ table, facts }: Kernel): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { index, type } of table.keys)
    if (facts.generic[index] === 1 || facts.genericUntrusted[index] === 1)
      counts[type] = (counts[type] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
