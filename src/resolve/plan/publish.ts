import { fragmentKey } from "../../fragment/fragment.js";
import { foundProfileId, type ProfileId } from "../ids.js";
import { compareText, NONE } from "../observation.js";
import { creation } from "./changes.js";
import { decideGroup, type Group, type Regrouped } from "./components.js";
import { copyBody, withBody } from "./copies.js";
import type { Age, ComponentDoc, ComponentProfile, FoundedId, ShownProfile, StrandDoc } from "./documents.js";
import { compareAges } from "./evidence.js";
import { flat } from "./flat.js";
import { catchUp } from "./hot.js";
import { appended } from "./lists.js";
import { OldProfiles } from "./oldProfiles.js";
import { bodyOf, freeName, patchBody } from "./strandBody.js";
import { wait } from "./wait.js";
import type { Work } from "./work.js";

/** Rung 7 and ids: writes groups as components with their profiles, and tells what has changed. */
export function publish(work: Work, regrouped: Regrouped): void {
  const { groups, before, members } = regrouped;
  const newcomer = newcomerOf(work, regrouped);
  if (newcomer !== null) {
    showNewcomer(work, newcomer);
    return;
  }
  const old = new OldProfiles(work, before);
  refound(work, old, members);
  if (groups === null) {
    wait(work, before, members, old);
    return;
  }
  const decided = groups.map((group) => decideGroup(work, group));
  if (work.view.isStopped) return;
  const names = nameComponents(work, groups, before);
  const kept = new Set(names.values());
  for (const [id, { pending }] of before) {
    if (pending) catchUp(work, "component", id);
    if (!kept.has(id)) work.view.put("component", id, null);
  }
  const shown: ComponentProfile[] = [];
  groups.forEach((group, index) => {
    const profiles = (decided[index] ?? NONE).map((strands) => showProfile(work, strands, old));
    shown.push(...profiles);
    write(work, group, names.get(group) ?? null, profiles);
  });
  if (!work.view.isStopped) tell(work, shown, old, members);
}

/** The strand that the operation has made, where it made nothing else and nobody is connected with it; null otherwise. */
function newcomerOf(work: Work, { groups, before }: Regrouped): string | null {
  if (groups?.length !== 1 || before.size + work.limbo.size + work.removed.size + work.cameFrom.size > 0)
    return null;
  for (const doc of work.before.values()) if (doc?.body) return null;
  const [strand, another] = groups[0]?.strands ?? NONE;
  return strand !== undefined && another === undefined && bodyOf(work, strand).ids.length === 0
    ? strand
    : null;
}

/** What `publish` comes to for somebody of whom nothing was shown before, as half of all fragments are. */
function showNewcomer(work: Work, strand: string): void {
  const strands = [strand];
  const { id, rank } = found(work, strands, 0);
  place(work, strand, null, { id, version: 1, rank });
  work.view.changes.push(creation(id, 1, strands, work.cause));
}

/** A component is named after one of its strands, and keeps its name while that strand is in it. */
function nameComponents(
  work: Work,
  groups: readonly Group[],
  before: ReadonlyMap<string, ComponentDoc>,
): ReadonlyMap<Group, string> {
  const names = new Map<Group, string>();
  for (const group of groups) {
    if (group.strands.length < 2) continue;
    let best: ComponentDoc | undefined;
    for (const id of group.strands) {
      const held = before.get(id);
      if (held !== undefined && (best === undefined || held.strands.length > best.strands.length))
        best = held;
    }
    names.set(group, best?.id ?? freeName(work, group.strands[0] as string));
  }
  return names;
}

