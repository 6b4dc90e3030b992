import type { Bounds } from "./condition.js";
import type { DeclaredNames } from "./declaredNames.js";
import {
  addFault,
  atLeast,
  type Check,
  expect,
  finite,
  flag,
  isPlainObject,
  listOf,
  members,
  nameOf,
  objectOf,
  oneOf,
  positiveShare,
  wholeNumber,
} from "./expected.js";

/** Conditions inside conditions; more is no rule that a person wrote, and cyclic data would never end. */
const MAX_DEPTH = 32;

const checkBoundMembers = objectOf<Bounds>({}, { min: finite, max: finite });

const checkBounds: Check = (value, path, faults) => {
  checkBoundMembers(value, path, faults);
  if (!isPlainObject(value) || typeof value.min !== "number" || typeof value.max !== "number") return;
  if (value.min > value.max) addFault(faults, path, "a min of at most its max", value);
};

/** Without a lower bound of 1 two sides without values would fit, and missing is never agreement. */
const checkCountBounds: Check = (value, path, faults) => {
  checkBounds(value, path, faults);
  if (!isPlainObject(value)) return;
  atLeast(1)(value.min, `${path}.min`, faults);
};

/** The check of a condition over what a model declares. The member that a condition is known by decides what it may hold. */
export function createConditionCheck(names: DeclaredNames): Check {
  const field = nameOf("fields", names.fields);
  const type = nameOf("identifier types", names.identifierTypes);
  const sides = oneOf(["both", "either"]);
  const whole = wholeNumber(0);

  const timeLocal: Check = (value, path, faults) => {
    const block = isPlainObject(value) ? value.timeLocal : undefined;
    const levels = typeof block === "string" ? (names.timeLocal.get(block) ?? []) : [];
    members(
      { timeLocal: nameOf("time-local blocks", [...names.timeLocal.keys()]) },
      { levels: listOf(nameOf("levels of the block", levels), 1) },
    )(value, path, faults);
  };

  const leaves: Readonly<Record<string, Check>> = {
    known: members({ known: field }, { in: sides }),
    equal: members({ equal: field }, { share: checkBounds }),
    edits: members({ edits: field, atMost: whole }, { minLength: whole }),
    jaroWinkler: members({ jaroWinkler: field, atLeast: positiveShare }, {}),
    prefix: members({ prefix: field }, { of: field, length: checkBounds }),
    nickname: members({ nickname: field }, {}),
    swapped: members({ swapped: pairOf(field) }, {}),
    days: members({ days: field, atMost: atLeast(0) }, {}),
    numbers: members({ numbers: field, atMost: atLeast(0) }, { relative: flag }),
    overlap: members({ overlap: field, atLeast: positiveShare }, {}),
    count: members({ count: field, in: sides, bounds: checkCountBounds }, {}),
    sharesKey: members(
      { sharesKey: listOf(type, 1) },
      { names: checkBounds, typed: flag, gapDays: checkBounds },
    ),
    differs: members({ differs: type }, {}),
    timeLocal,
  };
  const kinds = ["all", "any", "not", ...Object.keys(leaves)];
  const expected = `a condition: an object with one of ${kinds.join(", ")}`;

  const checkAt =
    (depth: number): Check =>
    (value, path, faults) => {
      if (depth > MAX_DEPTH) {
        return addFault(faults, path, `at most ${MAX_DEPTH} conditions inside one another`, value);
      }
      const found = isPlainObject(value) ? kinds.filter((kind) => Object.hasOwn(value, kind)) : [];
      const [kind] = found;
      if (kind === undefined || found.length > 1) return addFault(faults, path, expected, value);
      const inner = checkAt(depth + 1);
      const nested = members({ [kind]: kind === "not" ? inner : listOf(inner, 1) }, {});
      (leaves[kind] ?? nested)(value, path, faults);
    };

  return checkAt(1);
}

function pairOf(check: Check): Check {
  const isPair = expect("an array of two", (value) => Array.isArray(value) && value.length === 2);
  return (value, path, faults) => {
    isPair(value, path, faults);
    if (Array.isArray(value)) listOf(check)(value, path, faults);
  };
}
