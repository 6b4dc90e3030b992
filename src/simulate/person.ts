import { companyAt, companyIndex } from "./company.js";
import { type Household, householdOf } from "./household.js";
import { subscriberNumber } from "./phoneNumber.js";
import { STREAM } from "./random.js";
import { drawFamilyName, drawGivenName } from "./vocabulary/names.js";
import { MAIL_HOSTS } from "./vocabulary/trade.js";
import { weighted } from "./weighted.js";
import { stream, type World } from "./world.js";

/** One true person. Made from its index whenever needed; two calls give equal people. */
export interface Person {
  readonly index: number;
  readonly household: Household;
  readonly firstName: string;
  readonly lastName: string;
  /** Leaves neither form nor call. */
  readonly anonymous: boolean;
  /** Employer, or -1. */
  readonly company: number;
  readonly hasSecondPhone: boolean;
  readonly hasSecondEmail: boolean;
  /** The phone belonged to somebody else before. */
  readonly recycledPhone: boolean;
}

const drawMailHost = weighted(MAIL_HOSTS, ([, weight]) => weight);

export function personAt(world: World, index: number): Person {
  const { rates, popularity } = world;
  const household = householdOf(world, index);
  const random = stream(world, STREAM.person, index);
  const firstName = drawGivenName(random, popularity.givenNames, rates.rareNames / 3);
  const lastName =
    index === household.first || random.chance(rates.householdName)
      ? household.familyName
      : drawFamilyName(random, popularity.familyNames, rates.rareNames);
  const anonymous = random.chance(rates.neverIdentify);
  const company = random.chance(rates.employed)
    ? companyIndex(popularity.companies.draw(random), household.cityIndex)
    : -1;
  return {
    index,
    household,
    firstName,
    lastName,
    anonymous,
    company,
    hasSecondPhone: random.chance(rates.secondPhone),
    hasSecondEmail: random.chance(rates.secondEmail),
    recycledPhone: random.chance(rates.recycled),
  };
}

/** True mobile number, ten digits. */
export function mobileOf(world: World, person: Person): string {
  if (!person.recycledPhone) return subscriberNumber(person.household.city, "mobile", person.index);
  // Carriers age a number for 45 days and more, so the former owner is someone who came almost half the span earlier.
  const former = (person.index + world.people - arrivalStride(world.people, 0.45)) % world.people;
  return subscriberNumber(householdOf(world, former).city, "mobile", former);
}

export function secondPhoneOf(person: Person): string {
  return subscriberNumber(person.household.city, "second", person.index);
}

/**
 * People arrive in the order (rank * stride) mod people, which scatters households over the span without a table.
 * The distance in index between somebody and whoever arrived `share` of the span before.
 */
function arrivalStride(people: number, share: number): number {
  return (Math.round(people * share) * arrivalStep(people)) % people;
}

/** A stride near the golden section of the population and without a common factor with it. */
export function arrivalStep(people: number): number {
  let step = Math.max(1, Math.floor(people * 0.6180339887));
  while (commonFactor(step, people) !== 1) step++;
  return step;
}

function commonFactor(a: number, b: number): number {
  return b === 0 ? a : commonFactor(b, a % b);
}

/** The addresses a person writes with. The digits make a mailbox unique in the population, as mailboxes are. */
export function emailOf(world: World, person: Person, which: "first" | "second"): string {
  const { rates } = world;
  const random = stream(world, STREAM.person, person.index, which === "first" ? 1 : 2);
  if (which === "first") {
    const { household } = person;
    const second = household.size > 1 && person.index === household.first + 1;
    // Rates speak of couples and employees: the draw is theirs alone.
    if (second && random.chance(rates.sharedEmail))
      return emailOf(world, personAt(world, household.first), "first");
    if (person.company >= 0 && random.chance(rates.roleEmail)) {
      return `info@${companyAt(world, person.company).mailHost}`;
    }
  }
  const first = person.firstName.toLowerCase();
  const last = person.lastName.toLowerCase();
  const serial = (person.index * 7_919 + (which === "first" ? 0 : 3_331)) % 10 ** world.mailDigits;
  const digits = String(serial).padStart(world.mailDigits, "0");
  const local = [
    `${first}.${last}`,
    `${first[0]}${last}`,
    `${first}`,
    `${first}_${last}`,
    `${last}${first[0]}`,
    `${last}.${first}`,
    `${last}`,
  ][random.geometric(0.7, 6)] as string;
  return `${local}${digits}@${drawMailHost(random)[0]}`;
}
