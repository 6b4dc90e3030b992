import { siteUrl } from "./campaign.js";
import { deviceOf, kioskDevice, visitorIdOf } from "./device.js";
import { mateOf } from "./household.js";
import { clickIdOf, type Interest } from "./journey.js";
import { visitAddress } from "./network.js";
import { trackingNumber } from "./numberPool.js";
import { emailOf, type Person } from "./person.js";
import { type Random, STREAM } from "./random.js";
import type { Task } from "./schedule.js";
import { emailDigest } from "./typing.js";
import { INNER_PATHS } from "./vocabulary/trade.js";
import { DAY_MS, stream, type World } from "./world.js";

type Columns = Record<string, string>;

/** A visit as the pages of the site see it. */
export interface Visit {
  readonly person: Person;
  readonly interest: Interest;
  readonly mobile: boolean;
  readonly label: string;
  /** Cookie, network and browser: on every row of the visit. */
  readonly browser: Columns;
  /** Landing page, referrer, campaign and click ids: on the session and on its forms. */
  readonly arrival: Columns;
  readonly number: number;
  /** Digest of the mail address that a newsletter link carried, or empty. */
  readonly mailDigest: string;
}

/** Who is seen: the own device with its cookie, a household member's device, or a public machine. */
function browserOf(
  world: World,
  task: Task,
  slot: number,
  person: Person,
  interest: Interest,
  random: Random,
) {
  const { rates } = world;
  const mobile = random.chance(rates.mobile);
  if (random.chance(rates.kiosk)) {
    const { userAgent, fingerprint, visitorId, ip } = kioskDevice(
      world,
      world.popularity.kiosks.draw(random),
    );
    const browser: Columns = { visitor_id: visitorId, ip, user_agent: userAgent, fingerprint };
    return { mobile: false, label: "shared_device", browser };
  }
  const mate = mateOf(person.household, person.index);
  const shared = mate !== person.index && random.chance(rates.sharedDevice);
  const owner = shared ? mate : person.index;
  const device = deviceOf(world, owner, mobile, (task.atMs - world.startMs) / DAY_MS);
  const browser: Columns = {
    ip: visitAddress(world, person, mobile, random, task.atMs),
    user_agent: device.userAgent,
  };
  if (!random.chance(rates.cookieMissing)) {
    const user = shared && !random.chance(rates.sharedCookie) ? person.index : owner;
    browser.visitor_id = visitorIdOf(
      world,
      owner,
      user,
      mobile,
      interest.site,
      cookieEpoch(world, task, slot),
    );
    browser.fingerprint = device.fingerprint;
  }
  return { mobile, label: shared ? "shared_device" : "", browser };
}

/** How often the cookie was lost in this interest up to this visit; interests that lost it do not share one. */
function cookieEpoch(world: World, task: Task, slot: number): number {
  let lost = 0;
  for (let visit = 1; visit <= task.visit; visit++) {
    if (stream(world, STREAM.session, task.actor, slot * 16 + visit, 1).chance(world.rates.cookieReset))
      lost++;
  }
  return lost === 0 ? 0 : lost + 16 * (slot + 1);
}

export function visitOf(
  world: World,
  task: Task,
  slot: number,
  person: Person,
  interest: Interest,
  number: number,
): Visit {
  const { rates } = world;
  const random = stream(world, STREAM.session, task.actor, slot * 16 + task.visit);
  const seen = browserOf(world, task, slot, person, interest, random);
  const { campaign, site } = interest;
  const arrival: Columns = { landing_page: siteUrl(site) + campaign.landingPath };
  let { label } = seen;
  let mailDigest = "";
  if (!random.chance(rates.direct)) {
    const { channel } = campaign;
    if (channel.referrer !== "") arrival.referrer = channel.referrer;
    arrival.utm_source = channel.source;
    arrival.utm_medium = channel.medium;
    arrival.utm_campaign = campaign.name;
    if (channel.clickId === "gclid") arrival.utm_term = campaign.term;
    const forwarded = task.actor !== task.host && random.chance(rates.forwardedLink);
    const clickId = forwarded
      ? clickIdOf(world, interest, task.host, task.episode, 0)
      : clickIdOf(world, interest, task.actor, slot, task.visit);
    if (clickId !== "") arrival[channel.clickId] = clickId;
    if (forwarded && label === "" && clickId !== "") label = "forwarded_link";
    if (channel.source === "newsletter" && random.chance(rates.newsletterDigest)) {
      mailDigest = emailDigest(emailOf(world, person, "first"), random);
    }
  }
  return { person, interest, mobile: seen.mobile, label, browser: seen.browser, arrival, number, mailDigest };
}

/** The first page view of a visit. */
export function sessionRow(visit: Visit, observedAt: string): Columns {
  const row: Columns = {
    source: "web",
    kind: "session",
    observed_at: observedAt,
    ...visit.browser,
    ...visit.arrival,
    tracking_number: trackingNumber(visit.number),
    publisher_id: `pub${visit.interest.publisher}`,
  };
  if (visit.mailDigest !== "") row.email_hash = visit.mailDigest;
  return row;
}

/** A further page, or a tap on the number. */
export function pageRow(
  visit: Visit,
  kind: "pageview" | "click_to_call",
  observedAt: string,
  random: Random,
): Columns {
  return {
    source: "web",
    kind,
    observed_at: observedAt,
    ...visit.browser,
    landing_page:
      siteUrl(visit.interest.site) + (INNER_PATHS[random.geometric(0.5, INNER_PATHS.length - 1)] as string),
    tracking_number: trackingNumber(visit.number),
    publisher_id: `pub${visit.interest.publisher}`,
  };
}
