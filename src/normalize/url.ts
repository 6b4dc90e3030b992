import { isPlaceholder } from "./placeholder.js";
import { rawText } from "./text.js";

/**
 * The site and path of a web address: host in lower case without `www.` and port, path without query and trailing slash
 * ("/" at least). Addresses without scheme are read as https when the host has a dot. Null for other schemes,
 * placeholders and anything that is no address. Never throws; idempotent on `https://` + site + path.
 */
export function normalizeUrl(raw: unknown): { site: string; path: string } | null {
  if (typeof raw !== "string" || raw.length > 16_384) return null;
  const text = rawText(raw, 4096);
  if (text === null || isPlaceholder(text)) return null;
  const bare = !/^[a-z][a-z\d+.-]*:\/\//i.test(text);
  if (bare && !/^(?:\/\/)?[^\s/?#:@]+\.[^\s/?#:@]+(?::\d+)?(?:[/?#]|$)/.test(text)) return null;
  let url: URL;
  try {
    url = new URL(bare ? `https://${text.replace(/^\/\//, "")}` : text);
  } catch {
    return null;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  const site = url.hostname.replace(/^(?:www\.)+(?=.)/, "").replace(/\.+$/, "");
  // "x.12." parses, "x.12" does not: what ends in a number must be an IPv4 address.
  if (site === "" || (url.hostname.endsWith(".") && /(?:^|\.)(?:\d+|0x[\da-f]*)$/.test(site))) return null;
  return { site, path: trimSlashes(url.pathname) };
}

/** A loop, for `/\/+$/` takes quadratic time on slashes that do not end the text. */
function trimSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path.charCodeAt(end - 1) === 47) end -= 1;
  return path.slice(0, end) || "/";
}
