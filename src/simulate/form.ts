import { isoTime } from "./clockText.js";
import { companyAt } from "./company.js";
import { emailOf, mobileOf, type Person, secondPhoneOf } from "./person.js";
import { formatPhone, TYPED_STYLES } from "./phoneNumber.js";
import type { Random } from "./random.js";
import { emailDigest, typeEmail, typeName, typePhone } from "./typing.js";
import type { Visit } from "./visit.js";
import { PLACEHOLDER_EMAILS, PLACEHOLDER_PHONES, TEST_PEOPLE } from "./vocabulary/trade.js";
import type { World } from "./world.js";

type Columns = Record<string, string>;

/** What somebody types: one form has one set of slips, so its half-filled state has the same ones. */
export interface Typed {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  readonly digest: boolean;
}

export function typedBy(world: World, person: Person, random: Random): Typed {
  const { rates, popularity } = world;
  const [firstName, lastName] = typeName(person.firstName, person.lastName, "person", rates, random);
  const which = person.hasSecondEmail && random.chance(rates.secondEmailUse) ? "second" : "first";
  const email = typeEmail(emailOf(world, person, which), rates, popularity.placeholders, random);
  const own =
    person.hasSecondPhone && random.chance(rates.secondPhoneUse)
      ? secondPhoneOf(person)
      : mobileOf(world, person);
  const digits = typePhone(own, rates, popularity.placeholders, random);
  const phone = formatPhone(digits, TYPED_STYLES[random.geometric(0.7, TYPED_STYLES.length - 1)] ?? "ten");
  const withoutEmail = random.chance(rates.formWithoutEmail);
  const withoutPhone = !withoutEmail && random.chance(rates.formWithoutPhone);
  return {
    firstName,
    lastName,
    email: withoutEmail ? "" : email,
    phone: withoutPhone ? "" : phone,
    digest: random.chance(rates.emailDigest),
  };
}

function put(row: Columns, column: string, value: string): void {
  if (value !== "") row[column] = value;
}

/** The form as the site sends it, with the cookie of the visit, or as a partner passes it on, without. */
export function formRow(world: World, visit: Visit, typed: Typed, ms: number, random: Random): Columns {
  const { rates } = world;
  const { person } = visit;
  const { household } = person;
  const partner = random.chance(world.rates.partnerForm);
  const row: Columns = {
    source: partner ? `partner${random.below(4)}` : "web",
    kind: "form",
    observed_at: isoTime(ms),
  };
  if (!partner) Object.assign(row, visit.browser);
  else {
    put(row, "user_agent", visit.browser.user_agent ?? "");
    if (random.chance(rates.partnerFormIp)) put(row, "ip", visit.browser.ip ?? "");
  }
  if (typed.digest && typed.email !== "") row.email_hash = emailDigest(typed.email, random);
  else put(row, "email", typed.email);
  put(row, "phone", typed.phone);
  row.first_name = typed.firstName;
  row.last_name = typed.lastName;
  if (person.company >= 0 && random.chance(rates.formCompany))
    row.company = companyAt(world, person.company).name;
  if (random.chance(rates.formStreet)) row.street = household.street;
  row.city = household.city.name;
  row.region = household.city.region;
  row.postal_code = household.postalCode;
  Object.assign(row, visit.arrival);
  row.publisher_id = `pub${visit.interest.publisher}`;
  return row;
}

/** What was captured before the button was pressed: some fields, the last one perhaps cut short. */
export function partialFormRow(
  world: World,
  visit: Visit,
  typed: Typed,
  ms: number,
  random: Random,
): Columns {
  const { rates } = world;
  const row: Columns = { source: "web", kind: "form_partial", observed_at: isoTime(ms), ...visit.browser };
  const cut = (text: string): string =>
    random.chance(rates.partialCut) ? text.slice(0, random.between(4, 8)) : text;
  if (random.chance(rates.partialName)) row.first_name = typed.firstName;
  const phoneFirst = typed.email === "" || (typed.phone !== "" && random.chance(rates.partialPhone));
  if (phoneFirst) row.phone = cut(typed.phone.replaceAll(/\D/g, ""));
  else row.email = cut(typed.email);
  row.landing_page = visit.arrival.landing_page ?? "";
  row.publisher_id = `pub${visit.interest.publisher}`;
  return row;
}

/** Somebody of the publisher tries the form. */
export function testLeadRow(visit: Visit, ms: number, random: Random): Columns {
  const [first, last] = TEST_PEOPLE[random.geometric(0.4, TEST_PEOPLE.length - 1)] as readonly [
    string,
    string,
  ];
  return {
    source: "web",
    kind: "form",
    observed_at: isoTime(ms),
    first_name: first,
    last_name: last,
    email: PLACEHOLDER_EMAILS[random.geometric(0.3, 3)] as string,
    phone: formatPhone(PLACEHOLDER_PHONES[random.geometric(0.3, 2)] as string, "dashes"),
    landing_page: visit.arrival.landing_page ?? "",
    publisher_id: `pub${visit.interest.publisher}`,
  };
}
