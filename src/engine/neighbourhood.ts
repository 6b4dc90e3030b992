import { type FragmentRef, fragmentKey } from "../fragment/fragment.js";
import { agglomerate } from "../resolve/agglomerate.js";
import type { Component } from "../resolve/components.js";
import type { Edge } from "../resolve/edges.js";
import type { LeadEvent } from "../resolve/events.js";
import type { ProfileId } from "../resolve/ids.js";
import type { Observation } from "../resolve/observation.js";
import { bansOf } from "../resolve/plan/components.js";
import type { ComponentDoc, ShownProfile, StrandBody, StrandDoc } from "../resolve/plan/documents.js";
import { ageOf, compareAges } from "../resolve/plan/evidence.js";
import { eventRefs } from "../resolve/plan/place.js";
import { loadUnit } from "../resolve/plan/units.js";
import { besides } from "../resolve/plan/waiting.js";
import { loneStrand, type Work } from "../resolve/plan/work.js";
import type { Membership, Resolution, Support } from "../resolve/resolve.js";
import type { Strand } from "../resolve/strands.js";

/** A profile as it is shown, among the strands of a neighbourhood. */
export interface ShownMembership extends Membership {
  readonly version: number;
  /** Its component waits for `drain`. */
  readonly pending: boolean;
}

/**
 * Some components as a resolution from scratch would have them, so that content and explanations are made of them by the same
 * functions. Strands whose events were not asked for hold none.
 */
export interface Neighbourhood
  extends Pick<Resolution, "compiled" | "strands" | "facts" | "links" | "components" | "support" | "judge"> {
  readonly profiles: readonly ShownMembership[];
}

/** Which strands of a neighbourhood are wanted with their events. */
export type Detail = (strand: string, profile: ShownProfile | null) => boolean;

interface Member {
  readonly doc: StrandDoc;
  readonly body: StrandBody;
}

/** What is looked at: strands, with the components in which they are, and components. */
export interface Seeds {
  readonly strands?: readonly string[];
  readonly components?: readonly string[];
}

/** The components of the seeds, with what waits beside them; null where the view is stopped. */
export function neighbourhoodOf(work: Work, seeds: Seeds, detail: Detail): Neighbourhood | null {
  const { view, kernel } = work;
  const { members, components } = gather(work, seeds);
  if (view.isStopped) return null;
  const ids = [...members.keys()].sort((a, b) =>
    compareAges((members.get(a) as Member).body.oldest, (members.get(b) as Member).body.oldest),
  );
  const rank = new Map(ids.map((id, index) => [id, index]));
  const ranksOf = (strands: readonly string[]): number[] =>
    strands.flatMap((id) => rank.get(id) ?? []).sort((a, b) => a - b);

  const profileOf = new Map<string, ShownProfile>();
  const profiles: ShownMembership[] = [];
  const show = (
    { id, version, rank: top }: ShownProfile,
    strands: readonly string[],
    pending: boolean,
  ): void => {
    if (strands.length === 0) return;
    for (const strand of strands) profileOf.set(strand, { id, version, rank: top });
    profiles.push({ id, version, pending, strands: ranksOf(strands) });
  };
  const touched = strandsByOrigin(components);
  for (const { id, profiles: shown, pending } of components) {
    // What waits may show strands that are gone, or are elsewhere by now.
    const isHere = (strand: string): boolean => members.get(strand)?.body.component === id;
    for (const profile of shown) {
      const strands = pending
        ? [...new Set([...profile.strands.filter(isHere), ...(touched.get(profile.id) ?? [])])]
        : profile.strands;
      show(profile, strands, pending);
    }
  }
  for (const [id, { body }] of members)
    if (body.component === null && body.profile !== null) show(body.profile, [id], false);

  const strands = ids.map((id, index) =>
    strandOf(work, members.get(id) as Member, index, detail(id, profileOf.get(id) ?? null)),
  );
  const bans = bansOf(work, ids, rank);
  if (view.isStopped) return null;

  const support: Support[] = strands.map(() => ({
    joined: Number.POSITIVE_INFINITY,
    refused: Number.NEGATIVE_INFINITY,
  }));
  const local = components.map(
    (doc): Component => ({ strands: ranksOf(doc.strands), edges: edgesOf(doc, rank) }),
  );
  for (const component of local)
    for (const [strand, found] of agglomerate(component, bans, strands as Strand[], kernel.judge).support)
      support[strand] = found;
  return {
    compiled: kernel.compiled,
    strands: strands as Strand[],
    facts: kernel.facts,
    links: { edges: local.flatMap(({ edges }) => edges), bans, candidates: 0 },
    components: local,
    support,
    judge: kernel.judge,
    profiles,
  };
}

