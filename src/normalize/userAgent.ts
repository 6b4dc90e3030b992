import Bowser from "bowser";
import { foldText } from "./fold.js";
import { cleanText } from "./placeholder.js";

export interface UserAgent {
  /** Browser with major version, system with version, kind of device: "chrome 142/android 14/mobile". */
  readonly agent: string;
  /** What outlives an update of the browser: "android/mobile". */
  readonly device: string;
  /** Whether a crawler, monitor or script sent it, by its own account. */
  readonly bot: boolean;
}

const BOT =
  /bot\b|bot[/_-]|crawl|spider|slurp|headless|phantomjs|lighthouse|pingdom|uptime|monitor|preview|facebookexternalhit|curl\/|wget\/|python|java\/|okhttp|axios|node-fetch|go-http|httpclient|libwww|scrapy|postman/i;

/**
 * A parser of user-agent texts with a bounded memory (default 10,000 texts; when full it starts afresh), for a site sees
 * few agents many times. It gives null for blanks and placeholders and never throws.
 */
export function createUserAgentParser(
  options: { readonly cacheSize?: number } = {},
): (raw: unknown) => UserAgent | null {
  const cacheSize = options.cacheSize ?? 10_000;
  const cache = new Map<string, UserAgent>();
  return (raw) => {
    if (typeof raw !== "string") return null;
    const text = cleanText(raw);
    if (text === null) return null;
    let agent = cache.get(text);
    if (agent === undefined) {
      agent = Object.freeze(readAgent(text));
      if (cache.size >= cacheSize) cache.clear();
      cache.set(text, agent);
    }
    return agent;
  };
}

function readAgent(text: string): UserAgent {
  const { browser, os, platform } = Bowser.parse(text);
  const kind = platform.type ?? "unknown";
  const system = foldText(os.name ?? "") || "unknown";
  // Without a browser name the first word is the best there is: the name of an app or a library.
  const name = foldText(browser.name ?? "") || foldText(text.split(/[\s/(]/, 1)[0] ?? "") || "unknown";
  const browserVersion = /^\d+/.exec(browser.version ?? "")?.[0];
  const systemVersion = /^\d+(?:\.\d+)?/.exec(os.version ?? "")?.[0];
  const browserPart = browserVersion === undefined ? name : `${name} ${browserVersion}`;
  const systemPart = systemVersion === undefined ? system : `${system} ${systemVersion}`;
  return {
    agent: `${browserPart}/${systemPart}/${kind}`,
    device: `${system}/${kind}`,
    bot: kind === "bot" || BOT.test(text),
  };
}
