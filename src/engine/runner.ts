import type { Documents, Kind } from "../resolve/plan/documents.js";
import type { Kernel } from "../resolve/plan/kernel.js";
import type { View } from "../resolve/plan/view.js";

/**
 * Straight-line code over a view. It may run many times before it counts: on documents that are not all there yet, and again
 * whenever somebody else was faster. What it returns means something only where the view is not stopped.
 */
export type Plan<T> = (kernel: Kernel, view: View) => T;

/** Finds out ahead of a plan what it will want. */
export interface LookAhead {
  /** What is missing in the view afterwards is read before it is called again; where nothing is, the plan follows. */
  look(): void;
}

export interface RunOptions {
  /** Begun anew for each attempt. Nothing rests on what it alone has looked at. */
  readonly foresee?: (kernel: Kernel, view: View) => LookAhead;
  /** A plan that only reads: what it wrote into the view is thrown away. */
  readonly isReading?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly maxRetries?: number;
}

/** What a plan came to, and what it took. */
export interface Ran<T> {
  readonly value: T;
  /** Times that the store was asked for documents in the attempt that counted. */
  readonly rounds: number;
  /** Attempts that came to nothing because somebody else was faster. */
  readonly retries: number;
}

export interface Scanned<K extends Kind> {
  readonly id: string;
  readonly doc: Documents[K];
}

/** Carries plans out on one store. */
export interface Runner {
  /** Documents are there when they are asked for: nothing is gained by asking ahead. */
  readonly isImmediate: boolean;
  /** Null when others kept getting in between for all retries: then nothing has changed. */
  run<T>(plan: Plan<T>, options?: RunOptions): Promise<Ran<T> | null>;
  /** Documents of a kind, in pages; those written meanwhile may be there or not. */
  scan<K extends Kind>(kind: K, signal?: AbortSignal): AsyncIterable<readonly Scanned<K>[]>;
}
