import type { Campaign } from "./campaign.js";
import type { Person } from "./person.js";
import { STREAM } from "./random.js";
import { NO_VISIT, type Task } from "./schedule.js";
import { VERTICALS } from "./vocabulary/trade.js";
import { stream, type World } from "./world.js";

/** What somebody is looking for, and where it was found: one vertical, publisher and campaign. */
export interface Interest {
  readonly vertical: number;
  readonly publisher: number;
  readonly site: number;
  readonly campaign: Campaign;
}

export function interestOf(world: World, host: number, episode: number): Interest {
  const random = stream(world, STREAM.episode, host, episode);
  const vertical = random.below(VERTICALS.length);
  const publisher = world.publishers.draw(random, vertical);
  return {
    vertical,
    publisher,
    site: world.publishers.site(publisher),
    campaign: world.publishers.campaign(publisher, world.publishers.drawCampaign(random)),
  };
}

/** How an interest goes on: the visits, and at which of them the visitor turns into a lead. */
export interface Plan {
  readonly visits: number;
  /** Visit at which the person calls or fills a form; -1 never. NO_VISIT: the lead comes without any visit. */
  readonly convertsAt: number;
  readonly calls: boolean;
  readonly fillsForm: boolean;
  readonly reachesCrm: boolean;
  readonly anotherInterest: boolean;
}

const MOST_VISITS = 6;

/** Tells the interests of a person apart from those into which somebody else brought the person. */
export function slotOf(task: Task): number {
  return task.actor === task.host ? task.episode : 8 + task.episode;
}

export function planOf(world: World, person: Person, slot: number): Plan {
  const { rates } = world;
  const random = stream(world, STREAM.conversion, person.index, slot);
  const visits =
    1 +
    random.geometric(person.anonymous ? rates.anotherAnonymousVisit : rates.anotherVisit, MOST_VISITS - 1);
  const anotherInterest = random.chance(rates.anotherInterest);
  if (person.anonymous) {
    return { visits, convertsAt: -1, calls: false, fillsForm: false, reachesCrm: false, anotherInterest };
  }
  const offline = slot < 8 && random.chance(rates.noVisit);
  const channel = random.unit();
  return {
    visits: offline ? 0 : visits,
    convertsAt: offline ? NO_VISIT : random.below(visits),
    calls: channel < rates.callsOnly || channel >= rates.callsOnly + rates.formsOnly,
    fillsForm: channel >= rates.callsOnly,
    reachesCrm: random.chance(rates.crm),
    anotherInterest,
  };
}

const CLICK_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The click id of a visit, or empty where the channel has none or it was stripped on the way. */
export function clickIdOf(
  world: World,
  interest: Interest,
  actor: number,
  slot: number,
  visit: number,
): string {
  const { clickId } = interest.campaign.channel;
  if (clickId === "") return "";
  const random = stream(world, STREAM.click, actor, slot * 16 + visit);
  if (random.chance(world.rates.clickIdLost)) return "";
  if (visit > 0 && random.chance(world.rates.clickIdReused))
    return clickIdOf(world, interest, actor, slot, 0);
  const prefix = clickId === "gclid" ? (random.chance(0.75) ? "Cj0KCQ" : "EAIaIQ") : "IwAR";
  return prefix + random.letters(38, CLICK_ALPHABET);
}
