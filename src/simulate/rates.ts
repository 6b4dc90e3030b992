/** How difficult the simulated file is. `normal` follows the figures of the trade, `hard` doubles most faults. */
export type Hardness = "easy" | "normal" | "hard";

/**
 * Every rate of the generator. Shares are probabilities in [0, 1]; the unit of anything else is in its name or comment.
 * Marks: [S] published somewhere, [E] an estimate without a source, [C] chosen so that files look like labelled ones.
 * Three figures per line are the values of easy / normal / hard.
 */
export interface SimulateRates {
  // --- people and their interest ---------------------------------------------------------------------------------
  /** People who leave neither form nor call. 0.25 / 0.335 / 0.43. In the field 0.95 [S]; such files would hold little else. */
  neverIdentify: number;
  /** Identified people who call or are sent by a partner without any visit. 0.10 [C]. */
  noVisit: number;
  /** Chance of one more visit after each of a future lead (at most 6 in an interest). 0.44 [C]. */
  anotherVisit: number;
  /** The same for people who never identify. 0.30 [C]. */
  anotherAnonymousVisit: number;
  /** Chance that a person later has another interest (other vertical and publisher). 0.15 [E]. */
  anotherInterest: number;
  /** Chance that an adult of the same household gets interested by the first one, with own devices. 0.04 / 0.06 / 0.10 [E]. */
  householdJoins: number;
  /** Household members with the family name of the first. 0.8 [C]. */
  householdName: number;
  /** Given and family names made of syllables instead of common ones. 0.30 [E]. */
  rareNames: number;
  /** People with an employer whose office, network or main line they may use. 0.15 / 0.15 / 0.20 [E]. */
  employed: number;

  // --- visits ----------------------------------------------------------------------------------------------------
  /** Page views beyond the landing page, per visit. 0.13 [C]. */
  pageViews: number;
  /** Visits with a tap on the number that leads to no call of that person. 0.12 [C]. */
  idleClickToCall: number;
  /** Visits without campaign parameters (direct). 0.11 [C]. */
  direct: number;
  /** Click ids that are stripped or blocked. 0.20 / 0.36 / 0.40; iOS mail and private mode alone 0.03 to 0.08 [E]. */
  clickIdLost: number;
  /** Later visits that reuse the click id of the first. 0.10 [S: repeat clicks can reuse one]. */
  clickIdReused: number;
  /** Calls in a visit by phone that were tapped on the page first. 0.6 [C]. */
  tapBeforeCall: number;
  /** Visits of somebody whom a household member brought, by that member's forwarded link and click id. 0.1 / 0.2 / 0.4 [E]. */
  forwardedLink: number;
  /** Visits from a newsletter that carry a digest of the mail address. 0.25 [E]. */
  newsletterDigest: number;

  // --- devices and cookies ---------------------------------------------------------------------------------------
  /** Visits on a phone rather than a desktop. 0.62 [E]. */
  mobile: number;
  /** Visits without visitor id and fingerprint (refused consent, private mode, blocked script). 0.10 / 0.29 / 0.58; refusal in the US 0.25 to 0.35 [S]. */
  cookieMissing: number;
  /** Visits that begin with a new cookie on a known device. 0.08 / 0.15 / 0.28 [S: 35 % of sessions are Safari]. */
  cookieReset: number;
  /** Visits on a device of another household member. 0.02 / 0.05 / 0.26 [C]. */
  sharedDevice: number;
  /** Of those, visits where the device still shows its owner's cookie. 0.5 / 0.15 / 0.06 [C]. */
  sharedCookie: number;
  /** Visits at a kiosk or library machine: one cookie for all, some machines far more popular. 0 / 0.0005 / 0.002 [E]. */
  kiosk: number;
  /** Devices whose fingerprint is that of a popular configuration. 0.01 / 0.04 / 0.07; up to 0.33 to 0.66 [S]. */
  commonFingerprint: number;
  /** Days after which a fingerprint drifts. 54 [S, median]. */
  fingerprintDays: number;

