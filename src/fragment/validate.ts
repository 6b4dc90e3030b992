import type { Assertion, Fragment, FragmentInput, Removal } from "./fragment.js";
import { instantOf } from "./instant.js";

/** One thing wrong with an input: where, what was wanted, what stood there (its shape, never its value). */
export interface Fault {
  /** Dotted path from the root of the input, such as `identifiers[2].value`; empty for the input itself. */
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

export type Validated<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Most identifiers of one fragment: more is not a person's form but a mailing list. */
export const MAX_FRAGMENT_IDENTIFIERS = 32;
const MAX_NAME_LENGTH = 1024;
const MAX_VALUE_LENGTH = 65_536;

/** Says what stood there without saying what it was: values may be personal data. */
export function describeShape(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "string")
    return value === "" ? "an empty string" : `a string of ${value.length} characters`;
  if (typeof value === "number") return Number.isFinite(value) ? "a number" : String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

class Faults {
  readonly list: Fault[] = [];

  add(path: string, expected: string, value: unknown): void {
    this.list.push({ path, expected, received: describeShape(value) });
  }

  name(path: string, value: unknown): void {
    if (typeof value !== "string" || value === "" || value.length > MAX_NAME_LENGTH) {
      this.add(path, `a string of 1 to ${MAX_NAME_LENGTH} characters`, value);
    }
  }

  version(path: string, value: unknown): void {
    if (value !== undefined && !(Number.isSafeInteger(value) && (value as number) >= 0)) {
      this.add(path, "a safe integer of at least 0", value);
    }
  }

  known(path: string, value: Readonly<Record<string, unknown>>, members: readonly string[]): void {
    for (const name of Object.keys(value)) {
      if (!members.includes(name))
        this.add(path === "" ? name : `${path}.${name}`, `one of ${members.join(", ")}`, value[name]);
    }
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  return (
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value)) ||
    (typeof value === "string" && value.length <= MAX_VALUE_LENGTH)
  );
}

const SCALAR = `a string of at most ${MAX_VALUE_LENGTH} characters, a finite number or a boolean`;

function checkMap(
  faults: Faults,
  path: string,
  value: unknown,
  expected: string,
  fits: (entry: unknown) => boolean,
): void {
  if (value === undefined) return;
  if (!isPlainObject(value)) {
    faults.add(path, "an object", value);
    return;
  }
  for (const [name, entry] of Object.entries(value)) {
    if (!fits(entry)) faults.add(`${path}.${name}`, expected, entry);
  }
}

function checkEvent(faults: Faults, event: unknown): void {
  if (event === undefined || typeof event === "string") {
    if (event !== undefined) faults.name("event", event);
    return;
  }
  if (!isPlainObject(event)) {
    faults.add("event", "a string or { namespace, name }", event);
    return;
  }
  faults.name("event.namespace", event.namespace);
  faults.name("event.name", event.name);
  faults.known("event", event, ["namespace", "name"]);
}

function checkIdentifiers(faults: Faults, identifiers: unknown): void {
  if (identifiers === undefined) return;
  if (!Array.isArray(identifiers)) {
    faults.add("identifiers", "an array", identifiers);
    return;
  }
  if (identifiers.length > MAX_FRAGMENT_IDENTIFIERS) {
    faults.add("identifiers", `at most ${MAX_FRAGMENT_IDENTIFIERS} identifiers`, identifiers);
  }
  identifiers.forEach((identifier: unknown, index) => {
    const path = `identifiers[${index}]`;
    if (!isPlainObject(identifier)) {
      faults.add(path, "an object { type, value }", identifier);
      return;
    }
    faults.name(`${path}.type`, identifier.type);
    if (typeof identifier.value !== "string" || identifier.value.length > MAX_VALUE_LENGTH) {
      faults.add(`${path}.value`, `a string of at most ${MAX_VALUE_LENGTH} characters`, identifier.value);
    }
    const confidence = identifier.confidence;
    if (confidence !== undefined && !(typeof confidence === "number" && confidence > 0 && confidence <= 1)) {
      faults.add(`${path}.confidence`, "a number above 0, at most 1", confidence);
    }
    if (identifier.scope !== undefined) faults.name(`${path}.scope`, identifier.scope);
    if (identifier.region !== undefined) faults.name(`${path}.region`, identifier.region);
    faults.known(path, identifier, ["type", "value", "confidence", "scope", "region"]);
  });
}

const FRAGMENT_MEMBERS = [
  "source",
  "id",
  "version",
  "kind",
  "observedAt",
  "event",
  "identifiers",
  "signals",
  "attributes",
  "consent",
] as const;

/**
 * Checks an input of unknown shape and reports every fault it has, not only the first. A valid fragment is returned as
 * given: normalising is a later step, and the content that is kept is the caller's own.
 */
export function validateFragment(input: unknown): Validated<FragmentInput> {
  const faults = new Faults();
  if (!isPlainObject(input)) {
    faults.add("", "a fragment object", input);
    return { ok: false, faults: faults.list };
  }
  faults.name("source", input.source);
  faults.name("id", input.id);
  faults.version("version", input.version);
  if (input.gone !== undefined) {
    if (input.gone !== true) faults.add("gone", "true, or no such member", input.gone);
    faults.known("", input, ["source", "id", "version", "gone"]);
    return faults.list.length > 0
      ? { ok: false, faults: faults.list }
      : { ok: true, value: input as unknown as Removal };
  }
  faults.name("kind", input.kind);
  const at = input.observedAt;
  if (at !== undefined && at !== null) {
    const readable = (typeof at === "string" || typeof at === "number") && instantOf(at) !== null;
    if (!readable) faults.add("observedAt", "an ISO 8601 time, epoch milliseconds, or null", at);
  }
  checkEvent(faults, input.event);
  checkIdentifiers(faults, input.identifiers);
  checkMap(faults, "signals", input.signals, SCALAR, isScalar);
  checkMap(faults, "attributes", input.attributes, `${SCALAR}, or an array of these`, (entry) =>
    Array.isArray(entry) ? entry.every(isScalar) : isScalar(entry),
  );
  checkMap(faults, "consent", input.consent, "true or false", (entry) => typeof entry === "boolean");
  faults.known("", input, FRAGMENT_MEMBERS);
  return faults.list.length > 0
    ? { ok: false, faults: faults.list }
    : { ok: true, value: input as unknown as Fragment };
}

/** Checks an assertion of unknown shape; see {@link validateFragment}. */
export function validateAssertion(input: unknown): Validated<Assertion> {
  const faults = new Faults();
  if (!isPlainObject(input)) {
    faults.add("", "an assertion object", input);
    return { ok: false, faults: faults.list };
  }
  if (input.type !== "same" && input.type !== "different")
    faults.add("type", `"same" or "different"`, input.type);
  for (const side of ["a", "b"] as const) {
    const ref = input[side];
    if (!isPlainObject(ref)) faults.add(side, "{ source, id }", ref);
    else {
      faults.name(`${side}.source`, ref.source);
      faults.name(`${side}.id`, ref.id);
      faults.known(side, ref, ["source", "id"]);
    }
  }
  faults.version("version", input.version);
  if (input.retracted !== undefined && typeof input.retracted !== "boolean") {
    faults.add("retracted", "true or false", input.retracted);
  }
  faults.known("", input, ["type", "a", "b", "version", "retracted"]);
  return faults.list.length > 0
    ? { ok: false, faults: faults.list }
    : { ok: true, value: input as unknown as Assertion };
}
