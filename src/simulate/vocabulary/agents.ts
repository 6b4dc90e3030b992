/**
 * Browsers as templates with a place for the version. The version grows with the calendar, so the user agent of one
 * device changes now and then, as it does in the field.
 */
export interface Agent {
  readonly before: string;
  readonly after: string;
  /** Version at the start of the span; one more every `everyDays` days. */
  readonly version: number;
  readonly everyDays: number;
  readonly suffix: string;
  readonly weight: number;
}

const KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)";

function chrome(system: string, mobile: boolean, weight: number, lag = 0, tail = ""): Agent {
  return {
    before: `Mozilla/5.0 (${system}) ${KHTML} Chrome/`,
    after: `.0.0.0 ${mobile ? "Mobile " : ""}Safari/537.36${tail}`,
    version: 142 - lag,
    everyDays: 28,
    suffix: "",
    weight,
  };
}

function safari(device: string, os: string, tail: string, version: number, weight: number): Agent {
  return {
    before: `Mozilla/5.0 (${device}; ${os}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/`,
    after: ` ${tail}`,
    version,
    everyDays: 300,
    suffix: ".0",
    weight,
  };
}

function firefox(system: string, weight: number): Agent {
  return {
    before: `Mozilla/5.0 (${system}; rv:109.0) Gecko/20100101 Firefox/`,
    after: "",
    version: 145,
    everyDays: 28,
    suffix: ".0",
    weight,
  };
}

export const MOBILE_AGENTS: readonly Agent[] = [
  safari("iPhone", "CPU iPhone OS 18_5 like Mac OS X", "Mobile/15E148 Safari/604.1", 18, 22),
  safari("iPhone", "CPU iPhone OS 18_6 like Mac OS X", "Mobile/15E148 Safari/604.1", 18, 18),
  safari("iPhone", "CPU iPhone OS 17_7 like Mac OS X", "Mobile/15E148 Safari/604.1", 17, 8),
  safari("iPhone", "CPU iPhone OS 16_7 like Mac OS X", "Mobile/15E148 Safari/604.1", 16, 4),
  safari("iPad", "CPU OS 17_7 like Mac OS X", "Mobile/15E148 Safari/604.1", 17, 3),
  chrome("Linux; Android 10; K", true, 24),
  chrome("Linux; Android 14; K", true, 6),
  chrome("Linux; Android 15; K", true, 4, 1),
  chrome("Linux; Android 13; SM-A146U", true, 3, 2),
  chrome("Linux; Android 12; moto g stylus", true, 2, 4),
  chrome("Linux; Android 11; SM-G991U", true, 2, 7),
  firefox("Android 14; Mobile", 1),
  chrome("Linux; Android 10; K", true, 2, 0, " EdgA/142.0.0.0"),
  chrome("Linux; Android 14; SM-S921U", true, 2, 3, " SamsungBrowser/28.0"),
];

export const DESKTOP_AGENTS: readonly Agent[] = [
  chrome("Windows NT 10.0; Win64; x64", false, 34),
  chrome("Windows NT 10.0; Win64; x64", false, 8, 1),
  chrome("Windows NT 10.0; Win64; x64", false, 12, 0, " Edg/142.0.0.0"),
  chrome("Macintosh; Intel Mac OS X 10_15_7", false, 14),
  chrome("X11; CrOS x86_64 14541.0.0", false, 4),
  chrome("X11; Linux x86_64", false, 2),
  safari("Macintosh", "Intel Mac OS X 10_15_7", "Safari/605.1.15", 18, 13),
  safari("Macintosh", "Intel Mac OS X 10_15_7", "Safari/605.1.15", 17, 5),
  firefox("Windows NT 10.0; Win64; x64", 5),
  firefox("Macintosh; Intel Mac OS X 10.15", 2),
  firefox("X11; Linux x86_64", 1),
];

/** The text of a browser on a day of the span (0 = first). */
export function agentText(agent: Agent, day: number): string {
  return `${agent.before}${agent.version + Math.floor(day / agent.everyDays)}${agent.suffix}${agent.after}`;
}
