import { basename } from "node:path";
import type { FragmentInput } from "../fragment/fragment.js";
import {
  createRowParser,
  createValuesParser,
  type Row,
  type RowOptions,
  type RowResult,
  roleOfField,
} from "../fragment/row.js";
import { type Fault, MAX_FRAGMENT_IDENTIFIERS, validateFragment } from "../fragment/validate.js";
import type { RowInput } from "./input.js";
import { createFastInstantParser } from "./instant.js";
import type { RawBatch } from "./rawRow.js";
import { ReaderError } from "./readerError.js";
import { type ReadRowsOptions, readBatches, rowOf } from "./rows.js";

export interface ReadFragmentsOptions extends ReadRowsOptions {
  /** Source of rows that name none. Default: the file's name without folder and extensions; `stdin` for a stream. */
  readonly source?: string;
  /** Column → canonical column, or null to drop it: `{ "given_name": "first_name", "notes": null }`. */
  readonly fields?: Readonly<Record<string, string | null>>;
  /** IANA zone of times written without offset. Default UTC. */
  readonly timeZone?: string;
  /** ISO 3166 region of national phone numbers in these files. Default: that of the source or of the model. */
  readonly region?: string;
}

/** What one row became. */
export type ReadFragment =
  | {
      readonly type: "fragment";
      readonly fragment: FragmentInput;
      readonly file: string;
      readonly line: number;
    }
  | {
      readonly type: "rejected";
      readonly file: string;
      readonly line: number;
      /** Null where the row does not tell. */
      readonly recordId: string | null;
      readonly source: string;
      readonly faults: readonly Fault[];
      /** The row as it stood in the file, for whoever will mend it: personal data. */
      readonly raw: Row | string;
    };

/**
 * Reads files of leads as fragments, file by file and row by row, in bounded memory. Columns are those of
 * `knownColumns()`; any other becomes an attribute. A row may also be a whole fragment or removal in JSON (an object with
 * `identifiers`, `signals`, `attributes` or `gone`). A row that makes no valid fragment is yielded as rejected.
 *
 * @throws ReaderError where a file as a whole cannot be read
 * @throws TypeError for an unknown time zone
 */
export async function* readFragments(
  inputs: RowInput | readonly RowInput[],
  options: ReadFragmentsOptions = {},
): AsyncGenerator<ReadFragment> {
  const parseInstant = createFastInstantParser(options.timeZone);
  const files: readonly RowInput[] =
    typeof inputs === "string" || !Array.isArray(inputs) ? [inputs as RowInput] : inputs;
  const unused = new Set(Object.keys(options.fields ?? {}));
  for (const input of files) {
    const file = typeof input === "string" ? input : "-";
    const rowOptions: RowOptions = {
      source: options.source ?? stemOf(file),
      parseInstant,
      ...(options.fields === undefined ? {} : { fields: options.fields }),
      ...(options.region === undefined ? {} : { region: options.region }),
    };
    const interpret = createInterpreter(file, rowOptions, unused);
    for await (const batch of readBatches(input, options)) yield* interpret(batch);
  }
  for (const column of unused) {
    const file = files.map((input) => (typeof input === "string" ? input : "-")).join(", ");
    options.onNotice?.({
      code: "unused-field",
      file,
      message: `no file has the column "${column}" that fields names`,
    });
  }
}

/** File name without folder and extensions. */
function stemOf(file: string): string {
  if (file === "-") return "stdin";
  const name = basename(file);
  return name.replace(/(?<=.)(\.[A-Za-z]+)?(\.gz)?$/, "") || name;
}

