import { daysBetween, intersects, jaccard, numberDistance } from "../compare/distance.js";
import { withinEdits } from "../compare/edits.js";
import { jaroWinkler } from "../compare/jaroWinkler.js";
import type { CompiledModel } from "../model/compile.js";
import type { Bounds, Condition, SharedKeyCondition } from "../model/condition.js";
import { sameByNickname } from "../normalize/index.js";
import type { KeyFacts } from "./generic.js";
import { levelOf, type TimeLocalLevels } from "./levels.js";
import type { Key } from "./observation.js";
import type { Evidence } from "./strands.js";

/** A condition as a function of two sides and of what the time-local blocks found between them. Symmetric in the sides. */
export type Test = (x: Evidence, y: Evidence, levels: TimeLocalLevels) => boolean;

/** Turns conditions of one model into tests, equal conditions into one test. */
export function createConditionCompiler(
  compiled: CompiledModel,
  facts: KeyFacts,
): (condition: Condition) => Test {
  const known = new Map<string, Test>();
  const compile = (condition: Condition): Test => {
    const text = JSON.stringify(condition);
    let test = known.get(text);
    if (test === undefined) {
      test = make(condition);
      known.set(text, test);
    }
    return test;
  };

  const fieldAt = (name: string): number => compiled.fieldIndex.get(name) as number;

  /** Some pair of values of one field fits. */
  const somePair = (name: string, fits: (a: string, b: string) => boolean): Test => {
    const field = fieldAt(name);
    return (x, y) => {
      const a = x.fields[field];
      const b = y.fields[field];
      if (a === undefined || b === undefined) return false;
      for (const one of a) for (const other of b) if (fits(one, other)) return true;
      return false;
    };
  };

  function make(condition: Condition): Test {
    if ("all" in condition) {
      const tests = condition.all.map(compile);
      return (x, y, levels) => {
        for (const test of tests) if (!test(x, y, levels)) return false;
        return true;
      };
    }
    if ("any" in condition) {
      const tests = condition.any.map(compile);
      return (x, y, levels) => {
        for (const test of tests) if (test(x, y, levels)) return true;
        return false;
      };
    }
    if ("not" in condition) {
      const test = compile(condition.not);
      return (x, y, levels) => !test(x, y, levels);
    }
    if ("known" in condition) {
      const field = fieldAt(condition.known);
      return condition.in === "either"
        ? (x, y) => x.fields[field] !== undefined || y.fields[field] !== undefined
        : (x, y) => x.fields[field] !== undefined && y.fields[field] !== undefined;
    }
    if ("equal" in condition) {
      if ("share" in condition) {
        const shares = compiled.model.termFrequencies[condition.equal] ?? {};
        const { share } = condition;
        return somePair(
          condition.equal,
          (a, b) => a === b && inBounds(Object.hasOwn(shares, a) ? (shares[a] as number) : 0, share),
        );
      }
      const field = fieldAt(condition.equal);
      return (x, y) => {
        const a = x.fields[field];
        const b = y.fields[field];
        return a !== undefined && b !== undefined && (a === b || intersects(a, b));
      };
    }
    if ("edits" in condition) {
      const { atMost, minLength = 0 } = condition;
      return somePair(
        condition.edits,
        (a, b) => Math.min(a.length, b.length) >= minLength && withinEdits(a, b, atMost),
      );
    }
    if ("jaroWinkler" in condition) {
      const { atLeast } = condition;
      return somePair(condition.jaroWinkler, (a, b) => jaroWinkler(a, b) >= atLeast);
    }
    if ("prefix" in condition)
      return prefixTest(
        fieldAt(condition.prefix),
        fieldAt(condition.of ?? condition.prefix),
        condition.length ?? {},
      );
    if ("nickname" in condition) return somePair(condition.nickname, sameByNickname);
    if ("swapped" in condition) {
      const [one, other] = [fieldAt(condition.swapped[0]), fieldAt(condition.swapped[1])];
      const crossed = (a: Evidence, b: Evidence): boolean => {
        const [p, q] = [a.fields[one], b.fields[other]];
        return p !== undefined && q !== undefined && intersects(p, q);
      };
      return (x, y) => crossed(x, y) && crossed(y, x);
    }
    if ("days" in condition) return somePair(condition.days, (a, b) => daysBetween(a, b) <= condition.atMost);
    if ("numbers" in condition) {
      return somePair(
        condition.numbers,
        (a, b) => numberDistance(a, b, condition.relative === true) <= condition.atMost,
      );
    }
    if ("overlap" in condition) {
      const field = fieldAt(condition.overlap);
      return (x, y) => {
        const [a, b] = [x.fields[field], y.fields[field]];
        return a !== undefined && b !== undefined && jaccard(a, b) >= condition.atLeast;
      };
    }
    if ("count" in condition) {
      const field = fieldAt(condition.count);
      const fits = (side: Evidence): boolean => {
        const values = side.fields[field];
        return values !== undefined && inBounds(values.length, condition.bounds);
      };
      return condition.in === "either" ? (x, y) => fits(x) || fits(y) : (x, y) => fits(x) && fits(y);
    }
    if ("sharesKey" in condition) return sharedKeyTest(condition, facts);
    if ("differs" in condition) return differsTest(condition.differs);
    const block = compiled.model.blocks.timeLocal.findIndex(({ name }) => name === condition.timeLocal);
    const names = compiled.model.blocks.timeLocal[block]?.levels.map(({ name }) => name) ?? [];
    const wanted = new Set((condition.levels ?? names).map((name) => names.indexOf(name)));
    return (_x, _y, levels) => wanted.has(levelOf(levels, block));
  }

  return compile;
}