function write(
  work: Work,
  { strands, edges }: Group,
  id: string | null,
  profiles: readonly ComponentProfile[],
): void {
  if (id === null) {
    const strand = strands[0] as string;
    const { id: shown, version, rank } = profiles[0] as ComponentProfile;
    const profile: ShownProfile = { id: shown, version, rank };
    const { component, profile: held } = bodyOf(work, strand);
    if (component !== null || !isSameProfile(held, profile)) place(work, strand, null, profile);
    return;
  }
  for (const strand of strands) {
    const { component, profile } = bodyOf(work, strand);
    if (component !== id || profile !== null) place(work, strand, id, null);
  }
  // Lists that have grown keep room for more.
  work.view.put("component", id, {
    id,
    strands: strands.slice(),
    edges: edges.slice(),
    profiles: profiles.slice(),
    pending: false,
    touched: NONE,
    beside: NONE,
  });
}

function place(work: Work, strand: string, component: string | null, profile: ShownProfile | null): void {
  const body = copyBody(bodyOf(work, strand));
  body.component = component;
  body.profile = profile;
  work.putStrand(strand, withBody(work.strand(strand) as StrandDoc, body));
}

function isSameProfile(a: ShownProfile | null, b: ShownProfile): boolean {
  return a !== null && a.id === b.id && a.version === b.version && a.rank === b.rank;
}

/** Least rank, then oldest founder; two ids can only tie on one founder, where the text decides. */
function compareIds(a: FoundedId, b: FoundedId): number {
  return a.rank - b.rank || compareAges(a.age, b.age) || compareText(a.id, b.id);
}

/** The profile that strands make: the least of the ids founded on them, or a new one. */
function showProfile(work: Work, strands: readonly string[], old: OldProfiles): ComponentProfile {
  const prev = old.of(strands);
  let least: FoundedId | null = null;
  let rank = 0;
  for (const strand of strands) {
    for (const id of work.strand(strand)?.body?.ids ?? NONE) {
      if (least === null || compareIds(id, least) < 0) least = id;
      rank = Math.max(rank, id.rank);
    }
  }
  if (least === null) {
    rank = prev.length === 0 ? 0 : 1 + prev.reduce((most, profile) => Math.max(most, profile.rank), 0);
    least = found(work, strands, rank);
  }
  const [only] = prev;
  const isSame =
    prev.length === 1 &&
    only?.id === least.id &&
    only.strands.length === strands.length &&
    strands.every(
      (strand) => only.strands.includes(strand) && !work.changed.has(strand) && !old.isTouched(strand),
    );
  const version = isSame
    ? only.version
    : 1 + prev.reduce((most, profile) => Math.max(most, profile.version), old.versionOf(least.id));
  return { id: least.id, version, rank, strands };
}

/** Founds an id on the oldest fragment of strands. One that was issued for that fragment before is not issued again. */
function found(work: Work, strands: readonly string[], rank: number): FoundedId {
  let oldest = strands[0] as string;
  const ageOf = (strand: string): Age => bodyOf(work, strand).oldest;
  for (const strand of strands) if (compareAges(ageOf(strand), ageOf(oldest)) < 0) oldest = strand;
  const age = ageOf(oldest);
  const founder = fragmentKey(age);
  const { hasher } = work.kernel;
  let id = flat(foundProfileId(age, 0, hasher));
  for (let again = 1; work.view.get("id", id) !== null; again++)
    id = flat(foundProfileId(age, again, hasher));
  const founded: FoundedId = { id, rank, founder, age };
  work.view.put("id", id, { founder, forward: null });
  const body = bodyOf(work, oldest);
  const next = copyBody(body);
  next.ids = appended(body.ids, founded);
  work.putStrand(oldest, withBody(work.strand(oldest) as StrandDoc, next));
  return founded;
}

/**
 * Ids whose founder is gone get another: the oldest fragment of its strand, else of its profile; else they are tombstones. Of two
 * ids on one founder the lesser forwards to the other for good.
 */