  // --- networks --------------------------------------------------------------------------------------------------
  /** Visits by phone through a carrier's shared address. 0.40 / 0.55 / 0.60 [E]. */
  carrierNetwork: number;
  /** People per carrier address (200 to 5,000 in the field [S]; smaller, so that small files show it too). 70 [C]. */
  peoplePerCarrierAddress: number;
  /** Hours before a phone moves to another carrier address. 6 [S, mean]. */
  carrierAddressHours: number;
  /** Days before a home line gets another address. 45 [S, mean]. */
  homeAddressDays: number;
  /** Desktop visits of employed people from the office. 0.40 [E]. */
  officeNetwork: number;

  // --- publishers, campaigns, numbers ----------------------------------------------------------------------------
  /** Publishers per vertical in a population of 2,000; grows with the square root of the population. 40 [C]. */
  publishersPerVertical: number;
  /** Visits shown a number leased from a pool; the rest see the publisher's fixed number. 0.90 / 0.75 / 0.60 [S: 60 to 85 % matched]. */
  leased: number;
  /** Minutes before a pool number is shown to someone else, which sizes the pools (n / visits per minute). 240 / 72 / 30 [S: vendors' rules give 3 to 72]. */
  poolGapMinutes: number;
  /** Smallest pool of a publisher, numbers. 6 / 4 / 4 [E]. */
  smallestPool: number;
  /** Minutes a lease lasts after the visit began. 30 [S]. */
  leaseMinutes: number;
  /** Calls dialled to the publisher's fixed number although a pool number was shown (listing, saved contact). 0.05 / 0.12 / 0.20 [E]. */
  dialsFixed: number;

  // --- calls -----------------------------------------------------------------------------------------------------
  /** Identified interests with calls only. 0.47; 0.55 [E]. */
  callsOnly: number;
  /** Identified interests with a form only. 0.25; 0.30 [E]. The rest has both. */
  formsOnly: number;
  /** First calls in the visit itself (lognormal, median 2.5 min). 0.55 [E]. */
  callInVisit: number;
  /** First calls 15 minutes to a day later. 0.20 [E]. */
  callSameDay: number;
  /** First calls 1 to 7 days later. 0.15 [E]; the rest 7 to 45 days later. */
  callSameWeek: number;
  /** Callers who call again, after each call. 0.36 [S]. */
  callsAgain: number;
  /** Repeat calls within ten minutes. 0.25 [S]. */
  againAtOnce: number;
  /** Of the other repeat calls, those within seven days. 0.60 [S]. */
  againSameWeek: number;
  /** Calls with a withheld caller id, in every spelling. 0.01 / 0.04 / 0.09; 0.02 to 0.15 [S]. */
  withheld: number;
  /** Withheld calls of which the platform still tells the city. 0.5 [C]. */
  withheldCity: number;
  /** Calls that arrive with the number of a call-centre trunk. 0.005 / 0.022 / 0.045 [E]. */
  trunk: number;
  /** Calls from the household's landline. 0.04 / 0.085 / 0.09 [E]. */
  landline: number;
  /** Calls from the phone of another household member. 0.02 / 0.045 / 0.11; 0.06 [E]. */
  householdPhone: number;
  /** Calls of employed people from the main line of their company. 0.05 / 0.12 / 0.12 [E]. */
  mainLine: number;
  /** People with a second phone. 0.03 / 0.05 / 0.06 [E]. */
  secondPhone: number;
  /** Share of their calls and forms with the second phone. 0.5 [C]. */
  secondPhoneUse: number;
  /** People whose number belonged to somebody else earlier in the span. 0.005 / 0.012 / 0.02; 0.005 a month [S]. */
  recycled: number;
  /** Robocalls among all calls (about 11 s), at most one per true call, so 0.5 at most. 0.02 / 0.07 / 0.145; 0.02 to 0.16 [S]. */
  robocalls: number;
  /** Robocalls without spoofing that show a toll-free number of their own; the others change numbers. 0.5 [C]. */
  robotTollFree: number;
  /** Robocalls that show an area code near the dialled place. 0.40 [S]. */
  neighbourSpoof: number;
  /** Spoofing robocalls that show the number of a real person. 0.02 / 0.05 / 0.06 [E]. */
  spoofsReal: number;
  /** Calls answered by nobody (short). 0.12 [S]. */
  abandoned: number;
  /** Calls corrected or extended by a later row. 0.15 [E]. */
  callUpdate: number;
  /** Of those, rows that repeat the caller. 0.7 [C]. */
  callUpdatePhone: number;
  /** Calls with a disposition of the buyer. 0.52 / 0.52 / 0.45 [C]. */
  disposition: number;
  /** Dispositions that name the call id. 0.90 / 0.70 / 0.35 [C]. */
  dispositionCallId: number;
  /** Dispositions that carry the caller's number (all that lack the call id do). 0.65 / 0.55 / 0.75 [C]. */
  dispositionPhone: number;
  /** Dispositions with the name as the agent heard it. 0.60 [C]. */
  dispositionName: number;
  /** Dispositions with city and postal code. 0.28 [C]. */
  dispositionCity: number;

