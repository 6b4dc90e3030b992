import type { Assertion, Fragment, FragmentInput } from "../fragment/fragment.js";
import { type CompiledModel, compileModel } from "../model/compile.js";
import type { Model } from "../model/model.js";
import { agglomerate, type Decision, type Judge } from "./agglomerate.js";
import { type AssertionSet, selectAssertions } from "./assertions.js";
import { createScorer } from "./bits.js";
import { type Component, findComponents } from "./components.js";
import { type Ban, type EdgeType, findEdges, type Links } from "./edges.js";
import { groupEvents, type LeadEvent } from "./events.js";
import { cellsOf, findGenericKeys, type KeyFacts, namesOf } from "./generic.js";
import { createGuards } from "./guards.js";
import { foundProfileId, type ProfileId } from "./ids.js";
import { createImplication } from "./implied.js";
import { KeyTable } from "./keys.js";
import { type InputStatus, selectLive } from "./live.js";
import { createObserver, type RefusalCounts } from "./observe.js";
import { formStrands, type Strand } from "./strands.js";

/** One unified lead: which strands it holds and how firmly. */
export interface Membership {
  readonly id: ProfileId;
  /** Indexes of strands, oldest first. */
  readonly strands: readonly number[];
}

/** How firmly a strand belongs to its profile, in bits. */
export interface Support {
  /** Bits of the weakest join that brought it there; infinite where it was there from the start. */
  readonly joined: number;
  /** Best bits of an edge of this strand that was refused for want of bits; −∞ where there was none. */
  readonly refused: number;
}

export interface ResolutionCounts {
  readonly inputs: Readonly<Record<InputStatus, number>>;
  readonly events: number;
  readonly strands: number;
  readonly candidates: number;
  readonly components: number;
  readonly largestComponent: number;
  readonly profiles: number;
  readonly largestProfile: number;
  /** Edges by type and by what was decided about them. */
  readonly links: Readonly<Record<EdgeType, Readonly<Record<Decision["outcome"], number>>>>;
  /** Guard name → edges that it refused. */
  readonly guards: Readonly<Record<string, number>>;
  /** Identifier type → generic values. */
  readonly generic: Readonly<Record<string, number>>;
  /** `type: reason` → identifiers that did not become keys. */
  readonly refusals: Readonly<Record<string, number>>;
}

/** `R(F, M, A)` with everything that led to it. */
export interface Resolution {
  readonly compiled: CompiledModel;
  readonly inputStatuses: readonly InputStatus[];
  readonly assertionStatuses: AssertionSet["statuses"];
  readonly strands: readonly Strand[];
  readonly facts: KeyFacts;
  readonly links: Links;
  readonly components: readonly Component[];
  /** By oldest fragment. */
  readonly profiles: readonly Membership[];
  /** Support of each strand, by strand index. */
  readonly support: readonly Support[];
  readonly judge: Judge;
  readonly counts: ResolutionCounts;
}

const ALONE: Support = { joined: Number.POSITIVE_INFINITY, refused: Number.NEGATIVE_INFINITY };

/**
 * Resolves fragments from scratch: the ladder from top to bottom. The result is a function of the sets of fragments and
 * assertions and of the model; their order, copies and cutting into batches do not matter.
 *
 * @param inputs fragments and removals, already validated (see `validateFragment`)
 * @param model a valid model (see `validateModel`)
 * @param assertions what people said about pairs of fragments
 */
