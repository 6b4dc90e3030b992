import { canonicalJson, contentDigest } from "../../fragment/canonical.js";
import {
  type Assertion,
  type Fragment,
  type FragmentInput,
  type FragmentRef,
  fragmentKey,
  isRemoval,
} from "../../fragment/fragment.js";
import type { AssertionStatus } from "../assertions.js";
import type { ProfileId } from "../ids.js";
import type { InputStatus } from "../live.js";
import { eventName, isOwnEvent } from "../observe.js";
import { counterparts } from "./assertions.js";
import { countIn, countOut, strandOf } from "./cells.js";
import { regroup } from "./components.js";
import type { FragmentDoc, Said } from "./documents.js";
import type { Kernel } from "./kernel.js";
import { settleKeys } from "./keys.js";
import { relate } from "./links.js";
import { placeUnits } from "./place.js";
import { publish } from "./publish.js";
import { isSuppressed } from "./suppression.js";
import { editFragment, rehome } from "./units.js";
import type { View } from "./view.js";
import { expandWaiting, waitingProfileOf } from "./waiting.js";
import { placeOf } from "./whereabouts.js";
import { startWork, type Work } from "./work.js";

/** What became of one input. */
export type OutcomeType =
  /** Its fragment is in a profile that it founded. */
  | "created"
  /** Its fragment is in a profile that was there. */
  | "attached"
  /** Its fragment joined profiles that were apart. */
  | "merged"
  /** It took a fragment back. */
  | "removed"
  /** It says nothing that counts: a copy, an older version, something taken back. */
  | "unchanged"
  /** It was erased, or bears an identifier that was, and may not come back: nothing of it was kept. */
  | "suppressed";

export interface Outcome {
  readonly type: OutcomeType;
  readonly status: InputStatus;
  /** The profile of the fragment; null when it is not live, or waits for its first one. */
  readonly profile: ProfileId | null;
  /** Part of the work waits for `drain`. */
  readonly pending: boolean;
}

/** Plans one fragment or removal over a view. What the view then holds means something only if it is not stopped. */
export function planInput(
  kernel: Kernel,
  view: View,
  input: FragmentInput,
): { outcome: Outcome; work: Work } {
  const key = fragmentKey(input);
  const work = startWork(kernel, view, { type: "fragment", fragment: kernel.conceal(key) }, false);
  if (isSuppressed(work, key, input))
    return { outcome: { type: "suppressed", status: "gone", profile: null, pending: false }, work };
  const { before, after, status } = settleVersion(work, key, input);
  if (view.isStopped || before === after) {
    const profile = view.isStopped ? null : profileOfFragment(work, key);
    return {
      outcome: {
        type: "unchanged",
        status,
        profile: profile?.id ?? null,
        pending: profile?.pending ?? false,
      },
      work,
    };
  }
  const old = before === null ? null : (JSON.parse(before) as Fragment);
  const isNew = after !== null && !isRemoval(input);
  editFragment(work, old, isNew ? input : null);
  // What was said of it counts only while it is live, and decides about the others.
  for (const other of counterparts(work, key)) {
    const place = placeOf(work, other);
    if (place !== null) rehome(work, place.ref);
  }
  finish(work);
  return { outcome: outcomeOf(work, key, status, after !== null), work };
}

/** Rungs 3 to 7 for what was dropped and added. */
export function finish(work: Work): void {
  const { view } = work;
  if (view.isStopped) return;
  for (const unit of work.drops) countOut(work, unit);
  for (const unit of work.adds) countIn(work, unit);
  if (view.isStopped) return;
  settleKeys(work);
  if (view.isStopped) return;
  placeUnits(work);
  if (view.isStopped) return;
  if (work.isDraining) expandWaiting(work);
  if (view.isStopped) return;
  const relations = relate(work);
  if (view.isStopped) return;
  const regrouped = regroup(work, relations);
  if (view.isStopped) return;
  publish(work, regrouped);
}

interface Settled {
  /** JSON of the live fragment before and after; the same where nothing changes. */
  readonly before: string | null;
  readonly after: string | null;
  readonly status: InputStatus;
}

