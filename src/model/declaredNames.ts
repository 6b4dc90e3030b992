import { isPlainObject } from "./expected.js";

/** The names that the parts of a model use for one another, read from a model of which nothing is known yet. */
export interface DeclaredNames {
  readonly fields: readonly string[];
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

interface Named {
  readonly name: string;
  readonly levels?: unknown;
}

function named(list: unknown): Named[] {
  return Array.isArray(list)
    ? list.filter((entry): entry is Named => isPlainObject(entry) && typeof entry.name === "string")
    : [];
}
