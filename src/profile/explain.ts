import { type FragmentRef, fragmentKey } from "../fragment/fragment.js";
import { agglomerate, type Decision } from "../resolve/agglomerate.js";
import type { Weight } from "../resolve/bits.js";
import type { Component } from "../resolve/components.js";
import type { EdgeType } from "../resolve/edges.js";
import type { GuardFinding } from "../resolve/guards.js";
import { NO_LEVELS } from "../resolve/levels.js";
import type { Resolution } from "../resolve/resolve.js";
import type { Strand } from "../resolve/strands.js";

/** Where two fragments stand to each other. */
export type PairStatus = "same-event" | "same-strand" | "same-profile" | "different-profiles" | "not-live";

/** One decision on the way: an edge between two strands, and what was found when it was tried. */
export interface ExplainedDecision {
  readonly type: EdgeType;
  readonly outcome: Decision["outcome"];
  /** The oldest fragments of the two strands. */
  readonly between: readonly [FragmentRef, FragmentRef];
  /** Bits of the clusters at its two ends when it was tried; null where they were one already. */
  readonly bits: number | null;
  /** What the bits had to reach. */
  readonly acceptAt: number;
  readonly refusedBy: GuardFinding | null;
  /** The addends of `bits`. */
  readonly weights: readonly Weight[];
}

/** Why two fragments are, or are not, one person. */
export interface PairExplanation {
  readonly status: PairStatus;
  readonly together: boolean;
  /** Bits of the two strands by themselves; null where there are no two strands to compare. */
  readonly bits: number | null;
  /** What a link without a shared key has to reach. */
  readonly threshold: number;
  /** The addends of `bits`. */
  readonly weights: readonly Weight[];
  /** Together: the joins that connect them, in order. Apart: the refusals that stand between their profiles. */
  readonly decisions: readonly ExplainedDecision[];
  /** One sentence. */
  readonly reason: string;
}

/** What explanations are made of. */
export type ExplanationBasis = Pick<
  Resolution,
  "compiled" | "strands" | "profiles" | "components" | "links" | "judge"
>;

/** Explains a pair by deciding its component again, with a trace. */
export function explainPair(resolution: ExplanationBasis, a: FragmentRef, b: FragmentRef): PairExplanation {
  const { strands, profiles, compiled, judge } = resolution;
  const threshold = compiled.model.thresholds.link;
  const [placeA, placeB] = [placeOf(strands, a), placeOf(strands, b)];
  const without = (status: PairStatus, together: boolean, reason: string): PairExplanation => ({
    status,
    together,
    bits: null,
    threshold,
    weights: [],
    decisions: [],
    reason,
  });
  if (placeA === null || placeB === null)
    return without(
      "not-live",
      false,
      "One of the fragments is not live: it was removed, replaced, or never came.",
    );
  if (placeA.event === placeB.event) return without("same-event", true, "Both fragments describe one event.");
  if (placeA.strand === placeB.strand) {
    return without(
      "same-strand",
      true,
      "Their events carry the same identifiers and the same names, and so are one strand.",
    );
  }

  const profileOf = new Map(
    profiles.flatMap((profile, index) => profile.strands.map((strand) => [strand, index] as const)),
  );
  const together = profileOf.get(placeA.strand) === profileOf.get(placeB.strand);
  const [x, y] = [strands[placeA.strand] as Strand, strands[placeB.strand] as Strand];
  const edge = resolution.links.edges.find(
    (one) =>
      one.a === Math.min(x.index, y.index) && one.b === Math.max(x.index, y.index) && one.type !== "asserted",
  );
  const weights = judge.scorer.weights(x.evidence, y.evidence, edge?.levels ?? NO_LEVELS);
  const bits = sumOfBits(weights);

  const component = resolution.components.find(
    (one) => one.strands.includes(x.index) && one.strands.includes(y.index),
  );
  const made = component === undefined ? [] : decisionsOf(component, resolution);
  const relevant = together
    ? joinsBetween(made, x.index, y.index)
    : refusalsBetween(made, profileOf, x.index, y.index);
  return {
    status: together ? "same-profile" : "different-profiles",
    together,
    bits,
    threshold,
    weights,
    decisions: relevant.map((decision) => describe(decision, resolution)),
    reason: together
      ? "A chain of accepted links joins them."
      : whyNot(relevant, component !== undefined, bits, threshold),
  };
}

