/** What one process of several is to do, as it is told on its command line. */
export interface Task {
  readonly store:
    | { readonly type: "sqlite"; readonly path: string }
    | { readonly type: "postgres"; readonly connectionString: string; readonly schema: string };
  readonly people: number;
  /** Of the simulated leads, the same for all. */
  readonly seed: number;
  /** Of the order in which this process delivers them. */
  readonly order: number;
  /** Place in the order where it begins: what it was told of before was acknowledged. */
  readonly from: number;
  readonly batch: number;
}

/** What it says of each batch: places in the order, and how often it had to begin again because the store was away. */
export interface Acknowledged {
  readonly from: number;
  readonly until: number;
  readonly again: number;
}
