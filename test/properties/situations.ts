import { type Assertion, fragmentKey, isRemoval } from "../../src/fragment/fragment.js";
import { sharedKeys } from "../oracle/conditions.js";
import { type OracleResolution, resolveNaively } from "../oracle/oracle.js";
import { claimedBy, type OracleEvidence } from "../oracle/strands.js";
import type { History } from "./histories.js";

/** Everything that a random history must be able to bring about, or a property over it says nothing about it. */
export const SITUATIONS = [
  "generic: cells",
  "generic: names",
  "generic: alone",
  "generic: anchors",
  "generic: session events",
  "generic for untrusted occurrences only",
  "generic digest",
  "lasting block full",
  "time-local block full",
  "strand over its lasting blocks",
  "strand over its session keys",
  "strand over its session keys for generic ones",
  "strand over its claims",
  "field over its values",
  "event over its limits",
  "event of several fragments",
  "event of several sources",
  "event alone with a key",
  "cell of several events",
  "link by key",
  "link by digest",
  "link by claim",
  "link by lasting block",
  "link by time-local block",
  "link by assertion",
  "join of clusters on aggregated evidence",
  "partner limit",
  "refused: banned",
  "refused: banned against same",
  "refused: banned through a third strand",
  "refused: exclusive-conflict",
  "refused: too-many-values",
  "refused: deterministic for want of bits",
  "refused: probabilistic for want of bits",
  "already joined",
  "unknown time",
  "placeholder or incomplete identifier",
  "input: duplicate",
  "input: conflicting-content",
  "input: superseded",
  "input: gone",
  "input: removal",
  "assertion: active",
  "assertion: superseded",
  "assertion: retracted",
  "assertion: inert-missing",
  "assertion: inert-same-event",
  "assertion: inert-overflow",
  "assertion crowded out by inert ones",
] as const;

export type Situation = (typeof SITUATIONS)[number];

export function situationsOf(history: History): ReadonlySet<Situation> {
  const { model, inputs, assertions } = history;
  const oracle = resolveNaively(inputs, model, assertions);
  const found = new Set<Situation>();
  const note = (situation: string, when: boolean): void => {
    if (when) found.add(situation as Situation);
  };
  for (const status of oracle.inputStatuses) note(`input: ${status}`, status !== "live");
  for (const status of oracle.assertionStatuses) note(`assertion: ${status}`, true);
  noteAssertions(history, oracle, note);
  noteGeneric(oracle, note);
  noteStrands(history, oracle, note);
  noteDecisions(oracle, note);
  note("lasting block full", oracle.links.fullBlocks > 0);
  note("partner limit", oracle.links.crowded > 0);
  note(
    "unknown time",
    inputs.some((input) => !isRemoval(input) && input.observedAt === null),
  );
  return found;
}

type Note = (situation: string, when: boolean) => void;

function noteAssertions(
  { model, assertions }: History,
  { assertionStatuses }: OracleResolution,
  note: Note,
): void {
  const endsOf = (index: number): string[] => {
    const { a, b } = assertions[index] as Assertion;
    return [fragmentKey(a), fragmentKey(b)];
  };
  const activeOf = (end: string): number =>
    new Set(
      assertions.flatMap(({ type }, index) =>
        assertionStatuses[index] === "active" && endsOf(index).includes(end)
          ? [`${type} ${endsOf(index).sort().join(" ")}`]
          : [],
      ),
    ).size;
  assertionStatuses.forEach((status, index) => {
    const isCrowded = status === "inert-overflow";
    const hasRoom = endsOf(index).every((end) => activeOf(end) < model.limits.maxAssertions);
    note("assertion crowded out by inert ones", isCrowded && hasRoom);
  });
}

function noteGeneric({ facts }: OracleResolution, note: Note): void {
  for (const [key, { generic, genericUntrusted }] of facts) {
    // One cause alone: with two at once neither would be missed.
    if (generic.length === 1) note(`generic: ${generic[0]}`, generic[0] !== "plain value");
    note("generic for untrusted occurrences only", generic.length === 0 && genericUntrusted.length > 0);
    note("generic digest", generic.length > 0 && key.includes("_digest"));
  }
}

