/**
 * What a comparison level may ask of two sides. Plain data, so that a model is a JSON file; several values on a side mean
 * "some pair of values fits". Null, empty and placeholder values are never there, so that missing is never agreement.
 */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  /** Both sides (or at least one) have a value. */
  | { readonly known: string; readonly in?: "both" | "either" }
  | { readonly equal: string }
  /** Equal, and the value's share in the model's term frequencies lies within the bounds (unknown values have share 0). */
  | { readonly equal: string; readonly share: Bounds }
  /** At most so many edits apart: code units inserted, deleted or replaced, or two neighbours swapped. */
  | { readonly edits: string; readonly atMost: number; readonly minLength?: number }
  /** Jaro-Winkler similarity in [0, 1]. */
  | { readonly jaroWinkler: string; readonly atLeast: number }
  /** One value is the beginning of the other, which may stand in another field; length of the shorter in characters. */
  | { readonly prefix: string; readonly of?: string; readonly length?: Bounds }
  /** Equal up to nickname: robert and bob. */
  | { readonly nickname: string }
  /** Values of the two fields stand crosswise: given name here is family name there. */
  | { readonly swapped: readonly [string, string] }
  /** Calendar dates at most so many days apart. */
  | { readonly days: string; readonly atMost: number }
  /** Numbers at most so far apart, absolutely or as a share of the larger. */
  | { readonly numbers: string; readonly atMost: number; readonly relative?: boolean }
  /** Jaccard overlap of the two sets of values. */
  | { readonly overlap: string; readonly atLeast: number }
  /** Number of values on each side, or on one of them; a side without values never fits. */
  | { readonly count: string; readonly in: "both" | "either"; readonly bounds: Bounds }
  | SharedKeyCondition
  /** Both sides hold keys of the type in one scope, and none in common. */
  | { readonly differs: string }
  /** An event pair was found by the time-local block, at one of these levels (default: at any). */
  | { readonly timeLocal: string; readonly levels?: readonly string[] };

/** Inclusive bounds; an absent one is open. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/**
 * A non-generic key of one of these types that both sides hold, with the class of the key. One side may hold a digest only by
 * implication; name the digest type to have that counted. Days of use are known for stated keys only.
 */
export interface SharedKeyCondition {
  readonly sharesKey: readonly string[];
  /** Distinct given names seen in the events of the key, in the whole set. */
  readonly names?: Bounds;
  /** Some event of a typed kind carries the key. */
  readonly typed?: boolean;
  /** Days between the two sides' uses of the key; 0 when they overlap. */
  readonly gapDays?: Bounds;
}