  // --- forms -----------------------------------------------------------------------------------------------------
  /** Forms that a half-filled state was captured of before. 0.50 [C]. */
  partialForm: number;
  /** Partial forms with a given name. 0.5 [C]. */
  partialName: number;
  /** Partial forms whose last field is cut short. 0.35 [C]. */
  partialCut: number;
  /** Partial forms with the phone in place of the mail address. 0.35 [C]. */
  partialPhone: number;
  /** Partial forms that are never sent. 0.10 [E]. */
  abandonedForm: number;
  /** Forms delivered by partners, without visitor id. 0.19 [C]. */
  partnerForm: number;
  /** Of those, forms that tell the address of the visitor. 0.5 [C]. */
  partnerFormIp: number;
  /** Forms without phone. 0.22 [C]. */
  formWithoutPhone: number;
  /** Forms without mail address. 0.12 [C]. */
  formWithoutEmail: number;
  /** Forms with the street. 0.5 [C]. */
  formStreet: number;
  /** Forms of employed people with the company. 0.4 [C]. */
  formCompany: number;
  /** Forms that hold a digest in place of the address. 0.12 [C]. */
  emailDigest: number;
  /** Mistyped mail host. 0.01 / 0.02 / 0.04 [S]. */
  emailHostTypo: number;
  /** Mistyped local part. 0.01 / 0.03 / 0.06 [S]. */
  emailLocalTypo: number;
  /** Placeholder mail addresses, a few of them very popular. 0.003 / 0.01 / 0.02 [S]. */
  emailPlaceholder: number;
  /** Wrong digit. 0.01 / 0.02 / 0.04 [S]. */
  phoneWrongDigit: number;
  /** Two digits swapped. 0.003 / 0.007 / 0.02 [S]. */
  phoneSwap: number;
  /** Placeholder phones, a few of them very popular. 0.003 / 0.012 / 0.022 [S]; 0.015. */
  phonePlaceholder: number;
  /** Nickname in place of the given name. 0.04 / 0.08 / 0.15 [E]. */
  nickname: number;
  /** Mistyped names. 0.01 / 0.03 / 0.07 [E]. */
  nameTypo: number;
  /** Values in capitals or small letters throughout. 0.05 / 0.12 / 0.20 [E]. */
  oddCase: number;
  /** Couples who write with one address. 0.01 / 0.02 / 0.03 [E]. */
  sharedEmail: number;
  /** Employed people who write with a role address (info@). 0.02 / 0.05 / 0.08 [E]. */
  roleEmail: number;
  /** People with a second address. 0.05 / 0.10 / 0.15 [E]. */
  secondEmail: number;
  /** Share of their forms and CRM rows with the second address. 0.5 [C]. */
  secondEmailUse: number;
  /** Test leads per form. 0.001 / 0.003 / 0.008 [E]. */
  testLeads: number;

