import { KeyTable } from "../resolve/keys.js";
import type { Documents, Kind, RowKind } from "../resolve/plan/documents.js";
import { TokenTable } from "../resolve/plan/tokens.js";
import type { Slot, Source, View } from "../resolve/plan/view.js";
import { MemoryFeed } from "./memoryFeed.js";
import { MemoryTable, OpenSlot } from "./memoryTable.js";
import { discard, pack, unpack } from "./packing.js";
import { TextArena } from "./textArena.js";

/**
 * The reference store: documents as they are, in this process, the commonest of them packed. Whoever plans on it needs one pass
 * and no promise. Slots live as long as one operation, in the tables in the place of what rests there.
 */
export class MemorySource implements Source {
  /** Keys stand in documents as objects of this table: every kernel that plans on this store shares it. */
  readonly table = new KeyTable();
  readonly tokens = new TokenTable();
  readonly feed = new MemoryFeed();
  readonly #tables = new Tables();
  readonly #texts = new TextArena();
  /** All slots of the operation. */
  readonly #open: OpenSlot[] = [];
  readonly #rows = new Map<string, Set<string>>();
  /** Versions of documents written since somebody asked for one; a document not among them is at 1. */
  #versions: Map<string, number> | null = null;
  #commits = 1;

  slot<K extends Kind>(kind: K, id: string): Slot<K> {
    const table = this.#tables.of(kind);
    const found = table.find(id);
    if (found instanceof OpenSlot) return found as unknown as Slot<K>;
    const slot = table.open(id, found);
    if (found !== undefined) slot.doc = unpack(kind, id, found, this.#texts);
    this.#open.push(slot);
    return slot as unknown as Slot<K>;
  }

  /** 0 where there is no document. From the first time that it is asked, every commit keeps count. */
  version(kind: Kind, id: string): number {
    this.#versions ??= new Map();
    const found = this.#tables.of(kind).find(id);
    const isThere = found instanceof OpenSlot ? found.doc !== null : found !== undefined;
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
    for (const slot of view.dirty as OpenSlot[]) {
      const { kind, next } = slot;
      if (next === undefined) continue;
      slot.doc = next;
      if (slot.rest !== undefined) discard(slot.rest, this.#texts);
      slot.rest = next === null ? undefined : pack(kind, slot.id, next, this.#texts);
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
    for (const change of view.changes) this.feed.push(change);
    view.reset();
    this.sweep();
  }

  /** Closes the slots of an operation that is over. */
  sweep(): void {
    for (const slot of this.#open) this.#tables.of(slot.kind).close(slot);
    this.#open.length = 0;
  }

  count(kind: Kind): number {
    return this.#tables.of(kind).size;
  }

  /** Documents of a kind, in no order. */
  *all<K extends Kind>(kind: K): Iterable<{ readonly id: string; readonly doc: Documents[K] }> {
    for (const [id, rest] of this.#tables.of(kind).all())
      yield { id, doc: unpack(kind, id, rest, this.#texts) as Documents[K] };
  }
}

/** One table for each kind, found without looking up its name. */
class Tables {
  readonly #fragment = new MemoryTable("fragment");
  readonly #event = new MemoryTable("event");
  readonly #strand = new MemoryTable("strand");
  readonly #key = new MemoryTable("key");
  readonly #digest = new MemoryTable("digest");
  readonly #block = new MemoryTable("block");
  readonly #time = new MemoryTable("time");
  readonly #component = new MemoryTable("component");
  readonly #id = new MemoryTable("id");
  readonly #assertion = new MemoryTable("assertion");
  readonly #pending = new MemoryTable("pending");
  readonly #recheck = new MemoryTable("recheck");
  readonly #suppressed = new MemoryTable("suppressed");
  readonly #settings = new MemoryTable("settings");

  of(kind: Kind): MemoryTable {
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
