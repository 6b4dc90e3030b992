import { deterministicAcceptAt } from "../../resolve/edges.js";
import { NO_LEVELS } from "../../resolve/levels.js";
import { NONE } from "../../resolve/observation.js";
import { strandOf } from "../../resolve/plan/cells.js";
import { decideGroup } from "../../resolve/plan/components.js";
import type { ComponentDoc, FoundedId, ShownProfile } from "../../resolve/plan/documents.js";
import { compareAges } from "../../resolve/plan/evidence.js";
import { putOff } from "../../resolve/plan/hot.js";
import { placeOf } from "../../resolve/plan/whereabouts.js";
import type { Mend } from "./findings.js";
import type { Look } from "./looking.js";
import { addFounded, beginAgain, putOffStrand } from "./mending.js";

/** Rungs 6 and 7, ids, and what was said by people. */

/** Strands of one component of which edges and profiles are decided again: a larger one is believed. */
const MOST_STRANDS = 500;

export function lookAtComponent(look: Look, id: string): void {
  const { view, kernel } = look.work;
  const doc = view.get("component", id);
  if (doc === null) return;
  if (doc.id !== id) {
    look.fault("misnamed", id, (mending) => mending.view.put("component", id, null));
    return;
  }
  const strands = new Set(doc.strands);
  const strangers = doc.strands.filter((strand) => view.get("strand", strand)?.body?.component !== id);
  const again: Mend = (mending, known) => beginAgain(mending, known, id, strangers);
  if (strangers.length > 0 || strands.size !== doc.strands.length) look.fault("component", id, again);
  if (doc.pending) {
    if (view.get("pending", kernel.name(`component ${id}`)) === null)
      look.fault("pending", id, (mending) => putOff(mending, "component", id));
    for (const other of doc.beside) {
      const beside = view.get("component", other);
      if (beside?.pending !== true || !beside.beside.includes(id))
        look.fault("pending", id, (mending) =>
          mending.view.put("component", id, { ...doc, beside: doc.beside.filter((one) => one !== other) }),
        );
    }
    if (doc.touched.some(({ strand }) => !strands.has(strand))) look.fault("component", id, again);
    return;
  }
  const isSettled = doc.touched.length === 0 && doc.beside.length === 0 && doc.strands.length > 1;
  if (!isSettled) look.fault("component", id, again);
  if (strangers.length > 0) return;
  if (doc.strands.length <= MOST_STRANDS) lookAtEdges(look, doc, again);
  lookAtProfiles(look, doc, again);
}

function lookAtEdges(look: Look, doc: ComponentDoc, again: Mend): void {
  const { work } = look;
  const { scorer, compiled } = work.kernel;
  const strands = new Set(doc.strands);
  const isRight = doc.edges.every(({ a, b, type, bits, acceptAt, levels }) => {
    const [x, y] = [a, b].map((strand) => work.strand(strand)?.body?.evidence);
    if (!strands.has(a) || !strands.has(b) || x === undefined || y === undefined) return false;
    for (const key of [...x.keys, ...x.implied]) work.key(key);
    if (look.attempt(() => scorer.bits(x, y, levels)) !== bits) return false;
    if (type === "asserted") return acceptAt === Number.NEGATIVE_INFINITY && levels === NO_LEVELS;
    const deterministic = deterministicAcceptAt(x, y, compiled);
    return (
      acceptAt === (deterministic ?? compiled.model.thresholds.link) &&
      type === (deterministic === null ? "probabilistic" : "deterministic")
    );
  });
  if (!isRight) look.fault("edge", doc.id, again);
  const decided = look.attempt(() => decideGroup(work, doc));
  const texts = (groups: readonly (readonly string[])[]): string =>
    groups
      .map((group) => [...group].sort().join(" "))
      .sort()
      .join("\n");
  if (decided === null || texts(decided) !== texts(doc.profiles.map((profile) => profile.strands)))
    look.fault("profile", doc.id, again);
}

function lookAtProfiles(look: Look, { id, strands, profiles }: ComponentDoc, again: Mend): void {
  const all = profiles.flatMap((profile) => profile.strands);
  if (all.length !== strands.length || !strands.every((strand) => all.includes(strand)))
    look.fault("profile", id, again);
  for (const profile of profiles) lookAtShown(look, id, profile, profile.strands, again);
}

/** A profile shows the least of the ids that are founded on its strands. */
function lookAtShown(
  look: Look,
  of: string,
  { id, version, rank }: ShownProfile,
  strands: readonly string[],
  again: Mend,
): void {
  const ids = strands.flatMap((strand) => look.work.strand(strand)?.body?.ids ?? NONE);
  const compare = (a: FoundedId, b: FoundedId): number =>
    a.rank - b.rank || compareAges(a.age, b.age) || (a.id < b.id ? -1 : 1);
  const [least] = [...ids].sort(compare);
  // An id that came with a fragment alone is not counted until its profile is shown anew.
  if (least?.id !== id || version < 1 || rank > Math.max(...ids.map((one) => one.rank)))
    look.fault("profile", of, again);
}

/** A profile of one strand. */
export function lookAtSingle(look: Look, id: string): void {
  const body = look.work.view.get("strand", id)?.body;
  if (body?.component !== null || body.profile === null) return;
  lookAtShown(look, id, body.profile, [id], (mending, known) => putOffStrand(mending, known, id));
}

const MOST_FORWARDS = 1_000;

export function lookAtId(look: Look, id: string): void {
  const { work } = look;
  const { view } = work;
  const doc = view.get("id", id);
  if (doc === null) return;
  if (doc.founder === null) {
    let at = doc.forward;
    for (let steps = 0; at !== null; steps++) {
      const next = view.get("id", at);
      if (next === null || steps > MOST_FORWARDS) {
        look.fault("id", id);
        return;
      }
      at = next.founder === null ? next.forward : null;
    }
    return;
  }
  const { founder } = doc;
  const place = look.attempt(() => placeOf(work, founder));
  const strand = place === null ? null : look.attempt(() => strandOf(work, place));
  const founded = strand === null ? undefined : view.get("strand", strand)?.body?.ids;
  const isKnown = founded?.some((one) => one.id === id && one.founder === founder) === true;
  if (isKnown && doc.forward === null) return;
  // Nobody can say here where it was: see `Walk`.
  if (place === null) {
    look.fault("id", id);
    return;
  }
  look.fault("id", id, (mending, known) => {
    if (doc.forward !== null) mending.view.put("id", id, { founder, forward: null });
    const held = mending.fragment(founder);
    if (isKnown || strand === null || !held?.text) return;
    const { atMs, fragment } = mending.observe(held.text);
    const age = { atMs, source: fragment.source, id: fragment.id };
    addFounded(mending, known, strand, { id: id as FoundedId["id"], rank: 0, founder, age });
  });
}

/** What is said of two fragments is known to both of them. */
export function lookAtAssertion(look: Look, id: string): void {
  const { view, kernel } = look.work;
  const doc = view.get("assertion", id);
  if (doc === null) return;
  const isKnown = doc.said.every(({ type, other, version, retracted }) =>
    view
      .get("assertion", kernel.name(other))
      ?.said.some(
        (back) =>
          back.type === type &&
          back.version === version &&
          back.retracted === retracted &&
          kernel.name(back.other) === id,
      ),
  );
  if (!isKnown || doc.said.length === 0) look.fault("assertion", id);
}
