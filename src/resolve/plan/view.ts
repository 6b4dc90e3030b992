import type { Change } from "./changes.js";
import type { Documents, Kind, RowKind } from "./documents.js";

/** One document as a plan sees it: what the store holds, and what the plan would put in its place. */
export class Slot<K extends Kind = Kind> {
  /** As read; null when absent. */
  doc: Documents[K] | null = null;
  /** As planned; undefined when untouched, null when deleted. */
  next: Documents[K] | null | undefined = undefined;
  /** Opaque to all but the store; 0 when absent. */
  version = 0;
  /** False until the store was asked for it. */
  isRead = false;
  /** The operation that looked at it last, for counting reads. */
  stamp = 0;

  constructor(
    readonly kind: K,
    readonly id: string,
  ) {}
}

/** Presence rows of one owner, in code-unit order. */
export interface RowRange {
  readonly kind: RowKind;
  readonly owner: string;
  /** At most so many are asked for. */
  readonly limit: number;
}

/** Where a view finds documents: the memory store itself, or what was read from another store so far. */
export interface Source {
  /** The slot of a document, made if there is none. */
  slot<K extends Kind>(kind: K, id: string): Slot<K>;
  /** Rows of an owner, at most `limit`; null when they were not read yet. */
  rows(kind: RowKind, owner: string, limit: number): readonly string[] | null;
  /** What was looked at so far counts, whatever comes. */
  keep?(): void;
}

export interface RowChange {
  readonly kind: RowKind;
  readonly owner: string;
  readonly name: string;
  readonly isPut: boolean;
}

/**
 * What a plan reads and writes: documents already there, and on top of them its own changes. A document that was not read yet
 * is noted as missing and answered as absent; a document that must be there and is not makes the view torn. Whoever plans asks
 * `isStopped` before it trusts what it saw.
 */
export class View {
  readonly #source: Source;
  /** What undoes each change since `keep` was called; null until then, when all is undone at once. */
  #log: (() => void)[] | null = null;
  #kept = { dirty: 0, changes: 0 };
  #stamp = 0;
  readonly #rows = new Map<string, Map<string, RowChange>>();
  /** Slots with a planned change, in the order in which they were first changed. */
  readonly dirty: Slot[] = [];
  readonly missing: Slot[] = [];
  readonly missingRows: RowRange[] = [];
  readonly changes: Change[] = [];
  /** Documents looked at since `begin`. */
  reads = 0;
  isTorn = false;

  constructor(source: Source) {
    this.#source = source;
  }

  /** Starts counting reads afresh: one operation of several that are planned over one view. */
  begin(): void {
    this.#stamp++;
    this.reads = 0;
  }

  get isStopped(): boolean {
    return this.isTorn || this.missing.length > 0 || this.missingRows.length > 0;
  }

  get<K extends Kind>(kind: K, id: string): Documents[K] | null {
    const slot = this.#source.slot(kind, id);
    if (slot.stamp !== this.#stamp) {
      slot.stamp = this.#stamp;
      this.reads++;
    }
    if (slot.next !== undefined) return slot.next;
    if (!slot.isRead) this.missing.push(slot as Slot);
    return slot.doc;
  }

  /** A document that others say is there: its absence means that they were read at different times. */
  must<K extends Kind>(kind: K, id: string): Documents[K] | null {
    const doc = this.get(kind, id);
    if (doc === null && this.missing.length === 0) this.isTorn = true;
    return doc;
  }

  put<K extends Kind>(kind: K, id: string, doc: Documents[K] | null): void {
    const slot = this.#source.slot(kind, id);
    if (this.#log !== null) {
      const { next } = slot;
      this.#log.push(() => {
        slot.next = next;
      });
    }
    if (slot.next === undefined) this.dirty.push(slot as Slot);
    slot.next = doc;
  }

  /** Rows of an owner with the planned ones, at most `limit` of them. */
  rows(kind: RowKind, owner: string, limit: number): readonly string[] {
    const planned = this.#rows.get(`${kind} ${owner}`);
    const stored = this.#source.rows(kind, owner, limit + (planned?.size ?? 0));
    if (stored === null) {
      this.missingRows.push({ kind, owner, limit: limit + (planned?.size ?? 0) });
      return [];
    }
    if (planned === undefined) return stored.length > limit ? stored.slice(0, limit) : stored;
    const names = new Set(stored);
    for (const { name, isPut } of planned.values()) {
      if (isPut) names.add(name);
      else names.delete(name);
    }
    return [...names].slice(0, limit);
  }

  putRow(kind: RowKind, owner: string, name: string): void {
    this.#planRow({ kind, owner, name, isPut: true });
  }

  deleteRow(kind: RowKind, owner: string, name: string): void {
    this.#planRow({ kind, owner, name, isPut: false });
  }

  #planRow(change: RowChange): void {
    const of = `${change.kind} ${change.owner}`;
    let planned = this.#rows.get(of);
    if (planned === undefined) {
      planned = new Map();
      this.#rows.set(of, planned);
    }
    if (this.#log !== null) {
      const [names, before] = [planned, planned.get(change.name)];
      this.#log.push(() => {
        if (before === undefined) names.delete(change.name);
        else names.set(change.name, before);
      });
    }
    planned.set(change.name, change);
  }

  *rowChanges(): Iterable<RowChange> {
    if (this.#rows.size > 0) for (const planned of this.#rows.values()) yield* planned.values();
  }

  /** What is planned so far stays planned: `undo` comes back to here. */
  keep(): void {
    this.#log = [];
    this.#kept = { dirty: this.dirty.length, changes: this.changes.length };
    this.#source.keep?.();
  }

  /** Forgets what was planned since `keep`, or ever, and everything missing; what was read stays. */
  undo(): void {
    if (this.#log === null) {
      this.reset();
      return;
    }
    for (let at = this.#log.length; at-- > 0; ) (this.#log[at] as () => void)();
    this.#log.length = 0;
    this.dirty.length = this.#kept.dirty;
    this.changes.length = this.#kept.changes;
    this.missing.length = 0;
    this.missingRows.length = 0;
    this.isTorn = false;
  }

  /** Forgets everything planned and everything missing; what was read stays. */
  reset(): void {
    this.#log = null;
    for (const slot of this.dirty) slot.next = undefined;
    this.dirty.length = 0;
    this.missing.length = 0;
    this.missingRows.length = 0;
    this.changes.length = 0;
    this.#rows.clear();
    this.isTorn = false;
  }
}
