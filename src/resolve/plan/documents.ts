import type { EdgeType } from "../edges.js";
import type { ProfileId } from "../ids.js";
import type { TimeLocalLevels } from "../levels.js";
import type { Claim, FieldValues, Key } from "../observation.js";
import type { Evidence } from "../strands.js";

/**
 * What the live engine keeps. Documents are values: a change makes a new one. Keys stand in them as interned objects; a store
 * that writes them down uses the codec of `codec.ts`.
 */
export interface Documents {
  readonly fragment: FragmentDoc;
  readonly event: EventDoc;
  readonly strand: StrandDoc;
  readonly key: KeyDoc;
  readonly digest: DigestDoc;
  readonly block: BlockDoc;
  readonly time: TimeDoc;
  readonly component: ComponentDoc;
  readonly id: IdDoc;
  readonly assertion: AssertionDoc;
  readonly pending: PendingDoc;
  readonly recheck: RecheckDoc;
  readonly suppressed: SuppressedDoc;
  readonly settings: SettingsDoc;
}

export type Kind = keyof Documents;

/** Kinds in the order in which stores number them. */
export const KINDS: readonly Kind[] = [
  "fragment",
  "event",
  "strand",
  "key",
  "digest",
  "block",
  "time",
  "component",
  "id",
  "assertion",
  "pending",
  "recheck",
  "suppressed",
  "settings",
];

/** Presence rows: what is too much for the document it belongs to, put and deleted without reading it. */
export type RowKind =
  /** Fragments of an overflowing event. */
  | "event-fragment"
  /** Events of a cell beyond those its document names. */
  | "cell-event"
  /** Cells and events of a generic key; those that only untrusted fragments state apart. */
  | "key-holder"
  | "key-holder-untrusted"
  /** Claimants of a value that too many claim. */
  | "key-claimant"
  /** Members of a full lasting block. */
  | "block-member"
  /** Members of a full time-local block: strand, side and bin. */
  | "time-member";

/** One `(source, id)`, live or not. Its name is `fragmentKey`. */
export interface FragmentDoc {
  /** Highest version that came; -1 when there were removals only. */
  readonly version: number;
  /** Greatest version that a removal took back; -1 for none, null for all there will ever be. */
  readonly goneUpTo: number | null;
  /** JSON of the live fragment as given; null when none is live. */
  readonly text: string | null;
  /** Name of the event it belongs to; null when it is an event by itself, or not live. */
  readonly event: string | null;
  /** Its cell where it is an event by itself or its event has overflowed; null where it has none, or the event's document says. */
  readonly cell: string | null;
}

/** A named event. */
export interface EventDoc {
  /** Its fragments by key; empty once it overflows, when they are rows. */
  readonly fragments: readonly string[];
  /** It has grown past the limits and is none: each fragment stands alone. */
  readonly over: boolean;
  readonly cell: string | null;
  readonly counting: number;
}

/** Events of one cell, and, unless they stand alone, the strand that they are; or one event that stands alone. */
export interface StrandDoc {
  readonly id: string;
  /** For a lone event the cell that counts it, null where it has no person-scoped key; for a cell its own id. */
  readonly cell: string | null;
  /** Person-scoped keys of the cell, and whether only untrusted fragments state each (empty for none). */
  readonly keys: readonly Key[];
  readonly untrusted: readonly boolean[];
  readonly given: readonly string[];
  readonly signatures: readonly string[];
  readonly count: number;
  readonly typed: number;
  /** The first events, as `eventRef` names them; the others are rows. */
  readonly events: readonly string[];
  /** The events stand alone: each is a strand of its own and the cell only counts them. */
  readonly alone: boolean;
  /** Its events wait to be gathered, parted or counted afresh by `drain`: what it says of itself is from before. */
  readonly moving: boolean;
  /** Null for a cell whose events stand alone. */
  readonly body: StrandBody | null;
}

/** What a strand is for those who compare it, and where it belongs. */
export interface StrandBody {
  readonly oldest: Age;
  /** Values of the events themselves, without those drawn from keys. */
  readonly own: FieldValues;
  /** UTC days of first and last use of each of the strand's keys, generic ones included. */
  readonly firstDays: readonly number[];
  readonly lastDays: readonly number[];
  readonly session: SessionUses;
  /** Every claim; null when there are too many to count for anything. */
  readonly claims: readonly Claim[] | null;
  readonly evidence: Evidence;
  /** Lasting blocks that it is in. */
  readonly blocks: readonly string[];
  /** Time-local blocks that it is in. */
  readonly times: readonly string[];
  /** Time-local partners: strands to which an edge was found with some level, before the limit of partners. */
  readonly near: readonly Near[];
  /** Null when no edge leads away from it: then it is its own profile. */
  readonly component: string | null;
  /** Its profile, where it has no component. */
  readonly profile: ShownProfile | null;
  /** Ids founded on its fragments. */
  readonly ids: readonly FoundedId[];
  /** Keys of its fragments that have assertions. */
  readonly said: readonly string[];
}

export interface SessionUses {
  /** Null when there are too many of them to link by any. */
  readonly keys: readonly Key[] | null;
  readonly firstDays: readonly number[];
  readonly lastDays: readonly number[];
}

export interface Near {
  readonly strand: string;
  readonly levels: TimeLocalLevels;
}

