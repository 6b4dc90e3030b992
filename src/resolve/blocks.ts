import type { CompiledModel } from "../model/compile.js";
import type { Key } from "./observation.js";
import type { PairSet } from "./pairs.js";
import type { Evidence, Strand } from "./strands.js";
import { combinations } from "./values.js";

/** Strands that share a non-generic key, a digest and what implies it included: all pairs of them. */
export function findKeyPairs(strands: readonly Strand[], pairs: PairSet): void {
  const holders = new Map<Key, number[]>();
  for (const { index, evidence } of strands) for (const key of evidence.keys) put(holders, key, index);
  for (const members of holders.values()) {
    pairAll(members, pairs);
  }
  findImpliedPairs(strands, pairs);
}

/** Implied never meets implied: only what states the digest meets what implies it. */
function findImpliedPairs(strands: readonly Strand[], pairs: PairSet): void {
  const implying = new Map<Key, number[]>();
  for (const { index, evidence } of strands) for (const key of evidence.implied) put(implying, key, index);
  for (const { index, evidence } of strands) {
    for (const key of evidence.keys) for (const other of implying.get(key) ?? []) pairs.add(index, other);
  }
}

/** Strands that share a lasting block of at most `maxBlock` members, each strand in its first `maxLastingBlocks`. */
export function findLastingPairs(strands: readonly Strand[], compiled: CompiledModel, pairs: PairSet): void {
  const { maxBlock, maxLastingBlocks } = compiled.model.limits;
  const entered = new Uint16Array(strands.length);
  for (const block of compiled.model.blocks.lasting) {
    const fields = block.fields.map((name) => compiled.fieldIndex.get(name) as number);
    const members = new Map<string, number[]>();
    for (const { index, evidence } of strands) {
      const free = maxLastingBlocks - (entered[index] as number);
      if (free <= 0) continue;
      for (const token of lastingTokens(evidence, fields, free)) {
        entered[index] = (entered[index] as number) + 1;
        put(members, token, index);
      }
    }
    for (const sharing of members.values()) if (sharing.length <= maxBlock) pairAll(sharing, pairs);
  }
}

/** The first tokens in code-unit order, so that which ones count does not depend on who came first. */
export function lastingTokens(
  evidence: Evidence,
  fields: readonly number[],
  limit: number,
): readonly string[] {
  const tokens = combinations(evidence.fields, fields);
  return tokens.length > 1 ? [...tokens].sort().slice(0, limit) : tokens;
}

/** Claimants of a value meet those who hold it and one another. Of a value that too many claim no claim is evidence. */
export function findClaimPairs(strands: readonly Strand[], pairs: PairSet): void {
  const claimants = new Map<Key, number[]>();
  for (const { index, evidence } of strands)
    for (const { key } of evidence.claims) put(claimants, key, index);
  if (claimants.size === 0) return;
  for (const { index, evidence } of strands) {
    for (const key of evidence.keys)
      for (const claimant of claimants.get(key) ?? []) pairs.add(index, claimant);
  }
  for (const sharing of claimants.values()) pairAll(sharing, pairs);
}

function put<K>(groups: Map<K, number[]>, key: K, member: number): void {
  const held = groups.get(key);
  if (held === undefined) groups.set(key, [member]);
  else held.push(member);
}

function pairAll(members: readonly number[], pairs: PairSet): void {
  for (let i = 0; i < members.length; i++) {
    for (let j = i + 1; j < members.length; j++) pairs.add(members[i] as number, members[j] as number);
  }
}
