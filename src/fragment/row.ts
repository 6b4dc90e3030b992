import { isPlaceholder } from "../normalize/index.js";
import { type ColumnRole, roleOfColumn } from "./columns.js";
import type { Fragment, Identifier, Scalar } from "./fragment.js";
import { describeShape, type Fault } from "./validate.js";

/** A row of a file: column → text, or a plain JSON value where the format has types. */
export type Row = Readonly<Record<string, unknown>>;

export interface RowOptions {
  /** Source of rows that name none. */
  readonly source: string;
  /** Column → canonical column, or null to drop it. */
  readonly fields?: Readonly<Record<string, string | null>>;
  /** Region of national phone numbers in these rows. Default: that of the source or of the model. */
  readonly region?: string;
  /** Reads a time; null where it is none. Decides how a time without an offset is taken. */
  readonly parseInstant: (raw: unknown) => number | null;
}

export type RowResult =
  | { readonly ok: true; readonly fragment: Fragment }
  | {
      readonly ok: false;
      readonly recordId: string | null;
      readonly source: string;
      readonly faults: readonly Fault[];
    };

/** Kinds whose tracking number was dialled; on all others it was shown. */
export function isCallKind(kind: string): boolean {
  return kind === "call" || kind.startsWith("call_");
}

/**
 * The role of a column after renaming; null where it is dropped or has no name. A column that `fields` makes, say, the
 * record id leaves no other to be it: that one becomes an attribute under its own name.
 */
export function roleOfField(column: string, fields: RowOptions["fields"] = {}): ColumnRole | null {
  const renamed = Object.hasOwn(fields, column) ? fields[column] : undefined;
  if (renamed === null || column === "") return null;
  if (renamed !== undefined) return roleOfColumn(renamed);
  const role = roleOfColumn(column);
  const isTaken =
    typeof role === "string" &&
    Object.values(fields).some((other) => other !== null && roleOfColumn(other) === role);
  return isTaken ? { attribute: column } : role;
}

/** Makes the function that turns rows which name their own columns into fragments; the roles of columns are looked up once. */
export function createRowParser(options: RowOptions): (row: Row) => RowResult {
  const roles = new Map<string, ColumnRole | null>();
  return (row) => {
    const draft = newDraft();
    for (const [column, raw] of Object.entries(row)) {
      let role = roles.get(column);
      if (role === undefined) {
        role = roleOfField(column, options.fields);
        roles.set(column, role);
      }
      if (role !== null) put(draft, role, raw, options);
    }
    return finish(draft, options);
  };
}

/** Makes the function that turns lists of values, in the order of `columns`, into fragments: no object per row is needed. */
export function createValuesParser(
  columns: readonly string[],
  options: RowOptions,
): (values: readonly unknown[]) => RowResult {
  const roles = columns.map((column) => roleOfField(column, options.fields));
  return (values) => {
    const draft = newDraft();
    for (let index = 0; index < roles.length; index++) {
      const raw = values[index];
      const role = roles[index];
      if (raw !== "" && role !== null && role !== undefined) put(draft, role, raw, options);
    }
    return finish(draft, options);
  };
}

/** A fragment while its columns come in. Of several columns of one role the first that holds something counts. */
interface Draft {
  plain: { [role in Extract<ColumnRole, string>]?: unknown };
  identifiers: Identifier[];
  signals: Record<string, Scalar> | undefined;
  attributes: Record<string, Scalar | readonly Scalar[]> | undefined;
}

function newDraft(): Draft {
  return { plain: {}, identifiers: [], signals: undefined, attributes: undefined };
}

function put(draft: Draft, role: ColumnRole, raw: unknown, options: RowOptions): void {
  if (raw === null || raw === undefined || raw === "") return;
  if (typeof role === "string") draft.plain[role] ??= raw;
  else if ("identifier" in role) putIdentifier(draft.identifiers, role.identifier, raw, options);
  else if ("signal" in role) {
    const value = firstOf(raw);
    if (value === undefined) return;
    draft.signals ??= {};
    draft.signals[role.signal] ??= value;
  } else {
    const value = Array.isArray(raw) ? scalarsOf(raw) : firstOf(raw);
    if (value === undefined) return;
    draft.attributes ??= {};
    if (!Object.hasOwn(draft.attributes, role.attribute)) draft.attributes[role.attribute] = value;
  }
}

