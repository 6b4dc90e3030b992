import type { DeclaredNames } from "./declaredNames.js";
import {
  addFault,
  type Check,
  listOf,
  mapOf,
  members,
  nameOf,
  objectOf,
  oneOf,
  text,
  wholeNumber,
  wordsOf,
} from "./expected.js";
import type { Field, FieldNormalizer } from "./model.js";

const NORMALIZERS = wordsOf({
  email: true,
  "email-mailbox": true,
  "email-local": true,
  "email-typed": true,
  phone: true,
  "phone-typed": true,
  "phone-national": true,
  "given-name": true,
  "family-name": true,
  "full-name-given": true,
  "full-name-family": true,
  "name-sound": true,
  "full-name-sound": true,
  postcode: true,
  street: true,
  city: true,
  region: true,
  country: true,
  company: true,
  date: true,
  ip: true,
  network: true,
  agent: true,
  device: true,
  site: true,
  number: true,
  text: true,
  exact: true,
} satisfies Record<FieldNormalizer, true>);

export const fieldNormalizer = oneOf(NORMALIZERS);

const SOURCE = "identifier:TYPE, signal:NAME, attribute:NAME, kind or source";

/** The checks of `fields`: where values come from, and how they become comparable. */
export function createFieldsCheck(names: DeclaredNames): Check {
  const type = nameOf("identifier types", names.identifierTypes);

  const origin: Check = (value, path, faults) => {
    const parts =
      typeof value === "string" ? /^(?:kind|source|(identifier|signal|attribute):(.+))$/s.exec(value) : null;
    if (parts === null) return addFault(faults, path, SOURCE, value);
    if (parts[1] === "identifier") type(parts[2], path, faults);
  };
  const ownNormalizer = members({ from: origin, normalizer: fieldNormalizer }, {});
  const source: Check = (value, path, faults) => {
    (typeof value === "object" && value !== null ? ownNormalizer : origin)(value, path, faults);
  };
  return mapOf(
    objectOf<Field>({ from: listOf(source, 1), normalizer: fieldNormalizer }, { maxValues: wholeNumber(1) }),
    text,
  );
}
