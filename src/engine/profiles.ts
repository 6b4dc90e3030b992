import { type FragmentRef, fragmentKey } from "../fragment/fragment.js";
import { createContentBuilder } from "../profile/content.js";
import { explainPair, type PairExplanation } from "../profile/explain.js";
import type { Profile } from "../profile/profile.js";
import type { ProfileId } from "../resolve/ids.js";
import { strandOf } from "../resolve/plan/cells.js";
import type { IdDoc } from "../resolve/plan/documents.js";
import type { Kernel } from "../resolve/plan/kernel.js";
import { profileOfFragment } from "../resolve/plan/plan.js";
import type { View } from "../resolve/plan/view.js";
import { placeOf } from "../resolve/plan/whereabouts.js";
import { Work } from "../resolve/plan/work.js";
import { type Neighbourhood, neighbourhoodOf, type ShownMembership } from "./neighbourhood.js";
import type { Plan, Runner } from "./runner.js";

/** Strands whose profiles are built in one plan, when all are asked for. */
const STRANDS_PER_PLAN = 64;

/** Where a fragment or an id leads now. */
export interface ProfilePlace {
  /** The id that the profile shows. */
  readonly id: ProfileId;
  /** Goes up with every change of its strands or of what they say. */
  readonly version: number;
  /** Part of what concerns it waits for `drain`. */
  readonly pending: boolean;
}

/** The content of a profile as the store has it. */
export interface LiveProfile extends Profile {
  /** Goes up with every change of its strands or of what they say. */
  readonly version: number;
  /** Part of what concerns it waits for `drain`. */
  readonly pending: boolean;
}

const workOn = (kernel: Kernel, view: View): Work => new Work(kernel, view, { type: "drain" }, false);

export function placeOfFragment(ref: FragmentRef): Plan<ProfilePlace | null> {
  return (kernel, view) => profileOfFragment(workOn(kernel, view), fragmentKey(ref));
}

export function placeOfId(id: string): Plan<ProfilePlace | null> {
  return (kernel, view) => {
    const founder = founderOf(view, id);
    return founder === null ? null : profileOfFragment(workOn(kernel, view), founder);
  };
}

/** The fragment on which an id is founded, or the id that it forwards to; null for tombstones and ids never issued. */
function founderOf(view: View, id: string): string | null {
  for (let at: string | null = id; at !== null; ) {
    const doc: IdDoc | null = view.get("id", at);
    if (doc === null) return null;
    if (doc.founder !== null) return doc.founder;
    at = doc.forward;
  }
  return null;
}

/** The content of the profile of a fragment or id at `now`; null where there is none. */
export function contentOf(of: FragmentRef | string, now: number): Plan<LiveProfile | null> {
  return (kernel, view) => {
    const work = workOn(kernel, view);
    const founder = typeof of === "string" ? founderOf(view, of) : fragmentKey(of);
    const strand = founder === null ? null : strandOfFragment(work, founder);
    const shown = founder === null || strand === null ? null : profileOfFragment(work, founder);
    if (strand === null || shown === null) return null;
    const near = neighbourhoodOf(work, { strands: [strand] }, (_, profile) => profile?.id === shown.id);
    const membership = near?.profiles.find(({ id }) => id === shown.id);
    return near === null || membership === undefined ? null : (buildAll(near, [membership], now)[0] ?? null);
  };
}

/** The fragments of the profile of a fragment or id; of a fragment in none, itself. */
export function membersOf(of: FragmentRef | string): Plan<readonly FragmentRef[]> {
  return (kernel, view) => {
    const content = contentOf(of, 0)(kernel, view);
    if (content !== null) return content.fragments.map(({ source, id }) => ({ source, id }));
    return typeof of === "string" ? [] : [of];
  };
}

function strandOfFragment(work: Work, key: string): string | null {
  const place = placeOf(work, key);
  return place === null ? null : strandOf(work, place);
}

function buildAll(near: Neighbourhood, memberships: readonly ShownMembership[], now: number): LiveProfile[] {
  const builder = createContentBuilder(near);
  return memberships.map((membership) => {
    const { version, pending } = membership;
    return { ...builder.build(membership, now), version, pending };
  });
}

/** Every profile, component by component and then those of one strand. */
export async function* allProfiles(
  runner: Runner,
  now: number,
  contended: () => Error,
  signal: AbortSignal | undefined,
): AsyncGenerator<LiveProfile> {
  async function read(plan: Plan<readonly LiveProfile[]>): Promise<readonly LiveProfile[]> {
    const ran = await runner.run<readonly LiveProfile[]>(plan, { isReading: true, signal });
    if (ran === null) throw contended();
    return ran.value;
  }
  const build = (seeds: readonly string[]): Promise<readonly LiveProfile[]> =>
    read((kernel, view) => {
      const work = workOn(kernel, view);
      // A strand may be gone, or in a component, since it was listed.
      const strands = seeds.filter((id) => work.strand(id)?.body?.component === null);
      const near = neighbourhoodOf(work, { strands }, () => true);
      return near === null ? [] : buildAll(near, near.profiles, now);
    });
  const buildComponent = (id: string): Promise<readonly LiveProfile[]> =>
    read((kernel, view) => {
      // It may be gone since it was listed.
      const own = new Set(view.get("component", id)?.profiles.map((profile) => profile.id));
      if (own.size === 0) return [];
      const near = neighbourhoodOf(workOn(kernel, view), { components: [id] }, () => true);
      return near === null
        ? []
        : buildAll(
            near,
            near.profiles.filter((profile) => own.has(profile.id)),
            now,
          );
    });
  for await (const page of runner.scan("component", signal))
    for (const { id } of page) yield* await buildComponent(id);
  let seeds: string[] = [];
  for await (const page of runner.scan("strand", signal)) {
    for (const { id, doc } of page) {
      if (doc.body === null || doc.body.component !== null) continue;
      seeds.push(id);
      if (seeds.length < STRANDS_PER_PLAN) continue;
      yield* await build(seeds);
      seeds = [];
    }
  }
  if (seeds.length > 0) yield* await build(seeds);
}

/** Why two fragments are, or are not, one person, as the store has it. */
export function explanationOf(a: FragmentRef, b: FragmentRef): Plan<PairExplanation | null> {
  return (kernel, view) => {
    const work = workOn(kernel, view);
    const ends = [a, b].flatMap((ref) => strandOfFragment(work, fragmentKey(ref)) ?? []);
    const near = neighbourhoodOf(work, { strands: ends }, (strand) => ends.includes(strand));
    return near === null ? null : explainPair(near, a, b);
  };
}
