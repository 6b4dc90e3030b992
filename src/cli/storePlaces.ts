import { neighbourhoodOf } from "../engine/neighbourhood.js";
import type { Plan } from "../engine/runner.js";
import type { StoreRunner } from "../engine/storeRunner.js";
import { canonicalJson } from "../fragment/canonical.js";
import { type FragmentInput, type FragmentRef, fragmentKey, isRemoval } from "../fragment/fragment.js";
import { membershipProbability } from "../profile/confidence.js";
import { type InputStatus, selectLive } from "../resolve/live.js";
import { strandOf } from "../resolve/plan/cells.js";
import type { FragmentDoc } from "../resolve/plan/documents.js";
import { placeOf } from "../resolve/plan/whereabouts.js";
import { Work } from "../resolve/plan/work.js";
import type { Assignment } from "./assignments.js";
import { InputError } from "./failure.js";
import type { Progress } from "./progress.js";

/** Fragments that are looked for at a time: what they are in is read together. */
const TOGETHER = 200;

/** Where a fragment is in a store. */
interface Place {
  readonly profileId: string;
  readonly confidence: number;
}

/** What a store says of some fragments. */
interface Found {
  /** By the key of the fragment; of their neighbours too. */
  readonly places: ReadonlyMap<string, Place>;
  readonly docs: ReadonlyMap<string, FragmentDoc>;
}

/** What became of rows in a store, each by its place among the inputs. */
export async function assignmentsIn(
  runner: StoreRunner,
  inputs: readonly FragmentInput[],
  progress: Progress,
): Promise<(fragment: FragmentInput, index: number) => Assignment> {
  const refs = new Map<string, FragmentRef>();
  for (const input of inputs) if (!isRemoval(input)) refs.set(fragmentKey(input), input);
  const places = new Map<string, Place>();
  const docs = new Map<string, FragmentDoc>();
  const keys = [...refs.keys()];
  for (let from = 0; from < keys.length; from += TOGETHER) {
    progress.update(from, from / keys.length);
    const some = keys.slice(from, from + TOGETHER);
    const ran = await runner.run(
      placesOf(some, (key) => places.has(key)),
      { isReading: true },
    );
    if (ran === null)
      throw new InputError(
        "others wrote faster than the store could be read: run the same again, nothing is lost",
      );
    for (const [key, place] of ran.value.places) if (refs.has(key)) places.set(key, place);
    for (const [key, doc] of ran.value.docs) docs.set(key, doc);
  }
  const { statuses } = selectLive(inputs);
  return (fragment, index) => {
    const key = fragmentKey(fragment);
    const status = statusOf(fragment, statuses[index] as InputStatus, docs.get(key) ?? null);
    const isPlaced = status !== "removal" && status !== "gone" && status !== "suppressed";
    const place = isPlaced ? places.get(key) : undefined;
    return { status, profileId: place?.profileId ?? null, confidence: place?.confidence ?? null };
  };
}

/** Looks for those that neighbours have not brought along; the documents of all are read. */
function placesOf(keys: readonly string[], isKnown: (key: string) => boolean): Plan<Found> {
  return (kernel, view) => {
    const work = new Work(kernel, view, { type: "drain" }, false);
    const strands = new Set<string>();
    const docs = new Map<string, FragmentDoc>();
    for (const key of keys) {
      const doc = work.fragment(key);
      if (doc === null) continue;
      docs.set(key, doc);
      const place = isKnown(key) ? null : placeOf(work, key);
      if (place !== null) strands.add(strandOf(work, place));
    }
    const places = new Map<string, Place>();
    const near = neighbourhoodOf(work, { strands: [...strands] }, () => true);
    if (near === null) return { places, docs };
    for (const { id: profileId, strands: members } of near.profiles) {
      for (const strand of members) {
        const support = near.support[strand];
        if (support === undefined) continue;
        const confidence = membershipProbability(support);
        for (const { observations } of near.strands[strand]?.events ?? [])
          for (const { fragment } of observations)
            places.set(fragmentKey(fragment), { profileId, confidence });
      }
    }
    return { places, docs };
  };
}

type StoredStatus = InputStatus | "suppressed";

/** A row's status among all that the store was ever given, of which the rows beside it are a part. */
function statusOf(fragment: FragmentInput, among: InputStatus, doc: FragmentDoc | null): StoredStatus {
  if (isRemoval(fragment)) return "removal";
  if (doc === null) return "suppressed";
  const version = fragment.version ?? 0;
  if (doc.goneUpTo === null || version <= doc.goneUpTo) return "gone";
  if (version < doc.version) return "superseded";
  if (among !== "live" || doc.text === null) return among;
  const held = JSON.parse(doc.text) as FragmentInput;
  const [mine, theirs] = [fragment, held].map((one) => canonicalJson({ ...one, version: undefined }));
  return mine === theirs ? "live" : "conflicting-content";
}
