import { fragmentKey } from "../../fragment/fragment.js";
import { NONE } from "../../resolve/observation.js";
import { strandOf } from "../../resolve/plan/cells.js";
import { creation } from "../../resolve/plan/changes.js";
import { copyBody, withBody } from "../../resolve/plan/copies.js";
import type {
  Age,
  ComponentProfile,
  FoundedId,
  Rotation,
  StrandBody,
  StrandDoc,
} from "../../resolve/plan/documents.js";
import { profileOfStrand } from "../../resolve/plan/plan.js";
import type { View } from "../../resolve/plan/view.js";
import { placeOf } from "../../resolve/plan/whereabouts.js";
import { Work } from "../../resolve/plan/work.js";
import { LeadweaveError } from "../error.js";
import type { Side } from "./side.js";

/** Ids and versions of one store given to the same profiles in another one. */

/** Strands that are written together; more where one component has more. */
const STRANDS_AT_ONCE = 64;
const IDS_AT_ONCE = 200;

/** What the other store says of a strand, named by its oldest fragment. */
interface Shown {
  readonly ids: readonly FoundedId[];
  readonly profile: ComponentProfile;
}

/** Every id ever issued, and no other. What ids rest on are fragments, whatever the pepper. */
export async function takeOverIds(from: Side, to: Side): Promise<number> {
  let ids = 0;
  for await (const page of from.pages("id", null, IDS_AT_ONCE)) {
    ids += page.length;
    await to.write((_, view) => {
      for (const { id, text } of page) view.put("id", id, JSON.parse(text as string));
    });
  }
  for await (const page of to.pages("id", null, IDS_AT_ONCE)) {
    const own = await from.read((_, view) => page.filter(({ id }) => view.get("id", id) === null));
    await to.write((_, view) => {
      for (const { id } of own) view.put("id", id, null);
    });
  }
  return ids;
}

/**
 * Components, or strands without one, from where it stopped: each commit writes some with the ids and versions that they had, tells
 * the feed that they are there, and notes how far it has come.
 */
export async function takeOverProfiles(
  from: Side,
  to: Side,
  step: "components" | "strands",
  { after }: Rotation,
): Promise<void> {
  let open: { readonly id: string; readonly strands: readonly string[] }[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (open.length === 0) return;
    await takeSome(from, to, step, open);
    open = [];
    size = 0;
  };
  const kind = step === "components" ? "component" : "strand";
  for await (const page of to.pages(kind, after)) {
    const docs = await to.read((_, view) =>
      page.flatMap(({ id }) => {
        if (step === "components") return { id, strands: view.get("component", id)?.strands ?? NONE };
        const body = view.get("strand", id)?.body;
        return body && body.component === null ? { id, strands: [id] } : [];
      }),
    );
    for (const one of docs) {
      open.push(one);
      size += one.strands.length;
      if (size >= STRANDS_AT_ONCE) await flush();
    }
  }
  await flush();
}

async function takeSome(
  from: Side,
  to: Side,
  step: "components" | "strands",
  docs: readonly { readonly id: string; readonly strands: readonly string[] }[],
): Promise<void> {
  const strands = docs.flatMap((doc) => doc.strands);
  const oldest = await to.read((_, view) => strands.map((id) => bodyIn(view, id)?.oldest ?? null));
  const shown = await shownOf(from, oldest);
  const byStrand = new Map(strands.map((id, at) => [id, shown[at] as Shown]));
  await to.write((_, view) => {
    for (const { id } of docs) {
      if (step === "strands") takeSingle(view, id, byStrand.get(id) as Shown);
      else takeComponent(view, id, byStrand);
    }
    const settings = view.get("settings", "");
    const last = docs.at(-1)?.id ?? null;
    if (settings?.rotation?.step !== step) {
      if (!view.isStopped) throw new LeadweaveError("contended", "another rotation works on the copy");
      return;
    }
    view.put("settings", "", { ...settings, rotation: { ...settings.rotation, after: last } });
  });
}

function bodyIn(view: View, strand: string): StrandBody | null {
  return view.must("strand", strand)?.body ?? null;
}

/** Where fragments are in the other store. */
function shownOf(from: Side, ages: readonly (Age | null)[]): Promise<readonly Shown[]> {
  return from.read((kernel, view) => {
    const work = new Work(kernel, view, { type: "drain" }, false);
    const found: Shown[] = [];
    for (const age of ages) {
      const place = age === null ? null : placeOf(work, fragmentKey(age));
      const strand = place === null ? null : strandOf(work, place);
      const body = strand === null ? null : bodyIn(view, strand);
      const profile = strand === null || body === null ? null : profileIn(work, strand, body);
      if (profile !== null && body !== null) found.push({ ids: body.ids, profile });
      else if (!view.isStopped) throw otherwise();
    }
    return found;
  });
}

function profileIn(work: Work, strand: string, body: StrandBody): ComponentProfile | null {
  if (body.component === null) return body.profile === null ? null : { ...body.profile, strands: [strand] };
  if (profileOfStrand(work, strand)?.pending === true) throw otherwise();
  const component = work.view.must("component", body.component);
  return component?.profiles.find(({ strands }) => strands.includes(strand)) ?? null;
}

function takeSingle(view: View, id: string, { ids, profile }: Shown): void {
  const doc = view.must("strand", id);
  if (!doc?.body) return;
  if (profile.strands.length !== 1) throw otherwise();
  const body = copyBody(doc.body);
  body.ids = ids;
  body.profile = { id: profile.id, version: profile.version, rank: profile.rank };
  view.put("strand", id, withBody(doc, body));
  tell(view, { ...profile, strands: [id] });
}

function takeComponent(view: View, id: string, byStrand: ReadonlyMap<string, Shown>): void {
  const component = view.must("component", id);
  if (component === null) return;
  for (const strand of component.strands) {
    const doc = view.must("strand", strand) as StrandDoc | null;
    if (!doc?.body) continue;
    const body = copyBody(doc.body);
    body.ids = (byStrand.get(strand) as Shown).ids;
    view.put("strand", strand, withBody(doc, body));
  }
  const profiles = component.profiles.map(({ strands }): ComponentProfile => {
    const [first, ...others] = strands.map((strand) => byStrand.get(strand)?.profile);
    const isSame =
      first !== undefined &&
      first.strands.length === strands.length &&
      others.every((other) => other?.id === first.id);
    if (!isSame) throw otherwise();
    const { id: shown, version, rank } = first;
    return { id: shown, version, rank, strands };
  });
  view.put("component", id, { ...component, profiles });
  for (const profile of profiles) tell(view, profile);
}

function tell(view: View, { id, version, strands }: ComponentProfile): void {
  view.changes.push(creation(id, version, strands, { type: "snapshot" }));
}

export function otherwise(): LeadweaveError {
  return new LeadweaveError(
    "store-inconsistent",
    "the copy does not show what the store shows: others have written to one of them, or `leadweave check` finds why; begin a new copy",
  );
}
