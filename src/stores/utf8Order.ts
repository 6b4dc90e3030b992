/**
 * Compares as the UTF-8 bytes of both texts do, which is the order of code points, and that of SQLite, of Postgres under the
 * collation "C", and of Redis. JavaScript compares UTF-16 code units: there an emoji (surrogates, U+D800 to U+DFFF) stands
 * before U+E000 to U+FFFF, so those two ranges change places.
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