function placeOf(strands: readonly Strand[], ref: FragmentRef): { strand: number; event: string } | null {
  const wanted = fragmentKey(ref);
  for (const strand of strands) {
    for (const event of strand.events) {
      if (event.observations.some(({ fragment }) => fragmentKey(fragment) === wanted))
        return { strand: strand.index, event: event.name };
    }
  }
  return null;
}

function decisionsOf(component: Component, { links, strands, judge }: ExplanationBasis): Decision[] {
  const made: Decision[] = [];
  agglomerate(component, links.bans, strands, judge, (decision) => made.push(decision));
  return made;
}

/** The joins on the only path between two strands: joins form a forest. */
function joinsBetween(made: readonly Decision[], from: number, to: number): Decision[] {
  const steps = new Map<number, Decision[]>();
  for (const decision of made) {
    if (decision.outcome !== "joined") continue;
    for (const end of [decision.edge.a, decision.edge.b])
      steps.set(end, [...(steps.get(end) ?? []), decision]);
  }
  const cameBy = new Map<number, Decision | null>([[from, null]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const decision of steps.get(at) ?? []) {
      const next = decision.edge.a === at ? decision.edge.b : decision.edge.a;
      if (cameBy.has(next)) continue;
      cameBy.set(next, decision);
      queue.push(next);
    }
  }
  const path: Decision[] = [];
  let at = to;
  for (let step = cameBy.get(at); step; step = cameBy.get(at)) {
    path.unshift(step);
    at = step.edge.a === at ? step.edge.b : step.edge.a;
  }
  return path;
}

function refusalsBetween(
  made: readonly Decision[],
  profileOf: ReadonlyMap<number, number>,
  a: number,
  b: number,
): Decision[] {
  const wanted = new Set([profileOf.get(a), profileOf.get(b)]);
  return made.filter(({ edge, outcome }) => {
    if (outcome !== "refused") return false;
    const [p, q] = [profileOf.get(edge.a), profileOf.get(edge.b)];
    return p !== q && wanted.has(p) && wanted.has(q);
  });
}

function whyNot(refused: readonly Decision[], connected: boolean, bits: number, threshold: number): string {
  const guard = refused.find(({ refusedBy }) => refusedBy !== null)?.refusedBy;
  if (guard)
    return `The guard "${guard.guard}"${guard.type === null ? "" : ` on ${guard.type}`} forbids joining their profiles.`;
  if (refused.length > 0)
    return "They were compared together with all that is known of either side, and the evidence does not reach what a link needs.";
  if (connected) return "Only links by way of others connect them, and those were refused.";
  return bits >= threshold
    ? "They share no identifier and no block, so they were never compared."
    : "They share no identifier that links, and the evidence does not reach what a link needs.";
}

function describe(
  { edge, outcome, refusedBy, sides }: Decision,
  { strands, judge }: ExplanationBasis,
): ExplainedDecision {
  const weights = sides === null ? [] : judge.scorer.weights(sides.x, sides.y, sides.levels);
  const refOf = (strand: number): FragmentRef => {
    const { source, id } = (strands[strand] as Strand).oldest.fragment;
    return { source, id };
  };
  return {
    type: edge.type,
    outcome,
    between: [refOf(edge.a), refOf(edge.b)],
    // Summed here, since what an assertion or a ban decides is decided without asking for the clusters' bits.
    bits: sides === null ? null : sumOfBits(weights),
    acceptAt: edge.acceptAt,
    refusedBy,
    weights,
  };
}

function sumOfBits(weights: readonly Weight[]): number {
  return weights.reduce((sum, { bits }) => sum + bits, 0);
}
