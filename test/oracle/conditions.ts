import { daysBetween, jaccard, numberDistance } from "../../src/compare/distance.js";
import { withinEdits } from "../../src/compare/edits.js";
import { jaroWinkler } from "../../src/compare/jaroWinkler.js";
import type { Bounds, Condition, SharedKeyCondition } from "../../src/model/condition.js";
import type { Model } from "../../src/model/model.js";
import { sameByNickname } from "../../src/normalize/index.js";
import type { KeyFact } from "./generic.js";
import { type Key, scopeOf, typeOf } from "./sighting.js";
import type { Days, OracleEvidence } from "./strands.js";
import type { Levels } from "./timeLocal.js";

export interface Context {
  readonly model: Model;
  readonly facts: ReadonlyMap<Key, KeyFact>;
}

/** Whether a condition holds between two sides: each kind as `model/condition.ts` words it. */
export function holds(
  condition: Condition,
  x: OracleEvidence,
  y: OracleEvidence,
  levels: Levels,
  context: Context,
): boolean {
  const again = (inner: Condition): boolean => holds(inner, x, y, levels, context);
  const valuesOf = (side: OracleEvidence, field: string): readonly string[] => side.fields.get(field) ?? [];
  const somePair = (field: string, fits: (a: string, b: string) => boolean): boolean =>
    valuesOf(x, field).some((a) => valuesOf(y, field).some((b) => fits(a, b)));
  const onSides = (where: "both" | "either" | undefined, fits: (side: OracleEvidence) => boolean): boolean =>
    where === "either" ? fits(x) || fits(y) : fits(x) && fits(y);

  if ("all" in condition) return condition.all.every(again);
  if ("any" in condition) return condition.any.some(again);
  if ("not" in condition) return !again(condition.not);
  if ("known" in condition)
    return onSides(condition.in, (side) => valuesOf(side, condition.known).length > 0);
  if ("equal" in condition) {
    const shares = context.model.termFrequencies[condition.equal] ?? {};
    const bounds = "share" in condition ? condition.share : {};
    return somePair(condition.equal, (a, b) => a === b && within(shares[a] ?? 0, bounds));
  }
  if ("edits" in condition) {
    const { edits, atMost, minLength = 0 } = condition;
    return somePair(
      edits,
      (a, b) => a.length >= minLength && b.length >= minLength && withinEdits(a, b, atMost),
    );
  }
  if ("jaroWinkler" in condition)
    return somePair(condition.jaroWinkler, (a, b) => jaroWinkler(a, b) >= condition.atLeast);
  if ("prefix" in condition) {
    const { prefix, of = prefix, length = {} } = condition;
    const begins = (p: OracleEvidence, q: OracleEvidence): boolean =>
      valuesOf(p, prefix).some((part) =>
        valuesOf(q, of).some(
          (whole) => whole.startsWith(part) && whole !== part && within(part.length, length),
        ),
      );
    return begins(x, y) || begins(y, x);
  }
  if ("nickname" in condition) return somePair(condition.nickname, sameByNickname);
  if ("swapped" in condition) {
    const [one, other] = condition.swapped;
    const crossed = (p: OracleEvidence, q: OracleEvidence): boolean =>
      valuesOf(p, one).some((value) => valuesOf(q, other).includes(value));
    return crossed(x, y) && crossed(y, x);
  }
  if ("days" in condition) return somePair(condition.days, (a, b) => daysBetween(a, b) <= condition.atMost);
  if ("numbers" in condition) {
    return somePair(
      condition.numbers,
      (a, b) => numberDistance(a, b, condition.relative === true) <= condition.atMost,
    );
  }
  if ("overlap" in condition) {
    const [a, b] = [valuesOf(x, condition.overlap), valuesOf(y, condition.overlap)];
    return a.length > 0 && b.length > 0 && jaccard(a, b) >= condition.atLeast;
  }
  if ("count" in condition)
    return onSides(condition.in, (side) => within(valuesOf(side, condition.count).length, condition.bounds));
  if ("sharesKey" in condition) return sharesKey(condition, x, y, context);
  if ("differs" in condition) {
    const ofType = (side: OracleEvidence): Key[] =>
      [...side.keys.keys()].filter((key) => typeOf(key) === condition.differs);
    const scopes = new Set(ofType(y).map(scopeOf));
    return ofType(x).some((key) => scopes.has(scopeOf(key))) && !ofType(x).some((key) => y.keys.has(key));
  }
  const block = context.model.blocks.timeLocal.find(({ name }) => name === condition.timeLocal);
  const found = block?.levels[levels.get(condition.timeLocal) ?? -1]?.name;
  return found !== undefined && (condition.levels === undefined || condition.levels.includes(found));
}

function within(
  value: number,
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Bounds,
): boolean {
  return value >= min && value <= max;
}

/** Keys that both sides hold, one of them perhaps only by implication; days are known where both state it. */
export function sharedKeys(
  x: OracleEvidence,
  y: OracleEvidence,
): readonly { key: Key; days: readonly [Days, Days] | null }[] {
  const stated = [...x.keys].flatMap(([key, days]) => {
    const other = y.keys.get(key);
    return other === undefined ? [] : [{ key, days: [days, other] as const }];
  });
  const implied = [...x.implied]
    .filter((key) => y.keys.has(key))
    .concat([...y.implied].filter((key) => x.keys.has(key)));
  return [...stated, ...implied.map((key) => ({ key, days: null }))];
}

function sharesKey(
  condition: SharedKeyCondition,
  x: OracleEvidence,
  y: OracleEvidence,
  { facts }: Context,
): boolean {
  const { names, typed, gapDays } = condition;
  return sharedKeys(x, y).some(({ key, days }) => {
    if (!condition.sharesKey.includes(typeOf(key))) return false;
    const fact = facts.get(key) as KeyFact;
    if (names !== undefined && !within(fact.names, names)) return false;
    if (typed !== undefined && fact.typed !== typed) return false;
    if (gapDays === undefined) return true;
    const gap = days === null ? null : gapBetween(...days);
    return gap !== null && within(gap, gapDays);
  });
}

/** Days between two uses; 0 when they overlap, null when a day is unknown. */
function gapBetween(p: Days, q: Days): number | null {
  if (p.first === null || p.last === null || q.first === null || q.last === null) return null;
  return Math.max(0, p.first - q.last, q.first - p.last);
}
