import type { Edge } from "./edges.js";

/** Strands connected by edges, refused ones included: what can be decided without looking elsewhere. */
export interface Component {
  /** Ascending, so oldest first. */
  readonly strands: readonly number[];
  readonly edges: readonly Edge[];
}

/** Disjoint sets over 0 … n − 1: union by size, path halving (R. E. Tarjan, J. van Leeuwen 1984). */
class DisjointSets {
  readonly #parent: Uint32Array;
  readonly #size: Uint32Array;

  constructor(count: number) {
    this.#parent = Uint32Array.from({ length: count }, (_, index) => index);
    this.#size = new Uint32Array(count).fill(1);
  }

  find(member: number): number {
    const parent = this.#parent;
    let at = member;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] as number] as number;
      at = parent[at] as number;
    }
    return at;
  }

  /** The root of the united set, and the root that it absorbed; null when both are one already. */
  union(a: number, b: number): { readonly root: number; readonly absorbed: number } | null {
    let root = this.find(a);
    let absorbed = this.find(b);
    if (root === absorbed) return null;
    const size = this.#size;
    if ((size[root] as number) < (size[absorbed] as number)) [root, absorbed] = [absorbed, root];
    this.#parent[absorbed] = root;
    size[root] = (size[root] as number) + (size[absorbed] as number);
    return { root, absorbed };
  }
}

/** Rung 6. Components of at least two strands, by their oldest strand; every strand without an edge is a profile already. */
export function findComponents(strandCount: number, edges: readonly Edge[]): Component[] {
  const sets = new DisjointSets(strandCount);
  for (const { a, b } of edges) sets.union(a, b);
  const members = new Map<number, { strands: number[]; edges: Edge[] }>();
  const linked = new Uint8Array(strandCount);
  for (const { a, b } of edges) {
    linked[a] = 1;
    linked[b] = 1;
  }
  for (let strand = 0; strand < strandCount; strand++) {
    if (linked[strand] !== 1) continue;
    const root = sets.find(strand);
    const held = members.get(root);
    if (held === undefined) members.set(root, { strands: [strand], edges: [] });
    else held.strands.push(strand);
  }
  for (const edge of edges) members.get(sets.find(edge.a))?.edges.push(edge);
  return [...members.values()];
}
