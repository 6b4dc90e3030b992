import ipaddr from "ipaddr.js";
import { rawText } from "./text.js";

export interface NormalizedIp {
  /** IPv4 in four decimal parts, IPv6 as in RFC 5952. */
  readonly ip: string;
  /** The /24 of an IPv4 address, the /64 of an IPv6 address: about one line or one site. */
  readonly network: string;
  readonly family: 4 | 6;
  /** `private`: behind a home, company or carrier router; `reserved`: loopback, documentation, multicast and the like. */
  readonly scope: "public" | "private" | "reserved";
}

const SCOPES: Readonly<Record<string, NormalizedIp["scope"]>> = {
  unicast: "public",
  private: "private",
  uniqueLocal: "private",
  carrierGradeNat: "private",
  linkLocal: "private",
  loopback: "private",
  // Public IPv4 hosts that reached us through a translator or a tunnel.
  rfc6052: "public",
  "6to4": "public",
  teredo: "public",
};

/**
 * An IP address with its network. Ports, brackets and zone ids are tolerated, IPv4-mapped IPv6 is unwrapped, the first
 * of a comma list (X-Forwarded-For) is taken. Null for anything else and for the unspecified address. Never throws;
 * idempotent on `ip`.
 */
export function normalizeIp(raw: unknown): NormalizedIp | null {
  if (typeof raw !== "string") return null;
  const text = rawText(raw, 256)?.split(",", 1)[0]?.trim() ?? "";
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text);
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text);
  const host = (bracketed?.[1] ?? withPort?.[1] ?? text).replace(/%.*$/, "");
  if (host.length > 45) return null;
  if (ipaddr.IPv4.isValidFourPartDecimal(host)) return fromV4(ipaddr.IPv4.parse(host));
  if (!host.includes(":") || !ipaddr.IPv6.isValid(host)) return null;
  const address = ipaddr.IPv6.parse(host);
  return address.isIPv4MappedAddress() ? fromV4(address.toIPv4Address()) : fromV6(address);
}

function fromV4(address: ipaddr.IPv4): NormalizedIp | null {
  const range = address.range();
  if (range === "unspecified") return null;
  const [a, b, c] = address.toByteArray();
  return {
    ip: address.toString(),
    network: `${a}.${b}.${c}.0/24`,
    family: 4,
    scope: SCOPES[range] ?? "reserved",
  };
}

function fromV6(address: ipaddr.IPv6): NormalizedIp | null {
  const range = address.range();
  if (range === "unspecified") return null;
  const site = new ipaddr.IPv6([...address.toByteArray().slice(0, 8), 0, 0, 0, 0, 0, 0, 0, 0]);
  return {
    ip: address.toRFC5952String(),
    network: `${site.toRFC5952String()}/64`,
    family: 6,
    scope: SCOPES[range] ?? "reserved",
  };
}
