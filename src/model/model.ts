import type { DigestAlgorithm, EmailRule } from "../normalize/index.js";
import type { Condition } from "./condition.js";

/** How the raw value of an identifier becomes its normal form. */
export type IdentifierNormalizer = "email" | "phone" | "digest" | "opaque" | "click-id";

/** How the raw value of a field becomes comparable. */
export type FieldNormalizer =
  | "email"
  | "email-mailbox"
  | "email-local"
  | "email-typed"
  | "phone"
  | "phone-typed"
  | "phone-national"
  | "given-name"
  | "family-name"
  | "full-name-given"
  | "full-name-family"
  | "name-sound"
  | "full-name-sound"
  | "postcode"
  | "street"
  | "city"
  | "region"
  | "country"
  | "company"
  | "date"
  | "ip"
  | "network"
  | "agent"
  | "device"
  | "site"
  | "number"
  | "text"
  | "exact";

/** A type of identifier and the limits beyond which one of its values stops meaning a person. */
export interface IdentifierType {
  /** Person-scoped types name a person or a device; session-scoped ones (click ids) one visit. */
  readonly scope: "person" | "session";
  readonly normalizer: IdentifierNormalizer;
  /** A type that several people use by nature (a phone): an event with nothing else and no name stands alone. Default false. */
  readonly shareable?: boolean;
  /**
   * The plain type whose digests these are: an explicit digest meets what a plain value implies. Limits are those of the plain
   * type, and a digest is generic whenever a plain value that implies it is.
   */
  readonly digestOf?: string;
  /** Values are unique inside one system only: the fragment's source (or the identifier's `scope`) becomes part of the key. */
  readonly scopedBySource?: boolean;
  /** Confidence from which an identifier is a key and below which a claim. Default 0.9. */
  readonly deterministicAt?: number;
  /** Generic above so many cells (person scope) or events (session scope). Default 64. */
  readonly maxCells?: number;
  /** Generic above so many distinct name signatures. Default 4; null: no limit. */
  readonly maxNames?: number | null;
  /** Generic above so many events that carry nothing else and no name. Default null: no limit. */
  readonly maxEventsAlone?: number | null;
  /** Generic with more than so many distinct keys of another type: `{ email: 6 }`. */
  readonly maxAnchors?: Readonly<Record<string, number>>;
  /** Bits a link resting on this type must reach. Default: one below `thresholds.link`. */
  readonly acceptAt?: number;
  /** Two different values (of one scope) are never joined. Default false. */
  readonly exclusive?: boolean;
  /** A join may not bring a profile above so many values of this type. Default: no limit. */
  readonly maxPerProfile?: number;
}

/** `identifier:TYPE`, `signal:NAME`, `attribute:NAME`, `kind` or `source`; with a normaliser of its own where it needs one. */
export type FieldSource = string | { readonly from: string; readonly normalizer: FieldNormalizer };

/** A comparable value drawn from fragments. */
export interface Field {
  /** Where it comes from; all that are there are taken. */
  readonly from: readonly FieldSource[];
  readonly normalizer: FieldNormalizer;
  /** Of more values than so many the first in code-unit order are evidence. Default: the model's `limits.maxValues`. */
  readonly maxValues?: number;
}

/** Strands that share the values of all these fields are compared, up to `limits.maxBlock` of them. */
export interface LastingBlock {
  readonly name: string;
  readonly fields: readonly string[];
}

/** One side of a time-local block: which events enter it, and the fields whose values make the token. */
export interface TimeLocalSide {
  /** Kinds of fragment; absent means every kind. */
  readonly kinds?: readonly string[];
  readonly fields: readonly string[];
  /** Events that hold or claim a key of these types do not enter: better evidence speaks for them. */
  readonly unless?: readonly string[];
}

/**
 * Strands are compared when events of theirs come close in time under one token. With `first` and `second` an event of
 * the first side (a number shown) meets later ones of the second (the number dialled); with `first` alone any two meet.
 */
export interface TimeLocalBlock {
  readonly name: string;
  readonly first: TimeLocalSide;
  readonly second?: TimeLocalSide;
  /** Length of a slot; an event enters its slot and the next, so gaps up to one slot are always seen. */
  readonly slotMs: number;
  /** Resolution of gaps and order inside a slot. */
  readonly binMs: number;
  /** Ordered best first. The first whose bounds hold is the level of a pair. */
  readonly levels: readonly TimeLocalLevel[];
  /** From so many distinct members on a side the block is full and joins nobody. Default 8. */
  readonly fullAt?: number;
}

/** The levels of a pair are kept as one 32-bit number, four bits a block: so many blocks, of so many levels each. */
export const MAX_TIME_LOCAL_BLOCKS = 7;
export const MAX_TIME_LOCAL_LEVELS = 15;

export interface TimeLocalLevel {
  readonly name: string;
  /** Greatest gap between the two events, in bins. */
  readonly maxGapBins: number;
  /** Greatest number of distinct members on either side. */
  readonly maxCrowd: number;
}