function noteStrands(
  { model, inputs }: History,
  { events, facts, strands, links }: OracleResolution,
  note: Note,
): void {
  for (const { events: members } of strands) {
    note("cell of several events", members.length > 1);
    for (const { sightings, keys } of members) {
      note("event of several fragments", sightings.length > 1);
      note("event of several sources", new Set(sightings.map(({ fragment }) => fragment.source)).size > 1);
      note("event alone with a key", members.length === 1 && keys.size > 0);
    }
  }
  const overflowing = new Set(events.filter(({ name, sightings }) => sightings[0]?.event !== name));
  note("event over its limits", overflowing.size > 0);
  for (const { events: members, evidence } of strands) {
    const sessionKeys = new Set(members.flatMap((event) => [...event.sessionKeys]));
    const speaking = [...sessionKeys].filter((key) => facts.get(key)?.generic.length === 0);
    const isOver = sessionKeys.size > model.limits.maxSessionKeys;
    note("strand over its session keys", isOver);
    note(
      "strand over its session keys for generic ones",
      isOver && speaking.length > 0 && speaking.length <= model.limits.maxSessionKeys,
    );
    note("strand over its claims", claimedBy(members).size > model.limits.maxSessionKeys);
    for (const [field, values] of evidence.fields) {
      const limit = model.fields[field]?.maxValues ?? model.limits.maxValues;
      const given = new Set(members.flatMap((event) => [...(event.fields.get(field) ?? [])]));
      note("field over its values", values.length === limit && given.size > limit);
    }
    const tokens = model.blocks.lasting.map(({ fields }) =>
      fields.reduce((product, field) => product * (evidence.fields.get(field)?.length ?? 0), 1),
    );
    note(
      "strand over its lasting blocks",
      tokens.reduce((sum, count) => sum + count, 0) > model.limits.maxLastingBlocks,
    );
  }
  note("time-local block full", links.fullTimeLocal > 0);
  const given = inputs.flatMap((input) => (isRemoval(input) ? [] : (input.identifiers ?? [])));
  note(
    "placeholder or incomplete identifier",
    given.some(({ value }) => value === '"null"' || value === "41555"),
  );
}

function noteDecisions({ decisions, strands }: OracleResolution, note: Note): void {
  const evidence = (index: number): OracleEvidence => strands[index]?.evidence as OracleEvidence;
  const joined = new Set<number>();
  for (const { edge, outcome, bits, guard } of decisions) {
    const [x, y] = [evidence(edge.a), evidence(edge.b)];
    note("already joined", outcome === "already-joined");
    if (outcome === "joined") {
      const shared = sharedKeys(x, y);
      const meetsClaim =
        [...x.claims.keys()].some((key) => y.keys.has(key) || y.claims.has(key)) ||
        [...y.claims.keys()].some((key) => x.keys.has(key));
      note("link by assertion", edge.type === "asserted");
      note("link by key", edge.type === "deterministic" && shared.some(({ days }) => days !== null));
      note("link by digest", edge.type === "deterministic" && shared.every(({ days }) => days === null));
      note("link by claim", edge.type === "probabilistic" && meetsClaim);
      note("link by time-local block", edge.type === "probabilistic" && edge.levels.size > 0);
      note("link by lasting block", edge.type === "probabilistic" && edge.levels.size === 0 && !meetsClaim);
      note("join of clusters on aggregated evidence", bits !== null && bits !== edge.bits);
      joined.add(edge.a).add(edge.b);
    }
    if (outcome !== "refused") continue;
    if (guard === "banned") {
      note("refused: banned", true);
      note("refused: banned against same", edge.type === "asserted");
      note("refused: banned through a third strand", joined.has(edge.a) || joined.has(edge.b));
    } else if (guard !== null) note(`refused: ${guard.split(" ")[0]}`, true);
    else note(`refused: ${edge.type} for want of bits`, true);
  }
}
