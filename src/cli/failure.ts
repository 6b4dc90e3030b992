import { LeadweaveError } from "../engine/error.js";
import { ReaderError } from "../readers/index.js";
import { StoreError } from "../stores/error.js";

/** The command line makes no sense: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The input cannot be worked with: exit code 1. The message says which file, which line, what was expected. */
export class InputError extends Error {
  override readonly name = "InputError";
}

export interface Failure {
  readonly exitCode: 1 | 2;
  readonly message: string;
}

/** Failures that people can mend, in a sentence; null for faults of the program, which keep their stack trace. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof UsageError) return { exitCode: 2, message: error.message };
  if (error instanceof InputError || error instanceof ReaderError)
    return { exitCode: 1, message: error.message };
  if (error instanceof StoreError) return { exitCode: 1, message: storeMessage(error) };
  if (error instanceof LeadweaveError) return { exitCode: 1, message: engineMessage(error) };
  if (error instanceof Error && error.name === "CLIError") return { exitCode: 2, message: error.message };
  return null;
}

function storeMessage(error: StoreError): string {
  const { code } = error;
  const message = error.message
    .replace(", or open it with readOnly", "")
    .replace(
      " for longer than busyTimeoutMs: do the same again, or allow more time",
      " for too long: do the same again",
    );
  return code === "failed" && message.includes("the cause")
    ? `${message} (LEADWEAVE_DEBUG=1 shows it)`
    : message;
}

/** What the library tells programmers, in terms of the command line. */
function engineMessage({ code, message, cause }: LeadweaveError): string {
  switch (code) {
    case "store-failed":
      return cause instanceof StoreError
        ? storeMessage(cause)
        : `${message} (LEADWEAVE_DEBUG=1 shows the cause)`;
    case "pepper-mismatch":
      return "the store was begun with another pepper, or with none: give the one that it has by --pepper-file or LEADWEAVE_PEPPER";
    case "contended":
      return `${message}: try again when others write less`;
    case "population-exceeded":
      return `${message.replace(/: adapt it.*$/s, "")}: it would join strangers. leadweave backup --portable --out all.ndjson, then leadweave restore all.ndjson --store NEW --population N`;
    default:
      return message;
  }
}