/** Strands that changed while they waited, by the profile that is shown for them. */
function strandsByOrigin(components: readonly ComponentDoc[]): ReadonlyMap<ProfileId, readonly string[]> {
  const found = new Map<ProfileId, string[]>();
  for (const { touched } of components) {
    for (const { strand, origins } of touched) {
      const [origin] = origins;
      if (origin === undefined) continue;
      const held = found.get(origin);
      if (held === undefined) found.set(origin, [strand]);
      else held.push(strand);
    }
  }
  return found;
}

function gather(
  work: Work,
  seeds: Seeds,
): { members: ReadonlyMap<string, Member>; components: readonly ComponentDoc[] } {
  const { view } = work;
  const members = new Map<string, Member>();
  const components = new Map<string, ComponentDoc>();
  const add = (id: string): void => {
    if (members.has(id)) return;
    const doc = view.must("strand", id);
    if (!doc?.body) return;
    members.set(id, { doc, body: doc.body });
    // What comparisons read about the keys of a strand is told by their documents.
    for (const key of doc.body.evidence.keys) work.key(key);
    for (const key of doc.body.evidence.implied) work.key(key);
  };
  const take = (doc: ComponentDoc): void => {
    components.set(doc.id, doc);
    for (const strand of doc.strands) add(strand);
  };
  const waiting = new Set<string>();
  const takeComponent = (id: string | null | undefined): void => {
    if (id === undefined || id === null || components.has(id)) return;
    const doc = view.must("component", id);
    if (doc === null) return;
    if (doc.pending) for (const one of besides(work, id, waiting)) take(one);
    else take(doc);
  };
  for (const component of seeds.components ?? []) takeComponent(component);
  for (const seed of seeds.strands ?? []) {
    add(seed);
    takeComponent(members.get(seed)?.body.component);
  }
  return { members, components: [...components.values()] };
}

function edgesOf({ strands, edges, pending }: ComponentDoc, rank: ReadonlyMap<string, number>): Edge[] {
  // A component that waits may still name strands that are gone, or are elsewhere by now.
  const own = pending ? new Set(strands) : null;
  return edges.flatMap((edge): Edge[] => {
    const [a, b] = [rank.get(edge.a), rank.get(edge.b)];
    if (a === undefined || b === undefined || own?.has(edge.a) === false || own?.has(edge.b) === false)
      return [];
    return [a < b ? { ...edge, a, b } : { ...edge, a: b, b: a }];
  });
}

/** A strand as rung 4 makes it; null while something of it is missing. */
function strandOf(work: Work, { doc, body }: Member, index: number, hasEvents: boolean): Strand | null {
  const events = hasEvents ? eventsOf(work, doc) : [];
  const oldest = events[0]?.observations[0] ?? observationOf(work, body.oldest);
  return oldest === null ? null : { index, events, oldest, evidence: body.evidence };
}

function observationOf(work: Work, ref: FragmentRef): Observation | null {
  const doc = work.view.must("fragment", work.kernel.name(fragmentKey(ref)));
  if (doc === null) return null;
  if (doc.text === null) {
    work.view.isTorn = true;
    return null;
  }
  return work.observe(doc.text);
}

/** The events of a strand, oldest first. */
function eventsOf(work: Work, doc: StrandDoc): LeadEvent[] {
  const { view, kernel } = work;
  const events: LeadEvent[] = [];
  for (const ref of eventRefs(work, doc)) {
    const lone = loneStrand(kernel, ref);
    // Of a cell on the move some events have gone ahead.
    if (doc.moving && lone !== doc.id && view.get("strand", lone) !== null) continue;
    const unit = loadUnit(work, ref);
    if (unit === null) continue;
    events.push(unit.event);
    // What content reads of the standing of keys, generic ones included.
    for (const { keys } of unit.event.observations) for (const key of keys) work.key(key);
  }
  return events.sort((a, b) => compareAges(ageOf(a), ageOf(b)));
}
