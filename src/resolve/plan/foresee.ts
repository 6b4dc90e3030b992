import { type Fragment, type FragmentInput, fragmentKey, isRemoval } from "../../fragment/fragment.js";
import { lastingTokens } from "../blocks.js";
import { foundProfileId } from "../ids.js";
import { type Key, NONE, type Observation } from "../observation.js";
import { eventName, isOwnEvent } from "../observe.js";
import type { Evidence } from "../strands.js";
import { occurrencesOf } from "./blocks.js";
import { cellOf, strandOf } from "./cells.js";
import type { Kernel } from "./kernel.js";
import type { View } from "./view.js";
import { eventUnit, fragmentUnit, startWork, type Work } from "./work.js";

/** More neighbours than this are for the plan to ask for, if it wants them. */
const MOST_NEIGHBOURS = 128;

/**
 * Looks at what a plan for an input will want, as far as that can be told without planning: everything named by the input itself at
 * once, then whom it meets there, then those these belong with. A plan finds out about one after the other, and each time costs a
 * round trip and all its work; what is foreseen in vain costs a document read.
 */
export function foresee(kernel: Kernel, view: View, input: FragmentInput): void {
  const work = startWork(kernel, view, { type: "drain" }, false);
  const key = fragmentKey(input);
  view.get("suppressed", "");
  view.get("assertion", kernel.name(key));
  const held = work.fragment(key);
  if (isRemoval(input) || (held?.text != null && held.text === JSON.stringify(input))) return;
  const event = kernel.makeEvent(eventName(input), observations(work, input, key));
  const { source, id, observedAt } = input;
  view.get("id", foundProfileId({ source, id }, 0, kernel.hasher));

  const near = new Set<string>();
  const ref = isOwnEvent(input) ? fragmentUnit(key) : eventUnit(eventName(input));
  const cell = cellOf(work, event, ref, false);
  if (cell !== null) near.add(cell);
  for (const one of [...event.keys, ...event.sessionKeys]) {
    meetKey(work, one, near);
    for (const { id: digestId, digest } of kernel.digestsOf(one))
      if (view.get("digest", digestId)?.stated === true) meetKey(work, digest(), near);
    if (!kernel.isDigest(one)) continue;
    for (const by of view.get("digest", kernel.digestId(one))?.by ?? NONE) meetKey(work, by, near);
  }
  for (const claim of event.claims) meetKey(work, claim.key, near);
  const evidence: Pick<Evidence, "fields"> = event;
  const { maxLastingBlocks } = kernel.compiled.model.limits;
  for (const { position, fields } of kernel.lasting) {
    for (const token of lastingTokens(evidence as Evidence, fields, maxLastingBlocks))
      for (const strand of view.get("block", kernel.blockId(position, token))?.members ?? NONE)
        near.add(strand);
  }
  if (observedAt !== undefined) {
    for (const { id: block } of occurrencesOf(kernel, event)) {
      const time = view.get("time", block);
      if (time === null || time.full) continue;
      for (const { strand } of [...time.first, ...time.second]) near.add(strand);
    }
  }
  if (near.size <= MOST_NEIGHBOURS) meetStrands(work, near);
}

/** What the fragment says, with the others of its event. */
function observations(work: Work, input: Fragment, key: string): Observation[] {
  const { view, kernel } = work;
  const found = [kernel.observe(input)];
  if (isOwnEvent(input)) return found;
  const event = view.get("event", kernel.name(eventName(input)));
  if (event?.cell) view.get("strand", event.cell);
  for (const other of event?.fragments ?? NONE) {
    const text = other === key ? null : work.fragment(other)?.text;
    if (text) found.push(work.observe(text));
  }
  return found;
}

function meetKey(work: Work, key: Key, near: Set<string>): void {
  const doc = work.key(key);
  if (doc === null) return;
  for (const cell of doc.cells) near.add(cell);
  for (const claimant of doc.claimants) near.add(claimant);
  for (const { event, cell } of doc.events) near.add(strandOf(work, { ref: event, cell }));
}

/** Strands, what comparing them reads about their keys, and those in one component with them. */
function meetStrands(work: Work, near: ReadonlySet<string>): void {
  const { view } = work;
  const components = new Set<string>();
  for (const id of near) {
    const body = meetStrand(work, id);
    if (body?.component) components.add(body.component);
  }
  for (const id of components) {
    const doc = view.get("component", id);
    if (doc === null || doc.pending || doc.strands.length > MOST_NEIGHBOURS) continue;
    for (const strand of doc.strands) if (!near.has(strand)) meetStrand(work, strand);
  }
}

function meetStrand(work: Work, id: string): { readonly component: string | null } | null {
  const body = work.view.get("strand", id)?.body ?? null;
  if (body === null) return null;
  for (const key of body.evidence.keys) work.key(key);
  return body;
}
