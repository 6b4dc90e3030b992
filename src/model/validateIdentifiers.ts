import type { Fault } from "../fragment/validate.js";
import type { DeclaredNames } from "./declaredNames.js";
import {
  addFault,
  type Check,
  expect,
  finite,
  flag,
  isPlainObject,
  mapOf,
  memberPath,
  nameOf,
  objectOf,
  oneOf,
  orNull,
  share,
  wholeNumber,
  wordsOf,
} from "./expected.js";
import type { IdentifierNormalizer, IdentifierType } from "./model.js";

const NORMALIZERS = wordsOf({
  email: true,
  phone: true,
  digest: true,
  opaque: true,
  "click-id": true,
} satisfies Record<IdentifierNormalizer, true>);

/** A colon parts the origin of a field's source from its name. */
const typeName = expect(
  "a name that is not empty and has no colon",
  (value) => typeof value === "string" && value !== "" && !value.includes(":"),
);

/** The checks of `identifiers`: limits of at least 1, anchors of other types, digests of a plain type. */
export function createIdentifiersCheck(names: DeclaredNames): Check {
  const limit = wholeNumber(1);
  const type = objectOf<IdentifierType>(
    { scope: oneOf(["person", "session"]), normalizer: oneOf(NORMALIZERS) },
    {
      shareable: flag,
      digestOf: nameOf("types normalised as email or phone", names.digestible),
      scopedBySource: flag,
      deterministicAt: share,
      maxCells: limit,
      maxNames: orNull(limit),
      maxEventsAlone: orNull(limit),
      maxAnchors: mapOf(limit, nameOf("identifier types", names.identifierTypes)),
      acceptAt: finite,
      exclusive: flag,
      maxPerProfile: limit,
    },
  );
  const all = mapOf(type, typeName);
  return (value, path, faults) => {
    all(value, path, faults);
    if (!isPlainObject(value)) return;
    for (const [name, settings] of Object.entries(value))
      checkDigest(name, settings, memberPath(path, name), faults);
  };
}

function checkDigest(name: string, settings: unknown, path: string, faults: Fault[]): void {
  if (!isPlainObject(settings)) return;
  if (isPlainObject(settings.maxAnchors) && Object.hasOwn(settings.maxAnchors, name)) {
    const at = memberPath(`${path}.maxAnchors`, name);
    addFault(faults, at, "another type: a type is no anchor of its own", settings.maxAnchors[name]);
  }
  if (settings.digestOf !== undefined && settings.normalizer !== "digest") {
    addFault(faults, `${path}.normalizer`, "digest, since the type has digestOf", settings.normalizer);
  }
}
