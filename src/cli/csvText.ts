/** One line of CSV with its line end (RFC 4180, but LF). Null and undefined are empty. */
export function csvLine(values: readonly unknown[]): string {
  let line = "";
  for (let at = 0; at < values.length; at++) {
    if (at > 0) line += ",";
    const value = values[at];
    if (value !== null && value !== undefined) line += csvField(String(value));
  }
  return `${line}\n`;
}

function csvField(text: string): string {
  if (text.includes('"')) return `"${text.replaceAll('"', '""')}"`;
  const needsQuotes =
    text.includes(",") ||
    text.includes("\n") ||
    text.includes("\r") ||
    isBlankAt(text, 0) ||
    isBlankAt(text, text.length - 1);
  return needsQuotes ? `"${text}"` : text;
}

/** Readers trim what is not quoted. Beyond the blank itself, whatever stands below or far above it may be white space. */
function isBlankAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code <= 32 || (code >= 160 && /\s/.test(text[at] as string));
}
