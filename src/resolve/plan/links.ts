import { deterministicAcceptAt, type EdgeType } from "../edges.js";
import { bestLevels, levelOf, NO_LEVELS, type TimeLocalLevels } from "../levels.js";
import { type Key, NONE } from "../observation.js";
import type { Evidence } from "../strands.js";
import { activeSaid } from "./assertions.js";
import { levelsInBlock } from "./blocks.js";
import { strandOf } from "./cells.js";
import { copyBody, withBody } from "./copies.js";
import type { KeyDoc, Near, StoredEdge, StrandBody, TimeDoc } from "./documents.js";
import { basesOf } from "./keys.js";
import { eventRefs } from "./place.js";
import { placeOf } from "./whereabouts.js";
import { loneStrand, type Work } from "./work.js";

/** Rung 5, incrementally: the edges of the strands that changed, and of the pairs between which something changed. */

/** What the comparison of a pair found, before and after the limit of partners. */
interface Found {
  readonly bits: number;
  readonly acceptAt: number | null;
  readonly levels: TimeLocalLevels;
}

/** Edges to put in the place of what stood between the same strands; null where nothing does any more. */
export class Relations {
  #pairs: Map<string, Map<string, StoredEdge | null>> | null = null;
  /** Asserted edges of the strands that were related anew. */
  readonly asserted: StoredEdge[] = [];

  get isEmpty(): boolean {
    return this.#pairs === null && this.asserted.length === 0;
  }

  set(u: string, v: string, edge: StoredEdge | null): void {
    const [a, b] = u < v ? [u, v] : [v, u];
    this.#pairs ??= new Map();
    let of = this.#pairs.get(a);
    if (of === undefined) {
      of = new Map();
      this.#pairs.set(a, of);
    }
    of.set(b, edge);
  }

  /** Undefined where nothing was decided about the pair. */
  get(u: string, v: string): StoredEdge | null | undefined {
    const [a, b] = u < v ? [u, v] : [v, u];
    return this.#pairs?.get(a)?.get(b);
  }

  *ends(): Iterable<string> {
    for (const [a, of] of this.#pairs ?? NONE) {
      yield a;
      yield* of.keys();
    }
  }

