import { contentDigest } from "../../src/fragment/canonical.js";
import {
  type Assertion,
  type Fragment,
  type FragmentInput,
  fragmentKey,
  isRemoval,
} from "../../src/fragment/fragment.js";

export interface Live {
  readonly fragments: readonly Fragment[];
  readonly statuses: readonly string[];
}

/** Compared at one version only, written or not. */
const digestOf = (input: FragmentInput): string => contentDigest({ ...input, version: undefined });

const versionOf = (input: { readonly version?: number }): number => input.version ?? 0;

/** Rung 1, read straight from the page: for each `(source, id)` look at everything that was ever said about it. */
export function liveFragments(inputs: readonly FragmentInput[]): Live {
  const fragments: Fragment[] = [];
  const statuses = inputs.map((input, index) => {
    if (isRemoval(input)) return "removal";
    const about = inputs.filter((other) => fragmentKey(other) === fragmentKey(input));
    const goneUpTo = Math.max(
      -1,
      ...about.filter(isRemoval).map(({ version }) => version ?? Number.POSITIVE_INFINITY),
    );
    if (versionOf(input) <= goneUpTo) return "gone";
    const versions = about.filter((other): other is Fragment => !isRemoval(other));
    const highest = Math.max(...versions.map(versionOf));
    if (versionOf(input) < highest) return "superseded";
    const digests = versions.filter((other) => versionOf(other) === highest).map(digestOf);
    const greatest = digests.sort().at(-1);
    if (digestOf(input) !== greatest) return "conflicting-content";
    const first = inputs.findIndex(
      (other) =>
        !isRemoval(other) &&
        fragmentKey(other) === fragmentKey(input) &&
        versionOf(other) === highest &&
        digestOf(other) === greatest,
    );
    if (first !== index) return "duplicate";
    fragments.push(input);
    return "live";
  });
  return { fragments, statuses };
}

export interface LiveAssertion {
  readonly type: Assertion["type"];
  /** Events of its two fragments. */
  readonly events: readonly [string, string];
}

/**
 * Assertions: for one `(type, unordered pair)` the highest version is live and "off" wins a tie. Of those that are on, each
 * fragment listens to its first in code-unit order of type and pair, hence to `different` first, whatever comes of them;
 * an assertion needs the ear of both.
 *
 * @param eventOf event of a live fragment, by fragment key
 */
export function liveAssertions(
  assertions: readonly Assertion[],
  eventOf: ReadonlyMap<string, string>,
  maxAssertions: number,
): { readonly active: readonly LiveAssertion[]; readonly statuses: readonly string[] } {
  const ends = ({ a, b }: Assertion): string[] => [fragmentKey(a), fragmentKey(b)].sort();
  const name = (assertion: Assertion): string => [assertion.type, ...ends(assertion)].join(" ");
  const beats = (p: Assertion, q: Assertion): boolean =>
    versionOf(p) > versionOf(q) ||
    (versionOf(p) === versionOf(q) && p.retracted === true && q.retracted !== true);

  const counting = new Map<string, Assertion>();
  for (const key of [...new Set(assertions.map(name))].sort()) {
    const same = assertions.filter((assertion) => name(assertion) === key);
    counting.set(key, same.find((assertion) => !same.some((other) => beats(other, assertion))) as Assertion);
  }
  const isHeard = (key: string, fragment: string): boolean =>
    [...counting]
      .filter(([, { retracted }]) => retracted !== true)
      .filter(([, assertion]) => ends(assertion).includes(fragment))
      .slice(0, maxAssertions)
      .some(([other]) => other === key);

  const active: LiveAssertion[] = [];
  const statusOf = new Map<string, string>();
  for (const [key, live] of counting) {
    const [a, b] = ends(live) as [string, string];
    const [eventA, eventB] = [eventOf.get(a), eventOf.get(b)];
    if (live.retracted === true) statusOf.set(key, "retracted");
    else if (eventA === undefined || eventB === undefined) statusOf.set(key, "inert-missing");
    else if (eventA === eventB) statusOf.set(key, "inert-same-event");
    else if (!isHeard(key, a) || !isHeard(key, b)) statusOf.set(key, "inert-overflow");
    else {
      statusOf.set(key, "active");
      active.push({ type: live.type, events: [eventA, eventB] });
    }
  }
  const statuses = assertions.map((assertion) =>
    assertions.some((other) => name(other) === name(assertion) && beats(other, assertion))
      ? "superseded"
      : (statusOf.get(name(assertion)) as string),
  );
  return { active, statuses };
}
