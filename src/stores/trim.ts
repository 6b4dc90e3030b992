/**
 * How many entries of a feed are to stay.
 *
 * @throws TypeError for what is no number of entries
 */
export function checkKeep(keep: number): number {
  if (Number.isSafeInteger(keep) && keep >= 0) return keep;
  throw new TypeError("keep must be a whole number of at least 0");
}
