import type { Fragment } from "../../fragment/fragment.js";
import { probabilityOfBits } from "../../model/compile.js";
import type { Weight } from "../bits.js";
import { deterministicAcceptAt } from "../edges.js";
import type { GuardFinding } from "../guards.js";
import type { ProfileId } from "../ids.js";
import { bestLevels, NO_LEVELS, type TimeLocalLevels } from "../levels.js";
import { NONE } from "../observation.js";
import { eventName } from "../observe.js";
import { type Evidence, mergeEvidence } from "../strands.js";
import { levelsInBlock, occurrencesOf } from "./blocks.js";
import { cellOf, emptyStrand } from "./cells.js";
import type { StrandBody, TimeDoc, TimeMember } from "./documents.js";
import { drawEvidence, foldEvent, lastingBlocks } from "./evidence.js";
import type { Kernel } from "./kernel.js";
import { candidatesOf } from "./links.js";
import { profileOfStrand } from "./plan.js";
import type { View } from "./view.js";
import { fragmentUnit, loneStrand, type Unit, Work } from "./work.js";

/** What is known of somebody: a fragment that nobody sent. Without a kind it is a `lookup`, which no block asks for by kind. */
export type PartialLead = Omit<Fragment, "source" | "id" | "version" | "kind" | "event"> & {
  readonly kind?: string;
};

/** A profile that the partial may belong to. */
export interface LookupCandidate {
  readonly profile: ProfileId;
  readonly version: number;
  /** Part of the profile waits for `drain`. */
  readonly pending: boolean;
  /** `match`: the evidence reaches what a link needs. `possible`: it reaches `thresholds.review`. */
  readonly level: "match" | "possible";
  /** Bits of what is known against all evidence of the profile, and the probability that they stand for. */
  readonly bits: number;
  readonly probability: number;
  /** The addends of `bits`. */
  readonly weights: readonly Weight[];
  /** Why the two would not be joined although the evidence suffices. */
  readonly refusedBy: GuardFinding | null;
}

export interface LookupAnswer {
  /** Best first: matches before possible ones, then by bits. */
  readonly candidates: readonly LookupCandidate[];
  /** Strands that the partial was compared with. */
  readonly compared: number;
}

/** Profiles that are compared as a whole: those of the best strands. */
const MOST_PROFILES = 8;

/** Ranks the profiles that a partial may belong to. Plans nothing: whatever it puts into the view is to be thrown away. */
export function planLookup(kernel: Kernel, view: View, partial: PartialLead): LookupAnswer {
  // Anybody may look up anything: values that nobody holds must not stay.
  return kernel.passing(() => lookUp(kernel, view, partial));
}

function lookUp(kernel: Kernel, view: View, partial: PartialLead): LookupAnswer {
  const work = new Work(kernel, view, { type: "drain" }, false);
  const fragment: Fragment = { kind: "lookup", ...partial, source: "\u0000lookup", id: "" };
  const ref = fragmentUnit("lookup");
  const event = kernel.makeEvent(eventName(fragment), [kernel.observe(fragment)]);
  const unit: Unit = { ref, event, fragments: NONE, cell: null };
  unit.cell = cellOf(work, event, ref, false);
  const own = unit.cell === null ? null : work.strand(unit.cell);
  const doc = emptyStrand(work, loneStrand(kernel, ref), unit);
  const folded = foldEvent(work, null, doc, event);
  const evidence = drawEvidence(work, doc, folded);
  const body: StrandBody = { ...folded, evidence, blocks: lastingBlocks(work, evidence), times: NONE };
  const found = new Map<string, TimeLocalLevels>();
  if (own?.body) found.set(own.id, NO_LEVELS);
  for (const block of body.blocks) view.get("block", block);
  const known = { ...body, blocks: body.blocks.filter((block) => view.get("block", block) !== null) };
  for (const [strand, levels] of candidatesOf(work, doc.id, known)) found.set(strand, levels);
  addTimeLocal(work, unit, doc.id, found);
  if (view.isStopped) return { candidates: NONE, compared: 0 };
  return { candidates: rank(work, evidence, found), compared: found.size };
}

