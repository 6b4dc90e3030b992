import { type FragmentInput, fragmentKey, isRemoval } from "../../fragment/fragment.js";
import type { LeadEvent } from "../events.js";
import { foundProfileId } from "../ids.js";
import { compareAge, type Key, NONE, type Observation } from "../observation.js";
import { eventName, isOwnEvent } from "../observe.js";
import { occurrencesOf } from "./blocks.js";
import { cellOf, emptyStrand, isAlone } from "./cells.js";
import type { Documents, FragmentDoc, KeyDoc, Kind, StrandBody, StrandDoc } from "./documents.js";
import { drawEvidence, foldEvent, lastingBlocks } from "./evidence.js";
import type { Kernel } from "./kernel.js";
import type { View } from "./view.js";
import { eventUnit, fragmentUnit, loneStrand, type Unit, Work } from "./work.js";

/** More neighbours than this are for the plan to ask for, if it wants them. */
const MOST_NEIGHBOURS = 128;

/** Whom one input leads to. */
interface Near {
  readonly strands: Set<string>;
  /** It says what was said already: nothing will come of it. */
  isCopy: boolean;
}

/**
 * Looks at what the plans for some inputs will want, as far as that can be told without planning: everything named by the inputs
 * themselves at once, then whom they meet there, then those these belong with. A plan finds out about one after the other, and each
 * time costs a round trip and all its work; what is foreseen in vain costs a document read, and nothing rests on it.
 */
export class Foresight {
  readonly #work: Work;
  readonly #view: View;
  readonly #kernel: Kernel;
  /** Goes on once the documents asked for so far have been read. */
  #next: (() => void)[] = [];
  /** Who was met by any of the inputs: everybody is met once. */
  readonly #metKeys = new Set<Key>();
  readonly #metStrands = new Set<string>();
  readonly #metBlocks = new Set<string>();
  readonly #metTimes = new Set<string>();
  /** Strands as the inputs before will leave them, as far as that decides about the blocks that they enter. */
  readonly #folded = new Map<string, StrandBody>();

