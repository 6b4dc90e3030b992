import { parseInstant } from "../normalize/index.js";

/** Farthest instant a Date can hold, in milliseconds on either side of 1970. */
const MAX_INSTANT_MS = 8.64e15;

/**
 * Epoch milliseconds of a fragment's `observedAt`: numbers are that already, texts are read as ISO 8601 (UTC where they name
 * no offset). Null when unknown or unreadable.
 */
export function instantOf(observedAt: string | number | null | undefined): number | null {
  if (observedAt === null || observedAt === undefined) return null;
  if (typeof observedAt === "string") return parseInstant(observedAt);
  return Number.isFinite(observedAt) && Math.abs(observedAt) <= MAX_INSTANT_MS ? observedAt : null;
}
