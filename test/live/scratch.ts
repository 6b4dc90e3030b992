import { expect } from "vitest";
import type { LiveProfile } from "../../src/engine/profiles.js";
import type { Resolver } from "../../src/engine/resolver.js";
import { fragmentKey } from "../../src/fragment/fragment.js";
import { createContentBuilder } from "../../src/profile/content.js";
import { resolve } from "../../src/resolve/resolve.js";
import type { FeedEntry } from "../../src/stores/store.js";
import { fragmentsOf } from "../engine/leads.js";
import type { History } from "../properties/histories.js";

/** What `resolve` makes of a history, in a form that the live engine can be compared with. */

export const NOW = Date.UTC(2026, 3, 1);

/** Keys of the fragments of a profile, as one text → its content. Ids are left out: they depend on what came first. */
export type Contents = ReadonlyMap<string, object>;

export function scratchOf({ inputs, model, assertions }: History): Contents {
  const resolution = resolve(inputs, model, assertions);
  const builder = createContentBuilder(resolution);
  return new Map(
    resolution.profiles.map((membership) => {
      const { id: _, ...content } = builder.build(membership, NOW);
      return [fragmentsOf(resolution, membership).join(" "), content];
    }),
  );
}

export function contentOf({ id: _, version: __, pending: ___, ...content }: LiveProfile): object {
  return content;
}

export function membersOf({ fragments }: LiveProfile): string {
  return fragments.map(fragmentKey).sort().join(" ");
}

export async function profilesOf(resolver: Resolver): Promise<LiveProfile[]> {
  const profiles: LiveProfile[] = [];
  for await (const profile of resolver.profiles({ now: NOW })) profiles.push(profile);
  return profiles;
}

export async function feedOf(resolver: Resolver): Promise<FeedEntry["change"][]> {
  const changes: FeedEntry["change"][] = [];
  for await (const { change } of resolver.changes()) changes.push(change);
  return changes;
}

/** Deep equality, with the cheap answer first: thousands of profiles are compared, and hardly any differ. */
export function expectSame(a: object, b: object): void {
  if (JSON.stringify(a) !== JSON.stringify(b)) expect(a).toEqual(b);
}

/** Drains, and expects the partition and every content to be those of `resolve` (invariants 2, 17, 20 and 26). */
export async function expectScratch(resolver: Resolver, history: History): Promise<LiveProfile[]> {
  expect(await resolver.drain()).toMatchObject({ left: 0 });
  const scratch = scratchOf(history);
  const profiles = await profilesOf(resolver);
  expectSame(profiles.map(membersOf).sort(), [...scratch.keys()].sort());
  for (const profile of profiles) {
    expect(profile.pending).toBe(false);
    expectSame(contentOf(profile), scratch.get(membersOf(profile)) as object);
  }
  const { pending, rechecks } = await resolver.stats();
  expect({ pending, rechecks }).toEqual({ pending: 0, rechecks: 0 });
  return profiles;
}

/** Versions never go down (invariant 15). */
export function expectVersions(changes: readonly FeedEntry["change"][]): void {
  const versions = new Map<string, number>();
  for (const { profile, version } of changes) {
    expect(version).toBeGreaterThanOrEqual(versions.get(profile) ?? 1);
    versions.set(profile, version);
  }
}

/** Id → strands, from the feed alone (invariant 24). */
export function foldFeed(changes: readonly FeedEntry["change"][]): Map<string, string[]> {
  const held = new Map<string, Set<string>>();
  for (const { type, profile, added, removed, others } of changes) {
    if (type === "erased") {
      held.delete(profile);
      continue;
    }
    if (type === "merged") for (const other of others) held.delete(other);
    const strands = held.get(profile) ?? new Set();
    for (const strand of removed) strands.delete(strand);
    for (const strand of added) strands.add(strand);
    held.set(profile, strands);
  }
  return new Map([...held].map(([id, strands]) => [id, [...strands].sort()]));
}
