import type { Fault } from "../fragment/validate.js";
import type { DeclaredNames } from "./declaredNames.js";
import {
  addFault,
  type Check,
  distinctNames,
  expect,
  isPlainObject,
  listOf,
  nameOf,
  objectOf,
  text,
  wholeNumber,
} from "./expected.js";
import {
  type LastingBlock,
  MAX_TIME_LOCAL_BLOCKS,
  MAX_TIME_LOCAL_LEVELS,
  type Model,
  type TimeLocalBlock,
  type TimeLocalLevel,
  type TimeLocalSide,
} from "./model.js";

const DEFAULT_FULL_AT = 8;

function atMost(limit: number, what: string): Check {
  return expect(`at most ${limit} ${what}`, (value) => !Array.isArray(value) || value.length <= limit);
}

/** The checks of `blocks`. */
export function createBlocksCheck(names: DeclaredNames): Check {
  const fields = listOf(nameOf("fields", names.fields), 1);
  const lasting = listOf(objectOf<LastingBlock>({ name: text, fields }, {}));
  const side = objectOf<TimeLocalSide>(
    // A key's value has no time of its own, so that a block over it would be empty without a word.
    {
      fields: listOf(
        nameOf("fields that are read from fragments and not from identifiers", names.observedFields),
        1,
      ),
    },
    { kinds: listOf(text, 1), unless: listOf(nameOf("identifier types", names.identifierTypes)) },
  );
  const level = objectOf<TimeLocalLevel>(
    { name: text, maxGapBins: wholeNumber(0), maxCrowd: wholeNumber(1) },
    {},
  );
  const timeLocal = objectOf<TimeLocalBlock>(
    {
      name: text,
      first: side,
      slotMs: wholeNumber(1),
      binMs: wholeNumber(1),
      levels: both(listOf(level, 1), atMost(MAX_TIME_LOCAL_LEVELS, "levels"), distinctNames),
    },
    { second: side, fullAt: wholeNumber(2) },
  );
  return objectOf<Model["blocks"]>(
    {
      lasting: both(lasting, distinctNames),
      timeLocal: both(
        listOf(both(timeLocal, checkSlots)),
        atMost(MAX_TIME_LOCAL_BLOCKS, "time-local blocks"),
        distinctNames,
      ),
    },
    {},
  );
}

function both(...checks: readonly Check[]): Check {
  return (value, path, faults) => {
    for (const check of checks) check(value, path, faults);
  };
}

/** What the numbers of a time-local block must be to one another. */
function checkSlots(block: unknown, path: string, faults: Fault[]): void {
  if (!isPlainObject(block)) return;
  const { slotMs, binMs, fullAt = DEFAULT_FULL_AT } = block;
  if (typeof slotMs === "number" && typeof binMs === "number" && !Number.isInteger(slotMs / binMs)) {
    addFault(faults, `${path}.slotMs`, "a multiple of binMs", slotMs);
  }
  const levels = Array.from(Array.isArray(block.levels) ? block.levels : [], boundsOf);
  levels.forEach((level, index) => {
    if (level === null) return;
    const at = `${path}.levels[${index}]`;
    if (typeof slotMs === "number" && typeof binMs === "number" && level.maxGapBins * binMs > slotMs) {
      addFault(
        faults,
        `${at}.maxGapBins`,
        "at most slotMs / binMs: longer gaps are not always seen",
        level.maxGapBins,
      );
    }
    const hiding = levels
      .slice(0, index)
      .find((earlier) => earlier !== null && hides(earlier, level, fullAt));
    if (hiding)
      addFault(faults, at, `a level that ${JSON.stringify(hiding.name)} before it leaves pairs to`, block);
  });
}

function boundsOf(level: unknown): TimeLocalLevel | null {
  return isPlainObject(level) &&
    typeof level.name === "string" &&
    typeof level.maxGapBins === "number" &&
    typeof level.maxCrowd === "number"
    ? { name: level.name, maxGapBins: level.maxGapBins, maxCrowd: level.maxCrowd }
    : null;
}

/** Whether every pair at `later` is at `earlier` already. Crowds of `fullAt` never come to a level. */
function hides(earlier: TimeLocalLevel, later: TimeLocalLevel, fullAt: unknown): boolean {
  const largest = typeof fullAt === "number" && fullAt >= 2 ? fullAt - 1 : Number.POSITIVE_INFINITY;
  return (
    earlier.maxGapBins >= later.maxGapBins &&
    Math.min(earlier.maxCrowd, largest) >= Math.min(later.maxCrowd, largest)
  );
}
