import { vendorTime } from "./clockText.js";
import { companyAt } from "./company.js";
import { landlineOf, mateOf } from "./household.js";
import { tollFreeCaller, trackingNumber } from "./numberPool.js";
import { mobileOf, type Person, personAt, secondPhoneOf } from "./person.js";
import { formatPhone, type PhoneStyle, subscriberNumber } from "./phoneNumber.js";
import { type Random, STREAM } from "./random.js";
import { slip } from "./typing.js";
import { CITIES, type City } from "./vocabulary/places.js";
import { DISPOSITIONS, WITHHELD_CALLERS } from "./vocabulary/trade.js";
import { stream, type World } from "./world.js";

type Columns = Record<string, string>;

/** One call: everything that its own row, later corrections and dispositions agree on. */
export interface Call {
  readonly person: Person;
  readonly callId: string;
  readonly vendor: string;
  /** As the vendor writes it. */
  readonly caller: string;
  /** Ten digits where the caller showed a number. */
  readonly digits: string;
  readonly city: City | undefined;
  readonly seconds: number;
  readonly label: string;
}

interface Caller {
  readonly digits: string;
  readonly city: City | undefined;
  readonly label: string;
}

const VENDORS: readonly (readonly [name: string, style: PhoneStyle])[] = [
  ["calltrack_a", "e164"],
  ["calltrack_b", "dashes"],
  ["calltrack_c", "eleven"],
];

function callerOf(world: World, person: Person, random: Random): Caller {
  const { rates, popularity } = world;
  const { household } = person;
  const { city } = household;
  if (random.chance(rates.withheld)) {
    const spelling = WITHHELD_CALLERS[random.below(WITHHELD_CALLERS.length)] as string;
    return {
      digits: spelling,
      city: random.chance(rates.withheldCity) ? city : undefined,
      label: "withheld",
    };
  }
  if (random.chance(rates.trunk)) {
    const trunk = popularity.trunks.draw(random);
    const home = CITIES[trunk % CITIES.length] as City;
    return { digits: subscriberNumber(home, "trunk", trunk), city: undefined, label: "trunk" };
  }
  if (person.company >= 0 && random.chance(rates.mainLine)) {
    return { digits: companyAt(world, person.company).mainLine, city, label: "main_line" };
  }
  if (random.chance(rates.landline)) return { digits: landlineOf(household), city, label: "landline" };
  const mate = mateOf(household, person.index);
  if (mate !== person.index && random.chance(rates.householdPhone)) {
    return { digits: mobileOf(world, personAt(world, mate)), city, label: "household_phone" };
  }
  if (person.hasSecondPhone && random.chance(rates.secondPhoneUse))
    return { digits: secondPhoneOf(person), city, label: "" };
  return { digits: mobileOf(world, person), city, label: person.recycledPhone ? "recycled" : "" };
}

/** Call number `call` of an interest; asked again for its follow-ups, it is the same call. */
export function callOf(world: World, person: Person, slot: number, call: number): Call {
  const random = stream(world, STREAM.call, person.index, slot * 256 + call);
  const caller = callerOf(world, person, random);
  const [vendor, style] = random.pick(VENDORS);
  const seconds = random.chance(world.rates.abandoned)
    ? random.between(1, 14)
    : Math.max(3, Math.round(random.logNormal(130, 1.1)));
  return {
    person,
    callId: `CA${random.hex(2)}`,
    vendor,
    caller: formatPhone(caller.digits, style),
    digits: caller.digits,
    city: caller.city,
    seconds,
    label: caller.label,
  };
}

export function callRow(
  world: World,
  call: Call,
  number: number,
  publisher: number,
  ms: number,
  random: Random,
): Columns {
  const row: Columns = {
    source: call.vendor,
    kind: "call",
    observed_at: vendorTime(ms, world.rates, random),
    phone: call.caller,
    tracking_number: trackingNumber(number),
    call_id: call.callId,
    call_duration: String(call.seconds),
    publisher_id: `pub${publisher}`,
  };
  if (call.city !== undefined) {
    row.city = call.city.name;
    row.region = call.city.region;
  }
  return row;
}

/** A later word on the call: corrected duration, often without the caller. */
export function callUpdateRow(world: World, call: Call, number: number, ms: number, random: Random): Columns {
  const row: Columns = {
    source: call.vendor,
    kind: "call_update",
    observed_at: vendorTime(ms, world.rates, random),
    tracking_number: trackingNumber(number),
    call_id: call.callId,
    call_duration: String(call.seconds + random.between(1, 9)),
  };
  if (random.chance(world.rates.callUpdatePhone)) row.phone = call.caller;
  return row;
}

const BUYERS = 14;

/** What the buyer's call centre reports days later, by call id or by the number it saw. */
export function dispositionRow(
  world: World,
  call: Call,
  vertical: number,
  ms: number,
  random: Random,
): Columns {
  const { rates } = world;
  const { person } = call;
  const buyer = (vertical * 3 + random.geometric(0.5, 4)) % BUYERS;
  const disposition = DISPOSITIONS[random.geometric(0.72, DISPOSITIONS.length - 1)] as string;
  const row: Columns = {
    source: `buyer${buyer}`,
    kind: "disposition",
    observed_at: vendorTime(ms, rates, random),
    disposition,
  };
  const named = random.chance(rates.dispositionCallId);
  if (named) row.call_id = call.callId;
  if (!named || random.chance(rates.dispositionPhone)) row.phone = call.caller;
  if (random.chance(rates.dispositionName)) {
    row.first_name = random.chance(rates.nameTypo * 2) ? slip(person.firstName, random) : person.firstName;
    row.last_name = random.chance(rates.nameTypo * 2) ? slip(person.lastName, random) : person.lastName;
  }
  if (random.chance(rates.dispositionCity)) {
    row.city = person.household.city.name;
    row.region = person.household.city.region;
    row.postal_code = person.household.postalCode;
  }
  if (disposition === "sold") row.revenue = String(random.between(40, 1900));
  return row;
}

/** A robocall to some number of a publisher: short, often with a number of the neighbourhood, sometimes a real one. */
export function robocallRow(
  world: World,
  number: number,
  publisher: number,
  ms: number,
  random: Random,
): { row: Columns; label: string } {
  const { rates, popularity } = world;
  const [vendor, style] = random.pick(VENDORS);
  let digits: string;
  let label = "spam";
  if (!random.chance(rates.neighbourSpoof)) {
    const robot = popularity.robots.draw(random);
    const toll = random.chance(rates.robotTollFree);
    digits = toll ? tollFreeCaller(robot).slice(2) : spoofed(random);
  } else if (random.chance(rates.spoofsReal)) {
    digits = mobileOf(world, personAt(world, random.below(world.people)));
    label = "spoof_real";
  } else {
    digits = spoofed(random);
  }
  const row: Columns = {
    source: vendor,
    kind: "call",
    observed_at: vendorTime(ms, rates, random),
    phone: formatPhone(digits, style),
    tracking_number: trackingNumber(number),
    call_id: `CA${random.hex(2)}`,
    call_duration: String(Math.max(2, Math.round(random.logNormal(11, 0.4)))),
    publisher_id: `pub${publisher}`,
  };
  return { row, label };
}

function spoofed(random: Random): string {
  return subscriberNumber(random.pick(CITIES), "spoofed", random.word());
}
