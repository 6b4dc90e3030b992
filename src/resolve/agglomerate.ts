import type { CompiledModel } from "../model/compile.js";
import type { Scorer } from "./bits.js";
import type { Component } from "./components.js";
import type { Ban, Edge, EdgeType } from "./edges.js";
import type { GuardFinding } from "./guards.js";
import { bestLevels, NO_LEVELS, type TimeLocalLevels } from "./levels.js";
import { type Evidence, mergeEvidence, type Strand } from "./strands.js";

/** What was decided about one edge. */
export interface Decision {
  readonly edge: Edge;
  readonly outcome: "joined" | "already-joined" | "refused";
  /** Bits of the two clusters that the edge would join; null where they were not needed. */
  readonly bits: number | null;
  /** The guard that refused it; null when the bits did, or nothing. */
  readonly refusedBy: GuardFinding | null;
  /** The two clusters as they were when it was decided; null where they were one already. */
  readonly sides: DecidedSides | null;
}

export interface DecidedSides {
  readonly x: Evidence;
  readonly y: Evidence;
  readonly levels: TimeLocalLevels;
  /** Strands of the cluster at each end. */
  readonly strandsX: readonly number[];
  readonly strandsY: readonly number[];
}

/** Strands joined by accepted edges: the unified lead. */
export interface Cluster {
  /** Ascending, so oldest first. */
  readonly strands: readonly number[];
}

export interface Agglomeration {
  readonly clusters: readonly Cluster[];
  /** Bits with which each strand of the component came to its cluster, and the best bits refused to it, by strand. */
  readonly support: ReadonlyMap<number, { readonly joined: number; readonly refused: number }>;
}

const TYPE_ORDER: Readonly<Record<EdgeType, number>> = { asserted: 0, deterministic: 1, probabilistic: 2 };

/** Certainty that an assertion stands for where bits are asked. */
const ASSERTED_BITS = 40;

/** Asserted, deterministic, probabilistic; strongest first; ties by the strands' oldest fragments, never by tokens. */
function compareEdges(p: Edge, q: Edge): number {
  return TYPE_ORDER[p.type] - TYPE_ORDER[q.type] || q.bits - p.bits || p.a - q.a || p.b - q.b;
}

/** A cluster while it grows. */
interface Side {
  strands: number[];
  evidence: Evidence;
  /** Best time-local levels to each other cluster, and whether a ban stands between. */
  readonly neighbours: Map<Side, Neighbour>;
}

interface Neighbour {
  levels: TimeLocalLevels;
  banned: boolean;
}

export interface Judge {
  readonly scorer: Scorer;
  readonly guards: (x: Evidence, y: Evidence) => GuardFinding | null;
  readonly compiled: CompiledModel;
}

/**
 * Rung 7. One pass of constrained agglomeration over a component's edges in canonical order. An edge joins the two
 * clusters at its ends if no guard objects and their evidence taken together reaches what the edge must reach. Edges are
 * neither re-sorted nor tried again. `trace` is told every decision, for explanations.
 */
