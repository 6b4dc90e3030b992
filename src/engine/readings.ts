import type { KeyTable } from "../resolve/keys.js";
import { decodeDocument } from "../resolve/plan/codec.js";
import type { Documents, Kind, RowKind } from "../resolve/plan/documents.js";
import { type RowRange, Slot, type Source, type View } from "../resolve/plan/view.js";
import type { Changeset, Entry, Ref } from "../stores/store.js";
import { type Wish, writesOf } from "./changeset.js";
import { LeadweaveError } from "./error.js";

/** A slot that knows in which pass of planning it was looked at last. */
class Reading<K extends Kind = Kind> extends Slot<K> {
  pass = 0;
  /** A part of the plan that stays as it is rests on it. */
  isKept = false;
}

interface RowReading {
  readonly range: RowRange;
  readonly names: readonly string[];
}

/** @throws LeadweaveError `store-inconsistent` for a text that no store writes */
export function decodeStored<K extends Kind>(kind: K, text: string, table: KeyTable): Documents[K] {
  try {
    return decodeDocument(kind, text, table);
  } catch (error) {
    throw new LeadweaveError(
      "store-inconsistent",
      `a document of kind "${kind}" is not what a store writes, as if a hand had edited it: "leadweave check" finds such documents`,
      // The text may hold personal data, and so may what a parser says of it.
      error instanceof SyntaxError ? undefined : error,
    );
  }
}

/** What one attempt has read from a store so far. */
export class Readings implements Source {
  readonly #table: KeyTable;
  readonly #slots = new Map<Kind, Map<string, Reading>>();
  readonly #rows = new Map<string, RowReading>();
  #pass = 0;
  /** Looked at in this pass. */
  #seen: Reading[] = [];

  constructor(table: KeyTable) {
    this.#table = table;
  }

  /** What is looked at from now on is what the plan rests on, if it comes through. */
  beginPass(): void {
    this.#pass++;
    this.#seen = [];
  }

  keep(): void {
    for (const slot of this.#seen) slot.isKept = true;
    this.beginPass();
  }

  slot<K extends Kind>(kind: K, id: string): Slot<K> {
    let slots = this.#slots.get(kind);
    if (slots === undefined) {
      slots = new Map();
      this.#slots.set(kind, slots);
    }
    let slot = slots.get(id);
    if (slot === undefined) {
      slot = new Reading(kind, id) as unknown as Reading;
      slots.set(id, slot);
    }
    if (slot.pass !== this.#pass) {
      slot.pass = this.#pass;
      this.#seen.push(slot as Reading);
    }
    return slot as unknown as Slot<K>;
  }

  rows(kind: RowKind, owner: string, limit: number): readonly string[] | null {
    const held = this.#rows.get(`${kind} ${owner}`);
    if (held === undefined) return null;
    if (held.names.length >= limit) return held.names.slice(0, limit);
    // Fewer than were asked for: these are all there are.
    return held.names.length < held.range.limit ? held.names : null;
  }

  /** Takes in what the store answered, in the order of the wish: documents, then rows. */
  fill({ refs, ranges }: Wish, entries: readonly Entry[]): void {
    refs.forEach((ref, at) => {
      const { kind, id } = ref;
      const entry = entries[at];
      if (entry?.type !== "document") throw new TypeError("a store must answer every wish in its order");
      // What a view missed names itself.
      const slot = ref instanceof Reading ? ref : this.slot(kind, id);
      const { text, version } = entry.document;
      slot.doc =
        text === null ? null : (decodeStored(kind, text, this.#table) as Documents[typeof kind] | null);
      slot.version = version;
      slot.isRead = true;
    });
    ranges.forEach((range, at) => {
      const entry = entries[refs.length + at];
      if (entry?.type !== "rows") throw new TypeError("a store must answer every wish in its order");
      this.#rows.set(`${range.kind} ${range.owner}`, { range, names: entry.names });
    });
  }

  /** Everything read so far, for another attempt to read at once. */
  all(): Wish {
    const refs: Ref[] = [];
    for (const slots of this.#slots.values())
      for (const { kind, id, isRead } of slots.values()) if (isRead) refs.push({ kind, id });
    return { refs, ranges: [...this.#rows.values()].map(({ range }) => range) };
  }

  /** What a plan over these readings rests on, and what it changes. */
  changesetOf(view: View): Changeset {
    const expect: (Ref & { version: number })[] = [];
    for (const slots of this.#slots.values()) {
      for (const { kind, id, version, isRead, isKept, pass } of slots.values())
        if (isRead && (isKept || pass === this.#pass)) expect.push({ kind, id, version });
    }
    return { expect, ...writesOf(view), rows: [...view.rowChanges()], changes: [...view.changes] };
  }
}