  // --- CRM and activation ----------------------------------------------------------------------------------------
  /** Identified interests that reach the CRM. 0.39 [C]. */
  crm: number;
  /** CRM rows with street. 0.7 [C]. */
  crmStreet: number;
  /** CRM rows with mail address. 0.74 [C]. */
  crmEmail: number;
  /** CRM rows with phone. 0.91 [C]. */
  crmPhone: number;
  /** CRM rows written again later (same id, other state). 0.20 [E]. */
  crmUpdate: number;
  /** CRM rows entered a second time under another id. 0.03 / 0.05 / 0.10 [E]. */
  crmDuplicate: number;
  /** Agent's error in a name. 0.02 / 0.06 / 0.12 [E]. */
  crmNameError: number;
  /** Agent's error in a mail address. 0.01 / 0.04 / 0.08 [E]. */
  crmEmailError: number;
  /** Agent's error in a phone. 0.01 / 0.02 / 0.04 [E]. */
  crmPhoneError: number;
  /** The phone of the agent's previous caller pasted in. 0.005 / 0.024 / 0.045; 0.03 [E]. */
  crmPasted: number;
  /** Won CRM rows with a click id that are sent to the ad platform. 0.25 [C]. */
  offlineConversion: number;

  // --- delivery --------------------------------------------------------------------------------------------------
  /** Rows sent twice under another record id. 0.003 / 0.01 / 0.021; 0.01 [E]. */
  duplicate: number;
  /** Rows sent twice under the same record id with the same content. 0 / 0 / 0; set it to test idempotency. */
  redelivery: number;
  /** Rows that never arrive. 0.001 / 0.003 / 0.006; 0.003 [E]. */
  lost: number;
  /** Rows that arrive minutes to a day late. 0.01 / 0.02 / 0.05; 0.03 [E]. */
  late: number;
  /** Vendor rows whose time is written with a numeric offset, in local time. 0 / 0.05 / 0.05 [E]. */
  vendorOffsetDate: number;
  /** Vendor rows whose time is no ISO 8601 at all (`2026-01-05 12:25:15 -0500`, epoch milliseconds). 0; set it to test readers. */
  vendorOddDate: number;
}

/** Written as [easy, normal, hard], or one figure for all three, so that the presets cannot drift apart unseen. */
const PRESETS: { readonly [K in keyof SimulateRates]: number | readonly [number, number, number] } = {
  neverIdentify: [0.25, 0.335, 0.43],
  noVisit: 0.1,
  anotherVisit: 0.44,
  anotherAnonymousVisit: 0.3,
  anotherInterest: 0.15,
  householdJoins: [0.04, 0.06, 0.1],
  householdName: 0.8,
  rareNames: 0.3,
  employed: [0.15, 0.15, 0.2],

  pageViews: 0.13,
  idleClickToCall: 0.12,
  direct: 0.11,
  clickIdLost: [0.2, 0.36, 0.4],
  clickIdReused: 0.1,
  tapBeforeCall: 0.6,
  forwardedLink: [0.1, 0.2, 0.4],
  newsletterDigest: 0.25,

  mobile: 0.62,
  cookieMissing: [0.1, 0.29, 0.58],
  cookieReset: [0.08, 0.15, 0.28],
  sharedDevice: [0.02, 0.05, 0.26],
  sharedCookie: [0.5, 0.15, 0.06],
  kiosk: [0, 0.0005, 0.002],
  commonFingerprint: [0.01, 0.04, 0.07],
  fingerprintDays: 54,

  carrierNetwork: [0.4, 0.55, 0.6],
  peoplePerCarrierAddress: 70,
  carrierAddressHours: 6,
  homeAddressDays: 45,
  officeNetwork: 0.4,

  publishersPerVertical: 40,
  leased: [0.9, 0.75, 0.6],
  poolGapMinutes: [240, 72, 30],
  smallestPool: [6, 4, 4],
  leaseMinutes: 30,
  dialsFixed: [0.05, 0.12, 0.2],

  callsOnly: 0.47,
  formsOnly: 0.25,
  callInVisit: 0.55,
  callSameDay: 0.2,
  callSameWeek: 0.15,
  callsAgain: 0.36,
  againAtOnce: 0.25,
  againSameWeek: 0.6,
  withheld: [0.01, 0.04, 0.09],
  withheldCity: 0.5,
  trunk: [0.005, 0.022, 0.045],
  landline: [0.04, 0.085, 0.09],
  householdPhone: [0.02, 0.045, 0.11],
  mainLine: [0.05, 0.12, 0.12],
  secondPhone: [0.03, 0.05, 0.06],
  secondPhoneUse: 0.5,
  recycled: [0.005, 0.012, 0.02],
  robocalls: [0.02, 0.07, 0.145],
  robotTollFree: 0.5,
  neighbourSpoof: 0.4,
  spoofsReal: [0.02, 0.05, 0.06],
  abandoned: 0.12,
  callUpdate: 0.15,
  callUpdatePhone: 0.7,
  disposition: [0.52, 0.52, 0.45],
  dispositionCallId: [0.9, 0.7, 0.35],
  dispositionPhone: [0.65, 0.55, 0.75],
  dispositionName: 0.6,
  dispositionCity: 0.28,

  partialForm: 0.5,
  partialName: 0.5,
  partialCut: 0.35,
  partialPhone: 0.35,
  abandonedForm: 0.1,
  partnerForm: 0.19,
  partnerFormIp: 0.5,
  formWithoutPhone: 0.22,
  formWithoutEmail: 0.12,
  formStreet: 0.5,
  formCompany: 0.4,
  emailDigest: 0.12,
  emailHostTypo: [0.01, 0.02, 0.04],
  emailLocalTypo: [0.01, 0.03, 0.06],
  emailPlaceholder: [0.003, 0.01, 0.02],
  phoneWrongDigit: [0.01, 0.02, 0.04],
  phoneSwap: [0.003, 0.007, 0.02],
  phonePlaceholder: [0.003, 0.012, 0.022],
  nickname: [0.04, 0.08, 0.15],
  nameTypo: [0.01, 0.03, 0.07],
  oddCase: [0.05, 0.12, 0.2],
  sharedEmail: [0.01, 0.02, 0.03],
  roleEmail: [0.02, 0.05, 0.08],
  secondEmail: [0.05, 0.1, 0.15],
  secondEmailUse: 0.5,
  testLeads: [0.001, 0.003, 0.008],

  crm: 0.39,
  crmStreet: 0.7,
  crmEmail: 0.74,
  crmPhone: 0.91,
  crmUpdate: 0.2,
  crmDuplicate: [0.03, 0.05, 0.1],
  crmNameError: [0.02, 0.06, 0.12],
  crmEmailError: [0.01, 0.04, 0.08],
  crmPhoneError: [0.01, 0.02, 0.04],
  crmPasted: [0.005, 0.024, 0.045],
  offlineConversion: 0.25,

  duplicate: [0.003, 0.01, 0.021],
  redelivery: 0,
  lost: [0.001, 0.003, 0.006],
  late: [0.01, 0.02, 0.05],
  vendorOffsetDate: [0, 0.05, 0.05],
  vendorOddDate: 0,
};

