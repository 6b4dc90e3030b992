/**
 * What will happen, by time: a binary heap over typed arrays. A task is five numbers, everything else about it follows
 * from the seed, so hundreds of thousands of people can be under way at once in a few megabytes.
 */
export class Schedule {
  private heap = new Uint32Array(1024);
  private free = new Uint32Array(1024);
  private freeCount = 0;
  private used = 0;
  private length = 0;
  private times = new Float64Array(1024);
  private order = new Float64Array(1024);
  private actors = new Uint32Array(1024);
  private hosts = new Uint32Array(1024);
  private codes = new Uint32Array(1024);
  private numbers = new Uint32Array(1024);
  private added = 0;

  get size(): number {
    return this.length;
  }

  /** Time of the next task, or Infinity. */
  nextMs(): number {
    return this.length === 0 ? Number.POSITIVE_INFINITY : (this.times[this.heap[0] as number] as number);
  }

  add(task: Task): void {
    if (this.length === this.heap.length) this.grow();
    const slot = this.freeCount > 0 ? (this.free[--this.freeCount] as number) : this.used++;
    this.times[slot] = task.atMs;
    this.order[slot] = this.added++;
    this.actors[slot] = task.actor;
    this.hosts[slot] = task.host;
    this.codes[slot] = task.kind | (task.episode << 4) | (task.visit << 8) | (task.call << 12);
    this.numbers[slot] = task.number;
    let at = this.length++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(slot, this.heap[parent] as number)) break;
      this.heap[at] = this.heap[parent] as number;
      at = parent;
    }
    this.heap[at] = slot;
  }

  /** Takes the earliest task; of equal times the one added first. */
  take(): Task {
    const slot = this.heap[0] as number;
    const last = this.heap[--this.length] as number;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= this.length) break;
      if (child + 1 < this.length && this.before(this.heap[child + 1] as number, this.heap[child] as number))
        child++;
      if (!this.before(this.heap[child] as number, last)) break;
      this.heap[at] = this.heap[child] as number;
      at = child;
    }
    this.heap[at] = last;
    this.free[this.freeCount++] = slot;
    const code = this.codes[slot] as number;
    return {
      atMs: this.times[slot] as number,
      actor: this.actors[slot] as number,
      host: this.hosts[slot] as number,
      kind: (code & 15) as TaskKind,
      episode: (code >>> 4) & 15,
      visit: (code >>> 8) & 15,
      call: (code >>> 12) & 255,
      number: this.numbers[slot] as number,
    };
  }

  private before(a: number, b: number): boolean {
    const difference = (this.times[a] as number) - (this.times[b] as number);
    return difference < 0 || (difference === 0 && (this.order[a] as number) < (this.order[b] as number));
  }

  private grow(): void {
    const size = this.heap.length * 2;
    this.heap = extended(this.heap, new Uint32Array(size));
    this.free = extended(this.free, new Uint32Array(size));
    this.times = extended(this.times, new Float64Array(size));
    this.order = extended(this.order, new Float64Array(size));
    this.actors = extended(this.actors, new Uint32Array(size));
    this.hosts = extended(this.hosts, new Uint32Array(size));
    this.codes = extended(this.codes, new Uint32Array(size));
    this.numbers = extended(this.numbers, new Uint32Array(size));
  }
}

function extended<T extends Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

export const TASK = {
  visit: 0,
  contact: 1,
  call: 2,
  disposition: 3,
  crm: 4,
  crmUpdate: 5,
  robot: 6,
} as const;
export type TaskKind = (typeof TASK)[keyof typeof TASK];

export interface Task {
  readonly atMs: number;
  /** Who acts. */
  readonly actor: number;
  /** Whose interest it is: the actor's own, or that of the household member who brought the actor. */
  readonly host: number;
  readonly kind: TaskKind;
  /** Which interest of the host, from 0. */
  readonly episode: number;
  /** Which visit of the interest, from 0; NO_VISIT if it has none. */
  readonly visit: number;
  /** Which call of the interest, from 0; for CRM rows which record. */
  readonly call: number;
  /** Index of the tracking number shown or dialled. */
  readonly number: number;
}

export const NO_VISIT = 15;
