import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";

/**
 * JSON with object members in code-unit order and without undefined members, so that equal contents have equal texts
 * whatever the order in which their members were written. Follows RFC 8785 in everything but its number grammar, which
 * JavaScript's own serialisation already is.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

/** SHA-256 of the canonical JSON, in hex: decides between different contents of one version (the greater digest is live). */
export function contentDigest(value: unknown): string {
  return bytesToHex(sha256(canonicalJson(value)));
}
