import type { Kind } from "../resolve/plan/documents.js";
import { Slot } from "../resolve/plan/view.js";
import type { Packed } from "./packing.js";

/** A slot that knows what rests in its place. */
export class OpenSlot extends Slot {
  /** What is kept of the document between operations; undefined when there is none. */
  rest: Packed | undefined = undefined;

  constructor(
    kind: Kind,
    id: string,
    /** Of the document in its table; -1 while it is not there. */
    public place: number,
  ) {
    super(kind, id);
    this.isRead = true;
  }
}

/** So many are found by looking at each. */
const FEW = 8;

/**
 * Documents of one kind. Names are looked up for places, which stay as long as the document does: what happens to it in an operation
 * happens in a list.
 */
export class MemoryTable {
  readonly #places = new Map<string, number>();
  /** In its place a document as it rests, or its slot while an operation lasts. */
  readonly #held: (Packed | OpenSlot | undefined)[] = [];
  readonly #free: number[] = [];
  /** Slots of documents that are not there, and by name where they are many. */
  readonly #absent: OpenSlot[] = [];
  #absentById: Map<string, OpenSlot> | null = null;
  /** Operations ask for one document several times in a row. */
  #last: OpenSlot | null = null;

  constructor(readonly kind: Kind) {}

  get size(): number {
    return this.#places.size;
  }

  /** The slot that is open for a document, or else what rests of it; undefined where there is nothing. */
  find(id: string): OpenSlot | Packed | undefined {
    if (this.#last !== null && this.#last.id === id) return this.#last;
    const place = this.#places.get(id);
    const found = place === undefined ? this.#findAbsent(id) : this.#held[place];
    if (found instanceof OpenSlot) this.#last = found;
    return found;
  }

  #findAbsent(id: string): OpenSlot | undefined {
    if (this.#absentById !== null) return this.#absentById.get(id);
    for (const slot of this.#absent) if (slot.id === id) return slot;
    return undefined;
  }

  /** Opens a slot for a document that `find` has just found at rest, or not at all. */
  open(id: string, rest: Packed | undefined): OpenSlot {
    const place = rest === undefined ? -1 : (this.#places.get(id) as number);
    const slot = new OpenSlot(this.kind, id, place);
    slot.rest = rest;
    if (place >= 0) this.#held[place] = slot;
    else {
      this.#absent.push(slot);
      if (this.#absentById !== null) this.#absentById.set(id, slot);
      else if (this.#absent.length > FEW)
        this.#absentById = new Map(this.#absent.map((one) => [one.id, one]));
    }
    this.#last = slot;
    return slot;
  }

  /** What is in a slot comes to rest. */
  close(slot: OpenSlot): void {
    const { id, rest, place } = slot;
    if (rest !== undefined) {
      if (place >= 0) this.#held[place] = rest;
      else this.#add(id, rest);
    } else if (place >= 0) {
      this.#places.delete(id);
      this.#held[place] = undefined;
      this.#free.push(place);
    }
    this.#last = null;
    if (this.#absent.length > 0) {
      this.#absent.length = 0;
      this.#absentById = null;
    }
  }

  #add(id: string, rest: Packed): void {
    const place = this.#free.pop() ?? this.#held.length;
    this.#held[place] = rest;
    this.#places.set(id, place);
  }

  /** Every document as it rests, in no order. */
  *all(): Iterable<readonly [id: string, rest: Packed]> {
    for (const [id, place] of this.#places) {
      const held = this.#held[place];
      const rest = held instanceof OpenSlot ? held.rest : held;
      if (rest !== undefined) yield [id, rest];
    }
  }
}
