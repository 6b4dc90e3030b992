/** The public surface of the core: fragments in, unified profiles out. */
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
export { findPossiblePairs, type PossiblePair } from "./resolve/possible.js";
export {
  type Membership,
  type Resolution,
  type ResolutionCounts,
  resolve,
  type Support,
} from "./resolve/resolve.js";
export type { Strand } from "./resolve/strands.js";
