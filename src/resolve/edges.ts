import type { CompiledModel } from "../model/compile.js";
import type { ActiveAssertion } from "./assertions.js";
import type { Scorer } from "./bits.js";
import { findClaimPairs, findKeyPairs, findLastingPairs } from "./blocks.js";
import type { LeadEvent } from "./events.js";
import { levelOf, NO_LEVELS, type TimeLocalLevels } from "./levels.js";
import type { Key } from "./observation.js";
import { PairSet } from "./pairs.js";
import type { Evidence, Strand } from "./strands.js";
import { findTimeLocalPairs } from "./timeLocal.js";

/** Why two strands are thought to be one person, in the order in which edges are tried. */
export type EdgeType = "asserted" | "deterministic" | "probabilistic";

/** A reason to consider strands `a` < `b` one person. */
export interface Edge {
  readonly a: number;
  readonly b: number;
  readonly type: EdgeType;
  /** Bits of the two strands; what the edge is sorted by. */
  readonly bits: number;
  /** Bits that a join on this edge must reach. */
  readonly acceptAt: number;
  readonly levels: TimeLocalLevels;
}

/** Two strands that somebody has declared different. */
export interface Ban {
  readonly a: number;
  readonly b: number;
}

export interface Links {
  readonly edges: readonly Edge[];
  readonly bans: readonly Ban[];
  /** Distinct pairs that were scored. */
  readonly candidates: number;
}

/** Pairs of strands worth comparing: they share a key, a lasting or a time-local block, or a claim. */
export function findCandidates(strands: readonly Strand[], compiled: CompiledModel): PairSet {
  const pairs = new PairSet();
  findKeyPairs(strands, pairs);
  findLastingPairs(strands, compiled, pairs);
  findTimeLocalPairs(strands, compiled, pairs);
  findClaimPairs(strands, pairs);
  return pairs;
}

/** Rung 5. All reasons to join strands: shared keys, evidence that reaches `link`, and what people asserted. */
export function findEdges(
  strands: readonly Strand[],
  assertions: readonly ActiveAssertion[],
  scorer: Scorer,
  compiled: CompiledModel,
): Links {
  const pairs = findCandidates(strands, compiled);
  const { link } = compiled.model.thresholds;
  const found: Edge[] = [];
  let candidates = 0;
  pairs.forEach((a, b, levels) => {
    candidates++;
    const x = (strands[a] as Strand).evidence;
    const y = (strands[b] as Strand).evidence;
    const bits = scorer.bits(x, y, levels);
    const acceptAt = deterministicAcceptAt(x, y, compiled);
    if (acceptAt !== null) found.push({ a, b, type: "deterministic", bits, acceptAt, levels });
    else if (bits >= link) found.push({ a, b, type: "probabilistic", bits, acceptAt: link, levels });
  });
  const edges = limitPartners(found, strands, scorer, compiled);
  const { bans, asserted } = linkAssertions(assertions, strands, scorer);
  return { edges: [...asserted, ...edges], bans, candidates };
}

/** The least that the types of the shared keys ask of a link; null when no key is shared. */
export function deterministicAcceptAt(x: Evidence, y: Evidence, { model }: CompiledModel): number | null {
  let least: number | null = null;
  const consider = (key: Key): void => {
    const acceptAt = model.identifiers[key.type]?.acceptAt ?? model.thresholds.link - 1;
    if (least === null || acceptAt < least) least = acceptAt;
  };
  for (const key of x.keys) if (y.keys.includes(key)) consider(key);
  for (const key of x.implied) if (y.keys.includes(key)) consider(key);
  for (const key of y.implied) if (x.keys.includes(key)) consider(key);
  return least;
}

/**
 * A time-local level counts only while each end has at most `maxPartners` partners at that level or better: a bot's cookie
 * must not glue together all who called within the hour. Counted over the edges found; what is left is scored again.
 */
function limitPartners(
  edges: readonly Edge[],
  strands: readonly Strand[],
  scorer: Scorer,
  compiled: CompiledModel,
): Edge[] {
  const { blocks, limits, thresholds } = compiled.model;
  // partners[block] maps strand → partners by level
  const partners = blocks.timeLocal.map(() => new Map<number, Uint32Array>());
  for (const { a, b, levels } of edges) {
    if (levels === NO_LEVELS) continue;
    partners.forEach((byStrand, block) => {
      const level = levelOf(levels, block);
      if (level < 0) return;
      for (const end of [a, b]) {
        let counts = byStrand.get(end);
        if (counts === undefined) {
          counts = new Uint32Array(blocks.timeLocal[block]?.levels.length ?? 0);
          byStrand.set(end, counts);
        }
        counts[level] = (counts[level] as number) + 1;
      }
    });
  }
  const isCrowded = (strand: number, block: number, level: number): boolean => {
    const counts = partners[block]?.get(strand);
    let atLevelOrBetter = 0;
    for (let at = 0; at <= level; at++) atLevelOrBetter += counts?.[at] ?? 0;
    return atLevelOrBetter > limits.maxPartners;
  };
  const kept: Edge[] = [];
  for (const edge of edges) {
    let levels = edge.levels;
    for (let block = 0; levels !== NO_LEVELS && block < partners.length; block++) {
      const level = levelOf(levels, block);
      if (level >= 0 && (isCrowded(edge.a, block, level) || isCrowded(edge.b, block, level)))
        levels &= ~(15 << (4 * block));
    }
    if (levels === edge.levels) {
      kept.push(edge);
      continue;
    }
    const bits = scorer.bits(
      (strands[edge.a] as Strand).evidence,
      (strands[edge.b] as Strand).evidence,
      levels,
    );
    if (edge.type === "deterministic" || bits >= thresholds.link) kept.push({ ...edge, bits, levels });
  }
  return kept;
}

function linkAssertions(
  assertions: readonly ActiveAssertion[],
  strands: readonly Strand[],
  scorer: Scorer,
): { bans: Ban[]; asserted: Edge[] } {
  const bans: Ban[] = [];
  const asserted: Edge[] = [];
  if (assertions.length === 0) return { bans, asserted };
  const strandOf = new Map<LeadEvent, number>();
  for (const { index, events } of strands) for (const event of events) strandOf.set(event, index);
  const seen = new Set<string>();
  for (const { type, a: eventA, b: eventB } of assertions) {
    const [p, q] = [strandOf.get(eventA) as number, strandOf.get(eventB) as number];
    if (p === q) continue;
    const [a, b] = p < q ? [p, q] : [q, p];
    const name = `${type} ${a} ${b}`;
    if (seen.has(name)) continue;
    seen.add(name);
    if (type === "different") bans.push({ a, b });
    else {
      const bits = scorer.bits((strands[a] as Strand).evidence, (strands[b] as Strand).evidence, NO_LEVELS);
      asserted.push({ a, b, type: "asserted", bits, acceptAt: Number.NEGATIVE_INFINITY, levels: NO_LEVELS });
    }
  }
  return { bans, asserted };
}
