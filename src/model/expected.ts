import { describeShape, type Fault } from "../fragment/validate.js";

/** Adds to `faults` what is wrong with the value that stands at `path`. */
export type Check = (value: unknown, path: string, faults: Fault[]) => void;

export function addFault(faults: Fault[], path: string, expected: string, value: unknown): void {
  faults.push({ path, expected, received: describeShape(value) });
}

export function memberPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A check that asks one question and says what was wanted where the answer is no. */
export function expect(expected: string, fits: (value: unknown) => boolean): Check {
  return (value, path, faults) => {
    if (!fits(value)) addFault(faults, path, expected, value);
  };
}

function expectNumber(expected: string, fits: (value: number) => boolean): Check {
  return expect(expected, (value) => typeof value === "number" && Number.isFinite(value) && fits(value));
}

export const text = expect(
  "a string that is not empty",
  (value) => typeof value === "string" && value !== "",
);
export const flag = expect("true or false", (value) => typeof value === "boolean");
export const finite = expectNumber("a finite number", () => true);
export const positive = expectNumber("a number above 0", (value) => value > 0);
/** Strictly between: a certainty would be infinitely many bits. */
export const uncertain = expectNumber("a number above 0 and below 1", (value) => value > 0 && value < 1);
export const share = expectNumber("a number from 0 to 1", (value) => value >= 0 && value <= 1);
export const positiveShare = expectNumber("a number above 0, at most 1", (value) => value > 0 && value <= 1);

export function atLeast(least: number): Check {
  return expectNumber(`a finite number of at least ${least}`, (value) => value >= least);
}

export function wholeNumber(least: number): Check {
  return expectNumber(
    `a whole number of at least ${least}`,
    (value) => Number.isSafeInteger(value) && value >= least,
  );
}

/**
 * Weights are multiples of 2^-40, so that sums of them are exact below 2^13 bits. Beyond this limit of a single one a few
 * together would pass that; it leaves room for log2(m/u) of the smallest probabilities, 1e-300.
 */
const MAX_WEIGHT_BITS = 1024;

export const weightBits = expectNumber(
  `bits from -${MAX_WEIGHT_BITS} to ${MAX_WEIGHT_BITS}`,
  (value) => Math.abs(value) <= MAX_WEIGHT_BITS,
);

/** `null`, or what `check` asks for. */
export function orNull(check: Check): Check {
  return (value, path, faults) => {
    if (value !== null) check(value, path, faults);
  };
}

/** One of a fixed set of words. */
export function oneOf(words: readonly string[]): Check {
  return expect(`one of ${words.join(", ")}`, (value) => typeof value === "string" && words.includes(value));
}

/** The name of something that the model declares elsewhere; `what` is its plural. */
export function nameOf(what: string, declared: readonly string[]): Check {
  const expected =
    declared.length === 0
      ? `one of the ${what}, of which there are none`
      : `one of the ${what} ${declared.join(", ")}`;
  return expect(expected, (value) => typeof value === "string" && declared.includes(value));
}

export function listOf(check: Check, least = 0): Check {
  return (value, path, faults) => {
    if (!Array.isArray(value) || value.length < least) {
      addFault(faults, path, least === 0 ? "an array" : `an array of at least ${least}`, value);
      return;
    }
    // By index, since forEach would leave out the holes of a sparse array.
    for (let index = 0; index < value.length; index++) check(value[index], `${path}[${index}]`, faults);
  };
}

/** An object of any member names; `checkName` sees each of them at the path of its member. */
export function mapOf(check: Check, checkName?: Check): Check {
  return (value, path, faults) => {
    if (!isPlainObject(value)) return addFault(faults, path, "an object", value);
    for (const [name, entry] of Object.entries(value)) {
      const at = memberPath(path, name);
      checkName?.(name, at, faults);
      check(entry, at, faults);
    }
  };
}

type OptionalKey<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never }[keyof T];
type RequiredKey<T> = Exclude<keyof T, OptionalKey<T>>;

/** A check for each member of `T`: a member added to the type is a compile error until it is checked. */
export function objectOf<T extends object>(
  required: Readonly<Record<RequiredKey<T> & string, Check>>,
  optional: Readonly<Record<OptionalKey<T> & string, Check>>,
): Check {
  return members(required, optional);
}

/** An object with these members and no others. */
export function members(
  required: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>>,
): Check {
  const known = [...Object.keys(required), ...Object.keys(optional)];
  const unknownMember = `no such member; the known ones are ${known.join(", ")}`;
  return (value, path, faults) => {
    if (!isPlainObject(value)) return addFault(faults, path, "an object", value);
    for (const [name, check] of Object.entries(required)) check(value[name], memberPath(path, name), faults);
    for (const [name, check] of Object.entries(optional)) {
      if (value[name] !== undefined) check(value[name], memberPath(path, name), faults);
    }
    for (const name of Object.keys(value)) {
      if (!known.includes(name)) addFault(faults, memberPath(path, name), unknownMember, value[name]);
    }
  };
}

/** Reports every name in a list of `{ name }` that an earlier entry has already. */
export function distinctNames(list: unknown, path: string, faults: Fault[]): void {
  if (!Array.isArray(list)) return;
  const seen = new Set<unknown>();
  list.forEach((entry: unknown, index) => {
    if (!isPlainObject(entry) || typeof entry.name !== "string") return;
    if (seen.has(entry.name)) addFault(faults, `${path}[${index}].name`, "a name of its own", entry.name);
    seen.add(entry.name);
  });
}

/** The words of a union type: `satisfies Record<Union, true>` on the argument keeps the list complete. */
export function wordsOf(words: Readonly<Record<string, true>>): readonly string[] {
  return Object.keys(words);
}
