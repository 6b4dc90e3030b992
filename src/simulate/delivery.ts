import { Random, STREAM } from "./random.js";
import type { SimulateRates } from "./rates.js";
import { HOUR_MS, MINUTE_MS, type World } from "./world.js";

/** One fragment with its truth, as it is delivered. */
export interface SimulatedRow {
  /** Columns that hold something; names as in `SIMULATED_COLUMNS`. */
  readonly row: Record<string, string>;
  /** Who it is about: `p…` a person, `x…` a robocall, `t…` a test lead (each of the latter two is alone). */
  readonly entity: string;
  /** The person's household, or empty. */
  readonly household: string;
  /** The trap that this row holds (`withheld`, `trunk`, `shared_device`, …), or empty. For analysis, never for resolving. */
  readonly label: string;
}

interface Waiting {
  readonly atMs: number;
  readonly order: number;
  readonly item: SimulatedRow;
}

/**
 * The last mile: rows wait here until they are delivered, some late, twice or never. What waits is a few hours of
 * traffic, so memory depends on the density of the file and not on its length.
 */
export class Delivery {
  private readonly heap: Waiting[] = [];
  private readonly random = new Random();
  private readonly rates: SimulateRates;
  private handed = 0;
  private delivered = 0;

  constructor(world: World) {
    this.rates = world.rates;
    this.random.seed(STREAM.delivery, 0, world.seed);
  }

  /** Hands over a row that its sender has ready at `readyMs`. */
  hand(item: SimulatedRow, readyMs: number): void {
    const { rates, random } = this;
    if (random.chance(rates.lost)) return;
    let atMs = readyMs + random.below(3000);
    if (random.chance(rates.late)) atMs += random.logUniform(2 * MINUTE_MS, 24 * HOUR_MS);
    this.push(atMs, item);
    if (random.chance(rates.duplicate)) {
      this.push(atMs + random.logUniform(1000, 24 * HOUR_MS), {
        row: { ...item.row },
        entity: item.entity,
        household: item.household,
        label: "duplicate",
      });
    }
    if (random.chance(rates.redelivery)) this.push(atMs + random.logUniform(1000, 24 * HOUR_MS), item);
  }

  /** The next row to arrive not after `nowMs`, or undefined. Its record id is given on first arrival. */
  next(nowMs: number): SimulatedRow | undefined {
    const top = this.heap[0];
    if (top === undefined || top.atMs > nowMs) return undefined;
    this.removeTop();
    const { item } = top;
    if (item.row.record_id === undefined)
      item.row.record_id = `f${String(this.delivered++).padStart(7, "0")}`;
    return item;
  }

  private push(atMs: number, item: SimulatedRow): void {
    const { heap } = this;
    const waiting: Waiting = { atMs, order: this.handed++, item };
    let at = heap.length;
    heap.push(waiting);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Waiting;
      if (!before(waiting, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = waiting;
  }

  private removeTop(): void {
    const { heap } = this;
    const last = heap.pop() as Waiting;
    const { length } = heap;
    if (length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= length) break;
      if (child + 1 < length && before(heap[child + 1] as Waiting, heap[child] as Waiting)) child++;
      if (!before(heap[child] as Waiting, last)) break;
      heap[at] = heap[child] as Waiting;
      at = child;
    }
    heap[at] = last;
  }
}

function before(a: Waiting, b: Waiting): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
