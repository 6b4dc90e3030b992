import type { Fragment, Identifier, Scalar } from "../fragment/fragment.js";
import { instantOf } from "../fragment/instant.js";
import { quoted } from "../fragment/quoted.js";
import { type CompiledModel, type CompiledSource, identifierSettings } from "../model/compile.js";
import type { IdentifierType } from "../model/model.js";
import {
  impliedPhoneDigests,
  normalizeClickId,
  normalizeDigest,
  normalizeEmail,
  normalizeOpaqueId,
  normalizePartialEmail,
} from "../normalize/index.js";
import type { KeyTable } from "./keys.js";
import { createFieldNormalizers, type FieldNormalizers } from "./normalizers.js";
import { type Claim, type Key, NONE, type Observation } from "./observation.js";
import { mergeValues } from "./values.js";

/** Reasons why identifiers did not become keys, with how often, as `type: reason`. */
export type RefusalCounts = Map<string, number>;

export interface Observer {
  observe(fragment: Fragment): Observation;
  readonly refusals: RefusalCounts;
  readonly normalizers: FieldNormalizers;
}

type FieldReader = Pick<CompiledSource, "origin" | "name"> & {
  readonly read: ReturnType<FieldNormalizers["reader"]>;
};

/**
 * Makes the function that brings fragments into normal form under one model.
 *
 * @param remembered values that each normaliser remembers; those who stay for long need fewer than those who read a file
 */
export function createObserver(compiled: CompiledModel, table: KeyTable, remembered?: number): Observer {
  const { model } = compiled;
  const normalizers = createFieldNormalizers(model, remembered);
  const refusals: RefusalCounts = new Map();
  const types = new Map(
    Object.keys(model.identifiers).map((type) => [type, identifierSettings(model, type)]),
  );
  const blockedDigests = digestsOfBlockedNumbers(compiled, normalizers);
  const typedKinds = new Set(model.typedKinds);
  const readers = compiled.fields.map(({ index, observed }) => ({
    index,
    sources: observed.map(
      ({ origin, name, normalizer }): FieldReader => ({ origin, name, read: normalizers.reader(normalizer) }),
    ),
  }));

  function refuse(type: string, reason: string): void {
    const name = `${type}: ${reason}`;
    refusals.set(name, (refusals.get(name) ?? 0) + 1);
  }

  /** The normal form of an identifier as `(type, value)`; null when it is refused, which is counted. */
  function normalForm(
    identifier: Identifier,
    settings: IdentifierType,
    region: string,
  ): readonly [string, string] | null {
    const { type, value } = identifier;
    switch (settings.normalizer) {
      case "email": {
        const email = normalizeEmail(value);
        if (email !== null) return [type, email];
        // Feeds put digests into e-mail columns; what looks like one is one.
        const digest = digestForm(type, value);
        if (digest !== null) return digest;
        refuse(type, normalizePartialEmail(value) === null ? "placeholder or invalid" : "incomplete");
        return null;
      }
      case "phone": {
        const phone = normalizers.phone.normalize(value, region);
        if ("e164" in phone) return [type, phone.e164];
        const digest = digestForm(type, value);
        if (digest !== null) return digest;
        refuse(type, "partial" in phone ? "incomplete" : phone.refused);
        return null;
      }
      case "digest": {
        const digest = normalizeDigest(value);
        if (digest !== null) return [type, `${digest.algorithm}:${digest.hex}`];
        refuse(type, "placeholder or invalid");
        return null;
      }
      case "click-id": {
        const click = normalizeClickId(type, value);
        if (click !== null) return [type, click.value];
        refuse(type, "placeholder or invalid");
        return null;
      }
      case "opaque": {
        const text = normalizeOpaqueId(value);
        if (text !== null) return [type, text];
        refuse(type, "placeholder or invalid");
        return null;
      }
    }
  }

  function digestForm(plainType: string, value: string): readonly [string, string] | null {
    const digest = normalizeDigest(value);
    const type = compiled.digestTypes.get(plainType)?.[0];
    return digest === null || type === undefined ? null : [type, `${digest.algorithm}:${digest.hex}`];
  }

  function observe(fragment: Fragment): Observation {
    const source = model.sources[fragment.source];
    const region = source?.region ?? model.phone.defaultRegion;
    let keys: Key[] | undefined;
    let claims: Claim[] | undefined;
    for (const identifier of fragment.identifiers ?? NONE) {
      const settings = types.get(identifier.type);
      if (settings === undefined) {
        refuse(identifier.type, "unknown type");
        continue;
      }
      const form = normalForm(identifier, settings, identifier.region ?? region);
      if (form === null) continue;
      const scope = settings.scopedBySource === true ? (identifier.scope ?? fragment.source) : "";
      if (blockedDigests.has(form[1])) {
        refuse(form[0], "own");
        continue;
      }
      const key = table.intern(form[0], form[1], scope);
      const confidence = identifier.confidence ?? 1;
      if (confidence < settings.deterministicAt) {
        claims ??= [];
        claims.push({ key, confidence });
      } else if (keys === undefined) keys = [key];
      else if (!keys.includes(key)) keys.push(key);
    }
    const fields: (readonly string[] | undefined)[] = new Array(compiled.fields.length);
    for (const { index, sources } of readers) fields[index] = observedValues(sources, fragment, region);
    return {
      fragment,
      atMs: instantOf(fragment.observedAt),
      event: eventName(fragment),
      untrusted: source?.untrusted === true,
      typed: typedKinds.has(fragment.kind),
      keys: keys ?? NONE,
      claims: claims ?? NONE,
      fields,
    };
  }

  function observedValues(
    sources: readonly FieldReader[],
    fragment: Fragment,
    region: string,
  ): readonly string[] | undefined {
    let values: readonly string[] | undefined;
    for (const { origin, name, read } of sources) {
      const raw = rawValue(fragment, origin, name);
      if (raw === undefined) continue;
      if (Array.isArray(raw)) {
        for (const one of raw) values = mergeValues(values, read(one, region));
      } else values = mergeValues(values, read(raw, region));
    }
    return values;
  }

  return { observe, refusals, normalizers };
}

