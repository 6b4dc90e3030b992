import { subscriberNumber } from "./phoneNumber.js";
import { STREAM } from "./random.js";
import { drawFamilyName } from "./vocabulary/names.js";
import { CITIES, type City } from "./vocabulary/places.js";
import { COMPANY_KINDS } from "./vocabulary/trade.js";
import { stream, type World } from "./world.js";

/** An employer: its people show the number of the switchboard and the address of the office network. */
export interface Company {
  readonly index: number;
  readonly name: string;
  readonly mailHost: string;
  readonly mainLine: string;
}

/** Index of the company with a popularity rank in a city. */
export function companyIndex(rank: number, cityIndex: number): number {
  return rank * CITIES.length + cityIndex;
}

export function companyAt(world: World, index: number): Company {
  const random = stream(world, STREAM.company, index);
  const family = drawFamilyName(random, world.popularity.familyNames, 0.8);
  const kind = random.pick(COMPANY_KINDS);
  const city = CITIES[index % CITIES.length] as City;
  return {
    index,
    name: `${family} ${kind}`,
    mailHost: `${family}-${kind}${index}.example`.toLowerCase(),
    mainLine: subscriberNumber(city, "main", index),
  };
}
