import { agglomerate } from "../agglomerate.js";
import type { Ban, Edge } from "../edges.js";
import { NONE } from "../observation.js";
import type { Evidence } from "../strands.js";
import type { ComponentDoc, StoredEdge, StrandBody } from "./documents.js";
import { compareAges } from "./evidence.js";
import { assertedEdge, assertedOf, type Relations } from "./links.js";
import type { Work } from "./work.js";

/** Rung 6, incrementally: the components that the changed edges touch, taken apart and put together again. */

/** Strands that belong together now, with what joins them; one strand without an edge is a group too. */
export interface Group {
  /** Oldest first. */
  readonly strands: readonly string[];
  readonly edges: readonly StoredEdge[];
}

/** Components as they were, by id. */
export type ComponentsBefore = ReadonlyMap<string, ComponentDoc>;

export interface Regrouped {
  /** Null where they are too much for one plan, or something among them waits: then all of them wait for `drain`. */
  readonly groups: readonly Group[] | null;
  readonly before: ComponentsBefore;
  /** Strands that the operation may have changed; of components that wait, only those it came upon. */
  readonly members: ReadonlySet<string>;
}

/** Finds every group that the operation may have changed. */
export function regroup(work: Work, relations: Relations): Regrouped {
  const lone = relations.isEmpty ? loneNewcomer(work) : null;
  if (lone !== null)
    return { groups: [{ strands: [lone], edges: NONE }], before: NO_COMPONENTS, members: new Set([lone]) };
  const { limits } = work.kernel;
  const before = new Map<string, ComponentDoc>();
  const members = new Set<string>();
  let waits = work.waiting.size > 0;
  const take = (id: string): void => {
    if (members.has(id)) return;
    const doc = work.strand(id);
    if (doc?.body) members.add(id);
    const component = doc?.body?.component ?? null;
    if (component !== null) takeComponent(component);
  };
  const takeComponent = (id: string): void => {
    if (before.has(id)) return;
    const doc = work.view.must("component", id);
    if (doc === null) return;
    before.set(id, doc);
    if (!work.isDraining && (doc.pending || work.view.reads + doc.strands.length > limits.maxReads))
      waits = true;
    if (!waits)
      for (const strand of doc.strands) if (work.view.get("strand", strand)?.body) members.add(strand);
  };
  for (const id of work.resumed) takeComponent(id);
  for (const [id, body] of work.removed) {
    if (body.component !== null) takeComponent(body.component);
    take(id);
  }
  for (const id of work.relink) take(id);
  for (const id of work.redated) take(id);
  for (const id of work.changed) take(id);
  for (const id of work.waiting) take(id);
  // Ids come with the fragments on which they are founded, even where these tell a strand nothing new.
  for (const id of work.cameFrom.keys()) take(id);
  for (const id of relations.ends()) take(id);
  for (const { a, b } of relations.asserted) {
    take(a);
    take(b);
  }
  if (work.view.isStopped || waits) return { groups: waits ? null : [], before, members };
  const groups = connect(work, [...members], [...edgesLeft(work, before, relations)]);
  const isTooLarge = ({ strands, edges }: Group): boolean =>
    work.isDraining
      ? strands.length > limits.maxDrainStrands
      : strands.length > limits.maxComponentStrands || edges.length > limits.maxComponentEdges;
  return { groups: groups.some(isTooLarge) ? null : groups, before, members };
}

const NO_COMPONENTS: ComponentsBefore = new Map();

/** The one strand that the operation is about, where it was in no component; null where there is more to look at. */
function loneNewcomer(work: Work): string | null {
  const { relink, changed, redated, removed, resumed, waiting, cameFrom } = work;
  if (relink.size !== 1 || redated.size + removed.size + resumed.size + waiting.size + cameFrom.size > 0)
    return null;
  for (const id of changed) if (!relink.has(id)) return null;
  for (const id of relink) {
    const body = work.strand(id)?.body;
    if (body && body.component === null) return id;
  }
  return null;
}

/** Edges of the components that still stand, and the new ones. */
function* edgesLeft(work: Work, before: ComponentsBefore, relations: Relations): Iterable<StoredEdge> {
  for (const { edges, pending } of before.values()) {
    // All of a component that waits is related anew.
    if (pending) continue;
    for (const edge of edges) {
      const { a, b, type } = edge;
      if (work.relink.has(a) || work.relink.has(b) || work.removed.has(a) || work.removed.has(b)) continue;
      const decided = relations.get(a, b);
      if (decided === undefined) yield edge;
      else if (type === "asserted") yield assertedEdge(work, a, b);
    }
  }
  yield* relations.edges();
  yield* relations.asserted;
}

function connect(work: Work, members: readonly string[], edges: readonly StoredEdge[]): Group[] {
  const parent = new Map<string, string>();
  for (const id of members) parent.set(id, id);
  const find = (id: string): string => {
    let root = id;
    for (let up = parent.get(root) as string; up !== root; up = parent.get(root) as string) root = up;
    for (let at = id; at !== root; ) {
      const up = parent.get(at) as string;
      parent.set(at, root);
      at = up;
    }
    return root;
  };
  for (const { a, b } of edges) {
    if (!parent.has(a) || !parent.has(b)) {
      work.view.isTorn = true;
      return [];
    }
    const [p, q] = [find(a), find(b)];
    if (p !== q) parent.set(p, q);
  }
  const groups = new Map<string, { strands: string[]; edges: StoredEdge[] }>();
  for (const id of members) {
    const root = find(id);
    const held = groups.get(root);
    if (held === undefined) groups.set(root, { strands: [id], edges: [] });
    else held.strands.push(id);
  }
  for (const edge of edges) groups.get(find(edge.a))?.edges.push(edge);
  const body = (id: string): StrandBody => work.strand(id)?.body as StrandBody;
  for (const { strands } of groups.values())
    if (strands.length > 1) strands.sort((a, b) => compareAges(body(a).oldest, body(b).oldest));
  return [...groups.values()];
}

/** Rung 7 on one group: its profiles, each oldest strand first. */
export function decideGroup(work: Work, { strands, edges }: Group): readonly (readonly string[])[] {
  if (strands.length === 1) return [strands];
  const rank = new Map<string, number>();
  for (const id of strands) rank.set(id, rank.size);
  const local = edges.map((edge): Edge => {
    const { type, bits, acceptAt, levels } = edge;
    const [a, b] = [rank.get(edge.a) as number, rank.get(edge.b) as number];
    return { a: Math.min(a, b), b: Math.max(a, b), type, bits, acceptAt, levels };
  });
  const evidence = strands.map((id): { readonly evidence: Evidence } => work.strand(id)?.body as StrandBody);
  for (const one of evidence) for (const key of one.evidence.keys) work.key(key);
  if (work.view.isStopped) return [];
  const { clusters } = agglomerate(
    { strands: strands.map((_, index) => index), edges: local },
    bansOf(work, strands, rank),
    evidence,
    work.kernel.judge,
  );
  return clusters.map((cluster) => cluster.strands.map((index) => strands[index] as string));
}

export function bansOf(
  work: Work,
  strands: readonly string[],
  rank: ReadonlyMap<string, number>,
): readonly Ban[] {
  let bans: Ban[] | undefined;
  strands.forEach((id, index) => {
    if ((work.strand(id)?.body?.said.length ?? 0) === 0) return;
    for (const other of assertedOf(work, id, "different")) {
      const at = rank.get(other);
      if (at === undefined || at <= index) continue;
      bans ??= [];
      bans.push({ a: index, b: at });
    }
  });
  return bans ?? NONE;
}
