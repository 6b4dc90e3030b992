import { canonicalJson } from "../fragment/canonical.js";
import { forPopulation, type Model, populationOfRows } from "../model/index.js";
import type { Flags } from "./command.js";
import { InputError, UsageError } from "./failure.js";
import { adaptModel } from "./settings.js";

/** Options that say something of the model. */
const MODEL_OPTIONS = ["model", "population", "threshold", "region", "own-numbers"];

/**
 * The model for a store: the one that it remembers, and for a new store the one that the options say. What the options say of a store
 * that was begun must be what it remembers.
 *
 * @param base the model of the options before it is adapted
 */
export function modelForStore(
  base: Model,
  remembered: Model | null,
  rows: number,
  flags: Flags,
  name: string,
): Model {
  if (remembered === null) return modelOfNewStore(base, rows, flags);
  const given = MODEL_OPTIONS.filter((option) => flags.text(option) !== undefined);
  if (given.length === 0) return remembered;
  const isPopulationGiven = (flags.text("population") ?? "auto") !== "auto";
  const adapted = isPopulationGiven
    ? adaptModel(base, rows, flags)
    : adaptModel(forPopulation(base, remembered.population), rows, flags, "model");
  if (canonicalJson(adapted) === canonicalJson(remembered)) return remembered;
  const options = given.map((option) => `--${option}`).join(", ");
  throw new InputError(
    `${name} was begun with another model than ${options} say${given.length === 1 ? "s" : ""}, and keeps it: ` +
      "leave out what concerns the model, or begin another store",
  );
}

/**
 * A store grows: where a model is no stricter at its own population than at that of the rows, it has the same weights and more room.
 */
function modelOfNewStore(base: Model, rows: number, flags: Flags): Model {
  const isAuto = (flags.text("population") ?? "auto") === "auto";
  if (isAuto && base.prior.type === "candidate" && populationOfRows(rows) < base.population)
    return adaptModel(base, rows, flags, "model");
  return adaptModel(base, rows, flags);
}

/** `--engine` says how a file is resolved that is kept nowhere. */
export function checkStoreFlags(flags: Flags): void {
  if (flags.text("engine") !== undefined)
    throw new UsageError("--engine is for resolving without a store: leave it out with --store");
}

/** What concerns a store means nothing without one, and was surely meant to. */
export function checkNoStoreFlags(flags: Flags): void {
  for (const option of ["schema", "tenant", "pepper-file"])
    if (flags.text(option) !== undefined) throw new UsageError(`--${option} needs --store ADDRESS`);
}
