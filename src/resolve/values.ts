import { type FieldValues, NONE } from "./observation.js";

/** Union of two lists of distinct values; a side that adds nothing is returned as it is. */
export function mergeValues(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): readonly string[] | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  const added = b.filter((value) => !a.includes(value));
  return added.length === 0 ? a : [...a, ...added];
}

/** Of many values the first in code-unit order are evidence, so that which ones does not depend on who came first. */
export function firstValues(
  values: readonly string[] | undefined,
  limit: number,
): readonly string[] | undefined {
  return values === undefined || values.length <= limit ? values : [...values].sort().slice(0, limit);
}

/** Every combination of one value for each of the fields, as text; none where a field has no value. */
export function combinations(values: FieldValues, fields: readonly number[]): readonly string[] {
  let texts: readonly string[] | undefined;
  for (const field of fields) {
    const own = values[field];
    if (own === undefined) return NONE;
    if (texts === undefined) texts = own;
    else if (texts.length === 1 && own.length === 1) texts = [`${texts[0]}\u0000${own[0]}`];
    else texts = texts.flatMap((text) => own.map((value) => `${text}\u0000${value}`));
  }
  return texts ?? NONE;
}