/** Rung 1, incrementally: which version is live. Writes the document of the fragment. */
function settleVersion(work: Work, key: string, input: FragmentInput): Settled {
  const doc = work.fragment(key);
  const before = doc?.text ?? null;
  const same = (status: InputStatus): Settled => ({ before, after: before, status });
  const goneUpTo = doc === null ? -1 : doc.goneUpTo;
  if (isRemoval(input)) {
    const upTo = input.version ?? null;
    if (goneUpTo === null || (upTo !== null && upTo <= goneUpTo)) return same("removal");
    const version = doc?.version ?? -1;
    const stays = before !== null && upTo !== null && version > upTo;
    const next: FragmentDoc = { version, goneUpTo: upTo, text: null, event: null, cell: null };
    work.putFragment(
      key,
      stays && doc !== null ? { ...doc, goneUpTo: upTo } : { ...next, cell: doc?.cell ?? null },
    );
    return { before, after: stays ? before : null, status: "removal" };
  }
  const version = input.version ?? 0;
  if (goneUpTo === null || version <= goneUpTo) {
    // The highest version counts even where it is gone: what is below it never comes back.
    if (version > (doc?.version ?? -1)) {
      work.putFragment(key, { ...(doc as FragmentDoc), version, text: null, event: null });
      return { before, after: null, status: "gone" };
    }
    return same("gone");
  }
  if (doc !== null && version < doc.version) return same("superseded");
  const text = JSON.stringify(input);
  let status: InputStatus = "live";
  if (doc !== null && version === doc.version && before !== null) {
    if (text === before) return same("duplicate");
    const held = JSON.parse(before) as Fragment;
    const [mine, theirs] = [input, held].map((one) => ({ ...one, version: undefined }));
    if (canonicalJson(mine) === canonicalJson(theirs)) return same("duplicate");
    if (contentDigest(mine) < contentDigest(theirs)) return same("conflicting-content");
    status = "conflicting-content";
  }
  work.putFragment(key, {
    version,
    goneUpTo,
    text,
    event: isOwnEvent(input) ? null : eventName(input),
    cell: doc?.cell ?? null,
  });
  return { before, after: text, status };
}

function outcomeOf(work: Work, key: string, status: InputStatus, isLive: boolean): Outcome {
  if (work.view.isStopped) return { type: "unchanged", status, profile: null, pending: false };
  if (!isLive) return { type: "removed", status, profile: null, pending: work.isPending };
  const profile = profileOfFragment(work, key);
  const change = work.view.changes.findLast((one) => one.profile === profile?.id && one.cause === work.cause);
  const type =
    change?.type === "created" && change.others.length === 0
      ? "created"
      : change?.type === "merged"
        ? "merged"
        : "attached";
  return { type, status, profile: profile?.id ?? null, pending: work.isPending || profile?.pending === true };
}

/** Where a live fragment is; null when it is not live, or its strand was never in a profile yet. */
export function profileOfFragment(work: Work, key: string): Shown | null {
  const place = placeOf(work, key);
  if (place === null) return null;
  return profileOfStrand(work, strandOf(work, place));
}

/** A profile as it is shown. */
export interface Shown {
  readonly id: ProfileId;
  readonly version: number;
  /** Part of it waits for `drain`. */
  readonly pending: boolean;
}

export function profileOfStrand(work: Work, strand: string): Shown | null {
  const body = work.view.must("strand", strand)?.body;
  if (!body) return null;
  if (body.component === null)
    return body.profile === null
      ? null
      : { id: body.profile.id, version: body.profile.version, pending: false };
  const component = work.view.must("component", body.component);
  if (component === null) return null;
  const profile = component.pending
    ? waitingProfileOf(work, component, strand)
    : component.profiles.find(({ strands }) => strands.includes(strand));
  return profile === undefined
    ? null
    : { id: profile.id, version: profile.version, pending: component.pending };
}

/** Plans what somebody says about two fragments. */
export function planAssertion(
  kernel: Kernel,
  view: View,
  assertion: Assertion,
): { status: AssertionStatus | "unchanged"; work: Work } {
  const [a, b] = [assertion.a, assertion.b].map((ref: FragmentRef) => fragmentKey(ref)) as [string, string];
  const cause = { type: "assertion", a: kernel.conceal(a), b: kernel.conceal(b) } as const;
  const work = startWork(kernel, view, cause, false);
  if ([a, b].some((key) => isSuppressed(work, key, null))) return { status: "unchanged", work };
  const said: Omit<Said, "other"> = {
    type: assertion.type,
    version: assertion.version ?? 0,
    retracted: assertion.retracted === true,
  };
  const isNew = record(work, a, { ...said, other: b });
  if (a !== b) record(work, b, { ...said, other: a });
  if (view.isStopped) return { status: "unchanged", work };
  if (isNew) {
    // One more assertion may push others beyond the limit, and one fewer brings them back.
    const named = new Set([a, b, ...counterparts(work, a), ...counterparts(work, b)]);
    const places = new Set([...named].flatMap((key) => placeOf(work, key)?.ref ?? []));
    for (const ref of places) rehome(work, ref);
    finish(work);
  }
  return { status: isNew ? "active" : "unchanged", work };
}

/** Keeps the highest version of what is said of a pair; "off" wins a tie. False where that is what was said already. */
function record(work: Work, key: string, said: Said): boolean {
  const id = work.kernel.name(key);
  const doc = work.view.get("assertion", id);
  const held = doc?.said.find(({ type, other }) => type === said.type && other === said.other);
  const rank = ({ version, retracted }: Said): number => version * 2 + (retracted ? 1 : 0);
  if (held !== undefined && rank(held) >= rank(said)) return false;
  const others = doc?.said.filter((one) => one !== held) ?? [];
  work.view.put("assertion", id, { said: [...others, said] });
  return true;
}
