import type { Store } from "../stores/store.js";

/** A store to be tested, with what belongs to it. */
export interface StoreFixture {
  /** Open and empty. The kit closes it. */
  readonly store: Store;
  /** Opens another store on the same data, as another process would; also after `store` was closed. The kit closes it. */
  readonly open?: () => Promise<Store>;
  /** Removes the data, after all stores were closed. */
  readonly remove?: () => Promise<void>;
}

/** Makes a fixture. Each call makes another one, on data of its own. */
export type StoreFactory = () => StoreFixture | Promise<StoreFixture>;

/** What a store can do beyond the contract, or cannot; each with what follows from it. */
export interface StoreCapabilities {
  /** Fixtures have `open`. Default true. Without it nothing is proved of two processes on one store, nor of durability. */
  readonly isShared?: boolean;
  /** The store has `countWithin`. Default false. Without it a tenant's documents are counted by reading them all. */
  readonly countsWithin?: boolean;
  /** The store has `feedBounds` and `trim`. Default false. Without them its feed grows for ever. */
  readonly trims?: boolean;
  /** A fixture takes long to make. Default false. Properties are tried on a fifth of the runs. */
  readonly isSlow?: boolean;
}

/** What a test of the kit works with. */
export interface Stage extends StoreFixture {
  /** Opens another store on the same data. */
  readonly open: () => Promise<Store>;
  /** For tests that need many stores: carries out `use` on a fixture of its own. */
  readonly withFixture: (use: (fixture: StoreFixture) => Promise<void>) => Promise<void>;
  /** Runs of a property. */
  readonly runs: number;
}

/** One test, named by the sentence of the contract that it proves. */
export interface StoreTest {
  readonly name: string;
  readonly needs?: "isShared" | "countsWithin" | "trims";
  readonly run: (stage: Stage) => Promise<void>;
}

/** Makes a fixture, uses it, and takes everything down again, also when it failed. */
export async function useFixture(
  factory: StoreFactory,
  use: (fixture: StoreFixture & Pick<Stage, "open">) => Promise<void>,
): Promise<void> {
  const fixture = await factory();
  const opened = [fixture.store];
  async function open(): Promise<Store> {
    if (fixture.open === undefined) throw new TypeError("the factory's fixtures have no `open`");
    const store = await fixture.open();
    opened.push(store);
    return store;
  }
  try {
    await use({ ...fixture, open });
  } finally {
    for (const store of opened) await store.close();
    await fixture.remove?.();
  }
}
