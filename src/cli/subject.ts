import type { FragmentRef } from "../fragment/fragment.js";
import type { Flags } from "./command.js";
import { UsageError } from "./failure.js";

/** Options that name a person in a store. */
export const SUBJECT_ARGS = {
  profile: {
    type: "string",
    valueHint: "ID",
    description: "The person, by any id that the profile ever had",
  },
  fragment: { type: "string", valueHint: "SOURCE ID", description: "The person, by one of their fragments" },
} as const;

/** A profile id, or a fragment of it. */
export function subjectOf(flags: Flags): string | FragmentRef {
  const profile = flags.text("profile");
  const [source, id] = flags.texts("fragment");
  if ((profile === undefined) === (source === undefined))
    throw new UsageError("name the person: --profile ID or --fragment SOURCE ID");
  return profile ?? { source: source as string, id: id as string };
}

export function subjectText(of: string | FragmentRef): string {
  return typeof of === "string" ? `profile ${of}` : `fragment ${of.source}/${of.id}`;
}
