import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils";
import { type FragmentRef, fragmentKey } from "../fragment/fragment.js";
import type { DigestHasher } from "../normalize/index.js";

/** Names a profile: `p_` and 128 bits in hex. */
export type ProfileId = string & { readonly __profileId: unique symbol };

/**
 * The id founded on a fragment: from scratch a profile's id is that of its oldest fragment, whoever else is in it. `again` counts
 * further ids founded on the same fragment: none is issued twice.
 */
export function foundProfileId(founder: FragmentRef, again = 0, hasher?: DigestHasher): ProfileId {
  const turn = again === 0 ? "" : `\u0000${again}`;
  const text = `leadweave/profile/1\u0000${fragmentKey(founder)}${turn}`;
  return `p_${sha256Hex(text, hasher).slice(0, 32)}` as ProfileId;
}

export function sha256Hex(text: string, hasher?: DigestHasher): string {
  return hasher?.hex("sha256", text) ?? bytesToHex(sha256(utf8ToBytes(text)));
}
