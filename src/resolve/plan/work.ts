import { type FragmentRef, fragmentKey } from "../../fragment/fragment.js";
import type { LeadEvent } from "../events.js";
import type { Key, Observation } from "../observation.js";
import type { Cause } from "./changes.js";
import type { FoundedId, FragmentDoc, KeyDoc, StrandBody, StrandDoc, TimeDoc } from "./documents.js";
import type { Kernel } from "./kernel.js";
import type { View } from "./view.js";

/** An event on its way to or from a strand. */
export interface Unit {
  /** Names it in documents: a fragment by its key, or an event by its name. */
  readonly ref: string;
  readonly event: LeadEvent;
  /** Its fragments by key, oldest first. */
  readonly fragments: readonly string[];
  /** Its cell; null when it has no person-scoped key. */
  cell: string | null;
}

/** What is to be related anew, collected while the lower rungs change and used by the higher ones. */
export class Work {
  /** Units that leave, with the cell in which they stood. */
  readonly drops: Unit[] = [];
  readonly adds: Unit[] = [];
  /** Units that stay where they are, while what was said of them may have changed. */
  readonly resaid: Unit[] = [];
  /** Keys whose holders have changed. */
  readonly touchedKeys = new Set<Key>();
  /** Cells to which something happened, by id. */
  readonly cells = new Set<string>();
  /** Keys whose facts have changed: links resting on them are scored again. */
  readonly rescoredKeys = new Set<Key>();
  /** Strands whose evidence has to be drawn afresh because the standing of a key has changed. */
  readonly stale = new Set<string>();
  /** Strands to compare with all their candidates. */
  readonly relink = new Set<string>();
  /** Strands of which only the recency of keys has changed. */
  readonly redated = new Set<string>();
  /** Pairs to compare again, each under both of its ends. */
  readonly pairs = new Map<string, Set<string>>();
  /** Strands as they were before the operation, null for new ones. */
  readonly before = new Map<string, StrandDoc | null>();
  /** Profiles to which the fragments of a strand belonged before they came to it. */
  readonly cameFrom = new Map<string, Set<string>>();
  /** Where each fragment that moves stood before. */
  readonly leftFrom = new Map<string, string>();
  /** Ids whose founder is on the move or gone, by founder. */
  readonly limbo = new Map<string, FoundedId[]>();
  /** Time-local blocks as they were before the operation. */
  readonly timesBefore = new Map<string, TimeDoc>();
  /** Strands whose claims of some value have ceased to count, because too many claim it. */
  readonly fullClaimants = new Set<string>();
  /** Bodies of strands that are no more, with their old links. */
  readonly removed = new Map<string, StrandBody>();
  /** Strands that have to wait for `drain`. */
  readonly waiting = new Set<string>();
  /** Components that wait no longer: they are related anew as a whole, and published. */
  readonly resumed = new Set<string>();
  /** Strands whose evidence has changed, new ones included. */
  readonly changed = new Set<string>();
  /** Pairs that were scored. */
  scored = 0;
  /** The operation was put off to `drain` in part. */
  isPending = false;

  constructor(
    readonly kernel: Kernel,
    public view: View,
    public cause: Cause,
    public isDraining: boolean,
  ) {}

  /** Begins another operation: a score of sets made anew for each would cost more than what they hold. */
  restart(view: View, cause: Cause, isDraining: boolean): this {
    this.view = view;
    this.cause = cause;
    this.isDraining = isDraining;
    this.drops.length = 0;
    this.adds.length = 0;
    this.resaid.length = 0;
    for (const held of this.#all) if (held.size > 0) held.clear();
    this.scored = 0;
    this.isPending = false;
    return this;
  }

  readonly #all: readonly { readonly size: number; clear(): void }[] = [
    this.touchedKeys,
    this.cells,
    this.rescoredKeys,
    this.stale,
    this.relink,
    this.redated,
    this.pairs,
    this.before,
    this.cameFrom,
    this.leftFrom,
    this.limbo,
    this.timesBefore,
    this.fullClaimants,
    this.removed,
    this.waiting,
    this.resumed,
    this.changed,
  ];

  strand(id: string): StrandDoc | null {
    return this.view.get("strand", id);
  }

  putStrand(id: string, doc: StrandDoc | null): void {
    if (!this.before.has(id)) this.before.set(id, this.view.get("strand", id));
    this.view.put("strand", id, doc);
  }

  fragment(key: string): FragmentDoc | null {
    const doc = this.view.get("fragment", this.kernel.name(key));
    if (doc !== null) return doc;
    for (const alias of this.kernel.aliases(key)) {
      const gone = this.view.get("fragment", alias);
      if (gone !== null) return gone;
    }
    return null;
  }

  putFragment(key: string, doc: FragmentDoc | null): void {
    this.view.put("fragment", this.kernel.name(key), doc);
    for (const alias of this.kernel.aliases(key))
      if (this.view.get("fragment", alias) !== null) this.view.put("fragment", alias, null);
  }

  key(key: Key): KeyDoc | null {
    const doc = this.view.get("key", this.kernel.keyId(key));
    this.#learn(key, doc);
    return doc;
  }

  putKey(key: Key, doc: KeyDoc | null): void {
    this.view.put("key", this.kernel.keyId(key), doc);
    this.#learn(key, doc);
  }

  #learn(key: Key, doc: KeyDoc | null): void {
    if (doc === null) this.kernel.facts.set(key.index, false, false, 0, false);
    else this.kernel.facts.set(key.index, doc.generic, doc.genericUntrusted, doc.names, doc.typed);
  }

  rememberTime(id: string, doc: TimeDoc): void {
    if (!this.timesBefore.has(id)) this.timesBefore.set(id, doc);
  }

  observe(text: string): Observation {
    return this.kernel.recollections.of(text);
  }

  comparePair(u: string, v: string): void {
    if (u === v) return;
    for (const [from, to] of [
      [u, v],
      [v, u],
    ] as const) {
      let set = this.pairs.get(from);
      if (set === undefined) {
        set = new Set();
        this.pairs.set(from, set);
      }
      set.add(to);
    }
  }
}

/** The work of an operation. It counts until the next one of the same kernel begins. */
export function startWork(kernel: Kernel, view: View, cause: Cause, isDraining: boolean): Work {
  const { scratch } = kernel;
  if (scratch.work instanceof Work) return scratch.work.restart(view, cause, isDraining);
  const work = new Work(kernel, view, cause, isDraining);
  scratch.work = work;
  return work;
}

export const fragmentUnit = (key: string): string => `f${key}`;
export const eventUnit = (name: string): string => `e${name}`;

/** The strand that a unit is where it stands alone. */
export function loneStrand(kernel: Kernel, ref: string): string {
  return kernel.name(`u${ref}`);
}

export function keysOfFragments(observations: readonly Observation[]): string[] {
  return observations.map(({ fragment }) => fragmentKey(fragment as FragmentRef));
}