function inBounds(value: number, { min, max }: Bounds): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}

function prefixTest(typed: number, full: number, length: Bounds): Test {
  const begins = (a: Evidence, b: Evidence): boolean => {
    const [parts, wholes] = [a.fields[typed], b.fields[full]];
    if (parts === undefined || wholes === undefined) return false;
    for (const part of parts) {
      if (!inBounds(part.length, length)) continue;
      for (const whole of wholes) if (whole !== part && whole.startsWith(part)) return true;
    }
    return false;
  };
  return (x, y) => begins(x, y) || begins(y, x);
}

function sharedKeyTest(condition: SharedKeyCondition, facts: KeyFacts): Test {
  const types = new Set(condition.sharesKey);
  const { names, typed, gapDays } = condition;
  const fits = (key: Key, x: Evidence, atX: number, y: Evidence, atY: number): boolean => {
    if (!types.has(key.type)) return false;
    if (names !== undefined && !inBounds(facts.names[key.index] as number, names)) return false;
    if (typed !== undefined && (facts.typed[key.index] === 1) !== typed) return false;
    if (gapDays === undefined) return true;
    if (atX < 0 || atY < 0) return false;
    const gap = Math.max(
      0,
      (x.firstDays[atX] as number) - (y.lastDays[atY] as number),
      (y.firstDays[atY] as number) - (x.lastDays[atX] as number),
    );
    return inBounds(gap, gapDays);
  };
  return (x, y) => {
    let i = 0;
    let j = 0;
    while (i < x.keys.length && j < y.keys.length) {
      const a = x.keys[i] as Key;
      const b = y.keys[j] as Key;
      if (a.index < b.index) i++;
      else if (b.index < a.index) j++;
      else if (fits(a, x, i++, y, j++)) return true;
    }
    for (const key of x.implied) if (y.keys.includes(key) && fits(key, x, -1, y, -1)) return true;
    for (const key of y.implied) if (x.keys.includes(key) && fits(key, x, -1, y, -1)) return true;
    return false;
  };
}

function differsTest(type: string): Test {
  return (x, y) => {
    let comparable = false;
    for (const a of x.keys) {
      if (a.type !== type) continue;
      for (const b of y.keys) {
        if (b.type !== type || b.scope !== a.scope) continue;
        if (a === b) return false;
        comparable = true;
      }
    }
    return comparable;
  };
}
