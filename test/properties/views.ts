import { type FragmentRef, fragmentKey } from "../../src/fragment/fragment.js";
import { agglomerate, type Decision } from "../../src/resolve/agglomerate.js";
import type { Resolution } from "../../src/resolve/resolve.js";
import type { OracleResolution } from "../oracle/oracle.js";
import { makeKey } from "../oracle/sighting.js";

/** All of a resolution that can be seen, in a form without any order of its own. */
export interface View {
  /** Profile id → members, sorted. */
  readonly profiles: Readonly<Record<string, readonly string[]>>;
  readonly decisions: readonly string[];
  readonly generic: readonly string[];
}

interface DecisionView {
  readonly a: FragmentRef;
  readonly b: FragmentRef;
  readonly type: string;
  readonly edgeBits: number;
  readonly outcome: string;
  readonly bits: number | null;
  readonly guard: string | null;
}

function sayDecision({ a, b, type, edgeBits, outcome, bits, guard }: DecisionView): string {
  return [type, fragmentKey(a), fragmentKey(b), edgeBits, outcome, bits, guard].join(" ");
}

/** Every decision of every component, traced again: the kernel keeps none of them. */
export function decisionsOf(resolution: Resolution): readonly Decision[] {
  const decisions: Decision[] = [];
  for (const component of resolution.components) {
    agglomerate(component, resolution.links.bans, resolution.strands, resolution.judge, (decision) =>
      decisions.push(decision),
    );
  }
  return decisions;
}

function membersOf(resolution: Resolution, strands: readonly number[]): string[] {
  return strands
    .flatMap((index) => resolution.strands[index]?.events ?? [])
    .flatMap(({ observations }) => observations.map(({ fragment }) => fragmentKey(fragment)))
    .sort();
}

export function viewOf(resolution: Resolution): View {
  const { strands, facts } = resolution;
  const oldest = (index: number): FragmentRef => strands[index]?.oldest.fragment as FragmentRef;
  const generic = new Set<string>();
  for (const { events } of strands) {
    for (const key of events.flatMap(({ keys, sessionKeys }) => [...keys, ...sessionKeys])) {
      if (facts.generic[key.index] === 1) generic.add(`all ${makeKey(key.type, key.scope, key.value)}`);
      if (facts.genericUntrusted[key.index] === 1)
        generic.add(`untrusted ${makeKey(key.type, key.scope, key.value)}`);
    }
  }
  return {
    profiles: Object.fromEntries(
      resolution.profiles.map((profile) => [profile.id, membersOf(resolution, profile.strands)]),
    ),
    decisions: decisionsOf(resolution)
      .map(({ edge, outcome, bits, refusedBy }) => {
        const isDecidedWithoutBits = edge.type === "asserted" || refusedBy?.guard === "banned";
        return sayDecision({
          a: oldest(edge.a),
          b: oldest(edge.b),
          type: edge.type,
          edgeBits: edge.bits,
          outcome,
          bits: isDecidedWithoutBits ? null : bits,
          guard: refusedBy === null ? null : [refusedBy.guard, refusedBy.type].filter(Boolean).join(" "),
        });
      })
      .sort(),
    generic: [...generic].sort(),
  };
}

export function viewOfOracle({ profiles, strands, decisions, facts }: OracleResolution): View {
  const oldest = (index: number): FragmentRef => strands[index]?.oldest.fragment as FragmentRef;
  return {
    profiles: Object.fromEntries(profiles),
    decisions: decisions
      .map(({ edge, outcome, bits, guard }) =>
        sayDecision({
          a: oldest(edge.a),
          b: oldest(edge.b),
          type: edge.type,
          edgeBits: edge.bits,
          outcome,
          bits,
          guard,
        }),
      )
      .sort(),
    generic: [...facts]
      .flatMap(([key, { generic, genericUntrusted }]) =>
        generic.length > 0 ? [`all ${key}`] : genericUntrusted.length > 0 ? [`untrusted ${key}`] : [],
      )
      .sort(),
  };
}