export function agglomerate(
  component: Component,
  bans: readonly Ban[],
  strands: readonly Pick<Strand, "evidence">[],
  { scorer, guards, compiled }: Judge,
  trace?: (decision: Decision) => void,
): Agglomeration {
  const sides = new Map<number, Side>();
  const support = new Map<number, { joined: number; refused: number }>();
  for (const index of component.strands) {
    sides.set(index, {
      strands: [index],
      evidence: (strands[index] as Pick<Strand, "evidence">).evidence,
      neighbours: new Map(),
    });
    support.set(index, { joined: Number.POSITIVE_INFINITY, refused: Number.NEGATIVE_INFINITY });
  }
  const sideOf = (strand: number): Side => sides.get(strand) as Side;
  for (const { a, b, levels } of component.edges)
    if (levels !== NO_LEVELS) meet(sideOf(a), sideOf(b), levels, false);
  for (const { a, b } of bans) if (sides.has(a) && sides.has(b)) meet(sideOf(a), sideOf(b), NO_LEVELS, true);

  let left = component.strands.length;
  for (const edge of [...component.edges].sort(compareEdges)) {
    // Once all are one, nothing is left to decide.
    if (left === 1 && trace === undefined) break;
    const [x, y] = [sideOf(edge.a), sideOf(edge.b)];
    if (x === y) {
      trace?.({ edge, outcome: "already-joined", bits: null, refusedBy: null, sides: null });
      continue;
    }
    const { bits, refusedBy } = judge(edge, x, y);
    const tell = (outcome: Decision["outcome"]): void =>
      trace?.({ edge, outcome, bits, refusedBy, sides: sidesOf(edge, x, y) });
    if (refusedBy === null && bits >= edge.acceptAt) {
      tell("joined");
      join(x, y, edge.type === "asserted" ? ASSERTED_BITS : bits);
    } else {
      tell("refused");
      for (const end of [edge.a, edge.b]) {
        const held = support.get(end) as { refused: number };
        if (refusedBy === null) held.refused = Math.max(held.refused, bits);
      }
    }
  }

  function judge(edge: Edge, x: Side, y: Side): { bits: number; refusedBy: GuardFinding | null } {
    const between = x.neighbours.get(y);
    if (between?.banned === true) return { bits: edge.bits, refusedBy: { guard: "banned", type: null } };
    if (edge.type === "asserted") return { bits: edge.bits, refusedBy: null };
    const refusedBy = guards(x.evidence, y.evidence);
    // Two single strands were scored when the edge was found.
    if (x.strands.length === 1 && y.strands.length === 1) return { bits: edge.bits, refusedBy };
    return { bits: scorer.bits(x.evidence, y.evidence, between?.levels ?? NO_LEVELS), refusedBy };
  }

  function join(x: Side, y: Side, bits: number): void {
    const [into, from] = x.strands.length >= y.strands.length ? [x, y] : [y, x];
    // The smaller side came to the larger; of equal ones, the one without the oldest fragment came to the other.
    const came =
      x.strands.length === y.strands.length
        ? (x.strands[0] as number) < (y.strands[0] as number)
          ? y
          : x
        : from;
    for (const strand of came.strands) {
      const held = support.get(strand) as { joined: number };
      held.joined = Math.min(held.joined, bits);
    }
    left--;
    // What all of them say together is compared with nobody.
    if (left > 1) into.evidence = mergeEvidence(into.evidence, from.evidence, compiled);
    into.strands = mergeAscending(into.strands, from.strands);
    for (const strand of from.strands) sides.set(strand, into);
    into.neighbours.delete(from);
    for (const [other, { levels, banned }] of from.neighbours) {
      other.neighbours.delete(from);
      if (other !== into) meet(into, other, levels, banned);
    }
  }

  const clusters = [...new Set(sides.values())].map(
    ({ strands: members }): Cluster => ({ strands: members }),
  );
  return { clusters, support };
}

function sidesOf(edge: Edge, x: Side, y: Side): DecidedSides {
  const alone = x.strands.length === 1 && y.strands.length === 1;
  const levels = edge.type === "asserted" || alone ? edge.levels : (x.neighbours.get(y)?.levels ?? NO_LEVELS);
  return { x: x.evidence, y: y.evidence, levels, strandsX: x.strands, strandsY: y.strands };
}

function meet(x: Side, y: Side, levels: TimeLocalLevels, banned: boolean): void {
  for (const [from, to] of [
    [x, y],
    [y, x],
  ] as const) {
    const held = from.neighbours.get(to);
    if (held === undefined) from.neighbours.set(to, { levels, banned });
    else {
      held.levels = bestLevels(held.levels, levels);
      held.banned ||= banned;
    }
  }
}

function mergeAscending(a: readonly number[], b: readonly number[]): number[] {
  const merged: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length)
    merged.push((a[i] as number) < (b[j] as number) ? (a[i++] as number) : (b[j++] as number));
  return [...merged, ...a.slice(i), ...b.slice(j)];
}
