/**
 * Offset from UTC in minutes, east positive, of a zone at an instant. The time zone database belongs to the platform, so
 * whoever reads local times brings the function along; the core stays free of it.
 */
export type ZoneOffset = (epochMs: number) => number;

/**
 * The instant of a wall-clock time given as if it were UTC. As in Temporal's "compatible": of two instants (clocks set
 * back) the earlier, and in a gap (clocks set forward) the one that the old offset gives.
 */
export function instantOfWallTime(wallMs: number, offset: ZoneOffset): number {
  const before = wallMs - offset(wallMs - 86_400_000) * 60_000;
  const after = wallMs - offset(wallMs + 86_400_000) * 60_000;
  if (before === after) return before;
  const valid = [before, after].filter((instant) => wallMs - offset(instant) * 60_000 === instant);
  return valid.length === 0 ? before : Math.min(...valid);
}
