/** Stores that the tests of the kit run over: `LEADWEAVE_STORES=sqlite,redis`, all of them by default. */
const CHOSEN = process.env.LEADWEAVE_STORES?.split(",").map((name) => name.trim());

/** Null where a store is chosen, else why its tests are skipped. */
export function notChosen(name: "memory" | "sqlite" | "postgres" | "pglite" | "redis"): string | null {
  return CHOSEN === undefined || CHOSEN.includes(name) ? null : `LEADWEAVE_STORES does not name ${name}`;
}

/** Says on the error stream why tests are skipped. */
export function announceSkip(what: string, reason: string | null): boolean {
  if (reason !== null) process.stderr.write(`skipped: ${what}: ${reason}\n`);
  return reason !== null;
}
