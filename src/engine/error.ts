import { StoreError } from "../stores/error.js";

/** Why an operation failed as a whole. What becomes of single inputs are outcomes, never errors. */
export type LeadweaveErrorCode =
  /** The resolver was closed. */
  | "closed"
  /** What had to be read kept changing while it was read. */
  | "contended"
  /** The store was begun with another model, or with another pepper. */
  | "model-mismatch"
  | "pepper-mismatch"
  /** The store is the copy of another one whose pepper is being rotated, and not whole yet. */
  | "rotation-unfinished"
  /** The store that was to take over another one holds something already. */
  | "store-not-empty"
  /** The store holds many more strands than the model is for: it would join strangers. */
  | "population-exceeded"
  /** The store could not read or commit; `cause` says why. Whether a commit took effect is unknown: do it again. */
  | "store-failed"
  /** Documents of a store do not fit together although nobody is changing them. */
  | "store-inconsistent";

/** What the engine throws. Messages hold no personal data; decide by `code`. */
export class LeadweaveError extends Error {
  override readonly name = "LeadweaveError";
  readonly code: LeadweaveErrorCode;
  /** Doing the same again may succeed. */
  readonly retryable: boolean;

  constructor(code: LeadweaveErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable =
      code === "contended" ||
      (code === "store-failed" && (cause instanceof StoreError ? cause.retryable : true));
  }
}

/** What a store threw, as the engine passes it on: with its words where they are meant for whoever reads them. */
export function storeFailed(what: string, cause: unknown): LeadweaveError {
  const why = cause instanceof StoreError ? `: ${cause.message}` : "";
  return new LeadweaveError("store-failed", `the store could not ${what}${why}`, cause);
}
