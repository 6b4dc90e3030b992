import type { Model } from "../../src/model/model.js";
import { bitsBetween } from "./bits.js";
import type { Context } from "./conditions.js";
import type { OracleEdge, OracleLinks } from "./edges.js";
import { type Key, scopeOf, typeOf } from "./sighting.js";
import { clusterEvidence, type OracleEvidence, type OracleStrand } from "./strands.js";
import { bestOf, pairName } from "./timeLocal.js";

export interface OracleDecision {
  readonly edge: OracleEdge;
  readonly outcome: "joined" | "already-joined" | "refused";
  /** Bits of the two clusters; null where an assertion or a ban decided, or nothing. */
  readonly bits: number | null;
  readonly guard: string | null;
}

const ORDER = ["asserted", "deterministic", "probabilistic"];

/**
 * Rungs 6 and 7. Components need no mention here: an edge never leaves its component, and no decision reads beyond the
 * two clusters it joins, so that one pass over all edges decides as one pass a component does.
 */
export function decide(
  strands: readonly OracleStrand[],
  { edges, bans }: OracleLinks,
  context: Context,
): { readonly clusters: readonly (readonly number[])[]; readonly decisions: readonly OracleDecision[] } {
  let clusters: number[][] = strands.map((_, index) => [index]);
  const decisions = [...edges].sort(inOrder).map((edge): OracleDecision => {
    const x = clusters.find((cluster) => cluster.includes(edge.a)) as number[];
    const y = clusters.find((cluster) => cluster.includes(edge.b)) as number[];
    if (x === y) return { edge, outcome: "already-joined", bits: null, guard: null };
    if (x.some((a) => y.some((b) => bans.has(pairName(a, b)))))
      return { edge, outcome: "refused", bits: null, guard: "banned" };
    const join = (): void => {
      clusters = [...clusters.filter((cluster) => cluster !== x && cluster !== y), [...x, ...y]];
    };
    if (edge.type === "asserted") {
      join();
      return { edge, outcome: "joined", bits: null, guard: null };
    }
    const [p, q] = [x, y].map((cluster) =>
      clusterEvidence(
        cluster.map((index) => strands[index] as OracleStrand),
        context.model,
      ),
    ) as [OracleEvidence, OracleEvidence];
    const between = edges.filter(
      ({ a, b }) => (x.includes(a) && y.includes(b)) || (x.includes(b) && y.includes(a)),
    );
    const bits = bitsBetween(p, q, bestOf(between.map(({ levels }) => levels)), context);
    const guard = objection(p, q, context.model);
    if (guard !== null || bits < edge.acceptAt) return { edge, outcome: "refused", bits, guard };
    join();
    return { edge, outcome: "joined", bits, guard: null };
  });
  return { clusters: clusters.map((cluster) => cluster.sort((a, b) => a - b)), decisions };
}

/** Strands are numbered by their oldest fragments, so their numbers break ties as these would. */
function inOrder(p: OracleEdge, q: OracleEdge): number {
  return ORDER.indexOf(p.type) - ORDER.indexOf(q.type) || q.bits - p.bits || p.a - q.a || p.b - q.b;
}

/** The first guard that objects to a join, in the order of the model's identifier types. */
function objection(x: OracleEvidence, y: OracleEvidence, model: Model): string | null {
  for (const [type, { exclusive, maxPerProfile }] of Object.entries(model.identifiers)) {
    const [a, b] = [x, y].map((side) => [...side.keys.keys()].filter((key) => typeOf(key) === type)) as [
      Key[],
      Key[],
    ];
    if (exclusive === true && isConflict(a, b)) return `exclusive-conflict ${type}`;
    const union = new Set([...a, ...b]).size;
    const addsToBoth = union > a.length && union > b.length;
    if (maxPerProfile !== undefined && addsToBoth && union > maxPerProfile) return `too-many-values ${type}`;
  }
  return null;
}

/** Within one scope each side holds a value that the other lacks. */
function isConflict(a: readonly Key[], b: readonly Key[]): boolean {
  return a.some((key) => {
    const others = b.filter((other) => scopeOf(other) === scopeOf(key));
    const own = a.filter((other) => scopeOf(other) === scopeOf(key));
    return others.length > 0 && !others.includes(key) && others.some((other) => !own.includes(other));
  });
}