  *edges(): Iterable<StoredEdge> {
    if (this.#pairs === null) return;
    for (const of of this.#pairs.values()) for (const edge of of.values()) if (edge !== null) yield edge;
  }
}

/** Compares what has to be compared; what it returns replaces every edge of a relinked or removed strand. */
export function relate(work: Work): Relations {
  const relations = new Relations();
  compareMovedPairs(work);
  compareRescored(work);
  const found = new Map<string, Map<string, Found>>();
  let isLonely = work.pairs.size + work.removed.size === 0;
  for (const id of work.relink) {
    const body = work.strand(id)?.body;
    if (!body) continue;
    const candidates = candidatesOf(work, id, body);
    if (candidates.size + body.near.length + body.said.length > 0) isLonely = false;
    if (candidates.size === 0) continue;
    const own = new Map<string, Found>();
    found.set(id, own);
    for (const [other, levels] of candidates) {
      const known = found.get(other)?.get(id);
      const one = known ?? compareStrands(work, id, other, levels);
      if (one !== null) own.set(other, one);
    }
  }
  // Nothing is to be compared with whatever came, and nothing ever was: so it is with half of all fragments.
  if (work.view.isStopped || isLonely) return relations;
  for (const [u, others] of work.pairs) {
    if (work.relink.has(u) || work.removed.has(u)) continue;
    for (const v of others) {
      if (v < u || work.relink.has(v) || work.removed.has(v)) continue;
      learnKeys(work, u);
      const levels = candidacy(work, u, v);
      const one = levels === null ? null : compareStrands(work, u, v, levels);
      put(found, u, v, one);
      if (one === null) relations.set(u, v, null);
    }
  }
  if (work.view.isStopped) return relations;
  const flipped = settlePartners(work, found);
  if (work.view.isStopped) return relations;
  for (const [u, others] of found)
    for (const [v, one] of others) relations.set(u, v, finalEdge(work, u, v, one));
  for (const u of flipped) {
    for (const { strand: v, levels } of work.strand(u)?.body?.near ?? NONE) {
      if (relations.get(u, v) !== undefined) continue;
      learnKeys(work, u);
      const one = compareStrands(work, u, v, levels);
      if (one !== null) relations.set(u, v, finalEdge(work, u, v, one));
    }
  }
  relateSaid(work, relations);
  return relations;
}

function put(found: Map<string, Map<string, Found>>, u: string, v: string, one: Found | null): void {
  if (one === null) return;
  let of = found.get(u);
  if (of === undefined) {
    of = new Map();
    found.set(u, of);
  }
  of.set(v, one);
}

/** Pairs whose level in a time-local block is another now, though neither strand has changed: the crowd around them has. */
function compareMovedPairs(work: Work): void {
  for (const [id, before] of work.timesBefore) {
    if (before.first.length + before.second.length < 2) continue;
    const after: TimeDoc = work.view.get("time", id) ?? { ...before, first: NONE, second: NONE };
    const members = [...new Set([...before.first, ...before.second].map(({ strand }) => strand))];
    members.forEach((u, at) => {
      if (work.relink.has(u) || work.removed.has(u)) return;
      for (const v of members.slice(at + 1)) {
        if (work.relink.has(v) || work.removed.has(v)) continue;
        if (levelsInBlock(work.kernel, before, u, v) !== levelsInBlock(work.kernel, after, u, v))
          work.comparePair(u, v);
      }
    });
  }
}

/** Links resting on keys about which comparisons read something new, or of strands whose uses have other dates. */
function compareRescored(work: Work): void {
  for (const id of work.redated) {
    if (work.relink.has(id)) continue;
    for (const { a, b } of edgesIn(work, work.strand(id)?.body?.component))
      if (a === id || b === id) work.comparePair(a, b);
  }
  for (const key of work.rescoredKeys) {
    const doc = work.key(key);
    if (doc === null || doc.generic) continue;
    const holders = [...holdersOf(work, key, doc), ...implyingOf(work, key)];
    const seen = new Set<string>();
    for (const holder of holders) {
      const component = work.strand(holder)?.body?.component;
      if (!component || seen.has(component)) continue;
      seen.add(component);
      for (const { a, b } of edgesIn(work, component))
        if (holds(work, a, key) && holds(work, b, key)) work.comparePair(a, b);
    }
  }
}

/** Edges of a component; of one that waits they are from before, and it is related anew as a whole. */
function edgesIn(work: Work, component: string | null | undefined): readonly StoredEdge[] {
  const doc = component ? work.view.must("component", component) : null;
  return doc === null || doc.pending ? NONE : doc.edges;
}

function holds(work: Work, id: string, key: Key): boolean {
  const evidence = work.strand(id)?.body?.evidence;
  return evidence !== undefined && (evidence.keys.includes(key) || evidence.implied.includes(key));
}

/** Strands that state a key, as far as its document lists them. */
function holdersOf(work: Work, key: Key, doc: KeyDoc): string[] {
  const holders: string[] = [];
  for (const { event, cell } of doc.events) holders.push(strandOf(work, { ref: event, cell }));
  for (const id of doc.cells) holders.push(...strandsOfCell(work, id));
  return holders.filter((id) => work.strand(id)?.body?.evidence.keys.includes(key) === true);
}

function implyingOf(work: Work, digest: Key): string[] {
  const strands = basesOf(work, digest).flatMap((plain) =>
    (work.key(plain)?.cells ?? NONE).flatMap((cell) => strandsOfCell(work, cell)),
  );
  return strands.filter((id) => work.strand(id)?.body?.evidence.implied.includes(digest) === true);
}

function strandsOfCell(work: Work, id: string): readonly string[] {
  const cell = work.view.must("strand", id);
  if (cell === null) return NONE;
  if (!cell.alone && !cell.moving) return [id];
  const lone = eventRefs(work, cell).map((ref) => loneStrand(work.kernel, ref));
  return cell.alone ? lone : [id, ...lone.filter((one) => work.strand(one) !== null)];
}

/** Every strand worth comparing with one, with the best levels that time-local blocks give the two. */
export function candidatesOf(
  work: Work,
  id: string,
  { evidence, blocks, times }: StrandBody,
): Map<string, TimeLocalLevels> {
  const found = new Map<string, TimeLocalLevels>();
  const add = (other: string): void => {
    if (other !== id && !found.has(other)) found.set(other, NO_LEVELS);
  };
  for (const key of evidence.keys) {
    const doc = work.key(key);
    if (doc === null) continue;
    if (doc.cells.length + doc.events.length > 1 || doc.cells[0] !== id)
      for (const other of holdersOf(work, key, doc)) add(other);
    for (const other of doc.claimants) if (claims(work.strand(other)?.body?.evidence, key)) add(other);
    if (work.kernel.isDigest(key)) for (const other of implyingOf(work, key)) add(other);
  }
  for (const key of evidence.implied) {
    const doc = work.key(key);
    if (doc !== null) for (const other of holdersOf(work, key, doc)) add(other);
  }
  for (const { key } of evidence.claims) {
    const doc = work.key(key);
    if (doc === null) continue;
    for (const other of holdersOf(work, key, doc)) add(other);
    for (const other of doc.claimants) if (claims(work.strand(other)?.body?.evidence, key)) add(other);
  }
  for (const block of blocks) for (const other of work.view.must("block", block)?.members ?? NONE) add(other);
  for (const time of times) {
    const doc = work.view.must("time", time);
    if (doc === null || doc.full) continue;
    for (const side of [doc.first, doc.second]) {
      for (const { strand: other } of side) {
        if (other === id) continue;
        const levels = levelsInBlock(work.kernel, doc, id, other);
        if (levels !== NO_LEVELS) found.set(other, bestLevels(found.get(other) ?? NO_LEVELS, levels));
      }
    }
  }
  return found;
}

function claims(evidence: Evidence | undefined, key: Key): boolean {
  return evidence?.claims.some((claim) => claim.key === key) === true;
}

/** The levels between two strands if anything makes them worth comparing; null if nothing does. */
function candidacy(work: Work, u: string, v: string): TimeLocalLevels | null {
  const [x, y] = [work.view.must("strand", u)?.body, work.view.must("strand", v)?.body];
  if (!x || !y) return null;
  let levels = NO_LEVELS;
  for (const time of x.times) {
    if (!y.times.includes(time)) continue;
    const doc = work.view.must("time", time);
    if (doc !== null) levels = bestLevels(levels, levelsInBlock(work.kernel, doc, u, v));
  }
  if (levels !== NO_LEVELS || deterministicAcceptAt(x.evidence, y.evidence, work.kernel.compiled) !== null)
    return levels;
  for (const block of x.blocks)
    if (y.blocks.includes(block) && work.view.must("block", block)?.full === false) return levels;
  for (const [one, other] of [
    [x.evidence, y.evidence],
    [y.evidence, x.evidence],
  ] as const) {
    for (const { key } of one.claims) if (other.keys.includes(key) || claims(other, key)) return levels;
  }
  return null;
}

/** Comparisons read facts about the keys that two strands share: those of one of them have to be known. */
function learnKeys(work: Work, id: string): void {
  const evidence = work.strand(id)?.body?.evidence;
  for (const key of evidence?.keys ?? NONE) work.key(key);
  for (const key of evidence?.implied ?? NONE) work.key(key);
}

/** Scores a pair; null where it is no edge. */
function compareStrands(work: Work, u: string, v: string, levels: TimeLocalLevels): Found | null {
  const [x, y] = [work.view.must("strand", u)?.body, work.view.must("strand", v)?.body];
  if (!x || !y) return null;
  const { scorer, compiled } = work.kernel;
  work.scored++;
  const bits = scorer.bits(x.evidence, y.evidence, levels);
  const acceptAt = deterministicAcceptAt(x.evidence, y.evidence, compiled);
  return acceptAt === null && bits < compiled.model.thresholds.link ? null : { bits, acceptAt, levels };
}

/** Writes the time-local partners of the strands concerned; returns those that have become crowded at some level, or are it no more. */
function settlePartners(work: Work, found: ReadonlyMap<string, ReadonlyMap<string, Found>>): string[] {
  if (work.kernel.timeLocal.length === 0) return [];
  const changed = new Map<string, Map<string, TimeLocalLevels>>();
  const note = (u: string, v: string, levels: TimeLocalLevels): void => {
    for (const [from, to] of [
      [u, v],
      [v, u],
    ] as const) {
      let of = changed.get(from);
      if (of === undefined) {
        of = new Map();
        changed.set(from, of);
      }
      of.set(to, levels);
    }
  };
  for (const [id, body] of work.removed) for (const { strand } of body.near) note(id, strand, NO_LEVELS);
  for (const id of work.relink)
    for (const { strand } of work.strand(id)?.body?.near ?? NONE) note(id, strand, NO_LEVELS);
  for (const [u, others] of work.pairs)
    for (const v of others) if (u < v && isNear(work, u, v)) note(u, v, NO_LEVELS);
  for (const [u, others] of found)
    for (const [v, { levels }] of others) if (levels !== NO_LEVELS) note(u, v, levels);
  const flipped: string[] = [];
  for (const [id, partners] of changed) {
    const doc = work.strand(id);
    if (!doc?.body) continue;
    const before = doc.body.near;
    const near: Near[] = before.filter(({ strand }) => !partners.has(strand));
    for (const [strand, levels] of partners) if (levels !== NO_LEVELS) near.push({ strand, levels });
    const isSame =
      near.length === before.length &&
      before.every(({ strand, levels }) => (partners.get(strand) ?? levels) === levels);
    if (isSame) continue;
    const body = copyBody(doc.body);
    body.near = near.length === 0 ? NONE : near.slice();
    work.putStrand(id, withBody(doc, body));
    if (crowdOf(work, before) !== crowdOf(work, near)) flipped.push(id);
  }
  return flipped;
}

function isNear(work: Work, u: string, v: string): boolean {
  return work.strand(u)?.body?.near.some(({ strand }) => strand === v) === true;
}

/** For each time-local block the best level at which a strand has too many partners, four bits a block, 15 for none. */
function crowdOf({ kernel }: Work, near: readonly Near[]): number {
  const { maxPartners } = kernel.compiled.model.limits;
  let crowd = -1;
  if (near.length <= maxPartners) return crowd;
  kernel.timeLocal.forEach(({ block }, position) => {
    let partners = 0;
    for (let level = 0; level < block.levels.length; level++) {
      for (const { levels } of near) if (levelOf(levels, position) === level) partners++;
      if (partners > maxPartners) {
        crowd = (crowd & ~(15 << (4 * position))) | (level << (4 * position));
        return;
      }
    }
  });
  return crowd;
}

/** The edge that is left once crowded levels are taken away; null when none is. */
function finalEdge(work: Work, u: string, v: string, { bits, acceptAt, levels }: Found): StoredEdge | null {
  const { scorer, compiled, timeLocal } = work.kernel;
  const { link } = compiled.model.thresholds;
  const [x, y] = [work.strand(u)?.body, work.strand(v)?.body] as [StrandBody, StrandBody];
  let left = levels;
  if (levels !== NO_LEVELS) {
    for (const { near } of [x, y]) {
      const crowd = crowdOf(work, near);
      if (crowd === -1) continue;
      timeLocal.forEach((_, position) => {
        const level = levelOf(left, position);
        if (level >= 0 && level >= ((crowd >>> (4 * position)) & 15)) left &= ~(15 << (4 * position));
      });
    }
  }
  const kept = left === levels ? bits : scorer.bits(x.evidence, y.evidence, left);
  const type: EdgeType = acceptAt === null ? "probabilistic" : "deterministic";
  if (acceptAt === null && kept < link) return null;
  return { a: u, b: v, type, bits: kept, acceptAt: acceptAt ?? link, levels: left };
}

/** What people said of fragments of the strands that were related anew. */
function relateSaid(work: Work, relations: Relations): void {
  const seen = new Set<string>();
  for (const id of work.relink) {
    if ((work.strand(id)?.body?.said.length ?? 0) === 0) continue;
    for (const other of assertedOf(work, id, "same")) {
      const name = id < other ? `${id} ${other}` : `${other} ${id}`;
      if (seen.has(name)) continue;
      seen.add(name);
      relations.asserted.push(assertedEdge(work, id, other));
    }
  }
}

export function assertedEdge(work: Work, a: string, b: string): StoredEdge {
  const [x, y] = [work.view.must("strand", a)?.body, work.view.must("strand", b)?.body];
  learnKeys(work, a);
  const bits = x && y ? work.kernel.scorer.bits(x.evidence, y.evidence, NO_LEVELS) : 0;
  return { a, b, type: "asserted", bits, acceptAt: Number.NEGATIVE_INFINITY, levels: NO_LEVELS };
}

/** Other strands to which assertions of one type lead from the fragments of a strand. */
export function assertedOf(work: Work, id: string, type: "same" | "different"): Set<string> {
  const others = new Set<string>();
  for (const key of work.strand(id)?.body?.said ?? NONE) {
    const place = placeOf(work, key);
    if (place === null) continue;
    for (const said of activeSaid(work, key, place.ref)) {
      if (said.type !== type) continue;
      const other = strandOf(work, said);
      if (other !== id) others.add(other);
    }
  }
  return others;
}
