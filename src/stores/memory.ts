import { KeyTable } from "../resolve/keys.js";
import type { Change } from "../resolve/plan/changes.js";
import { type Documents, KINDS, type Kind, type RowKind } from "../resolve/plan/documents.js";
import { TokenTable } from "../resolve/plan/tokens.js";
import { Slot, type Source, type View } from "../resolve/plan/view.js";
import { type Packed, pack, unpack } from "./packing.js";

/**
 * The reference store: documents as they are, in this process, the commonest of them packed. Whoever plans on it needs one pass
 * and no promise. Slots live as long as one operation: what rests here is one entry of a map for each document.
 */
export class MemorySource implements Source {
  /** Keys stand in documents as objects of this table: every kernel that plans on this store shares it. */
  readonly table = new KeyTable();
  readonly tokens = new TokenTable();
  readonly changes: Change[] = [];
  readonly #documents = mapsByKind<Packed>();
  readonly #open = mapsByKind<Slot>();
  readonly #rows = new Map<string, Set<string>>();
  /** Versions of documents written since somebody asked for one; a document not among them is at 1. */
  #versions: Map<string, number> | null = null;
  #commits = 1;

  slot<K extends Kind>(kind: K, id: string): Slot<K> {
    const open = this.#open[kind];
    let slot = open.get(id);
    if (slot === undefined) {
      slot = new Slot(kind, id) as unknown as Slot;
      slot.isRead = true;
      const packed = this.#documents[kind].get(id);
      if (packed !== undefined) slot.doc = unpack(kind, packed);
      open.set(id, slot);
    }
    return slot as unknown as Slot<K>;
  }

  /** 0 where there is no document. From the first time that it is asked, every commit keeps count. */
  version(kind: Kind, id: string): number {
    this.#versions ??= new Map();
    return this.#documents[kind].has(id) ? (this.#versions.get(`${kind} ${id}`) ?? 1) : 0;
  }

  rows(kind: RowKind, owner: string, limit: number): readonly string[] {
    const names = this.#rows.get(`${kind} ${owner}`);
    if (names === undefined) return [];
    if (names.size <= limit) return [...names];
    const first: string[] = [];
    for (const name of names) {
      if (first.length === limit) break;
      first.push(name);
    }
    return first;
  }

  /** Takes over everything a plan has written, at once. */
  commit(view: View): void {
    this.#commits++;
    for (const { kind, id, next } of view.dirty) {
      if (next === undefined) continue;
      if (next === null) {
        this.#documents[kind].delete(id);
        // Made again it gets the number of that commit, which is greater than any that it had.
        this.#versions?.delete(`${kind} ${id}`);
        continue;
      }
      this.#documents[kind].set(id, pack(kind, next));
      this.#versions?.set(`${kind} ${id}`, this.#commits);
    }
    for (const { kind, owner, name, isPut } of view.rowChanges()) {
      const of = `${kind} ${owner}`;
      let names = this.#rows.get(of);
      if (isPut) {
        if (names === undefined) {
          names = new Set();
          this.#rows.set(of, names);
        }
        names.add(name);
      } else if (names?.delete(name) === true && names.size === 0) this.#rows.delete(of);
    }
    for (const change of view.changes) this.changes.push(change);
    view.reset();
    this.sweep();
  }

  /** Closes the slots of an operation that is over. */
  sweep(): void {
    for (const kind of KINDS) if (this.#open[kind].size > 0) this.#open[kind].clear();
  }

  count(kind: Kind): number {
    return this.#documents[kind].size;
  }

  /** Documents of a kind, in no order. */
  *all<K extends Kind>(kind: K): Iterable<{ readonly id: string; readonly doc: Documents[K] }> {
    for (const [id, packed] of this.#documents[kind]) yield { id, doc: unpack(kind, packed) as Documents[K] };
  }
}

function mapsByKind<T>(): Record<Kind, Map<string, T>> {
  return Object.fromEntries(KINDS.map((kind) => [kind, new Map<string, T>()])) as Record<
    Kind,
    Map<string, T>
  >;
}
