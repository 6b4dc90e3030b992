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
 * Assertions: for one `(type, unordered pair)` the highest version is live and "off" wins a tie. The limit per fragment is
 * spent in code-unit order of type and pair, hence on `different` first.
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

  const used = new Map<string, number>();
  const active: LiveAssertion[] = [];
  const statusOf = new Map<string, string>();
  for (const key of [...new Set(assertions.map(name))].sort()) {
    const same = assertions.filter((assertion) => name(assertion) === key);
    const live = same.find((assertion) => !same.some((other) => beats(other, assertion))) as Assertion;
    const [a, b] = ends(live) as [string, string];
    const [eventA, eventB] = [eventOf.get(a), eventOf.get(b)];
    if (live.retracted === true) statusOf.set(key, "retracted");
    else if (eventA === undefined || eventB === undefined) statusOf.set(key, "inert-missing");
    else if (eventA === eventB) statusOf.set(key, "inert-same-event");
    else if ([a, b].some((end) => (used.get(end) ?? 0) >= maxAssertions)) statusOf.set(key, "inert-overflow");
    else {
      for (const end of [a, b]) used.set(end, (used.get(end) ?? 0) + 1);
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
