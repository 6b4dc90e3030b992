import { isoTime, vendorTime } from "./clockText.js";
import { clickIdOf, type Interest } from "./journey.js";
import { emailOf, mobileOf, type Person, secondPhoneOf } from "./person.js";
import { formatPhone, TYPED_STYLES } from "./phoneNumber.js";
import { type Random, STREAM } from "./random.js";
import { emailDigest, slip, typeName, wrongDigit } from "./typing.js";
import { CRM_STATES, VERTICALS } from "./vocabulary/trade.js";
import { stream, type World } from "./world.js";

type Columns = Record<string, string>;

/** A CRM record as an agent keyed it in; its later versions repeat the same slips, save a pasted phone, which is put right. */
export interface CrmRecord {
  readonly columns: Columns;
  readonly pasted: boolean;
}

/**
 * Record `record` (0, or 1 for a second entry) of a person's interest.
 * @param previousCaller ten digits of the caller the agent had before: what gets pasted by mistake.
 */
export function crmRecord(
  world: World,
  person: Person,
  interest: Interest,
  slot: number,
  record: number,
  previousCaller: string,
): CrmRecord {
  const { rates } = world;
  const { household } = person;
  const random = stream(world, STREAM.crm, person.index, slot * 4 + record);
  const crmId = `CRM-${10_000 + (random.word() % 90_000)}${String(1_000_000 + (random.word() % 1_000_000)).slice(1)}`;
  let [first, last] = typeName(person.firstName, person.lastName, "agent", rates, random);
  if (random.chance(rates.crmNameError)) {
    const error = random.below(3);
    if (error === 0) first = first.slice(0, 1);
    if (error === 1) [first, last] = [last, first];
    if (error === 2) last = slip(last, random);
  }
  const columns: Columns = {
    source: `crm_${VERTICALS[interest.vertical] as string}`,
    kind: "crm",
    crm_id: crmId,
    first_name: first,
    last_name: last,
    city: household.city.name,
    region: household.city.region,
    postal_code: household.postalCode,
  };
  if (random.chance(rates.crmStreet)) columns.street = household.street;
  if (random.chance(rates.crmEmail)) {
    const email = emailOf(
      world,
      person,
      person.hasSecondEmail && random.chance(rates.secondEmailUse) ? "second" : "first",
    );
    columns.email = random.chance(rates.crmEmailError) ? slip(email, random) : email;
  }
  const hasPhone = random.chance(rates.crmPhone);
  const pasted = random.chance(rates.crmPasted) && hasPhone && previousCaller !== "";
  if (hasPhone) {
    let digits =
      person.hasSecondPhone && random.chance(rates.secondPhoneUse)
        ? secondPhoneOf(person)
        : mobileOf(world, person);
    if (random.chance(rates.crmPhoneError)) digits = wrongDigit(digits, random);
    if (pasted) digits = previousCaller;
    columns.phone = formatPhone(
      digits,
      TYPED_STYLES[random.geometric(0.7, TYPED_STYLES.length - 1)] ?? "ten",
    );
  }
  return { columns, pasted };
}

export function crmRow(world: World, record: CrmRecord, state: string, ms: number, random: Random): Columns {
  return { ...record.columns, observed_at: vendorTime(ms, world.rates, random), disposition: state };
}

export function drawCrmState(random: Random): string {
  return random.pick(CRM_STATES);
}

/** The sale told to the ad platform: click id and digest, no plain value. Undefined where the visit had no Google click. */
export function offlineConversionRow(
  world: World,
  person: Person,
  interest: Interest,
  slot: number,
  visit: number,
  ms: number,
  random: Random,
): Columns | undefined {
  if (interest.campaign.channel.clickId !== "gclid") return undefined;
  const gclid = clickIdOf(world, interest, person.index, slot, visit);
  if (gclid === "") return undefined;
  return {
    source: "ads",
    kind: "offline_conversion",
    observed_at: isoTime(ms),
    email_hash: emailDigest(emailOf(world, person, "first"), random),
    gclid,
    revenue: String(random.between(100, 4_000)),
  };
}
