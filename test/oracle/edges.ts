import { bitsBetween } from "./bits.js";
import { type Context, sharedKeys } from "./conditions.js";
import type { LiveAssertion } from "./live.js";
import { typeOf } from "./sighting.js";
import type { OracleEvidence, OracleStrand } from "./strands.js";
import { type Levels, NO_LEVELS, pairName, timeLocalLevels } from "./timeLocal.js";

export interface OracleEdge {
  readonly a: number;
  readonly b: number;
  readonly type: "asserted" | "deterministic" | "probabilistic";
  readonly bits: number;
  readonly acceptAt: number;
  readonly levels: Levels;
}

export interface OracleLinks {
  readonly edges: readonly OracleEdge[];
  /** Pairs declared different, by `"i j"` with i < j. */
  readonly bans: ReadonlySet<string>;
  /** Edges that lost a time-local level to the limit of partners, and those that fell with it. */
  readonly crowded: number;
  /** Lasting blocks with too many members. */
  readonly fullBlocks: number;
  /** Pairs that only a full time-local block kept apart. */
  readonly fullTimeLocal: number;
}

/** Rung 5. */
export function findEdges(
  strands: readonly OracleStrand[],
  assertions: readonly LiveAssertion[],
  context: Context,
): OracleLinks {
  const { limits, thresholds } = context.model;
  const { levels: timeLocal, full: fullTimeLocal } = timeLocalLevels(strands, context.model);
  const { pairs: lasting, full } = lastingPairs(strands, context);
  const first: OracleEdge[] = [];
  for (let a = 0; a < strands.length; a++) {
    for (let b = a + 1; b < strands.length; b++) {
      const [x, y] = [evidenceOf(strands, a), evidenceOf(strands, b)];
      const levels = timeLocal.get(pairName(a, b)) ?? NO_LEVELS;
      const shared = sharedKeys(x, y);
      const isCandidate =
        shared.length > 0 || levels.size > 0 || lasting.has(pairName(a, b)) || meetsClaim(x, y);
      if (!isCandidate) continue;
      const bits = bitsBetween(x, y, levels, context);
      if (shared.length > 0) {
        const asked = shared.map(
          ({ key }) => context.model.identifiers[typeOf(key)]?.acceptAt ?? thresholds.link - 1,
        );
        first.push({ a, b, type: "deterministic", bits, acceptAt: Math.min(...asked), levels });
      } else if (bits >= thresholds.link)
        first.push({ a, b, type: "probabilistic", bits, acceptAt: thresholds.link, levels });
    }
  }

  // A level counts only while each end has few partners at it or better, among the edges first found.
  const isCrowded = (strand: number, block: string, level: number): boolean =>
    first.filter(
      (edge) =>
        (edge.a === strand || edge.b === strand) &&
        (edge.levels.get(block) ?? Number.POSITIVE_INFINITY) <= level,
    ).length > limits.maxPartners;
  let crowded = 0;
  const edges = first.flatMap((edge): OracleEdge[] => {
    const left = new Map(
      [...edge.levels].filter(
        ([block, level]) => !isCrowded(edge.a, block, level) && !isCrowded(edge.b, block, level),
      ),
    );
    if (left.size === edge.levels.size) return [edge];
    crowded++;
    const bits = bitsBetween(evidenceOf(strands, edge.a), evidenceOf(strands, edge.b), left, context);
    return edge.type === "probabilistic" && bits < thresholds.link ? [] : [{ ...edge, bits, levels: left }];
  });

  const strandOf = (event: string): number =>
    strands.findIndex(({ events }) => events.some(({ name }) => name === event));
  const bans = new Set<string>();
  const asserted = new Map<string, OracleEdge>();
  for (const { type, events } of assertions) {
    const [p, q] = [strandOf(events[0]), strandOf(events[1])];
    if (p === q) continue;
    const [a, b] = [Math.min(p, q), Math.max(p, q)];
    if (type === "different") bans.add(pairName(a, b));
    else {
      const bits = bitsBetween(evidenceOf(strands, a), evidenceOf(strands, b), NO_LEVELS, context);
      asserted.set(pairName(a, b), {
        a,
        b,
        type: "asserted",
        bits,
        acceptAt: Number.NEGATIVE_INFINITY,
        levels: NO_LEVELS,
      });
    }
  }
  return { edges: [...asserted.values(), ...edges], bans, crowded, fullBlocks: full, fullTimeLocal };
}

function evidenceOf(strands: readonly OracleStrand[], index: number): OracleEvidence {
  return (strands[index] as OracleStrand).evidence;
}

/** One claims what the other holds or claims. */
function meetsClaim(x: OracleEvidence, y: OracleEvidence): boolean {
  return (
    [...x.claims.keys()].some((key) => y.keys.has(key) || y.claims.has(key)) ||
    [...y.claims.keys()].some((key) => x.keys.has(key))
  );
}

/** Pairs that share a lasting block with at most `maxBlock` members. */
function lastingPairs(
  strands: readonly OracleStrand[],
  { model }: Context,
): { pairs: ReadonlySet<string>; full: number } {
  const members = new Map<string, number[]>();
  strands.forEach(({ evidence }, index) => {
    const tokens = model.blocks.lasting.flatMap(({ name, fields }) => {
      let values: string[][] = [[]];
      for (const field of fields)
        values = values.flatMap((token) =>
          (evidence.fields.get(field) ?? []).map((value) => [...token, value]),
        );
      return values.sort(compareLists).map((token) => JSON.stringify([name, ...token]));
    });
    for (const token of tokens.slice(0, model.limits.maxLastingBlocks))
      members.set(token, [...(members.get(token) ?? []), index]);
  });
  const pairs = new Set<string>();
  let full = 0;
  for (const sharing of members.values()) {
    if (sharing.length > model.limits.maxBlock) full++;
    else for (const a of sharing) for (const b of sharing) if (a < b) pairs.add(pairName(a, b));
  }
  return { pairs, full };
}

/** Lists of texts of one length, member by member in code units. */
function compareLists(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] as string) < (b[at] as string) ? -1 : 1;
}
