import type { Neighbourhood } from "../engine/neighbourhood.js";
import type { Fragment, FragmentRef } from "../fragment/fragment.js";
import { createRowParser } from "../fragment/row.js";
import { createDefaultModel, forPopulation, populationOfRows } from "../model/index.js";
import { parseInstant } from "../normalize/index.js";
import {
  createContentBuilder,
  type ExplainedDecision,
  explainPair,
  type PairExplanation,
} from "../profile/index.js";
import type { EdgeType } from "../resolve/edges.js";
import type { Membership } from "../resolve/resolve.js";
import { simulate } from "../simulate/index.js";
import { evaluate } from "../train/evaluate.js";
import { type Placements, placementsOf } from "./assignments.js";
import type { Command, Flags } from "./command.js";
import { evaluationText } from "./evaluate.js";
import { explanationText } from "./explanationText.js";
import { InputError } from "./failure.js";
import { refText } from "./load.js";
import { profileText } from "./profileText.js";
import { openStore, parseAddress, type StoreHandle } from "./store.js";
import { type Ingested, ingestAll } from "./storeIngest.js";
import { modelOf, sessionOn } from "./storeSession.js";
import { readWhole } from "./storeWhole.js";
import { counted, countText, durationText } from "./table.js";

/** What is kept one durable batch after the other takes its time: so many are done in some seconds. */
const DEFAULT_PEOPLE = 600;
const DEFAULT_SEED = 1;

export const demoCommand: Command = {
  name: "demo",
  description:
    "Simulates call-tracking leads, resolves them into a store, evaluates the outcome and explains two decisions. All data is made up.",
  operands: "",
  args: {
    people: { type: "string", valueHint: "N", description: `People to simulate (default ${DEFAULT_PEOPLE})` },
    seed: { type: "string", valueHint: "N", description: `Any whole number (default ${DEFAULT_SEED})` },
    store: {
      type: "string",
      valueHint: "ADDRESS",
      description: "Where profiles are kept (default: the file leadweave-demo.db in this folder)",
    },
  },
  notes: [
    "Run again, it goes on with what is in the store, and does nothing twice. Delete the file to begin anew.",
  ],
  examples: [
    { what: "The demo", command: "leadweave demo" },
    { what: "With other people", command: "leadweave demo --seed 7" },
  ],
  run: runDemo,
};

/** Fragments of simulated leads with the true person of each. */
interface Simulated {
  readonly fragments: readonly Fragment[];
  readonly truth: ReadonlyMap<string, string>;
  readonly latestMs: number;
}

async function runDemo(flags: Flags): Promise<number> {
  const people =
    flags.number(
      "people",
      (value) => Number.isInteger(value) && value >= 10,
      "a whole number of at least 10",
    ) ?? DEFAULT_PEOPLE;
  const seed = flags.number("seed", Number.isSafeInteger, "a whole number") ?? DEFAULT_SEED;
  const address = parseAddress(flags.text("store") ?? fileName(people, seed));
  const simulated = simulateFragments(people, seed);
  const { fragments, truth } = simulated;
  const sources = new Set(fragments.map(({ source }) => source)).size;
  print(
    `1. Simulated ${countText(people)} people: ${counted(fragments.length, "fragment")} of leads from ${counted(sources, "source")}`,
  );

  const handle = await openStore(flags, { begins: true }, address);
  try {
    const { ingested, held } = await keep(handle, fragments);
    print(`2. ${keptText(ingested, handle.name)}\n   ${heldText(held)}`);
    const placements = placementsOf(held);
    print(
      `3. Compared with the truth\n\n${indent(evaluationText(evaluate(assignmentsOf(held, placements), truth)))}`,
    );
    printProfiles(held, simulated.latestMs);
    printDecisions(held, placements, truth);
    const own = `leadweave resolve leads.csv --store ./leads.db --out assignments.csv`;
    print(
      `The profiles stay in ${handle.name}: leadweave stats --store ${handle.name}\nYour own leads: ${own}   (leadweave resolve --help)`,
    );
    return 0;
  } finally {
    await handle.close();
  }
}

/** Other people are kept apart: the same ids would mean other leads. */
function fileName(people: number, seed: number): string {
  const isUsual = people === DEFAULT_PEOPLE && seed === DEFAULT_SEED;
  return isUsual ? "leadweave-demo.db" : `leadweave-demo-${people}-${seed}.db`;
}

/** Takes the fragments into the store, and reads back all that it holds. */
async function keep(
  handle: StoreHandle,
  fragments: readonly Fragment[],
): Promise<{ readonly ingested: Ingested; readonly held: Neighbourhood }> {
  const rows = populationOfRows(fragments.length);
  const base = createDefaultModel();
  const model = (await modelOf(handle.store)) ?? forPopulation(base, Math.max(rows, base.population));
  const session = sessionOn(handle, model, undefined);
  const ingested = await ingestAll(session.resolver, fragments, [], false);
  const wanted = new Set(fragments.map(refText)).size;
  if ((await handle.store.count("fragment")) !== wanted)
    throw new InputError(`${handle.name}: holds other leads too: name another --store, or delete it`);
  return { ingested, held: await readWhole(session) };
}

function keptText({ taken, unchanged, seconds }: Ingested, name: string): string {
  if (taken === 0)
    return `All of them were in ${name} already, from an earlier run: nothing to do again (delete it to begin anew)`;
  const began = unchanged === 0 ? "Took" : "Went on where an earlier run stopped, and took";
  return `${began} ${countText(taken)} of them into ${name} in ${durationText(seconds)}, each batch for good`;
}

