// One measurement in a process of its own: prints its figures as one line of JSON. Started by `run.ts`.
import { calibrate } from "../calibrate.js";
import { measureIngest } from "./ingest.js";
import { Leads } from "./leads.js";
import { type ModelName, modelFor } from "./models.js";
import { measureParts } from "./parts.js";

/** What is measured together. */
export type Phase = "ingest" | "parts";

export interface Task {
  readonly phase: Phase;
  readonly model: ModelName;
  readonly fragments: number;
  readonly lookups: number;
  readonly seed: number;
}

const { phase, model, fragments, lookups, seed } = JSON.parse(process.argv[2] ?? "{}") as Task;
const calibrationMs = calibrate();
const leads = new Leads(fragments + lookups, seed);
const settings = modelFor(model, fragments);
const figures =
  phase === "ingest"
    ? await measureIngest(leads, fragments, lookups, settings)
    : measureParts(leads, fragments, settings);
process.stdout.write(`${JSON.stringify({ "calibration ms": calibrationMs, ...figures })}\n`);
