/** A text as JSON has it: the same as `JSON.stringify` makes, found faster for what needs no escapes, as most names do not. */
export function quoted(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Control characters, quotation mark, reverse solidus, and surrogates, which it escapes where they stand alone.
    if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0xd800 && code <= 0xdfff))
      return JSON.stringify(text);
  }
  return `"${text}"`;
}
