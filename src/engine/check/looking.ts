import type { RowKind } from "../../resolve/plan/documents.js";
import { loadUnit } from "../../resolve/plan/units.js";
import type { Unit, Work } from "../../resolve/plan/work.js";
import type { Ref } from "../../stores/store.js";
import type { Fault, FindingKind } from "./findings.js";

/** Rows of one owner that are looked at: of more, nothing is said about those beyond. */
const MOST_ROWS = 2_000;

export interface Rows {
  readonly names: ReadonlySet<string>;
  /** These are all there are. */
  readonly isAll: boolean;
}

/** One look at some documents: what they are compared with, and what was found. */
export class Look {
  readonly faults: Fault[] = [];
  /** The document that is looked at. */
  at: Ref = { kind: "settings", id: "" };
  readonly #units = new Map<string, Unit | null>();
  readonly #rows = new Map<string, Rows>();

  constructor(readonly work: Work) {}

  fault(kind: FindingKind, of: string, mend?: Fault["mend"]): void {
    const { at } = this;
    this.faults.push(mend === undefined ? { kind, of, at } : { kind, of, at, mend });
  }

  /** What holds may rest on what does not: where documents do not fit together, nothing is made of them. */
  attempt<T>(make: () => T): T | null {
    const { view } = this.work;
    view.isTorn = false;
    try {
      const made = make();
      return view.isTorn ? null : made;
    } catch {
      return null;
    } finally {
      view.isTorn = false;
    }
  }

  unit(ref: string): Unit | null {
    let unit = this.#units.get(ref);
    if (unit === undefined) {
      unit = this.attempt(() => loadUnit(this.work, ref));
      this.#units.set(ref, unit);
    }
    return unit;
  }

  rows(kind: RowKind, owner: string): Rows {
    const of = `${kind} ${owner}`;
    let rows = this.#rows.get(of);
    if (rows === undefined) {
      const names = this.work.view.rows(kind, owner, MOST_ROWS);
      rows = { names: new Set(names), isAll: names.length < MOST_ROWS };
      this.#rows.set(of, rows);
    }
    return rows;
  }

  /** Whether a row is there, as far as one can tell. */
  hasRow(kind: RowKind, owner: string, name: string): boolean {
    const { names, isAll } = this.rows(kind, owner);
    return names.has(name) || !isAll;
  }
}
