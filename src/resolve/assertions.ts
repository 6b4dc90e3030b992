import { type Assertion, type FragmentRef, fragmentKey } from "../fragment/fragment.js";
import type { CompiledModel } from "../model/compile.js";
import type { LeadEvent } from "./events.js";
import { compareText } from "./observation.js";

/** What became of one assertion, in the order of the inputs. */
export type AssertionStatus =
  | "active"
  /** A later version, or an equal one of the other sign, counts instead. */
  | "superseded"
  | "retracted"
  /** One of its fragments is not live. */
  | "inert-missing"
  /** Both fragments describe one event, which nothing can divide. */
  | "inert-same-event"
  /** It is not among the first assertions, up to the model's limit, of both its fragments. */
  | "inert-overflow";

export interface ActiveAssertion {
  readonly type: Assertion["type"];
  readonly a: LeadEvent;
  readonly b: LeadEvent;
}

export interface AssertionSet {
  readonly active: readonly ActiveAssertion[];
  readonly statuses: readonly AssertionStatus[];
}

/**
 * Live assertions, as rung 1 has live fragments: the highest version of `(type, a, b)` counts, and "off" wins a tie. Of the
 * live ones that name a fragment the first `limits.maxAssertions` count there, whatever has become of the fragments at their
 * other ends: were inert ones left out, each would decide over the next, from fragment to fragment without end.
 */
export function selectAssertions(
  assertions: readonly Assertion[],
  events: readonly LeadEvent[],
  { model }: CompiledModel,
): AssertionSet {
  const eventOf = new Map<string, LeadEvent>();
  if (assertions.length > 0) {
    for (const event of events)
      for (const { fragment } of event.observations) eventOf.set(fragmentKey(fragment), event);
  }
  const keys = assertions.map(assertionKey);
  const live = new Map<string, number>();
  assertions.forEach((assertion, index) => {
    const held = live.get(keys[index] as string);
    if (held === undefined || rank(assertion) > rank(assertions[held] as Assertion))
      live.set(keys[index] as string, index);
  });

  const named = new Map<string, number>();
  const active: ActiveAssertion[] = [];
  const liveStatus = new Map<string, AssertionStatus>();
  for (const [key, index] of [...live].sort(([a], [b]) => compareText(a, b))) {
    const assertion = assertions[index] as Assertion;
    const [a, b] = [fragmentKey(assertion.a), fragmentKey(assertion.b)];
    const [eventA, eventB] = [eventOf.get(a), eventOf.get(b)];
    const place = assertion.retracted === true ? 0 : takePlaces(new Set([a, b]), named);
    let status: AssertionStatus = "active";
    if (assertion.retracted === true) status = "retracted";
    else if (eventA === undefined || eventB === undefined) status = "inert-missing";
    else if (eventA === eventB) status = "inert-same-event";
    else if (place > model.limits.maxAssertions) status = "inert-overflow";
    else active.push({ type: assertion.type, a: eventA, b: eventB });
    liveStatus.set(key, status);
  }
  const statuses = assertions.map((assertion, index) => {
    const key = keys[index] as string;
    const counted = assertions[live.get(key) as number] as Assertion;
    return rank(assertion) < rank(counted) ? "superseded" : (liveStatus.get(key) as AssertionStatus);
  });
  return { active, statuses };
}

/** Counts an assertion at both its ends; the later of its places in their orders, from 1. */
function takePlaces(ends: ReadonlySet<string>, named: Map<string, number>): number {
  let latest = 0;
  for (const end of ends) {
    const place = (named.get(end) ?? 0) + 1;
    named.set(end, place);
    latest = Math.max(latest, place);
  }
  return latest;
}

/** Versions are safe integers, so half a step leaves "off" above "on" at the same version. */
function rank(assertion: Assertion): number {
  return (assertion.version ?? 0) * 2 + (assertion.retracted === true ? 1 : 0);
}

/** `different` sorts first, so that the limit per fragment drops what joins before what parts. */
function assertionKey({ type, a, b }: Assertion): string {
  const [first, second] = [a, b].map((ref: FragmentRef) => fragmentKey(ref)).sort(compareText);
  return `${type} ${first} ${second}`;
}
