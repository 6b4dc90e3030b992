import type { Person } from "./person.js";
import { type Random, STREAM } from "./random.js";
import { HOUR_MS, stream, type World } from "./world.js";

const HOME_BLOCKS = [24, 47, 50, 66, 67, 68, 71, 73, 75, 76, 96, 98, 99, 108] as const;
const OFFICE_BLOCKS = [12, 64, 65, 204, 209] as const;

function address(firstOctet: number, random: Random): string {
  return `${firstOctet}.${random.between(1, 254)}.${random.below(256)}.${random.between(1, 254)}`;
}

/** The home line; providers hand out another address now and then. */
function homeAddress(world: World, household: number, nowMs: number): string {
  const { homeAddressDays } = world.rates;
  const random = stream(world, STREAM.network, household, 0);
  const block = random.pick(HOME_BLOCKS);
  const phase = random.unit();
  const epoch = Math.floor((nowMs - world.startMs) / (homeAddressDays * 24 * HOUR_MS) + phase);
  return address(block, stream(world, STREAM.network, household, 1 + Math.min(epoch, 60_000)));
}

/** A carrier's shared address (CGNAT): popular ones serve people of the whole population, changing every few hours. */
function carrierAddress(world: World, person: number, nowMs: number): string {
  const epoch = Math.floor((nowMs - world.startMs) / (world.rates.carrierAddressHours * HOUR_MS));
  const random = stream(world, STREAM.network, person, 65_535, epoch);
  const rank = world.popularity.carrierAddresses.draw(random);
  const block = stream(world, STREAM.network, rank, 65_534);
  return block.chance(0.5)
    ? `172.${block.between(32, 127)}.${block.below(256)}.${block.between(1, 254)}`
    : `166.${block.between(128, 255)}.${block.below(256)}.${block.between(1, 254)}`;
}

/** The office network: one address for all who work there. */
function officeAddress(world: World, company: number): string {
  const random = stream(world, STREAM.network, company, 65_533);
  return address(random.pick(OFFICE_BLOCKS), random);
}

/** The address a visit comes from. */
export function visitAddress(
  world: World,
  person: Person,
  mobile: boolean,
  random: Random,
  nowMs: number,
): string {
  const { rates } = world;
  if (mobile && random.chance(rates.carrierNetwork)) return carrierAddress(world, person.index, nowMs);
  if (!mobile && person.company >= 0 && random.chance(rates.officeNetwork))
    return officeAddress(world, person.company);
  return homeAddress(world, person.household.first, nowMs);
}
