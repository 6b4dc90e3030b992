import { subscriberNumber } from "./phoneNumber.js";
import { STREAM } from "./random.js";
import { drawFamilyName } from "./vocabulary/names.js";
import { CITIES, type City, STREET_TYPES, STREETS } from "./vocabulary/places.js";
import { weighted } from "./weighted.js";
import { stream, type World } from "./world.js";

/** People who live together: one address, one line, mostly one family name. */
export interface Household {
  /** Index of the first member; also the household's own index. */
  readonly first: number;
  readonly size: number;
  readonly cityIndex: number;
  readonly city: City;
  readonly familyName: string;
  readonly street: string;
  readonly postalCode: string;
}

const BLOCK = 4;

/** How four people with consecutive indices are housed, by weight: 2.3 a household on average. */
const HOUSINGS: readonly { readonly sizes: readonly number[]; readonly weight: number }[] = [
  { sizes: [4], weight: 45 },
  { sizes: [3, 1], weight: 20 },
  { sizes: [2, 2], weight: 20 },
  { sizes: [2, 1, 1], weight: 10 },
  { sizes: [1, 1, 1, 1], weight: 5 },
];

const drawHousing = weighted(HOUSINGS, (housing) => housing.weight);
const drawCityIndex = weighted(
  CITIES.map((city, index) => ({ index, weight: city.weight })),
  (entry) => entry.weight,
);

export function householdOf(world: World, person: number): Household {
  const block = person - (person % BLOCK);
  const { sizes } = drawHousing(stream(world, STREAM.household, block, 1));
  let first = block;
  let size = sizes[0] as number;
  for (let i = 1; first + size <= person; i++) {
    first += size;
    size = sizes[i] as number;
  }
  const random = stream(world, STREAM.household, first, 2);
  const cityIndex = drawCityIndex(random).index;
  const city = CITIES[cityIndex] as City;
  const familyName = drawFamilyName(random, world.popularity.familyNames, world.rates.rareNames);
  let street = `${random.between(1, 9899)} ${random.pick(STREETS)} ${random.pick(STREET_TYPES)}`;
  if (random.chance(0.2)) street += ` #${random.between(1, 60)}`;
  const postalCode = String(100_000 + city.postalFrom + random.below(city.postalCount)).slice(1);
  return { first, size, cityIndex, city, familyName, street, postalCode };
}

export function landlineOf(household: Household): string {
  return subscriberNumber(household.city, "landline", household.first);
}

/** The other member closest to a person, or the person itself who lives alone. */
export function mateOf(household: Household, person: number): number {
  if (household.size === 1) return person;
  return person === household.first ? person + 1 : person - 1;
}