export function resolve(
  inputs: readonly FragmentInput[],
  model: Model,
  assertions: readonly Assertion[] = [],
): Resolution {
  const compiled = compileModel(model);
  const live = selectLive(inputs);
  const { events, table, observer } = observeEvents(live.fragments, compiled);
  const said = selectAssertions(assertions, events, compiled);

  const names = events.map((event) => namesOf(event, compiled));
  const cells = cellsOf(events, names, differingEvents(said));
  const facts = findGenericKeys(events, names, cells, compiled, table.size);
  const strands = formStrands(events, names, cells, facts, compiled, observer.normalizers);

  const judge: Judge = { scorer: createScorer(compiled, facts), guards: createGuards(compiled), compiled };
  const links = findEdges(strands, said.active, judge.scorer, compiled);
  const components = findComponents(strands.length, links.edges);
  const decided = decide(components, links.bans, strands, judge);

  return {
    compiled,
    inputStatuses: live.statuses,
    assertionStatuses: said.statuses,
    strands,
    facts,
    links,
    components,
    profiles: decided.profiles,
    support: decided.support,
    judge,
    counts: {
      inputs: countStatuses(live.statuses),
      events: events.length,
      strands: strands.length,
      candidates: links.candidates,
      components: components.length,
      largestComponent: components.reduce(
        (most, component) => Math.max(most, component.strands.length),
        strands.length > 0 ? 1 : 0,
      ),
      profiles: decided.profiles.length,
      largestProfile: decided.profiles.reduce((most, profile) => Math.max(most, profile.strands.length), 0),
      links: decided.outcomes,
      guards: Object.fromEntries(decided.guards),
      generic: countGeneric(table, facts),
      refusals: Object.fromEntries([...observer.refusals].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

function observeEvents(
  fragments: readonly Fragment[],
  compiled: CompiledModel,
): {
  events: LeadEvent[];
  table: KeyTable;
  observer: { readonly refusals: RefusalCounts } & ReturnType<typeof createObserver>;
} {
  const table = new KeyTable();
  const observer = createObserver(compiled, table);
  const observations = fragments.map(observer.observe);
  return { events: groupEvents(observations, compiled, createImplication(compiled, table)), table, observer };
}

function differingEvents({ active }: AssertionSet): Set<LeadEvent> {
  return new Set(active.filter(({ type }) => type === "different").flatMap(({ a, b }) => [a, b]));
}

interface Decided {
  readonly profiles: readonly Membership[];
  readonly support: readonly Support[];
  readonly outcomes: Record<EdgeType, Record<Decision["outcome"], number>>;
  readonly guards: Map<string, number>;
}

function decide(
  components: readonly Component[],
  bans: readonly Ban[],
  strands: readonly Strand[],
  judge: Judge,
): Decided {
  const noOutcome = (): Record<Decision["outcome"], number> => ({
    joined: 0,
    "already-joined": 0,
    refused: 0,
  });
  const outcomes = { asserted: noOutcome(), deterministic: noOutcome(), probabilistic: noOutcome() };
  const guards = new Map<string, number>();
  const support: Support[] = new Array(strands.length).fill(ALONE);
  const placed = new Uint8Array(strands.length);
  const members: (readonly number[])[] = [];
  for (const component of components) {
    const agglomeration = agglomerate(component, bans, strands, judge, ({ edge, outcome, refusedBy }) => {
      outcomes[edge.type][outcome]++;
      if (refusedBy !== null) guards.set(refusedBy.guard, (guards.get(refusedBy.guard) ?? 0) + 1);
    });
    for (const strand of component.strands) placed[strand] = 1;
    for (const [strand, found] of agglomeration.support) support[strand] = found;
    for (const cluster of agglomeration.clusters) members.push(cluster.strands);
  }
  for (let strand = 0; strand < strands.length; strand++) if (placed[strand] !== 1) members.push([strand]);
  members.sort((a, b) => (a[0] as number) - (b[0] as number));
  const profiles = members.map(
    (own): Membership => ({
      id: foundProfileId((strands[own[0] as number] as Strand).oldest.fragment),
      strands: own,
    }),
  );
  return { profiles, support, outcomes, guards };
}

function countStatuses(statuses: readonly InputStatus[]): Record<InputStatus, number> {
  const counts: Record<InputStatus, number> = {
    live: 0,
    duplicate: 0,
    "conflicting-content": 0,
    superseded: 0,
    gone: 0,
    removal: 0,
  };
  for (const status of statuses) counts[status]++;
  return counts;
}

function countGeneric(table: KeyTable, facts: KeyFacts): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of table.keys) {
    if (facts.generic[key.index] === 1 || facts.genericUntrusted[key.index] === 1)
      counts[key.type] = (counts[key.type] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