  constructor(kernel: Kernel, view: View, inputs: readonly FragmentInput[]) {
    this.#work = new Work(kernel, view, { type: "drain" }, false);
    this.#kernel = kernel;
    this.#view = view;
    this.#next.push(() => {
      view.get("suppressed", "");
      for (const input of inputs) this.#meetInput(input);
    });
  }

  /** Looks as far as what was read reaches; what is missing then is to be read before it is called again. */
  look(): void {
    const next = this.#next;
    this.#next = [];
    for (const go of next) go();
  }

  /** Goes on at once where all is there that was looked at, and else the next time. */
  #after<T>(look: () => T, go: (seen: T) => void): void {
    const { missing } = this.#view;
    const before = missing.length;
    const seen = look();
    if (missing.length === before) go(seen);
    else this.#next.push(() => go(look()));
  }

  #read<K extends Kind>(kind: K, id: string, go: (doc: Documents[K] | null) => void): void {
    this.#after(() => this.#view.get(kind, id), go);
  }

  #meetInput(input: FragmentInput): void {
    const [work, kernel] = [this.#work, this.#kernel];
    const key = fragmentKey(input);
    const near: Near = { strands: new Set(), isCopy: false };
    this.#view.get("assertion", kernel.name(key));
    this.#after(
      () => work.fragment(key),
      (held) => {
        if (held === null || held.text === null) return;
        near.isCopy = held.text === JSON.stringify(input);
        if (near.isCopy) this.#meetPlace(key, held);
        else this.#meetOld(key, held, near);
      },
    );
    if (isRemoval(input)) return;
    const { source, id } = input;
    this.#view.get("id", foundProfileId({ source, id }, 0, kernel.hasher));
    const name = eventName(input);
    const own = kernel.observe(input);
    this.#meetEvent(isOwnEvent(input) ? fragmentUnit(key) : eventUnit(name), name, [own], near);
    if (!isOwnEvent(input)) this.#meetOthers(name, key, own, near);
  }

  /** What a fragment says that is taken back, or put right. */
  #meetOld(key: string, { text, event, cell }: FragmentDoc, near: Near): void {
    for (const one of this.#work.observe(text as string).keys) this.#meetKey(one, near);
    if (event === null) this.#leave(cell, fragmentUnit(key), near);
    else this.#meetOthers(event, key, null, near);
  }

  /** The profile of a fragment, which is all that is told of a copy. */
  #meetPlace(key: string, { event, cell }: FragmentDoc): void {
    const meetShown = (doc: StrandDoc | null): void => {
      if (doc?.body?.component) this.#view.get("component", doc.body.component);
    };
    if (event === null) this.#findStrand(cell, fragmentUnit(key), meetShown);
    else
      this.#read("event", this.#kernel.name(event), (doc) => {
        if (doc?.over === true) this.#findStrand(cell, fragmentUnit(key), meetShown);
        else if (doc !== null) this.#findStrand(doc.cell, eventUnit(event), meetShown);
      });
  }

  /** The event as the others of it make it, with and without a fragment. */
  #meetOthers(name: string, key: string, own: Observation | null, near: Near): void {
    const [work, kernel] = [this.#work, this.#kernel];
    this.#read("event", kernel.name(name), (doc) => {
      if (near.isCopy || doc === null) return;
      const others = doc.fragments.filter((other) => other !== key);
      if (own === null || others.length > 0) this.#leave(doc.cell, eventUnit(name), near);
      for (const other of others) this.#view.get("assertion", kernel.name(other));
      this.#after(
        () => others.map((other) => work.fragment(other)?.text),
        (texts) => {
          const observations = texts.flatMap((text) => (text ? [work.observe(text)] : []));
          if (observations.length === 0) return;
          if (own !== null) observations.push(own);
          this.#meetEvent(eventUnit(name), name, observations.sort(compareAge), near);
        },
      );
    });
  }

  /** The strand that an event leaves, or stays in as another: everything it stands in, and the events that make it without this one. */
  #leave(cell: string | null, ref: string, near: Near): void {
    this.#findStrand(cell, ref, (doc) => {
      if (!doc?.body) return;
      this.#meetStrand(doc.id, near);
      for (const block of doc.body.blocks) this.#meetBlock(block, near);
      for (const time of doc.body.times) this.#meetTime(time, near);
      if (doc.id === cell && doc.events.length > 1) for (const other of doc.events) this.#meetUnit(other);
    });
  }

  /** The strand in which an event stands: its cell, or itself where the events of that stand alone. */
  #findStrand(cell: string | null, ref: string, go: (doc: StrandDoc | null) => void): void {
    const lone = loneStrand(this.#kernel, ref);
    this.#read("strand", cell ?? lone, (doc) => {
      if (doc?.alone === true) this.#read("strand", lone, go);
      else go(doc);
    });
  }

  /** An event with its fragments, as one who draws a strand afresh reads them. */
  #meetUnit(ref: string): void {
    const [view, kernel] = [this.#view, this.#kernel];
    const name = ref.slice(1);
    const meetFragment = (key: string): void => {
      this.#work.fragment(key);
      view.get("assertion", kernel.name(key));
    };
    if (ref === fragmentUnit(name)) meetFragment(name);
    else this.#read("event", kernel.name(name), (doc) => (doc?.fragments ?? NONE).forEach(meetFragment));
  }

  #meetEvent(ref: string, name: string, observations: readonly Observation[], near: Near): void {
    const [work, kernel, view] = [this.#work, this.#kernel, this.#view];
    const event = kernel.makeEvent(name, observations);
    const unit: Unit = { ref, event, fragments: NONE, cell: null };
    unit.cell = cellOf(work, event, ref, false);
    const lone = loneStrand(kernel, ref);
    const empty = emptyStrand(work, unit.cell ?? lone, unit);
    for (const one of event.keys) this.#meetKey(one, near);
    for (const one of event.sessionKeys) this.#meetKey(one, near);
    for (const { key } of event.claims) this.#meetKey(key, near);
    for (const { id } of occurrencesOf(kernel, event)) this.#meetTime(id, near);
    const home = unit.cell === null || isAlone(work, empty) ? lone : unit.cell;
    if (unit.cell !== null && home !== unit.cell) view.get("strand", unit.cell);
    this.#read("strand", home, (doc) => this.#grow(home, doc ?? empty, event, near));
    view.get("component", home);
  }

  /** A strand as one event more makes it, and what it enters then. */
  #grow(id: string, doc: StrandDoc, event: LeadEvent, near: Near): void {
    if (near.isCopy) return;
    const work = this.#work;
    const folded = foldEvent(work, this.#folded.get(id) ?? doc.body, doc, event);
    this.#folded.set(id, folded);
    for (const block of lastingBlocks(work, drawEvidence(work, doc, folded))) this.#meetBlock(block, near);
    if (doc.body !== null) this.#meetStrand(id, near);
    for (const block of doc.body?.blocks ?? NONE) this.#meetBlock(block, near);
    for (const time of doc.body?.times ?? NONE) this.#meetTime(time, near);
  }

  #meetKey(key: Key, near: Near): void {
    if (!isFirst(this.#metKeys, key)) return;
    const kernel = this.#kernel;
    this.#read("key", kernel.keyId(key), (doc) => {
      if (doc !== null) this.#meetHolders(doc, near);
    });
    for (const { id, digest } of kernel.digestsOf(key))
      this.#read("digest", id, (doc) => {
        if (doc?.stated === true) this.#meetKey(digest(), near);
      });
    if (kernel.isDigest(key))
      this.#read("digest", kernel.digestId(key), (doc) => {
        for (const by of doc?.by ?? NONE) this.#meetKey(by, near);
      });
  }

  #meetHolders({ cells, claimants, events }: KeyDoc, near: Near): void {
    for (const cell of cells) this.#meetCell(cell, near);
    for (const claimant of claimants) this.#meetStrand(claimant, near);
    for (const { event, cell } of events) {
      if (cell === null) this.#meetStrand(loneStrand(this.#kernel, event), near);
      else this.#meetCell(cell, near, event);
    }
  }

  /** The strand of a cell, or those of its events, of one alone if it is named. */
  #meetCell(id: string, near: Near, event?: string): void {
    this.#meetStrand(id, near);
    this.#read("strand", id, (doc) => {
      if (doc === null || !doc.alone) return;
      for (const ref of event === undefined ? doc.events : [event])
        this.#meetStrand(loneStrand(this.#kernel, ref), near);
    });
  }

  #meetBlock(id: string, near: Near): void {
    if (!isFirst(this.#metBlocks, id)) return;
    this.#read("block", id, (doc) => {
      for (const strand of doc?.members ?? NONE) this.#meetStrand(strand, near);
    });
  }

  #meetTime(id: string, near: Near): void {
    if (!isFirst(this.#metTimes, id)) return;
    this.#read("time", id, (doc) => {
      if (doc === null || doc.full) return;
      const members = new Set([...doc.first, ...doc.second].map(({ strand }) => strand));
      for (const strand of members) this.#meetStrand(strand, near);
      if (members.size > 1) this.#meetShared([...members]);
    });
  }

  /** One more in a block changes how crowded it is for the others: each two of them are compared by all that they share. */
  #meetShared(strands: readonly string[]): void {
    const view = this.#view;
    this.#after(
      () => strands.flatMap((id) => view.get("strand", id)?.body ?? []),
      (bodies) => {
        for (const [kind, lists] of [
          ["time", bodies.map(({ times }) => times)],
          ["block", bodies.map(({ blocks }) => blocks)],
        ] as const) {
          const seen = new Set<string>();
          for (const list of lists) {
            for (const id of list) {
              if (seen.has(id)) view.get(kind, id);
              seen.add(id);
            }
          }
        }
      },
    );
  }

  /** A strand, what comparing it reads about its keys, and those in one component with it. */
  #meetStrand(id: string, near: Near): void {
    const { strands, isCopy } = near;
    if (isCopy || strands.size >= MOST_NEIGHBOURS || !isFirst(strands, id)) return;
    if (!isFirst(this.#metStrands, id)) return;
    this.#read("strand", id, (doc) => {
      const body = doc?.body ?? null;
      if (body === null) return;
      this.#learnKeys(body);
      this.#read("component", body.component ?? id, (component) => {
        if (component === null || component.pending || component.strands.length > MOST_NEIGHBOURS) return;
        for (const strand of component.strands) this.#meetMember(strand);
      });
    });
  }

  #meetMember(id: string): void {
    if (!isFirst(this.#metStrands, id)) return;
    this.#read("strand", id, (doc) => {
      if (doc?.body) this.#learnKeys(doc.body);
    });
  }

  #learnKeys({ evidence }: StrandBody): void {
    for (const key of evidence.keys) this.#work.key(key);
    for (const key of evidence.implied) this.#work.key(key);
  }
}

function isFirst<T>(met: Set<T>, one: T): boolean {
  const { size } = met;
  return met.add(one).size > size;
}
