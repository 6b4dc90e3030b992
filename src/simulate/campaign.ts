import { PowerLaw } from "./powerLaw.js";
import { Random, STREAM } from "./random.js";
import type { SimulateRates } from "./rates.js";
import {
  CAMPAIGN_NAMES,
  CHANNELS,
  type Channel,
  LANDING_PATHS,
  SEARCH_TERMS,
  SITE_BRANDS,
  VERTICALS,
} from "./vocabulary/trade.js";
import { weighted } from "./weighted.js";

/** One campaign of a publisher. */
export interface Campaign {
  readonly name: string;
  readonly channel: Channel;
  readonly landingPath: string;
  readonly term: string;
}

const drawChannel = weighted(CHANNELS, (channel) => channel.weight);

/** Visits that one person makes over the span, about: sizes pools, nothing else. */
const VISITS_PER_PERSON = 1.9;

/** The population for which `publishersPerVertical` is meant. */
const REFERENCE_PEOPLE = 2000;

/**
 * The publishers of the population. Their number grows with the square root of the population and their popularity
 * within a vertical follows Zipf's law, so a large population has both more publishers and busier ones. The pool of a
 * publisher grows with its own traffic.
 */
export class Publishers {
  readonly perVertical: number;
  readonly count: number;
  /** First number of each publisher: its fixed one. Pool numbers follow; one entry more closes the last range. */
  readonly firstNumber: Uint32Array;
  private readonly popularity: PowerLaw;

  constructor(
    private readonly seed: number,
    people: number,
    days: number,
    rates: SimulateRates,
  ) {
    this.perVertical = Math.max(
      4,
      Math.round(rates.publishersPerVertical * Math.sqrt(people / REFERENCE_PEOPLE)),
    );
    this.count = this.perVertical * VERTICALS.length;
    this.popularity = new PowerLaw(this.perVertical, 1);
    this.firstNumber = new Uint32Array(this.count + 1);
    const visitsPerMinute = (people * VISITS_PER_PERSON * rates.leased) / (days * 1440 * VERTICALS.length);
    let next = 0;
    for (let publisher = 0; publisher < this.count; publisher++) {
      this.firstNumber[publisher] = next;
      // Mean gap before a number is shown to someone else = numbers / arrivals (see numberPool.ts).
      const needed =
        visitsPerMinute * this.popularity.share(publisher % this.perVertical) * rates.poolGapMinutes;
      next += 1 + Math.max(Math.ceil(rates.smallestPool), Math.ceil(needed));
    }
    this.firstNumber[this.count] = next;
  }

  draw(random: Random, vertical: number): number {
    return vertical * this.perVertical + this.popularity.draw(random);
  }

  verticalOf(publisher: number): number {
    return Math.floor(publisher / this.perVertical);
  }

  /** Rank of a campaign inside its publisher: each has half the traffic of what the ones before it left. */
  drawCampaign(random: Random): number {
    return random.geometric(0.5, CAMPAIGN_NAMES.length - 1);
  }

  /** What a campaign fixes for all its visitors: channel, landing page, search term. */
  campaign(publisher: number, campaign: number): Campaign {
    const random = new Random().seed(publisher, (STREAM.campaign << 16) | campaign, this.seed);
    const vertical = VERTICALS[this.verticalOf(publisher)] as string;
    return {
      name: `${vertical}-${CAMPAIGN_NAMES[campaign] as string}`,
      channel: drawChannel(random),
      landingPath: LANDING_PATHS[random.geometric(0.5, LANDING_PATHS.length - 1)] as string,
      term: `${vertical} ${SEARCH_TERMS[random.geometric(0.5, SEARCH_TERMS.length - 1)] as string}`,
    };
  }

  /** Index of the publisher's site. Brands are shared by many publishers of a vertical, the first one by most. */
  site(publisher: number): number {
    const random = new Random().seed(publisher, STREAM.publisher << 16, this.seed);
    return this.verticalOf(publisher) * SITE_BRANDS.length + random.geometric(0.5, SITE_BRANDS.length - 1);
  }
}

/** The address of a site, without path. */
export function siteUrl(site: number): string {
  const vertical = VERTICALS[Math.floor(site / SITE_BRANDS.length)] as string;
  return `https://${vertical}-${SITE_BRANDS[site % SITE_BRANDS.length] as string}.example`;
}
