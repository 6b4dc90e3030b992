import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils";
import { type FragmentRef, fragmentKey } from "../fragment/fragment.js";

/** Names a profile: `p_` and 128 bits in hex. */
export type ProfileId = string & { readonly __profileId: unique symbol };

/** The id founded on a fragment: from scratch a profile's id is that of its oldest fragment, whoever else is in it. */
export function foundProfileId(founder: FragmentRef): ProfileId {
  const digest = sha256(utf8ToBytes(`leadweave/profile/1\u0000${fragmentKey(founder)}`));
  return `p_${bytesToHex(digest.subarray(0, 16))}` as ProfileId;
}