function putIdentifier(identifiers: Identifier[], type: string, raw: unknown, { region }: RowOptions): void {
  const values = typeof raw === "string" ? [raw] : scalarsOf(raw);
  for (const value of values) {
    const identifier = { type, value: String(value) };
    identifiers.push(region !== undefined && type === "phone" ? { ...identifier, region } : identifier);
  }
}

function finish(draft: Draft, options: RowOptions): RowResult {
  const { plain, identifiers, attributes } = draft;
  const id = textOf(plain.record_id);
  const source = textOf(plain.source) ?? options.source;
  const kind = textOf(plain.kind)?.toLowerCase() ?? "record";
  const faults: Fault[] = [];
  if (id === undefined)
    faults.push({
      path: "record_id",
      expected: "an id that is unique within the source",
      received: "nothing",
    });
  const versionText = textOf(plain.version);
  const version = versionText === undefined ? undefined : Number(versionText);
  if (version !== undefined && !(Number.isSafeInteger(version) && version >= 0)) {
    faults.push({
      path: "version",
      expected: "a whole number of at least 0",
      received: describeShape(plain.version),
    });
  }
  const time = plain.observed_at;
  const isTimed = time !== undefined && !(typeof time === "string" && isPlaceholder(time));
  const observedAt = isTimed ? options.parseInstant(typeof time === "bigint" ? String(time) : time) : null;
  if (isTimed && observedAt === null) {
    faults.push({
      path: "observed_at",
      expected: "a time from 1973 to 2199 such as 2026-01-05T05:46:27Z",
      received: describeShape(time),
    });
  }
  if (faults.length > 0 || id === undefined) return { ok: false, recordId: id ?? null, source, faults };

  let { signals } = draft;
  const number = textOf(plain.number);
  if (number !== undefined) {
    signals ??= {};
    signals[isCallKind(kind) ? "number_dialled" : "number_shown"] ??= number;
  }
  const call = textOf(plain.call_id);
  const event = call === undefined ? textOf(plain.event_id) : { namespace: "call", name: call };
  return {
    ok: true,
    fragment: {
      source,
      id,
      ...(version === undefined ? undefined : { version }),
      kind,
      observedAt,
      ...(event === undefined ? undefined : { event }),
      ...(identifiers.length === 0 ? undefined : { identifiers }),
      ...(signals === undefined ? undefined : { signals }),
      ...(attributes === undefined ? undefined : { attributes }),
    },
  };
}

/** Text of a value that is one thing, without blanks around it; undefined where nothing is left. */
function textOf(raw: unknown): string | undefined {
  if (raw === undefined) return undefined;
  const text = (typeof raw === "string" ? raw : String(firstOf(raw) ?? "")).trim();
  return text === "" ? undefined : text;
}

function firstOf(raw: unknown): Scalar | undefined {
  return typeof raw === "string" ? raw : scalarsOf(raw)[0];
}

/** Scalars as they are; lists member by member; times as ISO text; anything nested as its JSON text, so that nothing is lost. */
function scalarsOf(raw: unknown): Scalar[] {
  if (Array.isArray(raw)) return raw.flatMap(scalarsOf);
  if (typeof raw === "string" || typeof raw === "boolean") return [raw];
  if (typeof raw === "number") return Number.isFinite(raw) ? [raw] : [];
  if (typeof raw === "bigint") return [raw.toString()];
  if (raw instanceof Date) return Number.isNaN(raw.getTime()) ? [] : [raw.toISOString()];
  return raw === undefined || raw === null ? [] : [JSON.stringify(raw, bigintAsText)];
}

/** Parquet has 64-bit integers inside nested values, JSON has none. */
function bigintAsText(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
