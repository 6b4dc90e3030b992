import { createInterface } from "node:readline/promises";
import { UsageError } from "./failure.js";

/** Asks whoever sits there; where nobody does, `--yes` must have been given. */
export async function confirm(question: string, isYes: boolean): Promise<boolean> {
  if (isYes) return true;
  if (!process.stdin.isTTY) throw new UsageError("nobody is there to ask: give --yes to go ahead");
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}
