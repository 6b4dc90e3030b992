import { expect } from "vitest";
import { checkStore } from "../../src/engine/check.js";
import { createResolver } from "../../src/engine/resolver.js";
import { type Fragment, fragmentKey } from "../../src/fragment/fragment.js";
import { createDefaultModel } from "../../src/model/index.js";
import { resolve } from "../../src/resolve/resolve.js";
import type { Store } from "../../src/stores/store.js";
import { fragmentsOf, partitionOf } from "../engine/leads.js";
import { expectVersions, feedOf, foldFeed, profilesOf } from "../live/scratch.js";

/** The partition that `resolve` makes of leads, however they came. */
export function scratchPartition(leads: readonly Fragment[]): string[] {
  const resolution = resolve(leads, createDefaultModel());
  return partitionOf(resolution.profiles.map((profile) => fragmentsOf(resolution, profile)));
}

/** What any number of processes has left behind: every lead, the partition of `resolve`, a feed that tells it, and no fault. */
export async function expectWhole(
  store: Store,
  leads: readonly Fragment[],
  partition: readonly string[],
): Promise<void> {
  const resolver = createResolver({ store });
  // What was acknowledged is there before anything is drained.
  for (const { source, id } of leads) expect(await resolver.profileOf(source, id)).not.toBeNull();
  expect((await checkStore(store)).findings).toEqual([]);
  expect(await resolver.drain()).toMatchObject({ left: 0 });
  const profiles = await profilesOf(resolver);
  expect(partitionOf(profiles.map(({ fragments }) => fragments.map(fragmentKey)))).toEqual(partition);
  const changes = await feedOf(resolver);
  expectVersions(changes);
  expect([...foldFeed(changes).keys()].sort()).toEqual(profiles.map(({ id }) => id as string).sort());
  expect((await checkStore(store)).findings).toEqual([]);
}
