import { ReaderError } from "../readers/index.js";

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
  if (error instanceof Error && error.name === "CLIError") return { exitCode: 2, message: error.message };
  return null;
}
