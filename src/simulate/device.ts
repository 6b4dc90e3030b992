import { STREAM } from "./random.js";
import { type Agent, agentText, DESKTOP_AGENTS, MOBILE_AGENTS } from "./vocabulary/agents.js";
import { weighted } from "./weighted.js";
import { stream, type World } from "./world.js";

/** What a page sees of a device. */
export interface Device {
  readonly userAgent: string;
  readonly fingerprint: string;
}

const drawMobileAgent = weighted(MOBILE_AGENTS, (agent) => agent.weight);
const drawDesktopAgent = weighted(DESKTOP_AGENTS, (agent) => agent.weight);

/** The phone or desktop of a person on a day of the span: browsers update and fingerprints drift with time. */
export function deviceOf(world: World, owner: number, mobile: boolean, day: number): Device {
  const { rates, popularity } = world;
  const slot = mobile ? 1 : 0;
  const random = stream(world, STREAM.device, owner, slot);
  const draw = mobile ? drawMobileAgent : drawDesktopAgent;
  if (random.chance(rates.commonFingerprint)) {
    // A popular configuration: same model, same browser, same fingerprint for many people.
    const rank = popularity.configurations.draw(random);
    const shared = stream(world, STREAM.configuration, rank, slot);
    return { userAgent: agentOn(draw(shared), day), fingerprint: shared.hex(2) };
  }
  const agent = draw(random);
  const drift = Math.floor((day + random.below(Math.ceil(rates.fingerprintDays))) / rates.fingerprintDays);
  const fingerprint = stream(world, STREAM.device, owner, 2 + slot + 2 * Math.min(drift, 30_000)).hex(2);
  return { userAgent: agentOn(agent, day), fingerprint };
}

/** A machine that strangers use; never updated, never cleared. */
export function kioskDevice(
  world: World,
  kiosk: number,
): Device & { readonly visitorId: string; readonly ip: string } {
  const random = stream(world, STREAM.kiosk, kiosk);
  return {
    userAgent: agentOn(drawDesktopAgent(random), 0),
    fingerprint: random.hex(2),
    visitorId: visitorText(random.hex(3)),
    ip: `204.${random.between(1, 250)}.${random.below(256)}.${random.between(1, 254)}`,
  };
}

/**
 * The first-party cookie of a site. `epoch` counts how often it was lost in an interest; `user` tells the profiles of a
 * shared device apart (equal to the owner on one's own device).
 */
export function visitorIdOf(
  world: World,
  owner: number,
  user: number,
  mobile: boolean,
  site: number,
  epoch: number,
): string {
  const more = user === owner ? site : site + 1000 * (1 + ((user - owner) & 7));
  return visitorText(stream(world, STREAM.cookie, owner, epoch * 2 + (mobile ? 1 : 0), more).hex(3));
}

function visitorText(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 16)}-${hex.slice(16)}`;
}

function agentOn(agent: Agent, day: number): string {
  return agentText(agent, Math.floor(day));
}
