import { callOf, callRow, callUpdateRow, dispositionRow, robocallRow } from "./call.js";
import { isoTime, pause } from "./clockText.js";
import { crmRecord, crmRow, drawCrmState, offlineConversionRow } from "./crm.js";
import type { Delivery } from "./delivery.js";
import { formRow, partialFormRow, testLeadRow, typedBy } from "./form.js";
import { mateOf } from "./household.js";
import { type Interest, interestOf, type Plan, planOf, slotOf } from "./journey.js";
import { NumberPools } from "./numberPool.js";
import { type Person, personAt } from "./person.js";
import { type Random, STREAM } from "./random.js";
import { NO_VISIT, Schedule, TASK, type Task } from "./schedule.js";
import { pageRow, sessionRow, type Visit, visitOf } from "./visit.js";
import { DAY_MS, HOUR_MS, MINUTE_MS, stream, type World } from "./world.js";

const MOST_CALLS = 8;
const MOST_PAGES = 12;
const MOST_INTERESTS = 3;

/**
 * The world in motion. Tasks are done in order of time, since pools and agents remember what went before; each writes
 * its rows to the delivery and schedules what follows from it.
 */
export class Simulation {
  readonly schedule = new Schedule();
  private readonly pools: NumberPools;
  private previousCaller = "";
  private robots = 0;
  private testLeads = 0;

  constructor(
    private readonly world: World,
    private readonly delivery: Delivery,
  ) {
    this.pools = NumberPools.of(world);
  }

  /** Somebody becomes interested for the first time. */
  arrive(person: number, atMs: number): void {
    this.begin(person, person, 0, atMs);
  }

  perform(task: Task): void {
    if (task.kind === TASK.visit) this.visit(task);
    else if (task.kind === TASK.contact) this.contact(task);
    else if (task.kind === TASK.call) this.call(task);
    else if (task.kind === TASK.disposition) this.disposition(task);
    else this.crm(task);
  }

  private begin(actor: number, host: number, episode: number, atMs: number): void {
    const start: Task = { atMs, actor, host, kind: TASK.visit, episode, visit: 0, call: 0, number: 0 };
    const plan = planOf(this.world, personAt(this.world, actor), slotOf(start));
    this.schedule.add(plan.visits === 0 ? { ...start, kind: TASK.contact, visit: NO_VISIT } : start);
  }

  private visit(task: Task): void {
    const { world, pools } = this;
    const { rates } = world;
    const slot = slotOf(task);
    const person = personAt(world, task.actor);
    const interest = interestOf(world, task.host, task.episode);
    const plan = planOf(world, person, slot);
    const random = stream(world, STREAM.session, task.actor, slot * 16 + task.visit, 2);
    const number = random.chance(rates.leased)
      ? pools.lease(interest.publisher, task.atMs)
      : pools.fixed(interest.publisher);
    const visit = visitOf(world, task, slot, person, interest, number);
    this.hand(sessionRow(visit, isoTime(task.atMs)), person, visit.label, task.atMs);
    let atMs = task.atMs;
    for (let page = random.geometric(rates.pageViews, MOST_PAGES); page > 0; page--) {
      atMs += pause(random, 1.2);
      this.hand(pageRow(visit, "pageview", isoTime(atMs), random), person, visit.label, atMs);
    }
    if (plan.convertsAt === task.visit) this.convert(task, plan, visit, random);
    else if (random.chance(rates.idleClickToCall)) {
      atMs += pause(random, 1.2);
      this.hand(pageRow(visit, "click_to_call", isoTime(atMs), random), person, visit.label, atMs);
    }
    this.continueInterest(task, plan, person, random);
  }

  /** The next visit, the next interest, and the household member who is told about it. */
  private continueInterest(task: Task, plan: Plan, person: Person, random: Random): void {
    const { rates } = this.world;
    if (task.visit + 1 < plan.visits) {
      const gap = random.logUniform(2 * HOUR_MS, 25 * DAY_MS);
      this.schedule.add({ ...task, atMs: task.atMs + gap, visit: task.visit + 1 });
    } else this.nextInterest(task, plan, random);
    const own = task.actor === task.host;
    if (!own || task.visit > 0 || !random.chance(rates.householdJoins)) return;
    const mate = mateOf(person.household, person.index);
    if (mate === person.index) return;
    this.begin(mate, task.host, task.episode, task.atMs + random.logUniform(HOUR_MS, 5 * DAY_MS));
  }