/** Weight of a level: bits learned directly, or the two probabilities that Fellegi and Sunter's log2(m/u) is made of. */
export type LevelWeight = { readonly bits: number } | { readonly m: number; readonly u: number };

/** Adjusts the weight of an equal value by how common it is (Splink's term-frequency term). */
export interface TermFrequencyUse {
  readonly field: string;
  /** Default 1. */
  readonly weight?: number;
  /** Default 0. */
  readonly minimumU?: number;
}

export type Level = {
  readonly name: string;
  /** Absent on the last level: whatever is left. */
  readonly when?: Condition;
  readonly tf?: TermFrequencyUse;
} & LevelWeight;

/** Ordered levels; the first true one counts. A pair without the evidence is at the null level: 0 bits. */
export interface Comparison {
  readonly name: string;
  /** The pair is at the null level unless this holds. */
  readonly given: Condition;
  readonly levels: readonly Level[];
  /** The field whose values on both sides widen u: 1 − (1 − u)^(ab). Only read where levels have m and u. */
  readonly field?: string;
}

/** Log-odds before any comparison: of a pair that shares a block, or of two records drawn at random. */
export type Prior =
  | {
      readonly type: "candidate";
      readonly bits: number;
      /** Bits that the prior loses for each factor of 3 by which the population grows. Default 1. */
      readonly bitsPerFactorOf3?: number;
    }
  | { readonly type: "random"; readonly probabilityTwoRandomRecordsMatch: number };

/** How far a source is believed, and what its input may do. */
export interface SourceSettings {
  /** Public capture: its occurrences of a key are counted apart, so that strangers cannot detach a victim's phone. */
  readonly untrusted?: boolean;
  /** Probability that a value from this source is right. Default: that of the fragment's kind. */
  readonly reliability?: number;
  /** Region of its national phone numbers. */
  readonly region?: string;
}

export interface AttributeSettings {
  /** A person has one of them, or many. Default "one". */
  readonly cardinality?: "one" | "many";
  /** Days after which a value is half as likely to be still right. Default: `content.halfLifeDays`. */
  readonly halfLifeDays?: number;
  /** Makes spellings of one value meet. Default "text". */
  readonly normalizer?: FieldNormalizer;
}

/** All settings of `R` in one plain, versioned, serialisable object. */
export interface Model {
  readonly format: "leadweave-model";
  readonly formatVersion: 1;
  readonly name: string;
  /** Number of strands the prior is for; see `forPopulation`. */
  readonly population: number;
  readonly prior: Prior;
  /** Bits. At `link` two strands are joined; between `review` and `link` they are possible. */
  readonly thresholds: { readonly review: number; readonly link: number };
  readonly identifiers: Readonly<Record<string, IdentifierType>>;
  readonly digests: {
    readonly algorithms: readonly DigestAlgorithm[];
    readonly emailRules: readonly EmailRule[];
  };
  readonly fields: Readonly<Record<string, Field>>;
  readonly blocks: {
    readonly lasting: readonly LastingBlock[];
    readonly timeLocal: readonly TimeLocalBlock[];
  };
  readonly comparisons: readonly Comparison[];
  /** field → value → share of records; fixed numbers of the model, never counted live. */
  readonly termFrequencies: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly phone: {
    readonly defaultRegion: string;
    readonly ownNumbers: readonly string[];
    readonly blocked: readonly string[];
  };
  /** Kinds in which a person typed or an agent confirmed an identifier, as against a network that reported it. */
  readonly typedKinds: readonly string[];
  readonly sources: Readonly<Record<string, SourceSettings>>;
  readonly content: {
    /** Kind of fragment → probability that a value in it is right. */
    readonly reliability: Readonly<Record<string, number>>;
    readonly defaultReliability: number;
    readonly halfLifeDays: number;
    readonly attributes: Readonly<Record<string, AttributeSettings>>;
  };
  readonly limits: Limits;
}

/** Bounds that keep one value, one event or one strand from costing more than it can tell. */
export interface Limits {
  /** Members above which a lasting block joins nobody, and claimants above which the claims of a value are no evidence. */
  readonly maxBlock: number;
  /** Lasting blocks of one strand: the first by kind, then value. */
  readonly maxLastingBlocks: number;
  /** Partners of a strand at one time-local level or better, above which that level joins nobody. */
  readonly maxPartners: number;
  /** Live fragments of an event, above which they stand alone. */
  readonly maxEventFragments: number;
  readonly maxEventIdentifiers: number;
  /** Session-scoped keys of a strand, generic ones included, above which none of them links; likewise values it claims. */
  readonly maxSessionKeys: number;
  /** Values of a field that are evidence, by default. */
  readonly maxValues: number;
  /** Live assertions of one fragment that count, the first in canonical order; an active one counts for both its fragments. */
  readonly maxAssertions: number;
}
