import { quoted } from "./quoted.js";

/** What comes in: one partial observation of a lead, and the two other things a caller may say about leads. */

/** A plain value as it stands in a row, a form field or a JSON payload. */
export type Scalar = string | number | boolean;

/** A typed value that names a person, a device or a session. */
export interface Identifier {
  /** A type declared in the model: `email`, `phone`, `visitor_id`, `crm_id`, `gclid`, … Unknown types are kept as content only. */
  readonly type: string;
  /** The value as given; normalised by the rule of its type. */
  readonly value: string;
  /** Probability in (0, 1] that the value belongs to this person. Below the type's `deterministicAt` it is a claim. Default 1. */
  readonly confidence?: number;
  /** Namespace of a value that is only unique inside one system (a CRM's row number). Default: the source, where the type says so. */
  readonly scope?: string;
  /** ISO 3166 region that decides how a national phone number is read. Default: the region of the source, else of the model. */
  readonly region?: string;
}

/** The thing observed. A string is scoped by the fragment's source; a shared namespace (`call`) joins sources. */
export type EventName = string | { readonly namespace: string; readonly name: string };

/** One immutable partial observation. `(source, id)` is its idempotency key, `version` orders its corrections. */
export interface Fragment {
  readonly source: string;
  readonly id: string;
  /** Safe integer ≥ 0; the highest version of `(source, id)` is live. Default 0. */
  readonly version?: number;
  /** What sort of observation: `session`, `form`, `form_partial`, `call`, `disposition`, `crm`, … */
  readonly kind: string;
  /** ISO 8601 instant or epoch milliseconds; absent or null when unknown. */
  readonly observedAt?: string | number | null;
  /** Fragments that name the same event describe it together. Without a name a fragment is its own event. */
  readonly event?: EventName;
  /** At most 32. */
  readonly identifiers?: readonly Identifier[];
  /** Evidence that names nobody: `ip`, `user_agent`, `fingerprint`, `number_shown`, `number_dialled`, `landing_page`, `publisher_id`, … */
  readonly signals?: Readonly<Record<string, Scalar>>;
  /** What is known about the person or the event; any name is allowed, none needs declaring. */
  readonly attributes?: Readonly<Record<string, Scalar | readonly Scalar[]>>;
  /** Purpose → granted. A purpose that is not named is unknown, which is not consent. */
  readonly consent?: Readonly<Record<string, boolean>>;
}

/** Takes a fragment back. Without `version` every version is gone; with one, versions up to and including it. */
export interface Removal {
  readonly source: string;
  readonly id: string;
  readonly version?: number;
  readonly gone: true;
}

export type FragmentInput = Fragment | Removal;

/** Names one fragment. */
export interface FragmentRef {
  readonly source: string;
  readonly id: string;
}

/** What a person says about two fragments; inherited by whatever profiles hold them. `different` beats `same`. */
export interface Assertion {
  readonly type: "same" | "different";
  readonly a: FragmentRef;
  readonly b: FragmentRef;
  /** Orders switching on and off; the highest is live, and off wins a tie. Default 0. */
  readonly version?: number;
  /** True takes the assertion back. */
  readonly retracted?: boolean;
}

export function isRemoval(input: FragmentInput): input is Removal {
  return "gone" in input && input.gone === true;
}

/** The text that stands for `(source, id)` in maps; injective, since JSON quotes both. */
export function fragmentKey(ref: FragmentRef): string {
  return `[${quoted(ref.source)},${quoted(ref.id)}]`;
}