  private nextInterest(task: Task, plan: Plan, random: Random): void {
    if (task.actor !== task.host || !plan.anotherInterest || task.episode + 1 >= MOST_INTERESTS) return;
    this.begin(
      task.actor,
      task.host,
      task.episode + 1,
      task.atMs + random.logUniform(3 * DAY_MS, 60 * DAY_MS),
    );
  }

  /** The visitor fills the form, calls, or does both. */
  private convert(task: Task, plan: Plan, visit: Visit, random: Random): void {
    const { rates } = this.world;
    const { person } = visit;
    let atMs = task.atMs;
    if (plan.fillsForm) {
      atMs += pause(random, 2);
      this.form(visit, atMs, random);
      if (plan.reachesCrm) this.scheduleCrm({ ...task, number: visit.number }, atMs, random);
    }
    if (!plan.calls) return;
    const fixed = this.pools.fixed(visit.interest.publisher);
    const number = random.chance(rates.dialsFixed) ? fixed : visit.number;
    const delay = this.callDelay(random);
    if (delay < 30 * MINUTE_MS && visit.mobile && random.chance(rates.tapBeforeCall)) {
      const tapMs = atMs + delay * 0.9;
      this.hand(pageRow(visit, "click_to_call", isoTime(tapMs), random), person, visit.label, tapMs);
    }
    this.schedule.add({ ...task, atMs: atMs + delay, kind: TASK.call, call: 0, number });
  }

  /** From page to dialling: in the visit, on the same day, in the same week, or later. */
  private callDelay(random: Random): number {
    const { rates } = this.world;
    const when = random.unit();
    if (when < rates.callInVisit) return random.logNormal(2.5, 1) * MINUTE_MS;
    if (when < rates.callInVisit + rates.callSameDay) return random.logUniform(15 * MINUTE_MS, DAY_MS);
    if (when < rates.callInVisit + rates.callSameDay + rates.callSameWeek) {
      return random.logUniform(DAY_MS, 7 * DAY_MS);
    }
    return random.logUniform(7 * DAY_MS, 45 * DAY_MS);
  }

  private form(visit: Visit, atMs: number, random: Random): void {
    const { world } = this;
    const { rates } = world;
    const { person } = visit;
    const typed = typedBy(world, person, random);
    if (random.chance(rates.partialForm)) {
      const row = partialFormRow(world, visit, typed, atMs - 5_000, random);
      this.hand(row, person, visit.label === "" ? "partial" : visit.label, atMs - 5_000);
      if (random.chance(rates.abandonedForm)) return;
    }
    this.hand(formRow(world, visit, typed, atMs, random), person, visit.label, atMs);
    if (!random.chance(rates.testLeads)) return;
    const row = testLeadRow(visit, atMs + random.unit() * HOUR_MS, random);
    this.delivery.hand({ row, entity: `t${this.testLeads++}`, household: "", label: "test_lead" }, atMs);
  }

  /** A lead without any visit: a call to the printed number, or a form that a partner sends. */
  private contact(task: Task): void {
    const { world } = this;
    const person = personAt(world, task.actor);
    const slot = slotOf(task);
    const plan = planOf(world, person, slot);
    const interest = interestOf(world, task.host, task.episode);
    const number = this.pools.fixed(interest.publisher);
    const random = stream(world, STREAM.session, task.actor, slot * 16 + NO_VISIT, 2);
    if (plan.fillsForm) {
      const visit = visitOf(world, task, slot, person, interest, number);
      const typed = typedBy(world, person, random);
      const row = formRow(world, { ...visit, browser: {} }, typed, task.atMs, random);
      this.hand({ ...row, source: `partner${random.below(4)}` }, person, "", task.atMs);
      if (plan.reachesCrm) this.scheduleCrm({ ...task, number }, task.atMs, random);
    }
    if (plan.calls) this.schedule.add({ ...task, atMs: task.atMs + 1000, kind: TASK.call, number });
    this.nextInterest(task, plan, random);
  }