/** The blocks as they would be with one event more. */
function addTimeLocal(work: Work, { event }: Unit, id: string, found: Map<string, TimeLocalLevels>): void {
  const { kernel, view } = work;
  for (const at of occurrencesOf(kernel, event)) {
    const held = view.get("time", at.id);
    if (held === null || held.full) continue;
    const member: TimeMember = { strand: id, bins: [at.bin] };
    const doc: TimeDoc = at.second
      ? { ...held, second: [...held.second, member] }
      : { ...held, first: [...held.first, member] };
    const fullAt = kernel.timeLocal[at.position]?.fullAt ?? 8;
    if (doc.first.length >= fullAt || doc.second.length >= fullAt) continue;
    for (const { strand } of [...held.first, ...held.second]) {
      const levels = levelsInBlock(kernel, doc, id, strand);
      if (levels !== NO_LEVELS) found.set(strand, bestLevels(found.get(strand) ?? NO_LEVELS, levels));
    }
  }
}

interface Whole {
  readonly best: number;
  readonly levels: TimeLocalLevels;
  readonly strands: readonly string[];
  readonly place: { readonly id: ProfileId; readonly pending: boolean; readonly version: number };
}

function rank(
  work: Work,
  evidence: Evidence,
  found: ReadonlyMap<string, TimeLocalLevels>,
): LookupCandidate[] {
  const { kernel, view } = work;
  const { compiled, scorer, judge } = kernel;
  const { link, review } = compiled.model.thresholds;
  const wholes = new Map<ProfileId, Whole>();
  for (const [strand, levels] of found) {
    const body = view.must("strand", strand)?.body;
    const place = profileOfStrand(work, strand);
    if (!body || place === null) continue;
    const bits = scorer.bits(evidence, body.evidence, levels);
    const held = wholes.get(place.id);
    wholes.set(place.id, {
      best: Math.max(bits, held?.best ?? Number.NEGATIVE_INFINITY),
      levels: bestLevels(held?.levels ?? NO_LEVELS, levels),
      strands: strandsOf(work, strand, body),
      place,
    });
  }
  if (view.isStopped) return [];
  const best = [...wholes.values()].sort((a, b) => b.best - a.best || (a.place.id < b.place.id ? -1 : 1));
  const candidates: LookupCandidate[] = [];
  for (const { levels, strands, place } of best.slice(0, MOST_PROFILES)) {
    let whole: Evidence | null = null;
    for (const strand of strands) {
      const body = view.must("strand", strand)?.body;
      if (!body) continue;
      for (const key of body.evidence.keys) work.key(key);
      whole = whole === null ? body.evidence : mergeEvidence(whole, body.evidence, compiled);
    }
    if (whole === null || view.isStopped) continue;
    const bits = scorer.bits(evidence, whole, levels);
    const refusedBy = judge.guards(evidence, whole);
    const acceptAt = deterministicAcceptAt(evidence, whole, compiled) ?? link;
    const level = refusedBy === null && bits >= acceptAt ? "match" : "possible";
    if (level === "possible" && bits < review) continue;
    candidates.push({
      profile: place.id,
      version: place.version,
      pending: place.pending,
      level,
      bits,
      probability: probabilityOfBits(bits),
      weights: scorer.weights(evidence, whole, levels),
      refusedBy,
    });
  }
  return candidates.sort(
    (a, b) =>
      (a.level === "match" ? 0 : 1) - (b.level === "match" ? 0 : 1) ||
      b.bits - a.bits ||
      (a.profile < b.profile ? -1 : 1),
  );
}

/** Strands of the profile that holds one. */
function strandsOf(work: Work, strand: string, { component }: StrandBody): readonly string[] {
  if (component === null) return [strand];
  const doc = work.view.must("component", component);
  const shown = doc?.profiles.find(({ strands }) => strands.includes(strand))?.strands ?? [strand];
  // What waits may show strands that are gone.
  return doc?.pending === true ? shown.filter((one) => work.view.get("strand", one)?.body) : shown;
}
