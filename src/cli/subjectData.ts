import type { LiveProfile } from "../engine/profiles.js";
import type { Plan } from "../engine/runner.js";
import { type Assertion, type Fragment, type FragmentRef, fragmentKey } from "../fragment/fragment.js";
import { Work } from "../resolve/plan/work.js";
import type { FeedEntry } from "../stores/store.js";
import { InputError } from "./failure.js";
import type { StoreSession } from "./storeSession.js";

/** What is held of some fragments: themselves as they came, and what was said of them. */
export interface HeldOfFragments {
  readonly fragments: readonly Fragment[];
  readonly assertions: readonly Assertion[];
}

/** All that a store holds on one person. */
export interface SubjectData extends HeldOfFragments {
  readonly profile: LiveProfile;
  readonly feed: readonly FeedEntry[];
}

const TOGETHER = 200;

export async function heldOfFragments(
  { runner }: StoreSession,
  refs: readonly FragmentRef[],
): Promise<HeldOfFragments> {
  const fragments: Fragment[] = [];
  const assertions = new Map<string, Assertion>();
  for (let from = 0; from < refs.length; from += TOGETHER) {
    const ran = await runner.run(heldOf(refs.slice(from, from + TOGETHER)), { isReading: true });
    if (ran === null) throw new InputError("others wrote faster than the store could be read: try again");
    fragments.push(...ran.value.fragments);
    // One about two fragments of the person is kept with each of them.
    for (const one of ran.value.assertions) assertions.set(nameOf(one), one);
  }
  return { fragments, assertions: [...assertions.values()] };
}

function nameOf({ type, a, b }: Assertion): string {
  return [type, ...[fragmentKey(a), fragmentKey(b)].sort()].join(" ");
}

function heldOf(refs: readonly FragmentRef[]): Plan<HeldOfFragments> {
  return (kernel, view) => {
    const work = new Work(kernel, view, { type: "drain" }, false);
    const fragments: Fragment[] = [];
    const assertions: Assertion[] = [];
    for (const { source, id } of refs) {
      const key = fragmentKey({ source, id });
      const text = work.fragment(key)?.text ?? null;
      if (text !== null) fragments.push(JSON.parse(text) as Fragment);
      for (const said of view.get("assertion", kernel.name(key))?.said ?? [])
        assertions.push({
          type: said.type,
          a: { source, id },
          b: refOfKey(said.other),
          version: said.version,
          retracted: said.retracted,
        });
    }
    return { fragments, assertions };
  };
}

/** The fragment that `fragmentKey` names. */
function refOfKey(key: string): FragmentRef {
  const [source = "", id = ""] = JSON.parse(key) as string[];
  return { source, id };
}

/** @throws InputError where there is no such person */
export async function subjectData(session: StoreSession, profile: LiveProfile): Promise<SubjectData> {
  const held = await heldOfFragments(session, profile.fragments);
  return { profile, ...held, feed: await feedOf(session, profile.id) };
}

/** Entries of the profile under this id and those that it had before. */
async function feedOf({ resolver, store }: StoreSession, shown: string): Promise<FeedEntry[]> {
  // Of a feed that was compacted, what is left.
  const start = (await store.feedBounds?.())?.start ?? null;
  const isOwn = new Map<string, boolean>();
  const entries: FeedEntry[] = [];
  for await (const entry of resolver.changes(start)) {
    const { profile } = entry.change;
    let own = isOwn.get(profile);
    if (own === undefined) {
      own = (await resolver.resolveId(profile))?.id === shown;
      isOwn.set(profile, own);
    }
    if (own) entries.push(entry);
  }
  return entries;
}
