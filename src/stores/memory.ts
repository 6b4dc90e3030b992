import { KeyTable } from "../resolve/keys.js";
import type { Change } from "../resolve/plan/changes.js";
import type { Documents, Kind, RowKind } from "../resolve/plan/documents.js";
import { TokenTable } from "../resolve/plan/tokens.js";
import { Slot, type Source, type View } from "../resolve/plan/view.js";
import { type Packed, pack, unpack } from "./packing.js";

/** What rests of each document; in its place its slot, while an operation looks at it. */
type Table = Map<string, Packed | Slot>;

/**
 * The reference store: documents as they are, in this process, the commonest of them packed. Whoever plans on it needs one pass
 * and no promise. Slots live as long as one operation: what rests here is one entry of a map for each document.
 */
export class MemorySource implements Source {
  /** Keys stand in documents as objects of this table: every kernel that plans on this store shares it. */
  readonly table = new KeyTable();
  readonly tokens = new TokenTable();
  readonly changes: Change[] = [];
  readonly #tables = new Tables();
  /** Slots that stand in the tables. */
  readonly #open: Slot[] = [];
  readonly #rows = new Map<string, Set<string>>();
  /** Versions of documents written since somebody asked for one; a document not among them is at 1. */
  #versions: Map<string, number> | null = null;
  #commits = 1;

  slot<K extends Kind>(kind: K, id: string): Slot<K> {
    const table = this.#tables.of(kind);
    const held = table.get(id);
    if (held instanceof Slot) return held as unknown as Slot<K>;
    const slot = new Slot(kind, id) as unknown as Slot;
    slot.isRead = true;
    if (held !== undefined) {
      slot.rest = held;
      slot.doc = unpack(kind, held);
    }
    table.set(id, slot);
    this.#open.push(slot);
    return slot as unknown as Slot<K>;
  }

  /** 0 where there is no document. From the first time that it is asked, every commit keeps count. */
  version(kind: Kind, id: string): number {
    this.#versions ??= new Map();
    const held = this.#tables.of(kind).get(id);
    const isThere = held instanceof Slot ? held.doc !== null : held !== undefined;
    return isThere ? (this.#versions.get(`${kind} ${id}`) ?? 1) : 0;
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
    for (const slot of view.dirty) {
      const { kind, next } = slot;
      if (next === undefined) continue;
      slot.doc = next;
      slot.rest = next === null ? undefined : pack(kind, next);
      // Made again a document gets the number of that commit, which is greater than any that it had.
      if (next === null) this.#versions?.delete(`${kind} ${slot.id}`);
      else this.#versions?.set(`${kind} ${slot.id}`, this.#commits);
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
    for (const { kind, id, rest } of this.#open) {
      const table = this.#tables.of(kind);
      if (rest === undefined) table.delete(id);
      else table.set(id, rest as Packed);
    }
    this.#open.length = 0;
  }

  /** Of documents that rest, and those that an operation asked for in vain and has not closed yet. */
  count(kind: Kind): number {
    let { size } = this.#tables.of(kind);
    for (const slot of this.#open) if (slot.kind === kind && slot.rest === undefined) size--;
    return size;
  }

  /** Documents of a kind, in no order. */
  *all<K extends Kind>(kind: K): Iterable<{ readonly id: string; readonly doc: Documents[K] }> {
    for (const [id, held] of this.#tables.of(kind)) {
      const rest = held instanceof Slot ? (held.rest as Packed | undefined) : held;
      if (rest !== undefined) yield { id, doc: unpack(kind, rest) as Documents[K] };
    }
  }
}

/** One table for each kind, found without looking up its name. */
class Tables {
  readonly #fragment: Table = new Map();
  readonly #event: Table = new Map();
  readonly #strand: Table = new Map();
  readonly #key: Table = new Map();
  readonly #digest: Table = new Map();
  readonly #block: Table = new Map();
  readonly #time: Table = new Map();
  readonly #component: Table = new Map();
  readonly #id: Table = new Map();
  readonly #assertion: Table = new Map();
  readonly #pending: Table = new Map();
  readonly #recheck: Table = new Map();
  readonly #suppressed: Table = new Map();
  readonly #settings: Table = new Map();

  of(kind: Kind): Table {
    switch (kind) {
      case "strand":
        return this.#strand;
      case "time":
        return this.#time;
      case "key":
        return this.#key;
      case "block":
        return this.#block;
      case "fragment":
        return this.#fragment;
      case "digest":
        return this.#digest;
      case "component":
        return this.#component;
      case "event":
        return this.#event;
      case "id":
        return this.#id;
      case "assertion":
        return this.#assertion;
      case "pending":
        return this.#pending;
      case "recheck":
        return this.#recheck;
      case "suppressed":
        return this.#suppressed;
      case "settings":
        return this.#settings;
    }
  }
}
