import type { Fragment } from "../fragment/fragment.js";

/**
 * A normalised identifier. Keys are interned: in one resolution equal values are one object, and `index` counts them in
 * no particular order, so nothing that is visible may depend on it.
 */
export interface Key {
  readonly index: number;
  readonly type: string;
  /** Normal form, with its scope in front where the type has one. */
  readonly value: string;
  /** The system in which the value is unique; empty where the type is not scoped. */
  readonly scope: string;
}

/** A key that a plain value implies: the digest of an e-mail. It meets explicit digests only. */
export interface ImpliedKey {
  readonly key: Key;
  readonly by: Key;
}

/** An identifier given with less confidence than its type asks of a key. */
export interface Claim {
  readonly key: Key;
  readonly confidence: number;
}

/** Values of each field of the model, by the field's position; undefined where there are none. */
export type FieldValues = readonly (readonly string[] | undefined)[];

/** Stands for every empty list, so that a million fragments without claims hold one list and not a million. */
export const NONE: readonly never[] = [];

/** One fragment as the model sees it: keys, claims and comparable values in normal form, and the fragment itself. */
export interface Observation {
  readonly fragment: Fragment;
  readonly atMs: number | null;
  readonly event: string;
  readonly untrusted: boolean;
  readonly typed: boolean;
  readonly keys: readonly Key[];
  readonly claims: readonly Claim[];
  readonly fields: FieldValues;
}

/** "Oldest" everywhere: by time, unknown last, then source, then id (code units). */
export function compareAge(a: Observation, b: Observation): number {
  if (a.atMs !== b.atMs) return (a.atMs ?? Number.POSITIVE_INFINITY) - (b.atMs ?? Number.POSITIVE_INFINITY);
  return compareText(a.fragment.source, b.fragment.source) || compareText(a.fragment.id, b.fragment.id);
}

/** Code-unit order: the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
