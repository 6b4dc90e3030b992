/**
 * Offset from UTC in minutes, east positive, of a zone at an instant. The one place that reads the time zone database of
 * the platform: rules of zones are data that no library should copy.
 */
export type ZoneOffset = (epochMs: number) => number;

/** The offsets of an IANA zone; null when the platform does not know it. Making one is slow: keep it. */
export function zoneOffset(timeZone: string): ZoneOffset | null {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return null;
  }
  return (epochMs) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(epochMs)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    const wall = Date.UTC(year, month - 1, day, hour, minute, second);
    return Math.round((wall - epochMs) / 60_000);
  };
}

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
