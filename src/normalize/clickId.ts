import { saysNobody, standsForNobody } from "./opaque.js";
import { isPlaceholder } from "./placeholder.js";
import { unquote } from "./text.js";

export interface ClickIdParameter {
  /** Name of the URL parameter or cookie. */
  readonly name: string;
  readonly vendor: string;
  /** Whom a value stands for: one click and the visit after it, one browser, or nobody in particular. */
  readonly identifies: "session" | "browser" | "nothing";
}

/** Parameters and cookies of advertising platforms, as of 2026. Names are compared without case. */
export const CLICK_ID_PARAMETERS: readonly ClickIdParameter[] = [
  { name: "gclid", vendor: "Google Ads", identifies: "session" },
  { name: "_gcl_aw", vendor: "Google Ads", identifies: "session" },
  { name: "dclid", vendor: "Google Display", identifies: "session" },
  // Aggregate by design: many users may carry one value.
  { name: "gbraid", vendor: "Google Ads", identifies: "nothing" },
  { name: "wbraid", vendor: "Google Ads", identifies: "nothing" },
  { name: "gad_source", vendor: "Google Ads", identifies: "nothing" },
  { name: "gad_campaignid", vendor: "Google Ads", identifies: "nothing" },
  { name: "gclsrc", vendor: "Google Ads", identifies: "nothing" },
  { name: "_ga", vendor: "Google Analytics", identifies: "browser" },
  { name: "ga_client_id", vendor: "Google Analytics", identifies: "browser" },
  { name: "fbclid", vendor: "Meta", identifies: "session" },
  { name: "_fbc", vendor: "Meta", identifies: "session" },
  { name: "_fbp", vendor: "Meta", identifies: "browser" },
  { name: "msclkid", vendor: "Microsoft", identifies: "session" },
  { name: "_uetmsclkid", vendor: "Microsoft", identifies: "session" },
  { name: "ttclid", vendor: "TikTok", identifies: "session" },
  { name: "_ttp", vendor: "TikTok", identifies: "browser" },
  { name: "twclid", vendor: "X", identifies: "session" },
  { name: "li_fat_id", vendor: "LinkedIn", identifies: "session" },
  { name: "epik", vendor: "Pinterest", identifies: "session" },
  { name: "_epik", vendor: "Pinterest", identifies: "session" },
  { name: "ScCid", vendor: "Snap", identifies: "session" },
  { name: "_scid", vendor: "Snap", identifies: "browser" },
  { name: "rdt_cid", vendor: "Reddit", identifies: "session" },
  { name: "_rdt_uuid", vendor: "Reddit", identifies: "browser" },
  { name: "yclid", vendor: "Yandex", identifies: "session" },
  { name: "irclickid", vendor: "impact.com", identifies: "session" },
  { name: "cjevent", vendor: "CJ", identifies: "session" },
  { name: "tblci", vendor: "Taboola", identifies: "session" },
  { name: "obclid", vendor: "Outbrain", identifies: "session" },
  { name: "dicbo", vendor: "Outbrain", identifies: "session" },
  { name: "rtkclickid-store", vendor: "RedTrack", identifies: "session" },
  // Free text whose meaning each publisher decides.
  { name: "aff_sub", vendor: "networks", identifies: "nothing" },
  { name: "sub_id", vendor: "networks", identifies: "nothing" },
  { name: "s1", vendor: "networks", identifies: "nothing" },
  { name: "sid", vendor: "networks", identifies: "nothing" },
  { name: "afid", vendor: "networks", identifies: "nothing" },
  { name: "cid", vendor: "networks", identifies: "nothing" },
];

/** Cookies and spellings whose values are those of another name, in lower case. */
const TYPE_OF: Readonly<Record<string, string>> = {
  _gcl_aw: "gclid",
  _fbc: "fbclid",
  fbc: "fbclid",
  _fbp: "fbp",
  _uetmsclkid: "msclkid",
  _ttp: "ttp",
  _epik: "epik",
  _scid: "scid",
  _rdt_uuid: "rdt_uuid",
  _ga: "ga_client_id",
  ga: "ga_client_id",
};

/** Longest value that is taken for an id. Longer ones are refused, never cut: a cut id is another id. */
const LONGEST = 2048;
const SHORTEST = 8;

let identifying: ReadonlySet<string> | undefined;

/** The types that name a session or a browser, as `normalizeClickId` writes them. */
function identifyingTypes(): ReadonlySet<string> {
  if (identifying !== undefined) return identifying;
  const types = new Set<string>();
  for (const { name, identifies } of CLICK_ID_PARAMETERS) {
    if (identifies !== "nothing") types.add(typeOf(name));
  }
  identifying = types;
  return types;
}

function typeOf(name: string): string {
  const lower = name.toLowerCase();
  return Object.hasOwn(TYPE_OF, lower) ? (TYPE_OF[lower] ?? lower) : lower;
}

/**
 * A click or browser id under its canonical type: `_fbc` gives its `fbclid`, `_gcl_aw` its `gclid`, `_ga` the client id
 * (type `ga_client_id`). The name is taken in any case; the case of the value is kept, for it is part of the id. Null for
 * parameters that identify nobody (`gbraid`, `wbraid`, sub ids), unknown names, placeholders, values shorter than 8 or
 * longer than 2048 characters, or with white space. Never throws; idempotent.
 */
export function normalizeClickId(name: string, value: unknown): { type: string; value: string } | null {
  if (typeof name !== "string" || name.length > 64) return null;
  const type = typeOf(name.trim());
  if (!identifyingTypes().has(type)) return null;
  const text = idText(value);
  if (text === null) return null;
  const id = idOf(type, text);
  if (
    id === null ||
    id.length < SHORTEST ||
    isPlaceholder(id) ||
    saysNobody(id) ||
    standsForNobody(id) ||
    /^(.)\1*$/.test(id)
  )
    return null;
  return { type, value: id };
}

function idText(value: unknown): string | null {
  // A number too large for its type has lost digits: it is another id now.
  const exact = typeof value === "string" || typeof value === "bigint" || Number.isSafeInteger(value);
  if (!exact || (typeof value === "bigint" && BigInt.asIntN(128, value) !== value)) return null;
  if (typeof value === "string" && value.length > LONGEST * 2) return null;
  const text = unquote(String(value).trim());
  return text.length <= LONGEST && /^[\x21-\x7e]+$/.test(text) ? text : null;
}

function idOf(type: string, text: string): string | null {
  const parts = text.split(".");
  switch (type) {
    case "gclid":
      return /^gcl\.\d+\./i.test(text) ? parts.slice(2).join(".") : text;
    case "fbclid":
      // fb.<subdomain index>.<created ms>.<fbclid>, with a fifth part by Meta's parameter builder.
      return /^fb\.\d+\.\d+\./.test(text) ? (parts[3] ?? null) : text;
    case "fbp":
      return /^fb\.\d+\.\d+\.\d+/.test(text) ? parts.slice(0, 4).join(".") : null;
    case "ga_client_id": {
      const id = parts.slice(-2).join(".");
      return /^\d{1,10}\.\d{9,10}$/.test(id) ? id : null;
    }
    default:
      return text;
  }
}
