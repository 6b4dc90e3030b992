import { KeyTable } from "../resolve/keys.js";
import type { Change } from "../resolve/plan/changes.js";
import type { Documents, Kind, RowKind } from "../resolve/plan/documents.js";
import { TokenTable } from "../resolve/plan/tokens.js";
import { Slot, type Source, type View } from "../resolve/plan/view.js";
import { type Packed, pack, unpack } from "./packing.js";

/**
 * The reference store: documents as they are, in this process, the commonest of them packed. Whoever plans on it needs one pass
 * and no promise. Slots live as long as one operation, in the tables in the place of what rests there: one entry for each document.
 */
export class MemorySource implements Source {
  /** Keys stand in documents as objects of this table: every kernel that plans on this store shares it. */
  readonly table = new KeyTable();
  readonly tokens = new TokenTable();
  readonly changes: Change[] = [];
  /** Changes that were dropped from the beginning of the feed. */
  dropped = 0;
  readonly #tables = new Tables<Packed | Slot>();
  /** Slots of documents that are not there. */
  readonly #absent = new Tables<Slot>();
  /** All slots of the operation. */
  readonly #open: Slot[] = [];
  readonly #rows = new Map<string, Set<string>>();
  /** Versions of documents written since somebody asked for one; a document not among them is at 1. */
  #versions: Map<string, number> | null = null;
  #commits = 1;

  slot<K extends Kind>(kind: K, id: string): Slot<K> {
    const table = this.#tables.of(kind);
    const held = table.get(id);
    if (held instanceof Slot) return held as unknown as Slot<K>;
    if (held === undefined) return this.#absentSlot(kind, id) as unknown as Slot<K>;
    const slot = new Slot(kind, id) as unknown as Slot;
    slot.isRead = true;
    slot.rest = held;
    slot.doc = unpack(kind, held);
    table.set(id, slot);
    this.#open.push(slot);
    return slot as unknown as Slot<K>;
  }

  /** Apart from the tables: what is put there only to be deleted again makes them grow. */
  #absentSlot(kind: Kind, id: string): Slot {
    const absent = this.#absent.of(kind);
    let slot = absent.get(id);
    if (slot === undefined) {
      slot = new Slot(kind, id) as unknown as Slot;
      slot.isRead = true;
      absent.set(id, slot);
      this.#open.push(slot);
    }
    return slot;
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
      if (rest !== undefined) table.set(id, rest as Packed);
      else if (table.has(id)) table.delete(id);
      const absent = this.#absent.of(kind);
      if (absent.size > 0) absent.clear();
    }
    this.#open.length = 0;
  }

  count(kind: Kind): number {
    return this.#tables.of(kind).size;
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
class Tables<T> {
  readonly #fragment = new Map<string, T>();
  readonly #event = new Map<string, T>();
  readonly #strand = new Map<string, T>();
  readonly #key = new Map<string, T>();
  readonly #digest = new Map<string, T>();
  readonly #block = new Map<string, T>();
  readonly #time = new Map<string, T>();
  readonly #component = new Map<string, T>();
  readonly #id = new Map<string, T>();
  readonly #assertion = new Map<string, T>();
  readonly #pending = new Map<string, T>();
  readonly #recheck = new Map<string, T>();
  readonly #suppressed = new Map<string, T>();
  readonly #settings = new Map<string, T>();

  of(kind: Kind): Map<string, T> {
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
