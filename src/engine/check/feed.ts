import type { Change } from "../../resolve/plan/changes.js";
import type { Cursor, Store } from "../../stores/store.js";
import type { Findings } from "./findings.js";
import type { Told } from "./known.js";
import { isChange } from "./shapes.js";

/** What the feed says is shown, folded from its beginning. Holds every profile and its strands: some hundred bytes for each strand. */
export class Fold {
  readonly #held = new Map<string, { version: number; readonly strands: Set<string> }>();
  /** The last version of every profile, also of those that are gone. */
  readonly versions = new Map<string, number>();
  cursor: Cursor = null;

  /** Reads on from where it stopped; returns the profiles that were spoken of. */
  async readOn(store: Store, findings: Findings, signal: AbortSignal | undefined): Promise<Set<string>> {
    const named = new Set<string>();
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
      this.#held.delete(profile);
      return version >= last;
    }
    if (type === "merged") for (const other of others) this.#held.delete(other);
    let held = this.#held.get(profile);
    if (held === undefined) {
      held = { version, strands: new Set() };
      this.#held.set(profile, held);
    }
    held.version = version;
    for (const strand of removed) held.strands.delete(strand);
    for (const strand of added) held.strands.add(strand);
    return version >= last;
  }

  /** Profiles that are shown otherwise than told, but for those that somebody changed meanwhile. */
  compare(shown: ReadonlyMap<string, Shown>, changed: ReadonlySet<string>, findings: Findings): void {
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
