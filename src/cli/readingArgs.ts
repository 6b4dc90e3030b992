import type { ArgsDef } from "citty";

/** Options of every command that reads leads and resolves them. */
export const READING_ARGS = {
  fields: {
    type: "string",
    valueHint: "FILE",
    description: 'JSON that renames or drops columns: {"given_name": "first_name", "notes": null}',
  },
  source: {
    type: "string",
    valueHint: "NAME",
    description: "Source of rows that name none (default: the file's name without extension)",
  },
  region: {
    type: "string",
    valueHint: "XX",
    description: "Region of national phone numbers, such as US or GB (default: the model's)",
  },
  tz: {
    type: "string",
    valueHint: "ZONE",
    description: "Time zone of times without offset, such as America/New_York (default UTC)",
  },
  "own-numbers": {
    type: "string",
    valueHint: "FILE",
    description: "Phone numbers of your own, one a line: they identify nobody",
  },
  model: {
    type: "string",
    valueHint: "FILE",
    description: "Model as JSON (default: the built-in model for call tracking)",
  },
  population: {
    type: "string",
    valueHint: "N|auto|model",
    description:
      "Strands the prior is for: a number, the rows rounded up to a power of 4 (auto, default), or as the model says",
  },
  threshold: {
    type: "string",
    valueHint: "BITS",
    description: "Bits from which strands are joined (default: the model's)",
  },
  assertions: {
    type: "string",
    valueHint: "FILE",
    description: 'NDJSON of what people said: {"type": "same"|"different", "a": {"source", "id"}, "b": {…}}',
  },
  strict: { type: "boolean", description: "Stop with exit code 1 at the first rejected row" },
  quiet: { type: "boolean", alias: "q", description: "No progress and no notes on standard error" },
} as const satisfies ArgsDef;
