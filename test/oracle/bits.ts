import type { Comparison, Level, Model } from "../../src/model/model.js";
import { type Context, holds } from "./conditions.js";
import type { OracleEvidence } from "./strands.js";
import type { Levels } from "./timeLocal.js";

/** Every weight is rounded once to a multiple of 2^-40. */
function rounded(bits: number): number {
  return Math.round(bits * 2 ** 40) / 2 ** 40;
}

export function bitsBetween(x: OracleEvidence, y: OracleEvidence, levels: Levels, context: Context): number {
  const { model } = context;
  const addends = [priorBits(model), claimBits(x, y, model)];
  for (const comparison of model.comparisons) {
    if (!holds(comparison.given, x, y, levels, context)) continue;
    const level = comparison.levels.find(
      ({ when }) => when === undefined || holds(when, x, y, levels, context),
    );
    if (level !== undefined)
      addends.push(weightBits(level, comparison, x, y), termFrequencyBits(level, comparison, x, y, model));
  }
  return addends.reduce((sum, addend) => sum + addend, 0);
}

function oddsBits(probability: number): number {
  return Math.log2(probability / (1 - probability));
}

function priorBits({ prior }: Model): number {
  return rounded(prior.type === "candidate" ? prior.bits : oddsBits(prior.probabilityTwoRandomRecordsMatch));
}

/** With the prior, the best claim of one side that the other holds yields its own probability. */
function claimBits(x: OracleEvidence, y: OracleEvidence, model: Model): number {
  const met = [
    ...[...x.claims].filter(([key]) => y.keys.has(key)),
    ...[...y.claims].filter(([key]) => x.keys.has(key)),
  ].map(([, confidence]) => confidence);
  return met.length === 0 ? 0 : rounded(oddsBits(Math.max(...met))) - priorBits(model);
}

function weightBits(level: Level, comparison: Comparison, x: OracleEvidence, y: OracleEvidence): number {
  if ("bits" in level) return rounded(level.bits);
  const countOf = (side: OracleEvidence): number =>
    comparison.field === undefined ? 1 : (side.fields.get(comparison.field)?.length ?? 1);
  const pairs = countOf(x) * countOf(y);
  // u becomes 1 - (1 - u)^(ab), in the form that keeps its digits when u is small.
  const u = pairs === 1 || level.u >= 1 ? level.u : -Math.expm1(pairs * Math.log1p(-level.u));
  return rounded(Math.log2(level.m / u));
}

/** weight * (log2 u_exact - log2 t) with t the larger share of the two values: the best over the values that speak. */
function termFrequencyBits(
  level: Level,
  comparison: Comparison,
  x: OracleEvidence,
  y: OracleEvidence,
  model: Model,
): number {
  if (level.tf === undefined) return 0;
  const { field, weight = 1, minimumU = 0 } = level.tf;
  const exact = comparison.levels.find(
    ({ when }) => when !== undefined && "equal" in when && !("share" in when) && when.equal === field,
  );
  const from = exact ?? level;
  const uExact = "u" in from ? from.u : 1;
  const shares = model.termFrequencies[field] ?? {};
  const [a, b] = [x.fields.get(field) ?? [], y.fields.get(field) ?? []];
  const all = a.flatMap((one) => b.map((other) => [one, other] as const));
  const common = all.filter(([one, other]) => one === other);
  const terms = (common.length > 0 ? common : all).flatMap(([one, other]) => {
    if (shares[one] === undefined && shares[other] === undefined) return [];
    const t = Math.max(shares[one] ?? 0, shares[other] ?? 0, minimumU);
    return t > 0 ? [weight * (Math.log2(uExact) - Math.log2(t))] : [];
  });
  return terms.length === 0 ? 0 : rounded(Math.max(...terms));
}
