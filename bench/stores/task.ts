export const STORE_NAMES = ["memory", "sqlite", "postgres", "redis"] as const;

export type StoreName = (typeof STORE_NAMES)[number];

/** Where a store is, as a process is told on its command line. */
export type Place =
  | { readonly name: "memory" }
  | { readonly name: "sqlite"; readonly path: string }
  | { readonly name: "postgres"; readonly connectionString: string; readonly schema: string }
  | { readonly name: "redis"; readonly url: string; readonly prefix: string };

/** How fragments come: every one of another person as far as the simulator goes, or all of the same few people. */
export const INPUTS = ["shuffled", "hot"] as const;

export type Input = (typeof INPUTS)[number];

/** What one process measures. */
export interface Task {
  readonly phase: "ingest" | "lookup" | "bare";
  readonly place: Place;
  readonly input: Input;
  readonly fragments: number;
  /** Fragments of this process: every `of`-th from `part` on. */
  readonly part: number;
  readonly of: number;
  readonly batch: number;
  readonly lookups: number;
  readonly seed: number;
}

export type Figures = Readonly<Record<string, number>>;
