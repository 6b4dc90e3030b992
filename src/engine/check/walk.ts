import { KINDS, type Kind } from "../../resolve/plan/documents.js";
import type { Kernel } from "../../resolve/plan/kernel.js";
import type { View } from "../../resolve/plan/view.js";
import { Work } from "../../resolve/plan/work.js";
import type { DocumentEntry, Store } from "../../stores/store.js";
import { compareUtf8 } from "../../stores/utf8Order.js";
import { LeadweaveError } from "../error.js";
import type { Runner } from "../runner.js";
import { lookAtAssertion, lookAtComponent, lookAtId, lookAtSingle } from "./components.js";
import { Fold, type Shown } from "./feed.js";
import type { Findings } from "./findings.js";
import { lookAtEvent, lookAtFragment } from "./fragments.js";
import { Look } from "./looking.js";
import { lookAtStrand } from "./strands.js";
import { lookAtBlock, lookAtDigest, lookAtKey, lookAtTime } from "./values.js";
import { lookAtPending, lookAtRecheck } from "./waiting.js";

/** Documents that are looked at together, on one state of the store. */
const PER_LOOK = 50;
const PAGE = 1_000;
const TOTAL = "";

const LOOKS: Readonly<Partial<Record<Kind, (look: Look, id: string) => void>>> = {
  fragment: lookAtFragment,
  event: lookAtEvent,
  strand(look, id) {
    lookAtStrand(look, id);
    lookAtSingle(look, id);
  },
  key: lookAtKey,
  digest: lookAtDigest,
  block: lookAtBlock,
  time: lookAtTime,
  component: lookAtComponent,
  id: lookAtId,
  assertion: lookAtAssertion,
  pending: lookAtPending,
  recheck: lookAtRecheck,
};

export interface Walked {
  readonly documents: number;
  readonly fold: Fold;
}

/** Looks at documents, within a plan: what is made of what it finds rests on what was read. */
export function lookAt(kernel: Kernel, view: View, kind: Kind, ids: readonly string[]): Look {
  const look = new Look(new Work(kernel, view, { type: "drain" }, false));
  for (const id of ids) {
    look.at = { kind, id };
    try {
      LOOKS[kind]?.(look, id);
    } catch {
      // What a hand has written may be of the right shape and make no sense.
      look.fault("unreadable", id);
    }
  }
  view.isTorn = false;
  return look;
}

/** Every document and the whole feed, looked at once. */
export class Walk {
  readonly #shown = new Map<string, Shown>();
  #documents = 0;

  constructor(
    readonly store: Store,
    readonly runner: Runner,
    readonly findings: Findings,
    readonly signal: AbortSignal | undefined,
  ) {}

  /** @param isThorough look at what documents say; else only whether they can be read, and at the feed */
  async run(isThorough: boolean): Promise<Walked> {
    const fold = new Fold();
    await fold.readOn(this.store, this.findings, this.signal);
    for (const kind of KINDS) {
      if (kind === "suppressed") await this.#countSuppressed();
      else await this.#walkKind(kind, isThorough);
    }
    const changed = await fold.readOn(this.store, this.findings, this.signal);
    if (isThorough) fold.compare(this.#shown, changed, this.findings);
    return { documents: this.#documents, fold };
  }

  async #walkKind(kind: Kind, isThorough: boolean): Promise<void> {
    let open: string[] = [];
    for await (const { id } of this.#scan(kind)) {
      if (kind === "settings" && id !== TOTAL) this.findings.add({ kind: "misnamed", of: id });
      if (!isThorough || LOOKS[kind] === undefined) continue;
      open.push(id);
      if (open.length < PER_LOOK) continue;
      await this.#look(kind, open);
      open = [];
    }
    if (open.length > 0) await this.#look(kind, open);
  }

  async #look(kind: Kind, ids: readonly string[]): Promise<void> {
    const found = await this.#plan((kernel, view) => {
      const { faults } = lookAt(kernel, view, kind, ids);
      return { faults, shown: ids.flatMap((id) => shownIn(view, kind, id)) };
    });
    // A founder that went while its strand waits is known to that strand until it is carried out.
    const mayWait = kind === "id" && found.faults.some(({ mend }) => mend === undefined);
    const isWaiting = mayWait && (await this.#isWaiting());
    for (const fault of found.faults) if (!isWaiting || fault.mend !== undefined) this.findings.add(fault);
    for (const [id, one] of found.shown) {
      // Two places that show one profile: the feed cannot be right about both.
      if (this.#shown.has(id)) this.findings.add({ kind: "profile", of: id });
      this.#shown.set(id, one);
    }
  }

  async #isWaiting(): Promise<boolean> {
    const [page] = await this.store.read([{ scan: "pending", after: null, limit: 1 }], this.#options);
    return page?.type === "scan" && page.documents.length > 0;
  }

  async #plan<T>(plan: (kernel: Kernel, view: View) => T): Promise<T> {
    const ran = await this.runner.run(plan, { isReading: true, signal: this.signal });
    if (ran === null)
      throw new LeadweaveError(
        "contended",
        "the store changed faster than it could be checked: try again later",
      );
    return ran.value;
  }

  async *#scan(kind: Kind): AsyncGenerator<DocumentEntry> {
    let after: string | null = null;
    for (;;) {
      this.signal?.throwIfAborted();
      const [page] = await this.store.read([{ scan: kind, after, limit: PAGE }], this.#options);
      if (page?.type !== "scan") throw new TypeError("a store must answer every wish in its order");
      for (const entry of page.documents) {
        const isInOrder: boolean = after === null || compareUtf8(entry.id, after) > 0;
        if (!isInOrder || !Number.isSafeInteger(entry.version) || entry.version < 1)
          this.findings.add({ kind: "version", of: entry.id });
        // A scan that does not get on would never end.
        if (!isInOrder) return;
        after = entry.id;
        this.#documents++;
        if (entry.text !== null) yield entry;
      }
      if (page.documents.length < PAGE) return;
    }
  }

  get #options(): { readonly signal?: AbortSignal } {
    return this.signal === undefined ? {} : { signal: this.signal };
  }

  async #countSuppressed(): Promise<void> {
    // Somebody may erase meanwhile: then it is counted once more.
    for (let tries = 0; tries < 3; tries++) {
      const before = this.#documents;
      let total = 0;
      let tombstones = 0;
      for await (const { id, text } of this.#scan("suppressed")) {
        if (id !== TOTAL) tombstones++;
        else {
          const { fragments, identifiers } = JSON.parse(text as string) as Record<string, number>;
          total = (fragments ?? 0) + (identifiers ?? 0);
        }
      }
      if (tombstones === total) return;
      if (tries < 2) this.#documents = before;
    }
    this.findings.add({ kind: "suppressed", of: TOTAL });
  }
}

function shownIn(view: View, kind: Kind, id: string): [string, Shown][] {
  if (kind === "component")
    return (view.get("component", id)?.profiles ?? []).map(({ id: profile, version, strands }) => [
      profile,
      { version, strands },
    ]);
  if (kind !== "strand") return [];
  const body = view.get("strand", id)?.body;
  return body?.component === null && body.profile !== null
    ? [[body.profile.id, { version: body.profile.version, strands: [id] }]]
    : [];
}
