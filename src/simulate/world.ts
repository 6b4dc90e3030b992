import { Publishers } from "./campaign.js";
import { PowerLaw } from "./powerLaw.js";
import { mix, Random } from "./random.js";
import type { SimulateRates } from "./rates.js";
import { FAMILY_NAMES, GIVEN_NAMES } from "./vocabulary/names.js";
import { CITIES } from "./vocabulary/places.js";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/**
 * What all parts of one simulation share. Nobody and nothing is stored here: people, households, companies, devices and
 * networks are functions of (seed, index) and are made when needed, so memory does not grow with the population.
 */
export interface World {
  readonly seed: number;
  readonly people: number;
  readonly startMs: number;
  readonly days: number;
  readonly rates: SimulateRates;
  readonly publishers: Publishers;
  readonly popularity: Popularity;
  /** Decimal digits that keep the mail addresses of the population apart. */
  readonly mailDigits: number;
}

/** Power laws over the whole population: the most popular value keeps its share however large the population is. */
export interface Popularity {
  readonly givenNames: PowerLaw;
  readonly familyNames: PowerLaw;
  readonly carrierAddresses: PowerLaw;
  readonly companies: PowerLaw;
  readonly trunks: PowerLaw;
  readonly kiosks: PowerLaw;
  readonly robots: PowerLaw;
  readonly configurations: PowerLaw;
  readonly placeholders: PowerLaw;
}

const PEOPLE_PER_COMPANY = 12;
const PEOPLE_PER_TRUNK = 250;
const PEOPLE_PER_KIOSK = 600;
const PEOPLE_PER_ROBOT = 40;

export function createWorld(
  seed: number,
  people: number,
  startMs: number,
  days: number,
  rates: SimulateRates,
): World {
  const count = (per: number, least: number): number => Math.max(least, Math.ceil(people / per));
  return {
    seed: mix(seed, 0x1ead),
    people,
    startMs,
    days,
    rates,
    publishers: new Publishers(mix(seed, 0x1ead), people, days, rates),
    popularity: {
      givenNames: new PowerLaw(GIVEN_NAMES.length, 0.7),
      familyNames: new PowerLaw(FAMILY_NAMES.length, 0.6),
      carrierAddresses: new PowerLaw(count(rates.peoplePerCarrierAddress, 8), 0.4),
      companies: new PowerLaw(count(PEOPLE_PER_COMPANY * CITIES.length, 8), 0.8),
      trunks: new PowerLaw(count(PEOPLE_PER_TRUNK, 5), 0.7),
      kiosks: new PowerLaw(count(PEOPLE_PER_KIOSK, 4), 0.8),
      robots: new PowerLaw(count(PEOPLE_PER_ROBOT, 20), 0.7),
      configurations: new PowerLaw(count(20, 60), 0.7),
      placeholders: new PowerLaw(9, 1.2),
    },
    mailDigits: Math.max(3, String(people - 1).length),
  };
}

/** The random numbers of one thing: what it is for, its index, a running number below 65,536 and, where needed, one more. */
export function stream(world: World, purpose: number, index: number, running = 0, more = 0): Random {
  return new Random().seed(index, (purpose << 16) | running, world.seed ^ Math.imul(more, 0x9e3779b1));
}
