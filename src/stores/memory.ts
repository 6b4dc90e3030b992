import type { Change } from "../resolve/plan/changes.js";
import { KeyTable } from "../resolve/keys.js";
import { KINDS, type Kind, type RowKind } from "../resolve/plan/documents.js";
import { Slot, type Source, type View } from "../resolve/plan/view.js";

/** The reference store: documents as they are, in this process. Whoever plans on it needs one pass and no promise. */
export class MemorySource implements Source {
  /** Keys stand in documents as objects of this table: every kernel that plans on this store shares it. */
  readonly table = new KeyTable();
  readonly #slots = Object.fromEntries(KINDS.map((kind) => [kind, new Map<string, Slot>()])) as Record<
    Kind,
    Map<string, Slot>
  >;
  readonly #rows = new Map<string, Set<string>>();
  readonly #absent: Slot[] = [];
  readonly changes: Change[] = [];
  #version = 0;

  slot<K extends Kind>(kind: K, id: string): Slot<K> {
    const slots = this.#slots[kind];
    let slot = slots.get(id);
    if (slot === undefined) {
      slot = new Slot(kind, id) as unknown as Slot;
      slot.isRead = true;
      slots.set(id, slot);
      this.#absent.push(slot);
    }
    return slot as unknown as Slot<K>;
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
    const version = ++this.#version;
    for (const slot of view.dirty) {
      if (slot.next === undefined) continue;
      slot.doc = slot.next as Slot["doc"];
      slot.version = slot.doc === null ? 0 : version;
      if (slot.doc === null) this.#absent.push(slot);
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

  /** Drops what was only looked for. */
  sweep(): void {
    for (const slot of this.#absent)
      if (slot.doc === null && slot.next === undefined) this.#slots[slot.kind].delete(slot.id);
    this.#absent.length = 0;
  }

  count(kind: Kind): number {
    return this.#slots[kind].size;
  }

  *all<K extends Kind>(kind: K): Iterable<Slot<K>> {
    for (const slot of this.#slots[kind].values()) if (slot.doc !== null) yield slot as unknown as Slot<K>;
  }
}
