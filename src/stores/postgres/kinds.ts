import { KINDS, type Kind, type RowKind } from "../../resolve/plan/documents.js";
import { StoreError } from "../error.js";

/** Numbers in the tables. They are part of the format: a number once given never means another kind. */
const KIND_NUMBERS = new Map(KINDS.map((kind, number) => [kind, number]));

const ROW_KIND_NUMBERS: Readonly<Record<RowKind, number>> = {
  "event-fragment": 0,
  "cell-event": 1,
  "key-holder": 2,
  "key-holder-untrusted": 3,
  "key-claimant": 4,
  "block-member": 5,
  "time-member": 6,
};

export function numberOfKind(kind: Kind): number {
  const number = KIND_NUMBERS.get(kind);
  if (number === undefined)
    throw new StoreError("failed", "a document of a kind that no store knows was asked for");
  return number;
}

export function numberOfRowKind(kind: RowKind): number {
  const number: number | undefined = ROW_KIND_NUMBERS[kind];
  if (number === undefined)
    throw new StoreError("failed", "rows of a kind that no store knows were asked for");
  return number;
}