function rawValue(
  fragment: Fragment,
  origin: CompiledSource["origin"],
  name: string,
): Scalar | readonly Scalar[] | undefined {
  switch (origin) {
    case "signal":
      return fragment.signals?.[name];
    case "attribute":
      return fragment.attributes?.[name];
    case "identifier":
      return fragment.identifiers?.filter(({ type }) => type === name).map(({ value }) => value);
    case "kind":
      return fragment.kind;
    case "source":
      return fragment.source;
  }
}

/** A blocked value blocks its digests: nobody is the owner of the account's own number, however it is written. */
function digestsOfBlockedNumbers({ model }: CompiledModel, { phone }: FieldNormalizers): ReadonlySet<string> {
  const digests = new Set<string>();
  for (const number of [...model.phone.ownNumbers, ...model.phone.blocked]) {
    const e164 = phone.dialled(number);
    if (e164 === null) continue;
    for (const { algorithm, hex } of impliedPhoneDigests(e164, model.digests.algorithms))
      digests.add(`${algorithm}:${hex}`);
  }
  return digests;
}

/** Injective: a shared namespace, a name inside a source, and a fragment alone can never spell the same. */
export function eventName(fragment: Fragment): string {
  const { event } = fragment;
  if (event === undefined) return `["fragment",${quoted(fragment.source)},${quoted(fragment.id)}]`;
  if (typeof event === "string") return `["source",${quoted(fragment.source)},${quoted(event)}]`;
  return `["shared",${quoted(event.namespace)},${quoted(event.name)}]`;
}

/** Whether a fragment names no event, and so is one by itself. */
export function isOwnEvent(fragment: Fragment): boolean {
  return fragment.event === undefined;
}
