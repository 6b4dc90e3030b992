import { isPlainObject } from "./expected.js";

/** The names that the parts of a model use for one another, read from a model of which nothing is known yet. */
export interface DeclaredNames {
  readonly fields: readonly string[];
  /** Fields read from fragments as they are; the others are drawn from keys, and have no time of their own. */
  readonly observedFields: readonly string[];
  readonly identifierTypes: readonly string[];
  /** Types of plain values that digests may be made of. */
  readonly digestible: readonly string[];
  /** Time-local block → the names of its levels. */
  readonly timeLocal: ReadonlyMap<string, readonly string[]>;
}

export function declaredNames(model: Readonly<Record<string, unknown>>): DeclaredNames {
  const identifiers = isPlainObject(model.identifiers) ? model.identifiers : {};
  const blocks = isPlainObject(model.blocks) ? model.blocks.timeLocal : undefined;
  return {
    fields: isPlainObject(model.fields) ? Object.keys(model.fields) : [],
    observedFields: isPlainObject(model.fields)
      ? Object.entries(model.fields)
          .filter(([, field]) => isObserved(field, identifiers))
          .map(([name]) => name)
      : [],
    identifierTypes: Object.keys(identifiers),
    digestible: Object.entries(identifiers)
      .filter(
        ([, type]) => isPlainObject(type) && (type.normalizer === "email" || type.normalizer === "phone"),
      )
      .map(([name]) => name),
    timeLocal: new Map(
      named(blocks).map((block) => [block.name, named(block.levels).map(({ name }) => name)]),
    ),
  };
}

/** Some source of the field is no finished identifier: what is typed in part counts as observed. */
function isObserved(field: unknown, identifiers: Readonly<Record<string, unknown>>): boolean {
  if (!isPlainObject(field) || !Array.isArray(field.from) || field.from.length === 0) return true;
  return field.from.some((source: unknown) => {
    const from = isPlainObject(source) ? source.from : source;
    const normalizer = (isPlainObject(source) ? source.normalizer : undefined) ?? field.normalizer;
    return (
      typeof from !== "string" ||
      // Of an unknown type the field itself complains.
      !(from.startsWith("identifier:") && Object.hasOwn(identifiers, from.slice("identifier:".length))) ||
      (typeof normalizer === "string" && normalizer.endsWith("-typed"))
    );
  });
}

interface Named {
  readonly name: string;
  readonly levels?: unknown;
}

function named(list: unknown): Named[] {
  return Array.isArray(list)
    ? list.filter((entry): entry is Named => isPlainObject(entry) && typeof entry.name === "string")
    : [];
}
