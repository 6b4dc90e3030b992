import type { ProfileId } from "../resolve/ids.js";
import { NONE } from "../resolve/observation.js";
import type { Cause, Change } from "../resolve/plan/changes.js";
import { TextArena } from "./textArena.js";

/** A change as a list: what every entry would repeat is left out. */
type Row = [
  type: Change["type"],
  profile: string,
  version: number,
  added: readonly string[],
  removed: readonly string[],
  others: readonly string[],
  cause: Cause | string,
];

/** The feed of one process, as texts outside the heap: entries rest by the million, and nobody looks at most of them again. */
export class MemoryFeed {
  readonly #texts = new TextArena();
  /** Of the entries from `dropped` on. */
  #numbers: number[] = [];
  #dropped = 0;

  /** Entries that were dropped from the beginning. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Entries ever made. */
  get end(): number {
    return this.#dropped + this.#numbers.length;
  }

  push({ type, profile, version, added, removed, others, cause }: Change): void {
    const row: Row = [
      type,
      profile,
      version,
      added,
      removed,
      others,
      cause.type === "fragment" ? cause.fragment : cause,
    ];
    this.#numbers.push(this.#texts.add(JSON.stringify(row)));
  }

  /** The entry at a place; undefined where it was dropped, or has not come yet. */
  at(place: number): Change | undefined {
    const number = this.#numbers[place - this.#dropped];
    if (number === undefined) return undefined;
    const [type, profile, version, added, removed, others, cause] = JSON.parse(
      this.#texts.text(number),
    ) as Row;
    return {
      type,
      profile: profile as ProfileId,
      version,
      added: listOf(added),
      removed: listOf(removed),
      others: listOf(others) as readonly ProfileId[],
      cause: typeof cause === "string" ? { type: "fragment", fragment: cause } : cause,
    };
  }

  /** Drops entries from the beginning. */
  drop(count: number): void {
    for (const number of this.#numbers.slice(0, count)) this.#texts.remove(number);
    this.#numbers = this.#numbers.slice(count);
    this.#dropped += count;
  }
}

const listOf = (list: readonly string[]): readonly string[] => (list.length === 0 ? NONE : list);
