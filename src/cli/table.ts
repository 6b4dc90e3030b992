/** Lines with aligned columns: the first to the left, the others as told (default left). */
export function alignColumns(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) =>
          right.includes(index) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** 1234567 as "1,234,567": the same on every machine, whatever its locale. */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Signed bits with two digits; infinite ones by name. */
export function bitsText(bits: number): string {
  if (!Number.isFinite(bits)) return bits > 0 ? "certain" : "impossible";
  return `${bits < 0 ? "-" : "+"}${Math.abs(bits).toFixed(2)}`;
}

export function shareText(share: number): string {
  return share.toFixed(4);
}

/** "0.4 s", "12 s", "3 min 20 s". */
export function durationText(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** "1 row", "2,000 rows". */
export function counted(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}