function heldText({ strands, profiles }: Neighbourhood): string {
  const events = strands.reduce((sum, strand) => sum + strand.events.length, 0);
  return `It holds ${countText(events)} events, ${countText(strands.length)} strands, ${countText(profiles.length)} profiles`;
}

function print(text: string): void {
  process.stdout.write(`${text.trimEnd()}\n\n`);
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "   ");
}

function simulateFragments(people: number, seed: number): Simulated {
  const parse = createRowParser({ source: "simulated", parseInstant });
  const fragments: Fragment[] = [];
  const truth = new Map<string, string>();
  let latestMs = 0;
  for (const { row, entity } of simulate({ people, seed })) {
    const result = parse(row);
    if (!result.ok) continue;
    const { fragment } = result;
    fragments.push(fragment);
    truth.set(refText(fragment), entity);
    if (typeof fragment.observedAt === "number") latestMs = Math.max(latestMs, fragment.observedAt);
  }
  return { fragments, truth, latestMs };
}

function assignmentsOf({ profiles }: Neighbourhood, placements: Placements): Map<string, string> {
  const assignments = new Map<string, string>();
  for (const [source, byId] of placements) {
    for (const [id, { profile }] of byId)
      assignments.set(refText({ source, id }), profiles[profile]?.id ?? "");
  }
  return assignments;
}

const SHOWN_PROFILES = 3;
/** More would fill the screen and tell no more. */
const MOST_FRAGMENTS = 10;

/** Shows the profiles that bring most sources together. */
function printProfiles(resolution: Neighbourhood, nowMs: number): void {
  const builder = createContentBuilder(resolution);
  const ranked = resolution.profiles
    .map((membership) => ({ membership, worth: worthOf(membership, resolution) }))
    .sort((a, b) => b.worth - a.worth)
    .slice(0, SHOWN_PROFILES);
  const texts = ranked.map(({ membership }) => indent(profileText(builder.build(membership, nowMs))));
  print(
    `4. Three profiles; of every value how sure it is and which fragments state it\n\n${texts.join("\n\n")}`,
  );
}

function worthOf({ strands: own }: Membership, { strands }: Neighbourhood): number {
  const sources = new Set<string>();
  let fragments = 0;
  for (const index of own) {
    for (const event of strands[index]?.events ?? []) {
      for (const { fragment } of event.observations) {
        sources.add(fragment.source);
        fragments++;
      }
    }
  }
  return fragments > MOST_FRAGMENTS ? 0 : sources.size * 100 + own.length * 10 + fragments;
}

/** Explaining a pair decides its component anew: enough are looked at to find telling ones, and no more. */
const MOST_EXPLAINED = 100;

/** One merge on evidence alone, and one link that shared values suggest and other evidence refuses; both as in truth. */
function printDecisions(
  resolution: Neighbourhood,
  placements: Placements,
  truth: ReadonlyMap<string, string>,
): void {
  const { strands, links } = resolution;
  const profileOf = ({ source, id }: FragmentRef): number | undefined =>
    placements.get(source)?.get(id)?.profile;
  const isTrue = (x: FragmentRef, y: FragmentRef): boolean => truth.get(refText(x)) === truth.get(refText(y));
  const candidates = (type: EdgeType, together: boolean): [FragmentRef, FragmentRef][] => {
    const pairs: [FragmentRef, FragmentRef][] = [];
    for (const edge of links.edges) {
      const [x, y] = [strands[edge.a]?.oldest.fragment, strands[edge.b]?.oldest.fragment];
      if (edge.type !== type || x === undefined || y === undefined) continue;
      if ((profileOf(x) === profileOf(y)) !== together || isTrue(x, y) !== together) continue;
      if (!together || x.source !== y.source) pairs.push([x, y]);
      if (pairs.length === MOST_EXPLAINED) break;
    }
    return pairs;
  };
  const show = (
    title: string,
    pairs: readonly [FragmentRef, FragmentRef][],
    isTelling: (explanation: PairExplanation, x: FragmentRef, y: FragmentRef) => boolean,
  ): void => {
    const explained = pairs.map(([x, y]) => ({
      x,
      y,
      explanation: ownLinkFirst(explainPair(resolution, x, y), x, y),
    }));
    const chosen = explained.find(({ x, y, explanation }) => isTelling(explanation, x, y)) ?? explained[0];
    if (chosen === undefined) return;
    print(
      `${title}\n\n${indent(explanationText(refText(chosen.x), refText(chosen.y), chosen.explanation, 1))}`,
    );
  };
  show("5. A merge without a shared identifier", candidates("probabilistic", true), ({ decisions }) => {
    return decisions.length === 1 && decisions[0]?.type === "probabilistic";
  });
  show(
    "6. A refusal despite a shared identifier",
    candidates("deterministic", false),
    ({ weights, decisions }, x, y) => {
      const isContrary = weights.some(({ comparison, bits }) => comparison === "first name" && bits < 0);
      return isContrary && decisions[0] !== undefined && isBetween(decisions[0], x, y);
    },
  );
}

function isBetween({ between: [a, b] }: ExplainedDecision, x: FragmentRef, y: FragmentRef): boolean {
  const wanted = [refText(x), refText(y)];
  return wanted.includes(refText(a)) && wanted.includes(refText(b));
}

/** The link of the two fragments themselves before those of the others in their profiles. */
function ownLinkFirst(explanation: PairExplanation, x: FragmentRef, y: FragmentRef): PairExplanation {
  const own = explanation.decisions.filter((decision) => isBetween(decision, x, y));
  const others = explanation.decisions.filter((decision) => !isBetween(decision, x, y));
  return { ...explanation, decisions: [...own, ...others] };
}