const COLUMN: Readonly<Record<Hardness, 0 | 1 | 2>> = { easy: 0, normal: 1, hard: 2 };

/** Rates that are no probabilities: their only bound is to be positive. */
const QUANTITIES: ReadonlySet<string> = new Set([
  "fingerprintDays",
  "peoplePerCarrierAddress",
  "carrierAddressHours",
  "homeAddressDays",
  "publishersPerVertical",
  "poolGapMinutes",
  "smallestPool",
  "leaseMinutes",
]);

/**
 * The preset of a hardness with some rates replaced.
 * @throws TypeError for an unknown hardness or rate, or a value out of its range.
 */
export function resolveRates(hardness: Hardness, replaced: Partial<SimulateRates> = {}): SimulateRates {
  const column = COLUMN[hardness];
  if (column === undefined)
    throw new TypeError(`hardness must be easy, normal or hard, not ${String(hardness)}`);
  const rates: Record<string, number> = {};
  for (const [name, preset] of Object.entries(PRESETS))
    rates[name] = typeof preset === "number" ? preset : preset[column];
  for (const [name, value] of Object.entries(replaced)) {
    if (value === undefined) continue;
    if (!(name in rates)) throw new TypeError(`unknown rate ${name}`);
    const fits = QUANTITIES.has(name) ? value > 0 && Number.isFinite(value) : value >= 0 && value <= 1;
    if (!fits)
      throw new TypeError(
        `rate ${name} must be ${QUANTITIES.has(name) ? "above 0" : "in 0 … 1"}, not ${value}`,
      );
    rates[name] = value;
  }
  return rates as unknown as SimulateRates;
}