function refound(work: Work, old: OldProfiles, members: ReadonlySet<string>): void {
  for (const [founder, ids] of [...work.limbo].sort(([a], [b]) => compareText(a, b))) {
    const left = work.leftFrom.get(founder);
    const strand = left === undefined ? null : heirOf(work, left, old, members);
    for (const one of ids) {
      if (strand === null) {
        work.view.put("id", one.id, { founder: null, forward: null });
        continue;
      }
      const body = bodyOf(work, strand);
      const age = body.oldest;
      const next: FoundedId = { ...one, founder: fragmentKey(age), age };
      const rival = body.ids.find((other) => other.founder === next.founder);
      const wins = rival === undefined || one.rank < rival.rank;
      const loser = wins ? rival : one;
      const winner = wins ? next : (rival as FoundedId);
      const others = rival === undefined ? body.ids : body.ids.filter((other) => other !== rival);
      patchBody(work, strand, { ids: [...others, winner] });
      work.view.put("id", winner.id, { founder: winner.founder, forward: null });
      if (loser !== undefined) work.view.put("id", loser.id, { founder: null, forward: winner.id });
    }
  }
  work.limbo.clear();
}

/** Who inherits the ids of a fragment that is gone: its strand, else the oldest strand of its profile. */
function heirOf(work: Work, strand: string, old: OldProfiles, members: ReadonlySet<string>): string | null {
  if (work.strand(strand)?.body) return strand;
  let heir: string | null = null;
  for (const other of old.of([strand])[0]?.strands ?? NONE) {
    // A name that the profile shows may be somebody else's by now.
    const body = members.has(other) ? work.strand(other)?.body : null;
    if (!body) continue;
    if (heir === null || compareAges(body.oldest, bodyOf(work, heir).oldest) < 0) heir = other;
  }
  return heir;
}

/** Emits what has changed, for whoever folds it. */
function tell(
  work: Work,
  shown: readonly ComponentProfile[],
  old: OldProfiles,
  members: ReadonlySet<string>,
): void {
  const { cause, view } = work;
  const before = old.byId(members);
  if (before.size === 0) {
    for (const { id, version, strands } of shown) view.changes.push(creation(id, version, strands, cause));
    return;
  }
  const holderOfId = new Map<ProfileId, ProfileId>();
  const holderOf = new Map<string, ProfileId>();
  for (const { id, strands } of shown) {
    for (const strand of strands) {
      holderOf.set(strand, id);
      for (const one of work.strand(strand)?.body?.ids ?? NONE) holderOfId.set(one.id, id);
    }
  }
  const now = new Set(shown.map(({ id }) => id));
  const absorbed = new Map<ProfileId, ProfileId[]>();
  const gone: ComponentProfile[] = [];
  for (const profile of before.values()) {
    if (now.has(profile.id)) continue;
    const holder =
      holderOfId.get(profile.id) ?? holderOfId.get(view.get("id", profile.id)?.forward as ProfileId);
    if (holder === undefined) gone.push(profile);
    else absorbed.set(holder, [...(absorbed.get(holder) ?? []), profile.id]);
  }
  for (const { id, version, strands } of shown) {
    const held = before.get(id);
    if (held !== undefined && held.version === version) continue;
    const was = new Set(held?.strands);
    const own = new Set(strands);
    // Whoever follows strands to profiles has missed one that was away: it is told of again.
    const added = strands.filter((strand) => !was.has(strand) || old.isAway(strand, id));
    const removed = (held?.strands ?? NONE).filter((strand) => !own.has(strand));
    const joined = absorbed.get(id) ?? NONE;
    const parted = [...new Set(removed.flatMap((strand) => holderOf.get(strand) ?? NONE))];
    view.changes.push({
      type:
        joined.length > 0
          ? "merged"
          : held === undefined
            ? "created"
            : parted.length > 0
              ? "split"
              : "updated",
      profile: id,
      version,
      added: added.slice(),
      removed: removed.length === 0 ? NONE : removed.slice(),
      others: joined.length > 0 ? joined : parted,
      cause,
    });
  }
  for (const { id, version, strands } of gone)
    view.changes.push({
      type: "erased",
      profile: id,
      version: version + 1,
      added: NONE,
      removed: strands,
      others: NONE,
      cause,
    });
}
