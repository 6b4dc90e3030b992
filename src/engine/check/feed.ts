import type { Change } from "../../resolve/plan/changes.js";
import type { Cursor, Store } from "../../stores/store.js";
import type { Findings } from "./findings.js";
import type { Told } from "./known.js";
import { isChange } from "./shapes.js";

interface Held {
  version: number;
  readonly strands: Set<string>;
  /** Strands that went. */
  readonly left: Set<string>;
}

/**
 * What the feed says is shown, folded from its beginning. Holds every profile and its strands: some hundred bytes for each strand. Of
 * a feed whose beginning was dropped only what the rest speaks of is told; of all else the documents are believed.
 */
export class Fold {
  readonly #held = new Map<string, Held>();
  /** Profiles of which the last that was said is that they are gone. */
  readonly #gone = new Set<string>();
  #isPartial = false;
  /** The last version of every profile, also of those that are gone. */
  readonly versions = new Map<string, number>();
  cursor: Cursor = null;

  /** Reads on from where it stopped; returns the profiles that were spoken of. */
  async readOn(store: Store, findings: Findings, signal: AbortSignal | undefined): Promise<Set<string>> {
    const named = new Set<string>();
    if (this.cursor === null && store.feedBounds !== undefined) {
      this.cursor = (await store.feedBounds()).start;
      this.#isPartial = this.cursor !== null;
    }
    const after = this.cursor;
    for await (const { cursor, change } of store.changes(after, signal === undefined ? {} : { signal })) {
      this.cursor = cursor;
      if (!isChange(change)) {
        findings.add({ kind: "feed", of: cursor });
        continue;
      }
      named.add(change.profile);
      for (const other of change.others) named.add(other);
      if (!this.#take(change)) findings.add({ kind: "feed", of: change.profile });
    }
    return named;
  }

  /** False where the version goes down. */
  #take({ type, profile, version, added, removed, others }: Change): boolean {
    const last = this.versions.get(profile) ?? 1;
    this.versions.set(profile, version);
    if (type === "erased") {
      this.#drop(profile);
      return version >= last;
    }
    if (type === "merged") for (const other of others) this.#drop(other);
    let held = this.#held.get(profile);
    if (held === undefined) {
      held = { version, strands: new Set(), left: new Set() };
      this.#held.set(profile, held);
      this.#gone.delete(profile);
    }
    held.version = version;
    for (const strand of removed) {
      held.strands.delete(strand);
      if (this.#isPartial) held.left.add(strand);
    }
    for (const strand of added) {
      held.strands.add(strand);
      held.left.delete(strand);
    }
    return version >= last;
  }

  #drop(profile: string): void {
    this.#held.delete(profile);
    if (this.#isPartial) this.#gone.add(profile);
  }

  /** Of what was dropped from the feed, the documents are believed. */
  #complete(shown: ReadonlyMap<string, Shown>): void {
    if (!this.#isPartial) return;
    for (const [id, { version, strands }] of shown) {
      if (this.#gone.has(id)) continue;
      const held = this.#held.get(id);
      if (held === undefined) this.#held.set(id, { version, strands: new Set(strands), left: new Set() });
      else for (const strand of strands) if (!held.left.has(strand)) held.strands.add(strand);
      if (!this.versions.has(id)) this.versions.set(id, version);
    }
  }

  /** Profiles that are shown otherwise than told, but for those that somebody changed meanwhile. */
  compare(shown: ReadonlyMap<string, Shown>, changed: ReadonlySet<string>, findings: Findings): void {
    this.#complete(shown);
    for (const id of new Set([...this.#held.keys(), ...shown.keys()])) {
      if (changed.has(id)) continue;
      const told = this.#held.get(id);
      const found = shown.get(id);
      const isSame =
        told !== undefined &&
        found !== undefined &&
        found.version === told.version &&
        found.strands.length === told.strands.size &&
        found.strands.every((strand) => told.strands.has(strand));
      if (!isSame) findings.add({ kind: "fold", of: id });
    }
  }

  /** By strand. */
  told(): Map<string, Told> {
    const told = new Map<string, Told>();
    for (const [id, { version, strands }] of this.#held) {
      const one: Told = { id: id as Told["id"], version, strands: [...strands] };
      for (const strand of strands) told.set(strand, one);
    }
    return told;
  }
}

/** A profile as the documents show it. */
export interface Shown {
  readonly version: number;
  readonly strands: readonly string[];
}
