/** The public surface of the core: fragments in, unified profiles out. */
export { type Checked, type CheckOptions, checkStore, type Finding } from "./engine/check.js";
export type { Compacted, CompactOptions } from "./engine/compact.js";
export type { Drained } from "./engine/drain.js";
export type { Erased, EraseOptions } from "./engine/erase.js";
export { LeadweaveError, type LeadweaveErrorCode } from "./engine/error.js";
export type { Lookup, LookupOptions } from "./engine/lookup.js";
export type { AssertOutcome, IngestOutcome, OutcomeCounts, Refused } from "./engine/outcome.js";
export type { LiveProfile, ProfilePlace } from "./engine/profiles.js";
export {
  createResolver,
  type IngestOptions,
  type OperationOptions,
  openResolver,
  type ProfileOptions,
  type Resolver,
  type ResolverOptions,
  type StatsOptions,
} from "./engine/resolver.js";
export { type RotatedPepper, type RotatePepperOptions, rotatePepper } from "./engine/rotate/rotate.js";
export type { FeedSnapshot } from "./engine/snapshot.js";
export type { ScannedStats, Stats } from "./engine/stats.js";
export type {
  Assertion,
  EventName,
  Fragment,
  FragmentInput,
  FragmentRef,
  Identifier,
  Removal,
  Scalar,
} from "./fragment/fragment.js";
export { type Fault, type Validated, validateAssertion, validateFragment } from "./fragment/validate.js";
export * from "./model/index.js";
export * from "./profile/index.js";
export type { AssertionStatus } from "./resolve/assertions.js";
export type { Weight } from "./resolve/bits.js";
export type { EdgeType } from "./resolve/edges.js";
export type { GuardFinding, GuardName } from "./resolve/guards.js";
export type { ProfileId } from "./resolve/ids.js";
export type { InputStatus } from "./resolve/live.js";
export type { Cause, Change } from "./resolve/plan/changes.js";
export type { WorkLimits } from "./resolve/plan/kernel.js";
export type { LookupAnswer, LookupCandidate, PartialLead } from "./resolve/plan/lookup.js";
export type { Outcome, OutcomeType } from "./resolve/plan/plan.js";
export { findPossiblePairs, type PossiblePair } from "./resolve/possible.js";
export {
  type Membership,
  type Resolution,
  type ResolutionCounts,
  resolve,
  type Support,
} from "./resolve/resolve.js";
export type { Strand } from "./resolve/strands.js";
export { createMemoryStore, type MemoryStore } from "./stores/memoryStore.js";
export type { Cursor, FeedEntry, Store } from "./stores/store.js";
