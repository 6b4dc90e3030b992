import { bitsOfProbability, type CompiledModel, roundBits } from "../model/compile.js";
import type { Comparison, Level } from "../model/model.js";
import { createConditionCompiler, type Test } from "./conditions.js";
import type { KeyFacts } from "./generic.js";
import type { TimeLocalLevels } from "./levels.js";
import type { Evidence } from "./strands.js";

/** One addend of a score. */
export interface Weight {
  /** Name of the comparison; `prior` and `claim` stand for themselves. */
  readonly comparison: string;
  /** Name of the level; `null` where the evidence is missing. */
  readonly level: string;
  readonly bits: number;
}

export interface Scorer {
  /** log2 of the odds that the two sides are one person. Symmetric. */
  bits(x: Evidence, y: Evidence, levels: TimeLocalLevels): number;
  /** The same, addend by addend; the addends sum to `bits` exactly. */
  weights(x: Evidence, y: Evidence, levels: TimeLocalLevels): Weight[];
}

interface CompiledLevel {
  readonly name: string;
  readonly test: Test | null;
  readonly bits: (x: Evidence, y: Evidence) => number;
}

interface CompiledComparison {
  readonly name: string;
  readonly given: Test;
  readonly levels: readonly CompiledLevel[];
}

/** A claim of less than this probability against or above it for certainty would make infinite bits. */
const CLAIM_FLOOR = 1e-6;

export function createScorer(compiled: CompiledModel, facts: KeyFacts): Scorer {
  const compile = createConditionCompiler(compiled, facts);
  const comparisons = compiled.model.comparisons.map(
    (comparison): CompiledComparison => ({
      name: comparison.name,
      given: compile(comparison.given),
      levels: comparison.levels.map((level) => ({
        name: level.name,
        test: level.when === undefined ? null : compile(level.when),
        bits: levelBits(level, comparison, compiled),
      })),
    }),
  );

  function levelOfPair(
    comparison: CompiledComparison,
    x: Evidence,
    y: Evidence,
    levels: TimeLocalLevels,
  ): CompiledLevel | null {
    if (!comparison.given(x, y, levels)) return null;
    for (const level of comparison.levels) if (level.test === null || level.test(x, y, levels)) return level;
    return null;
  }

  return {
    bits(x, y, levels) {
      let sum = compiled.priorBits + claimBits(x, y, compiled.priorBits);
      for (const comparison of comparisons) {
        const level = levelOfPair(comparison, x, y, levels);
        if (level !== null) sum += level.bits(x, y);
      }
      return sum;
    },
    weights(x, y, levels) {
      const weights: Weight[] = [
        { comparison: "prior", level: compiled.model.prior.type, bits: compiled.priorBits },
      ];
      const claim = claimBits(x, y, compiled.priorBits);
      if (claim !== 0) weights.push({ comparison: "claim", level: "held", bits: claim });
      for (const comparison of comparisons) {
        const level = levelOfPair(comparison, x, y, levels);
        weights.push({
          comparison: comparison.name,
          level: level?.name ?? "null",
          bits: level?.bits(x, y) ?? 0,
        });
      }
      return weights;
    },
  };
}

/** The best claim of one side that the other side's keys meet, as bits that alone would yield the claim's probability. */
function claimBits(x: Evidence, y: Evidence, priorBits: number): number {
  if (x.claims.length === 0 && y.claims.length === 0) return 0;
  let best = 0;
  for (const [claimant, holder] of [
    [x, y],
    [y, x],
  ] as const) {
    for (const { key, confidence } of claimant.claims) {
      if (confidence > best && holder.keys.includes(key)) best = confidence;
    }
  }
  if (best === 0) return 0;
  const probability = Math.min(1 - CLAIM_FLOOR, Math.max(CLAIM_FLOOR, best));
  return roundBits(roundBits(bitsOfProbability(probability)) - priorBits);
}

/** m and u at or below this are taken as this, as Splink 5 does, so that weights stay finite. */
const SMALLEST_PROBABILITY = 1e-300;

function levelBits(
  level: Level,
  comparison: Comparison,
  compiled: CompiledModel,
): (x: Evidence, y: Evidence) => number {
  const base = weightOfLevel(level, comparison, compiled);
  const { tf } = level;
  if (tf === undefined) return base;
  const field = compiled.fieldIndex.get(tf.field) as number;
  const shares = compiled.model.termFrequencies[tf.field] ?? {};
  const uExact = exactU(comparison, level);
  return (x, y) => base(x, y) + termFrequencyBits(x.fields[field], y.fields[field], shares, uExact, tf);
}

function weightOfLevel(
  level: Level,
  comparison: Comparison,
  compiled: CompiledModel,
): (x: Evidence, y: Evidence) => number {
  if ("bits" in level) {
    const bits = roundBits(level.bits);
    return () => bits;
  }
  const m = Math.max(level.m, SMALLEST_PROBABILITY);
  const u = Math.max(level.u, SMALLEST_PROBABILITY);
  const single = roundBits(Math.log2(m / u));
  const field = comparison.field === undefined ? undefined : compiled.fieldIndex.get(comparison.field);
  if (field === undefined) return () => single;
  return (x, y) => {
    const pairs = (x.fields[field]?.length ?? 1) * (y.fields[field]?.length ?? 1);
    // u may exceed 1 in an untrained "else" level; there is nothing to widen then.
    if (pairs === 1 || u >= 1) return single;
    return roundBits(Math.log2(m / -Math.expm1(pairs * Math.log1p(-u))));
  };
}

/** u of the exact-match level that a fuzzy level borrows: the first level that asks for equality of the field alone. */
function exactU(comparison: Comparison, level: Level): number {
  const field = level.tf?.field;
  const exact = comparison.levels.find(
    ({ when }) => when !== undefined && "equal" in when && when.equal === field && !("share" in when),
  );
  const found = exact ?? level;
  return "u" in found ? Math.max(found.u, SMALLEST_PROBABILITY) : 1;
}

/** Splink's term: weight × (log2 u_exact − log2 t), t the larger of the two shares and the minimum; 0 if neither is known. */
function termFrequencyBits(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
  shares: Readonly<Record<string, number>>,
  uExact: number,
  tf: { readonly weight?: number; readonly minimumU?: number },
): number {
  if (a === undefined || b === undefined) return 0;
  const { weight = 1, minimumU = 0 } = tf;
  const shareOf = (value: string): number | undefined =>
    Object.hasOwn(shares, value) ? shares[value] : undefined;
  // Of many values the rarest common one speaks; where none is common, the rarest pair.
  const common = a.filter((value) => b.includes(value));
  const pairs =
    common.length > 0
      ? common.map((value) => [value, value] as const)
      : a.flatMap((one) => b.map((other) => [one, other] as const));
  let best = Number.NEGATIVE_INFINITY;
  for (const [one, other] of pairs) {
    const [p, q] = [shareOf(one), shareOf(other)];
    if (p === undefined && q === undefined) continue;
    const t = Math.max(p ?? 0, q ?? 0, minimumU);
    if (t > 0) best = Math.max(best, weight * (Math.log2(uExact) - Math.log2(t)));
  }
  return Number.isFinite(best) ? roundBits(best) : 0;
}