  private call(task: Task): void {
    const { world } = this;
    const { rates } = world;
    const person = personAt(world, task.actor);
    const slot = slotOf(task);
    const interest = interestOf(world, task.host, task.episode);
    const call = callOf(world, person, slot, task.call);
    const random = stream(world, STREAM.callFollowUp, task.actor, slot * 256 + task.call);
    const { publisher } = interest;
    const endMs = task.atMs + call.seconds * 1000;
    this.hand(callRow(world, call, task.number, publisher, task.atMs, random), person, call.label, endMs);
    if (call.label === "" || call.label === "recycled") this.previousCaller = call.digits;
    if (random.chance(rates.callUpdate)) {
      const atMs = endMs + pause(random, 12);
      this.hand(callUpdateRow(world, call, task.number, atMs, random), person, call.label, atMs);
    }
    if (random.chance(rates.disposition)) {
      const delay = Math.min(45 * DAY_MS, random.logNormal(9 * HOUR_MS, 1.5));
      this.schedule.add({ ...task, atMs: endMs + delay, kind: TASK.disposition });
    }
    if (random.chance(rates.robocalls / (1 - Math.min(0.9, rates.robocalls))))
      this.robocall(task, publisher, random);
    const plan = planOf(world, person, slot);
    if (task.call === 0 && plan.reachesCrm && !plan.fillsForm) this.scheduleCrm(task, endMs, random);
    if (task.call + 1 < MOST_CALLS && random.chance(rates.callsAgain)) {
      this.schedule.add({ ...task, atMs: endMs + this.againDelay(random), call: task.call + 1 });
    }
  }

  private againDelay(random: Random): number {
    if (random.chance(this.world.rates.againAtOnce)) return random.logUniform(30_000, 10 * MINUTE_MS);
    return random.chance(this.world.rates.againSameWeek)
      ? random.logUniform(10 * MINUTE_MS, 7 * DAY_MS)
      : random.logUniform(7 * DAY_MS, 60 * DAY_MS);
  }

  private robocall(task: Task, publisher: number, random: Random): void {
    const first = this.pools.fixed(publisher);
    const number = first + random.below((this.world.publishers.firstNumber[publisher + 1] as number) - first);
    const atMs = task.atMs + random.unit() * HOUR_MS;
    const { row, label } = robocallRow(this.world, number, publisher, atMs, random);
    this.delivery.hand({ row, entity: `x${this.robots++}`, household: "", label }, atMs + 12_000);
  }

  private disposition(task: Task): void {
    const { world } = this;
    const person = personAt(world, task.actor);
    const slot = slotOf(task);
    const call = callOf(world, person, slot, task.call);
    const { vertical } = interestOf(world, task.host, task.episode);
    const random = stream(world, STREAM.callFollowUp, task.actor, slot * 256 + task.call, 1);
    this.hand(dispositionRow(world, call, vertical, task.atMs, random), person, call.label, task.atMs);
  }

  private scheduleCrm(task: Task, fromMs: number, random: Random): void {
    // Median 3 days, 95 % within 45 (call-tracking data: late outcomes).
    const delay = Math.min(90 * DAY_MS, random.logNormal(3 * DAY_MS, 1.6));
    this.schedule.add({ ...task, atMs: fromMs + delay, kind: TASK.crm, call: 0 });
  }

  private crm(task: Task): void {
    const { world } = this;
    const { rates } = world;
    const person = personAt(world, task.actor);
    const slot = slotOf(task);
    const interest: Interest = interestOf(world, task.host, task.episode);
    const update = task.kind === TASK.crmUpdate;
    const random = stream(world, STREAM.crmFollowUp, task.actor, slot * 4 + task.call, update ? 1 : 0);
    const record = crmRecord(world, person, interest, slot, task.call, update ? "" : this.previousCaller);
    const state = drawCrmState(random);
    const row = crmRow(world, record, state, task.atMs, random);
    this.hand(row, person, record.pasted ? "pasted" : "", task.atMs);
    if (!update && random.chance(rates.crmUpdate)) {
      this.schedule.add({
        ...task,
        atMs: task.atMs + random.logUniform(DAY_MS, 30 * DAY_MS),
        kind: TASK.crmUpdate,
      });
    }
    if (!update && task.call === 0 && random.chance(rates.crmDuplicate)) {
      this.schedule.add({ ...task, atMs: task.atMs + random.logUniform(HOUR_MS, 20 * DAY_MS), call: 1 });
    }
    if (state !== "won" || task.visit === NO_VISIT || !random.chance(rates.offlineConversion)) return;
    const conversion = offlineConversionRow(world, person, interest, slot, task.visit, task.atMs, random);
    if (conversion !== undefined) this.hand(conversion, person, "", task.atMs + HOUR_MS);
  }

  private hand(row: Record<string, string>, person: Person, label: string, readyMs: number): void {
    this.delivery.hand(
      { row, entity: `p${person.index}`, household: `h${person.household.first}`, label },
      readyMs,
    );
  }
}
