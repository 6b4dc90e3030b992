import type { Connection } from "./connection.js";
import { checkFormat, createTables, FORMAT, formatOf } from "./schema.js";

/** From one format to the next. */
export interface Step {
  /** The format that it makes of the one before. */
  readonly to: number;
  run(connection: Connection, prefix: string): void;
}

/** In their order, from format 1 on: there is but one so far. A step once released is never changed. */
const STEPS: readonly Step[] = [];

/**
 * Brings tables to the format of this release, or makes them: all steps in one transaction, so that a file has the format before or
 * the one after. Whoever comes second finds everything done.
 *
 * @returns the format before; null where there was none
 * @throws StoreError `format-newer`; `format-older` where no steps lead from it
 */
export function bringTables(
  connection: Connection,
  prefix: string,
  path: string,
  steps: readonly Step[] = STEPS,
  format: number = FORMAT,
): number | null {
  return connection.write(() => {
    const before = formatOf(connection, prefix);
    if (before === null) {
      createTables(connection, prefix);
      return null;
    }
    let at = before;
    for (const step of steps) {
      if (step.to !== at + 1) continue;
      step.run(connection, prefix);
      at = step.to;
    }
    checkFormat(at, path, format);
    if (at !== before) connection.driver.exec(`UPDATE ${prefix}state SET format = ${at}`);
    return before;
  });
}