function createInterpreter(
  file: string,
  options: RowOptions,
  unused: Set<string>,
): (batch: RawBatch) => Iterable<ReadFragment> {
  const parseRow = createRowParser(options);
  let columns: readonly string[] | undefined;
  let parseValues: ReturnType<typeof createValuesParser> | undefined;

  function learn(batch: RawBatch): void {
    columns = batch.columns;
    for (const column of columns) unused.delete(column);
    if (columns.length === 0) return;
    if (!columns.some((column) => roleOfField(column, options.fields) === "record_id")) {
      const count =
        columns.length === 1 ? "its only column is not" : `none of its ${columns.length} columns is`;
      const message = `${file}: ${count} record_id (or id), which names the rows; name it by fields, as in {"customer no": "record_id"}`;
      throw new ReaderError("no-record-id", file, message);
    }
    parseValues = createValuesParser(columns, options);
  }

  return function* (batch) {
    if (batch.columns !== columns) learn(batch);
    for (const raw of batch.rows) {
      const { line } = raw;
      if ("error" in raw) {
        const faults = [{ path: "", expected: raw.error.expected, received: raw.error.received }];
        yield { type: "rejected", file, line, recordId: null, source: options.source, faults, raw: raw.raw };
      } else if ("values" in raw && parseValues !== undefined) {
        const result = check(parseValues(raw.values));
        if (result.ok) yield { type: "fragment", fragment: result.fragment, file, line };
        else
          yield { type: "rejected", file, line, ...rejection(result), raw: rowOf(batch.columns, raw.values) };
      } else if ("row" in raw) {
        if (unused.size > 0) for (const column of Object.keys(raw.row)) unused.delete(column);
        const result = isWholeFragment(raw.row)
          ? checkWhole(raw.row, options.source)
          : check(parseRow(raw.row));
        if (result.ok) yield { type: "fragment", fragment: result.fragment, file, line };
        else yield { type: "rejected", file, line, ...rejection(result), raw: raw.row };
      }
    }
  };
}

type Checked = { readonly ok: true; readonly fragment: FragmentInput } | Extract<RowResult, { ok: false }>;

function rejection({ recordId, source, faults }: Extract<RowResult, { ok: false }>): {
  recordId: string | null;
  source: string;
  faults: readonly Fault[];
} {
  return { recordId, source, faults };
}

/** Rows can still be too long or too many-valued for a fragment. */
function check(result: RowResult): Checked {
  if (!result.ok || isPlainlyValid(result.fragment)) return result;
  const { fragment } = result;
  const validated = validateFragment(fragment);
  if (validated.ok) return result;
  return { ok: false, recordId: fragment.id, source: fragment.source, faults: validated.faults };
}

/** Shorter than any limit of the validator: what nearly every row is, found without looking at its members one by one. */
const SHORT = 1024;

function isPlainlyValid(fragment: Extract<RowResult, { ok: true }>["fragment"]): boolean {
  const { id, source, kind, event, identifiers, signals, attributes } = fragment;
  if (id.length > SHORT || source.length > SHORT || kind.length > SHORT) return false;
  if (event !== undefined && (typeof event === "string" ? event : event.name).length > SHORT) return false;
  if (identifiers !== undefined) {
    if (identifiers.length > MAX_FRAGMENT_IDENTIFIERS) return false;
    for (const { value } of identifiers) if (value.length > SHORT) return false;
  }
  for (const name in signals) if (isLong(signals[name])) return false;
  for (const name in attributes) if (isLong(attributes[name])) return false;
  return true;
}

function isLong(value: unknown): boolean {
  return typeof value === "string" ? value.length > SHORT : typeof value === "object";
}

function isWholeFragment(row: Row): boolean {
  const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
  return (
    row.gone === true || Array.isArray(row.identifiers) || isObject(row.signals) || isObject(row.attributes)
  );
}

function checkWhole(row: Row, source: string): Checked {
  const validated = validateFragment({ source, ...row });
  if (validated.ok) return { ok: true, fragment: validated.value };
  const { id, source: own } = row;
  return {
    ok: false,
    recordId: typeof id === "string" ? id : null,
    source: typeof own === "string" ? own : source,
    faults: validated.faults,
  };
}
