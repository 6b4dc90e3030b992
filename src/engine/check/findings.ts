import type { Work } from "../../resolve/plan/work.js";
import type { Ref } from "../../stores/store.js";
import type { Known } from "./known.js";

/** Puts something right as far as that can be done in one commit; run over a view of its own. */
export type Mend = (work: Work, known: Known) => void;

/** Something that does not hold, of one document. */
export interface Fault {
  readonly kind: FindingKind;
  /** Name of the document, which may tell of a person: it is told to nobody but as a short hash. */
  readonly of: string;
  /** None where nothing can be done here. */
  readonly mend?: Mend;
  /** The document that was looked at when it was found. */
  readonly at?: Ref;
}

/** What all documents of which the same does not hold have in common. */
export interface Finding {
  readonly kind: string;
  /** How many, of what, and up to three of them by a short hash of their names. */
  readonly what: string;
  readonly advice: string;
}

const REBUILD =
  "deliver all fragments and assertions again into a new store: what is derived from them is made anew, only ids differ";
const REPAIR =
  "run the check with repair: it is planned again from the fragments; what is left needs a new store";
const RESTORE = "take it from a backup, or deliver the fragment again from where it came";

/** What is looked at, and what may help. */
const KNOWN = {
  unreadable: ["documents are not what the engine writes", `${REPAIR}; a lost fragment: ${RESTORE}`],
  misnamed: ["documents stand under a name that is not theirs", `${RESTORE}; else ${REBUILD}`],
  version: ["documents have a version that is none, or stand out of order", REBUILD],
  settings: ["stores do not say with which model they were begun", RESTORE],
  fragment: ["fragments contradict themselves", RESTORE],
  event: ["events and their fragments do not name each other", REPAIR],
  cell: ["events stand in another cell than their fragments say, or their cell does not know them", REPAIR],
  strand: ["strands are missing, or stand where their events do not lead", REPAIR],
  evidence: ["strands say something else than their events", REPAIR],
  key: ["identifiers and those who hold them do not name each other", REPAIR],
  standing: ["identifiers are counted wrongly, or are held generic without reason", REPAIR],
  digest: ["digests and the identifiers that imply them do not name each other", REPAIR],
  block: ["blocks and their members do not name each other", REPAIR],
  time: ["time-local blocks and their members do not name each other", REPAIR],
  partner: ["time-local partners do not name each other", REPAIR],
  component: ["components and their strands do not name each other", REPAIR],
  edge: ["edges are missing, or weigh something else than their strands say", REPAIR],
  profile: ["profiles are not those that their strands and edges make", REPAIR],
  id: ["profile ids do not lead to what founded them", `${REPAIR}; what was handed out may lead nowhere`],
  assertion: ["assertions are known at one of their ends only, or by no fragment that they name", RESTORE],
  pending: ["something waits that is not there, or is not known to wait", REPAIR],
  recheck: ["values to count again are not there", REPAIR],
  suppressed: ["tombstones of erased data are not as many as were counted", RESTORE],
  feed: ["entries of the feed are not what the engine writes, or their versions go down", REBUILD],
  fold: ["profiles are shown otherwise than the feed tells", "have those who follow the feed begin afresh"],
} as const satisfies Readonly<Record<string, readonly [what: string, advice: string]>>;

export type FindingKind = keyof typeof KNOWN;

const EXAMPLES = 3;

/** Counts faults by kind, each once for a document. */
export class Findings {
  readonly #faults = new Map<FindingKind, Map<string, Fault>>();

  add(fault: Fault): void {
    const of = this.#faults.get(fault.kind);
    if (of === undefined) this.#faults.set(fault.kind, new Map([[fault.of, fault]]));
    else if (of.get(fault.of)?.mend === undefined) of.set(fault.of, fault);
  }

  get count(): number {
    let count = 0;
    for (const of of this.#faults.values()) count += of.size;
    return count;
  }

  *faults(): Iterable<Fault> {
    for (const of of this.#faults.values()) yield* of.values();
  }

  /** @param conceal hashes a name, with the pepper if there is one */
  told(conceal: (text: string) => string): Finding[] {
    return [...this.#faults].map(([kind, of]) => {
      const [what, advice] = KNOWN[kind];
      const some = [...of.keys()].slice(0, EXAMPLES).map((name) => conceal(name).slice(0, 8));
      return {
        kind,
        what: `${of.size}: ${what} (${some.join(", ")}${of.size > EXAMPLES ? ", …" : ""})`,
        advice,
      };
    });
  }
}
