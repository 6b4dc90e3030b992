import type { FragmentRef } from "../fragment/fragment.js";
import type { AttributeValue, Profile } from "../profile/index.js";
import { alignColumns, counted } from "./table.js";

/** What a reader of the demo wants to see of a profile, in this order; the rest is left out. */
const SHOWN_ATTRIBUTES = [
  "first_name",
  "last_name",
  "company",
  "street",
  "city",
  "region",
  "postal_code",
  "disposition",
];
const SHOWN_EVENTS = 6;

/** A profile with the provenance of every value shown. */
export function profileText(profile: Profile): string {
  const sources = [...new Set(profile.fragments.map(({ source }) => source))].sort().join(", ");
  const head = `${profile.id}  ${counted(profile.fragments.length, "fragment")} from ${sources}, confidence ${profile.confidence.toFixed(2)}`;
  const values: [string, AttributeValue, number][] = [];
  for (const [type, all] of Object.entries(profile.identifiers)) {
    const [best, ...others] = all;
    if (best !== undefined && !type.endsWith("_digest")) values.push([type, best, others.length]);
  }
  for (const name of SHOWN_ATTRIBUTES) {
    const attribute = profile.attributes[name];
    if (attribute !== undefined) values.push([name, attribute, attribute.alternatives.length]);
  }
  const rows = values.map(([name, { value, confidence, fragments }, others]) => [
    `  ${name}`,
    shorten(String(value)) + (others > 0 ? ` (and ${others} more)` : ""),
    confidence.toFixed(2),
    provenance(fragments),
  ]);
  const events = profile.timeline
    .slice(0, SHOWN_EVENTS)
    .map(({ at, kinds }) => `${at?.slice(5, 16).replace("T", " ") ?? "?"} ${kinds.join("+")}`);
  const more = profile.timeline.length - events.length;
  return `${head}\n${alignColumns(rows)}\n  timeline: ${events.join(" · ")}${more > 0 ? ` · ${more} more` : ""}`;
}

const LONGEST_VALUE = 40;

function shorten(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

/** "web ×3, crm" */
function provenance(fragments: readonly FragmentRef[]): string {
  const counts = new Map<string, number>();
  for (const { source } of fragments) counts.set(source, (counts.get(source) ?? 0) + 1);
  return `from ${[...counts].map(([source, count]) => (count === 1 ? source : `${source} ×${count}`)).join(", ")}`;
}
