import { setImmediate as turn } from "node:timers/promises";
import { StoreError } from "../stores/error.js";
import type { Entry, Store, Wanted } from "../stores/store.js";

/** What goes wrong at one call of `read` or `commit`. */
export type FaultType =
  /** The call never arrives, and neither does any after it: the process is gone. */
  | "crash-before"
  /** The call takes effect, and nobody is told: the process is gone. */
  | "crash-after"
  /** The call takes effect, its reply is lost; the next call is fine. */
  | "lost-reply"
  /** The call arrives twice, and the second reply is told. */
  | "duplicated-call"
  /** Others go first. */
  | "delay"
  /** A read answers as it did the last time that the same was wanted, however long ago. A commit is delayed. */
  | "stale-read"
  /** The wishes of one read are answered at different times. A commit is delayed. */
  | "torn-batch";

export interface PlannedFault {
  /** Which call of `read` or `commit` it happens to; the first is 1. */
  readonly call: number;
  readonly type: FaultType;
}

export interface FaultyStore extends Store {
  /** Faults that have happened. */
  readonly happened: readonly PlannedFault[];
}

/** Turns of the event loop for which a call waits. */
const DELAY_TURNS = 3;

/**
 * A store to which things happen that happen to stores: never one that a correct store would not bring about. Whoever uses it
 * as one process and, after a crash, the store below as the next one, must end as if nothing had happened.
 *
 * @param plan faults by the number of the call; of two for one call the first counts
 * @param wait how a delayed call waits; default: some turns of the event loop
 */
export function createFaultyStore(
  store: Store,
  plan: readonly PlannedFault[],
  wait: () => Promise<void> = waitTurns,
): FaultyStore {
  const happened: PlannedFault[] = [];
  const answered = new Map<string, Entry>();
  let calls = 0;
  let isGone = false;

  async function readAll(wanted: readonly Wanted[]): Promise<readonly Entry[]> {
    const entries = await store.read(wanted);
    for (const [at, wish] of wanted.entries()) answered.set(JSON.stringify(wish), entries[at] as Entry);
    return entries;
  }

  async function readStale(wanted: readonly Wanted[]): Promise<readonly Entry[]> {
    const known = wanted.map((wish) => answered.get(JSON.stringify(wish)));
    const entries = await readAll(wanted);
    return entries.map((entry, at) => known[at] ?? entry);
  }

  async function readTorn(wanted: readonly Wanted[]): Promise<readonly Entry[]> {
    const entries: Entry[] = [];
    for (const wish of wanted) {
      entries.push(...(await readAll([wish])));
      await wait();
    }
    return entries;
  }

  /** Carries a call out with the fault that is planned for it. */
  async function strike<T>(carryOut: (type: FaultType | null) => Promise<T>): Promise<T> {
    if (isGone) throw gone();
    const call = ++calls;
    const fault = plan.find((planned) => planned.call === call);
    if (fault === undefined) return carryOut(null);
    happened.push(fault);
    switch (fault.type) {
      case "crash-before":
        isGone = true;
        throw gone();
      case "crash-after":
        isGone = true;
        await carryOut(null);
        throw gone();
      case "lost-reply":
        await carryOut(null);
        throw gone();
      case "duplicated-call":
        await carryOut(null);
        return carryOut(null);
      case "delay":
        await wait();
        return carryOut(null);
      default:
        return carryOut(fault.type);
    }
  }

  return {
    happened,
    read: (wanted) =>
      strike((type) => {
        if (type === "stale-read") return readStale(wanted);
        return type === "torn-batch" ? readTorn(wanted) : readAll(wanted);
      }),
    commit: (changeset) =>
      strike(async (type) => {
        if (type !== null) await wait();
        return store.commit(changeset);
      }),
    changes: (after, options) => store.changes(after, options),
    count: (kind) => store.count(kind),
    ...(store.countWithin === undefined ? {} : { countWithin: store.countWithin.bind(store) }),
    ...(store.feedBounds === undefined ? {} : { feedBounds: store.feedBounds.bind(store) }),
    ...(store.trim === undefined ? {} : { trim: store.trim.bind(store) }),
    close: () => store.close(),
  };
}

function gone(): StoreError {
  return new StoreError("connection-lost", "a fault that was planned: do it again");
}

async function waitTurns(): Promise<void> {
  for (let turns = 0; turns < DELAY_TURNS; turns++) await turn();
}
