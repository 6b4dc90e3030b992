import type { Fragment, Identifier, Scalar } from "../fragment/fragment.js";
import { instantOf } from "../fragment/instant.js";
import { type CompiledModel, type CompiledSource, identifierSettings } from "../model/compile.js";
import type { IdentifierType } from "../model/model.js";
import {
  cleanText,
  impliedEmailDigests,
  impliedPhoneDigests,
  normalizeClickId,
  normalizeDigest,
  normalizeEmail,
  normalizePartialEmail,
} from "../normalize/index.js";
import type { KeyTable } from "./keys.js";
import { createFieldNormalizers, type FieldNormalizers } from "./normalizers.js";
import type { Claim, ImpliedKey, Key, Observation } from "./observation.js";

/** Reasons why identifiers did not become keys, with how often, as `type: reason`. */
export type RefusalCounts = Map<string, number>;

export interface Observer {
  observe(fragment: Fragment): Observation;
  readonly refusals: RefusalCounts;
  readonly normalizers: FieldNormalizers;
}

/** Digests remembered: each e-mail implies about a dozen, and people come back. */
const DIGEST_CACHE_SIZE = 20_000;

/** Makes the function that brings fragments into normal form under one model. */
export function createObserver(compiled: CompiledModel, table: KeyTable): Observer {
  const { model } = compiled;
  const normalizers = createFieldNormalizers(model);
  const refusals: RefusalCounts = new Map();
  const typedKinds = new Set(model.typedKinds);
  let impliedCache = new Map<Key, readonly ImpliedKey[]>();

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
        const text = cleanText(value);
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

  function impliedBy(key: Key): readonly ImpliedKey[] {
    const types = compiled.digestTypes.get(key.type);
    if (types === undefined) return [];
    let implied = impliedCache.get(key);
    if (implied === undefined) {
      const { algorithms, emailRules } = model.digests;
      const digests =
        model.identifiers[key.type]?.normalizer === "email"
          ? impliedEmailDigests(key.value, algorithms, emailRules)
          : impliedPhoneDigests(key.value, algorithms);
      implied = types.flatMap((type) =>
        digests.map(({ algorithm, hex }) => ({ key: table.intern(type, `${algorithm}:${hex}`), by: key })),
      );
      if (impliedCache.size >= DIGEST_CACHE_SIZE) impliedCache = new Map();
      impliedCache.set(key, implied);
    }
    return implied;
  }

  function observe(fragment: Fragment): Observation {
    const source = model.sources[fragment.source];
    const region = source?.region ?? model.phone.defaultRegion;
    const keys: Key[] = [];
    const claims: Claim[] = [];
    for (const identifier of fragment.identifiers ?? []) {
      if (!Object.hasOwn(model.identifiers, identifier.type)) {
        refuse(identifier.type, "unknown type");
        continue;
      }
      const settings = identifierSettings(model, identifier.type);
      const form = normalForm(identifier, settings, identifier.region ?? region);
      if (form === null) continue;
      const scope = settings.scopedBySource === true ? (identifier.scope ?? fragment.source) : "";
      const key = table.intern(form[0], form[1], scope);
      const confidence = identifier.confidence ?? 1;
      if (confidence < settings.deterministicAt) claims.push({ key, confidence });
      else if (!keys.includes(key)) keys.push(key);
    }
    return {
      fragment,
      atMs: instantOf(fragment.observedAt),
      event: eventName(fragment),
      untrusted: source?.untrusted === true,
      typed: typedKinds.has(fragment.kind),
      keys,
      implied: keys.flatMap(impliedBy),
      claims,
      fields: compiled.fields.map(({ observed }) => observedValues(observed, fragment, region)),
    };
  }

  function observedValues(
    sources: readonly CompiledSource[],
    fragment: Fragment,
    region: string,
  ): readonly string[] | undefined {
    let values: string[] | undefined;
    for (const source of sources) {
      for (const raw of rawValues(fragment, source)) {
        const value = normalizers.normalize(source.normalizer, raw, region);
        if (value === null || values?.includes(value)) continue;
        if (values === undefined) values = [value];
        else values.push(value);
      }
    }
    return values;
  }

  return { observe, refusals, normalizers };
}

const NOTHING: readonly Scalar[] = [];

function rawValues(fragment: Fragment, { origin, name }: CompiledSource): readonly Scalar[] {
  switch (origin) {
    case "kind":
      return [fragment.kind];
    case "source":
      return [fragment.source];
    case "signal": {
      const value = fragment.signals?.[name];
      return value === undefined ? NOTHING : [value];
    }
    case "attribute": {
      const value = fragment.attributes?.[name];
      if (value === undefined) return NOTHING;
      return Array.isArray(value) ? value : [value as Scalar];
    }
    case "identifier":
      return (fragment.identifiers ?? []).filter(({ type }) => type === name).map(({ value }) => value);
  }
}

/** Injective: a shared namespace, a name inside a source, and a fragment alone can never spell the same. */
function eventName(fragment: Fragment): string {
  const { event } = fragment;
  if (event === undefined) return JSON.stringify(["fragment", fragment.source, fragment.id]);
  if (typeof event === "string") return JSON.stringify(["source", fragment.source, event]);
  return JSON.stringify(["shared", event.namespace, event.name]);
}
