/**
 * A list with one item more, in exactly as much memory as it needs: literals with a spread, and lists that grow, keep room for
 * sixteen more, which in documents that rest by the million is most of what they take.
 */
export function appended<T>(list: readonly T[], item: T): readonly T[] {
  const { length } = list;
  const next = new Array<T>(length + 1);
  for (let at = 0; at < length; at++) next[at] = list[at] as T;
  next[length] = item;
  return next;
}