/** What "oldest" compares. */
export interface Age {
  readonly atMs: number | null;
  readonly source: string;
  readonly id: string;
}

export interface KeyDoc {
  /** Cells that state it; of a generic key rows instead, and of one generic for strangers the trusted ones only. */
  readonly cells: readonly string[];
  /** Events that state it, for a session-scoped key. */
  readonly events: readonly SessionHolder[];
  /** Digests that it implies and that somebody states. */
  readonly digests: readonly Key[];
  readonly claimants: readonly string[];
  /** More claim it than may: its claims are rows and count for nothing. */
  readonly claimsFull: boolean;
  readonly generic: boolean;
  readonly genericUntrusted: boolean;
  /** Facts that comparisons read. */
  readonly names: number;
  readonly typed: boolean;
  /** A drain is counting: whoever adds a row must also write the document. */
  readonly counting: number;
}

export interface SessionHolder {
  readonly event: string;
  readonly cell: string | null;
  readonly typed: boolean;
}

/** A digest that some plain key implies, stated or not. */
export interface DigestDoc {
  readonly by: readonly Key[];
  readonly stated: boolean;
}

export interface BlockDoc {
  readonly members: readonly string[];
  readonly full: boolean;
  readonly counting: number;
}

export interface TimeDoc {
  /** Position of the time-local block in the model, and the slot. */
  readonly position: number;
  readonly slot: number;
  readonly first: readonly TimeMember[];
  readonly second: readonly TimeMember[];
  readonly full: boolean;
  readonly counting: number;
}

export interface TimeMember {
  readonly strand: string;
  readonly bins: readonly number[];
}

export interface ComponentDoc {
  readonly id: string;
  /** Oldest first. */
  readonly strands: readonly string[];
  readonly edges: readonly StoredEdge[];
  readonly profiles: readonly ComponentProfile[];
  /** It waits for `drain`: its profiles are those of before, with strands that are gone since. */
  readonly pending: boolean;
  /** While it waits: its strands that something happened to. */
  readonly touched: readonly TouchedStrand[];
  /** While it waits: others that wait and that fragments came from or went to. They are published together. */
  readonly beside: readonly string[];
}

/** A strand that has changed while its component waited. */
export interface TouchedStrand {
  readonly strand: string;
  /** Ids shown for its fragments, its own first: empty where all of them are new. */
  readonly origins: readonly ProfileId[];
}

export interface StoredEdge {
  readonly a: string;
  readonly b: string;
  readonly type: EdgeType;
  readonly bits: number;
  readonly acceptAt: number;
  readonly levels: TimeLocalLevels;
}

export interface ComponentProfile extends ShownProfile {
  /** Oldest first. */
  readonly strands: readonly string[];
}

/** A profile as it was published. */
export interface ShownProfile {
  readonly id: ProfileId;
  readonly version: number;
  /** Highest rank of the ids that it contains. */
  readonly rank: number;
}

/** An id that means "whatever profile holds the founder". */
export interface FoundedId {
  readonly id: ProfileId;
  readonly rank: number;
  /** Key and age of the fragment on which it is founded. */
  readonly founder: string;
  readonly age: Age;
}

export interface IdDoc {
  /** The fragment that it is founded on; null for a tombstone or a forwarded id. */
  readonly founder: string | null;
  readonly forward: ProfileId | null;
}

export interface AssertionDoc {
  readonly said: readonly Said[];
}

/** One assertion as the document of one of its fragments keeps it. */
export interface Said {
  readonly type: "same" | "different";
  /** Key of the other fragment. */
  readonly other: string;
  readonly version: number;
  readonly retracted: boolean;
}

/** A component, or a cell on the move, that waits for `drain`. */
export interface PendingDoc {
  readonly why: "component" | "cell";
  /** Of the component or cell: one strand may name both. */
  readonly id: string;
}

/** A value that may have come back below its limit. */
export interface RecheckDoc {
  readonly kind: "event" | "key" | "claims" | "block" | "time";
  readonly id: string;
}

/**
 * What was erased and may not come back: a fragment or an identifier, named by a keyed hash. The one named `""` counts them, so that
 * nobody looks for what is not there.
 */
export interface SuppressedDoc {
  /** As whoever erased it said; null for the one that counts. */
  readonly reason: string | null;
  readonly fragments: number;
  readonly identifiers: number;
}

/** What every resolver of a store must agree about; its name is `""`. */
export interface SettingsDoc {
  /** JSON of the model. */
  readonly model: string;
  /** Tells whether a pepper is the one with which documents were named; null without any. */
  readonly pepperCheck: string | null;
  /** Peppers that the store had before, under the present one; absent where nothing is named by them alone. */
  readonly retired?: string;
  /** Of a store that was filled from another one with another pepper; absent otherwise. */
  readonly rotation?: Rotation;
}

/** How far a store has come that takes over another one under another pepper. Nobody uses it until it is done. */
export interface Rotation {
  /** `pepperCheck` of the other store. */
  readonly from: string | null;
  readonly step: RotationStep;
  /** Document of the step after which it goes on; null at its beginning. */
  readonly after: string | null;
}

/** What was told, then the ids, the profiles that show them, what may not come back; then both stores are compared. */
export type RotationStep = "told" | "ids" | "components" | "strands" | "tombstones" | "compare" | "done";
