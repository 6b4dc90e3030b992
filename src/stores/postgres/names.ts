/** Where the tables of a store are. */
export interface Place {
  /** Default `leadweave`. */
  readonly schema: string;
  /** Goes before every table, view and function; default none. */
  readonly tablePrefix: string;
}

/** Longest name that, with a prefix, fits the 63 bytes of a Postgres identifier. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,30}$/;

/**
 * @throws TypeError for names that are no plain identifiers of at most 31 characters
 */
export function placeOf(schema = "leadweave", tablePrefix = ""): Place {
  if (!NAME.test(schema))
    throw new TypeError("schema must be 1 to 31 letters, digits or underscores, and begin with no digit");
  if (tablePrefix !== "" && !NAME.test(tablePrefix))
    throw new TypeError(
      "tablePrefix must be at most 31 letters, digits or underscores, and begin with no digit",
    );
  return { schema, tablePrefix };
}

/** A table, view, sequence or function of the store as SQL names it. */
export function nameIn({ schema, tablePrefix }: Place, name: string): string {
  return `"${schema}"."${tablePrefix}${name}"`;
}
