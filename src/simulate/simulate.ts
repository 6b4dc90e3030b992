import { Delivery, type SimulatedRow } from "./delivery.js";
import { arrivalStep } from "./person.js";
import { Random, STREAM } from "./random.js";
import { type Hardness, resolveRates, type SimulateRates } from "./rates.js";
import { Simulation } from "./simulation.js";
import { createWorld, DAY_MS, type World } from "./world.js";

/** What to simulate. Give `people` or `fragments`; with neither, 2,000 people. */
export interface SimulateOptions {
  /** True people who arrive in the span. */
  readonly people?: number;
  /** About so many fragments (within some 5 %), in place of `people`. */
  readonly fragments?: number;
  /** Any integer; the same options and seed give the same bytes everywhere. Default 1. */
  readonly seed?: number;
  /** Preset of all rates. Default `normal`. */
  readonly hardness?: Hardness;
  /** Rates that replace those of the preset. */
  readonly rates?: Partial<SimulateRates>;
  /**
   * Days over which people arrive; what they do later is still delivered. Default 180. The density per day grows with
   * the population: publishers with its square root, their pools with their traffic.
   */
  readonly days?: number;
  /** First instant of the span, ISO 8601. Default 2026-01-05T00:00:00Z. */
  readonly startAt?: string;
}

/** All columns of a row, in the order of a file. */
export const SIMULATED_COLUMNS: readonly string[] = (
  "record_id source kind observed_at visitor_id email email_hash phone ip user_agent fingerprint first_name last_name " +
  "company street city region postal_code landing_page referrer utm_source utm_medium utm_campaign utm_term gclid fbclid " +
  "tracking_number call_id call_duration disposition revenue publisher_id crm_id"
).split(" ");

/** Fragments per person of each preset, measured; only `fragments` uses it. */
const FRAGMENTS_PER_PERSON: Readonly<Record<Hardness, number>> = { easy: 5.4, normal: 5.2, hard: 5 };

const DEFAULT_PEOPLE = 2000;
const DEFAULT_DAYS = 180;
const DEFAULT_START = "2026-01-05T00:00:00.000Z";

/** A person is a 32-bit index, and products of two of them must stay exact. */
const MOST_PEOPLE = 50_000_000;

/**
 * Simulates call-tracking leads with their truth, in order of delivery.
 *
 * People arrive by a Poisson process with a daily rhythm and are made from (seed, index) when they act; what they will
 * do is held as small tasks in a heap, what they did as rows until delivery. Memory is that of the people under way,
 * not of the population. Each iteration of the result starts afresh.
 * @throws TypeError for options out of range, at the call.
 */
export function simulate(options: SimulateOptions = {}): Iterable<SimulatedRow> {
  const hardness = options.hardness ?? "normal";
  const rates = resolveRates(hardness, options.rates);
  const people = populationOf(options, hardness);
  const days = options.days ?? DEFAULT_DAYS;
  const seed = options.seed ?? 1;
  const startMs = Date.parse(options.startAt ?? DEFAULT_START);
  if (!(days > 0 && days <= 3660)) throw new TypeError(`days must be in 0 … 3660, not ${days}`);
  if (!Number.isInteger(seed)) throw new TypeError(`seed must be an integer, not ${seed}`);
  if (Number.isNaN(startMs)) throw new TypeError(`startAt must be an ISO 8601 time, not ${options.startAt}`);
  const world = createWorld(seed, people, startMs, days, rates);
  return { [Symbol.iterator]: () => run(world) };
}

function populationOf(options: SimulateOptions, hardness: Hardness): number {
  if (options.people !== undefined && options.fragments !== undefined) {
    throw new TypeError("give people or fragments, not both");
  }
  const wanted =
    options.fragments === undefined
      ? (options.people ?? DEFAULT_PEOPLE)
      : Math.max(1, Math.round(options.fragments / FRAGMENTS_PER_PERSON[hardness]));
  if (!(Number.isInteger(wanted) && wanted >= 1 && wanted <= MOST_PEOPLE)) {
    throw new TypeError(`people must be an integer in 1 … ${MOST_PEOPLE}, not ${wanted}`);
  }
  return wanted;
}

function* run(world: World): Generator<SimulatedRow, void, undefined> {
  const delivery = new Delivery(world);
  const simulation = new Simulation(world, delivery);
  const { schedule } = simulation;
  const arrivals = new Arrivals(world);
  for (;;) {
    const taskMs = schedule.nextMs();
    const nowMs = Math.min(taskMs, arrivals.nextMs);
    // No task writes a row that is ready before the task itself, so all that is due by now can go.
    for (let item = delivery.next(nowMs); item !== undefined; item = delivery.next(nowMs)) yield item;
    if (nowMs === Number.POSITIVE_INFINITY) return;
    if (arrivals.nextMs < taskMs) arrivals.admit(simulation);
    else simulation.perform(schedule.take());
  }
}

/** Relative traffic by hour of the day, UTC of a country five to eight hours behind. */
const HOURLY = [7, 6, 5, 4, 3, 2, 2, 2, 1, 1, 1, 2, 3, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8, 7] as const;

/** Everybody once: Poisson in time, scattered over the indices so that households do not come together. */
class Arrivals {
  nextMs = 0;
  private elapsedDays = 0;
  private readonly random: Random;
  private readonly step: number;
  private rank = 0;
  private person: number;
  private readonly cumulative: number[] = [0];

  constructor(private readonly world: World) {
    this.random = new Random().seed(STREAM.arrival, 0, world.seed);
    this.step = arrivalStep(world.people);
    this.person = this.random.below(world.people);
    let sum = 0;
    for (const weight of HOURLY) {
      sum += weight;
      this.cumulative.push(sum);
    }
    this.draw();
  }

  admit(simulation: Simulation): void {
    simulation.arrive(this.person, this.nextMs);
    this.person = (this.person + this.step) % this.world.people;
    this.rank++;
    this.draw();
  }

  private draw(): void {
    const { world } = this;
    if (this.rank >= world.people) {
      this.nextMs = Number.POSITIVE_INFINITY;
      return;
    }
    this.elapsedDays += this.random.exponential(world.days / world.people);
    const day = Math.floor(this.elapsedDays);
    this.nextMs = Math.floor(world.startMs + (day + this.hourShare(this.elapsedDays - day)) * DAY_MS);
  }

  /** Bends uniform time of day to the daily rhythm; monotone, so the order of arrivals stays. */
  private hourShare(uniform: number): number {
    const { cumulative } = this;
    const target = uniform * (cumulative[24] as number);
    let hour = 0;
    while (hour < 23 && (cumulative[hour + 1] as number) <= target) hour++;
    const from = cumulative[hour] as number;
    return (hour + (target - from) / ((cumulative[hour + 1] as number) - from)) / 24;
  }
}
