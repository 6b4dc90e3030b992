import type { Fault } from "../fragment/validate.js";
import type { DeclaredNames } from "./declaredNames.js";
import {
  addFault,
  atLeast,
  type Check,
  distinctNames,
  expect,
  isPlainObject,
  listOf,
  members,
  nameOf,
  objectOf,
  positive,
  share,
  weightBits,
} from "./expected.js";
import type { Comparison, TermFrequencyUse } from "./model.js";
import { createConditionCheck } from "./validateCondition.js";

/** Addends of a score that are no comparison. */
const RESERVED = ["prior", "claim"];

const comparisonName = expect(
  `a string that is not empty and none of ${RESERVED.join(", ")}`,
  (value) => typeof value === "string" && value !== "" && !RESERVED.includes(value),
);

/** What pairs without the evidence are shown to be at. */
const levelName = expect(
  "a string that is not empty and not null",
  (value) => typeof value === "string" && value !== "" && value !== "null",
);

/** The checks of `comparisons`: levels in order, weights finite, references known. */
export function createComparisonsCheck(names: DeclaredNames): Check {
  const condition = createConditionCheck(names);
  const field = nameOf("fields", names.fields);
  const tf = objectOf<TermFrequencyUse>({ field }, { weight: atLeast(0), minimumU: share });
  const common = { when: condition, tf };
  const byBits = members({ name: levelName, bits: weightBits }, common);
  const byProbabilities = members({ name: levelName, m: share, u: positive }, common);

  const level: Check = (value, path, faults) => {
    const weighed = isPlainObject(value)
      ? ["bits", "m", "u"].filter((name) => value[name] !== undefined)
      : [];
    if (weighed.length === 0) addFault(faults, path, "a level with bits, or with m and u", value);
    else (weighed[0] === "bits" ? byBits : byProbabilities)(value, path, faults);
    checkTermFrequency(value, path, faults);
  };
  const comparison = objectOf<Comparison>(
    { name: comparisonName, given: condition, levels: listOf(level, 1) },
    { field },
  );

  return (value, path, faults) => {
    listOf(comparison)(value, path, faults);
    distinctNames(value, path, faults);
    if (!Array.isArray(value)) return;
    value.forEach((entry: unknown, index) => {
      if (isPlainObject(entry)) checkLevelOrder(entry.levels, `${path}[${index}].levels`, faults);
    });
  };
}

/** The term compares the value's share with u, and is for values that agree: an "else" level has none. */
function checkTermFrequency(level: unknown, path: string, faults: Fault[]): void {
  if (!isPlainObject(level) || level.tf === undefined) return;
  if (level.u === undefined)
    addFault(faults, `${path}.tf`, "no such member on a level without m and u", level.tf);
  if (level.when === undefined)
    addFault(faults, `${path}.tf`, "no such member on a level without when", level.tf);
}

function checkLevelOrder(levels: unknown, path: string, faults: Fault[]): void {
  distinctNames(levels, path, faults);
  if (!Array.isArray(levels)) return;
  levels.forEach((level: unknown, index) => {
    if (isPlainObject(level) && level.when === undefined && index < levels.length - 1) {
      addFault(
        faults,
        `${path}[${index}].when`,
        "a condition: only the last level may do without",
        undefined,
      );
    }
  });
}
