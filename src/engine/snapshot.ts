import type { ProfileId } from "../resolve/ids.js";
import { NONE } from "../resolve/observation.js";
import { type Change, creation } from "../resolve/plan/changes.js";
import type { ComponentProfile } from "../resolve/plan/documents.js";
import type { Cursor, Store } from "../stores/store.js";
import type { Runner } from "./runner.js";

/** What a feed without its beginning is folded upon. */
export interface FeedSnapshot {
  /** Where to go on once all entries were folded: the end of the feed as the snapshot began. */
  readonly cursor: Cursor;
  /**
   * A `created` entry for every profile, with all of its strands, in no order; a profile that changes meanwhile may come again.
   * Iterate once.
   */
  readonly entries: AsyncIterable<Change>;
}

/** Strands whose components are read together. */
const TOGETHER = 32;

/**
 * The profiles as `created` entries, while others go on writing. Each entry is what was shown at some moment since the cursor was
 * taken, not all of them at the same. Folding them and then the feed from that cursor gives the state nevertheless, for two reasons.
 *
 * Entries of the feed say of a profile and a strand that it came or went, and of a profile that it is gone. So the last one that
 * speaks of them decides, and those that a profile was read with do no harm when they are folded again.
 *
 * Of a profile and a strand of which nothing is said since the cursor, something is read. Either the strand leads to the document
 * that shows the profile, all the while: it is come upon when strands are scanned. Or it is gone, or came back elsewhere, while the
 * profile waits: then a component that waits shows the profile until that is published, which speaks of the strand. Those
 * components are scanned after the strands.
 */
export async function takeSnapshot(
  runner: Runner,
  store: Store,
  contended: () => Error,
  signal: AbortSignal | undefined,
): Promise<FeedSnapshot> {
  return {
    cursor: await endOf(store, signal),
    entries: entriesOf(runner, contended, signal),
  };
}

async function endOf(store: Store, signal: AbortSignal | undefined): Promise<Cursor> {
  if (store.feedBounds !== undefined) return (await store.feedBounds()).end;
  let end: Cursor = null;
  for await (const { cursor } of store.changes(null, signal === undefined ? {} : { signal })) end = cursor;
  return end;
}

async function* entriesOf(
  runner: Runner,
  contended: () => Error,
  signal: AbortSignal | undefined,
): AsyncGenerator<Change> {
  // Several strands lead to each of these.
  const told = new Map<ProfileId, number>();
  const isNew = ({ id, version }: ComponentProfile): boolean => {
    if (told.get(id) === version) return false;
    told.set(id, version);
    return true;
  };

  async function profilesOf(strands: readonly string[]): Promise<readonly ComponentProfile[]> {
    const ran = await runner.run<readonly ComponentProfile[]>(
      (_, view) =>
        strands.flatMap((strand) => {
          const body = view.get("strand", strand)?.body;
          if (!body) return [];
          if (body.component === null)
            return body.profile === null ? [] : [{ ...body.profile, strands: [strand] }];
          const profiles = view.must("component", body.component)?.profiles ?? NONE;
          return profiles.find((profile) => profile.strands.includes(strand)) ?? [];
        }),
      { isReading: true, signal },
    );
    if (ran !== null) return ran.value;
    if (strands.length === 1) throw contended();
    const half = strands.length >> 1;
    return [...(await profilesOf(strands.slice(0, half))), ...(await profilesOf(strands.slice(half)))];
  }

  for await (const page of runner.scan("strand", signal)) {
    const joined: string[] = [];
    for (const { id, doc } of page) {
      if (doc.body === null) continue;
      const { component, profile } = doc.body;
      if (component !== null) joined.push(id);
      else if (profile !== null) yield entryOf({ ...profile, strands: [id] });
    }
    for (let from = 0; from < joined.length; from += TOGETHER)
      for (const profile of await profilesOf(joined.slice(from, from + TOGETHER)))
        if (isNew(profile)) yield entryOf(profile);
  }
  for await (const page of runner.scan("component", signal))
    for (const { doc } of page)
      if (doc.pending) for (const profile of doc.profiles) if (isNew(profile)) yield entryOf(profile);
}

function entryOf({ id, version, strands }: ComponentProfile): Change {
  return creation(id, version, strands, { type: "snapshot" });
}
