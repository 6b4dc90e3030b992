import { type FragmentInput, type FragmentRef, isRemoval } from "../../src/fragment/fragment.js";
import { compileModel } from "../../src/model/compile.js";
import type { Model } from "../../src/model/model.js";
import type { AttributeValue, Profile } from "../../src/profile/index.js";
import { agglomerate, type Decision } from "../../src/resolve/agglomerate.js";
import { groupEvents, type LeadEvent } from "../../src/resolve/events.js";
import { cellsOf, findGenericKeys, namesOf } from "../../src/resolve/generic.js";
import { createImplication } from "../../src/resolve/implied.js";
import { KeyTable } from "../../src/resolve/keys.js";
import { levelOf } from "../../src/resolve/levels.js";
import { selectLive } from "../../src/resolve/live.js";
import type { Observation } from "../../src/resolve/observation.js";
import { createObserver } from "../../src/resolve/observe.js";
import type { Resolution } from "../../src/resolve/resolve.js";
import type { Strand } from "../../src/resolve/strands.js";

/** What each rung makes of the story, as the page shows it: one line a thing, in the order in which the rung gives it. */

/** Rung 1: what became of each input. */
export function liveText(inputs: readonly FragmentInput[]): string {
  const { statuses } = selectLive(inputs);
  return lines(inputs, (input, index) => {
    const version = isRemoval(input) ? "all" : `v${input.version ?? 0}`;
    return [refText(input), version, statuses[index] as string];
  });
}

interface Observed {
  readonly events: readonly LeadEvent[];
  readonly table: KeyTable;
}

function observeEvents(inputs: readonly FragmentInput[], model: Model): Observed {
  const compiled = compileModel(model);
  const table = new KeyTable();
  const { observe } = createObserver(compiled, table);
  const observations = selectLive(inputs).fragments.map(observe);
  return { events: groupEvents(observations, compiled, createImplication(compiled, table)), table };
}

/** Rung 2: the events, with their keys and the names they give. */
export function eventsText(inputs: readonly FragmentInput[], model: Model): string {
  const compiled = compileModel(model);
  return lines(observeEvents(inputs, model).events, (event) => {
    const { given, signatures } = namesOf(event, compiled);
    return [
      event.observations.map(observationText).join(" + "),
      timeText(event.observations[0] as Observation),
      event.keys.map(keyText).join(" "),
      [...given, ...signatures].join(" "),
    ];
  });
}

/** Rung 3: the person-scoped keys that several events hold, the cells and name signatures counted, and the verdict. */
export function keysText(inputs: readonly FragmentInput[], model: Model): string {
  const compiled = compileModel(model);
  const { events, table } = observeEvents(inputs, model);
  const names = events.map((event) => namesOf(event, compiled));
  const cells = cellsOf(events, names, new Set());
  const facts = findGenericKeys(events, names, cells, compiled, table.size);
  const shared = table.keys.filter((key) => events.filter(({ keys }) => keys.includes(key)).length > 1);
  return lines(shared, (key) => {
    const holders = events.flatMap((event, index) => (event.keys.includes(key) ? [index] : []));
    const signatures = new Set(holders.flatMap((index) => names[index]?.signatures ?? []));
    return [
      keyText(key),
      `${holders.length} events`,
      `${new Set(holders.map((index) => cells[index])).size} cells`,
      `${signatures.size} name signatures`,
      facts.generic[key.index] === 1 ? "generic" : "means a person",
    ];
  });
}

/** Rung 4: the strands, with their events and the keys that are evidence. */
export function strandsText({ strands }: Resolution): string {
  return lines(strands, ({ index, events, evidence }) => [
    String(index),
    events.map(({ observations }) => observations.map(observationText).join(" + ")).join(", "),
    evidence.keys.map(keyText).sort().join(" "),
  ]);
}

/** Rung 5: the edges, with the bits of the two strands and what a join on the edge must reach. */
export function edgesText({ links, compiled }: Resolution): string {
  const { timeLocal } = compiled.model.blocks;
  return lines(links.edges, ({ a, b, type, bits, acceptAt, levels }) => [
    `${a} and ${b}`,
    type,
    `${bitsText(bits)} bits`,
    `needs ${bitsText(acceptAt)}`,
    timeLocal
      .flatMap(({ name, levels: own }, block) =>
        own[levelOf(levels, block)] === undefined ? [] : [`${name}: ${own[levelOf(levels, block)]?.name}`],
      )
      .join("; "),
  ]);
}

/** The addends of one edge's bits, without those that are at the null level. */
export function weightsText({ strands, links, judge }: Resolution, a: number, b: number): string {
  const edge = links.edges.find((one) => one.a === a && one.b === b);
  const [x, y] = [strands[a] as Strand, strands[b] as Strand];
  const weights = judge.scorer.weights(x.evidence, y.evidence, edge?.levels ?? 0);
  const told = weights.filter(({ level }) => level !== "null");
  const sum = weights.reduce((total, { bits }) => total + bits, 0);
  return lines([...told, { comparison: "sum", level: "", bits: sum }], ({ comparison, level, bits }) => [
    comparison,
    level,
    bitsText(bits),
  ]);
}

/** Rung 6: the components of several strands. */
export function componentsText({ components }: Resolution): string {
  return lines(components, ({ strands, edges }) => [
    `strands ${strands.join(" ")}`,
    edges.length === 1 ? "1 edge" : `${edges.length} edges`,
  ]);
}

/** Rung 7: every decision in the order in which it was made, and the profiles that come of them. */
export function decisionsText({ components, links, strands, judge }: Resolution): string {
  const made: Decision[] = [];
  for (const component of components)
    agglomerate(component, links.bans, strands, judge, (decision) => made.push(decision));
  return lines(made, ({ edge, outcome, bits, sides }) => [
    sides === null
      ? `${edge.a} and ${edge.b}`
      : `{${sides.strandsX.join(" ")}} and {${sides.strandsY.join(" ")}}`,
    edge.type,
    bits === null ? "" : `${bitsText(bits)} bits`,
    `needs ${bitsText(edge.acceptAt)}`,
    outcome,
  ]);
}

export function profilesText({ profiles, strands }: Resolution): string {
  return lines(profiles, ({ id, strands: own }) => [
    id,
    own
      .flatMap((index) => (strands[index] as Strand).events)
      .flatMap(({ observations }) => observations.map(observationText))
      .join(" "),
  ]);
}

/** Content: the values of a profile, the most confident first, with the sources of each. */
export function contentText({ attributes, identifiers, confidence }: Profile): string {
  const rows = [
    ...Object.entries(identifiers).flatMap(([type, values]) => values.map((value) => [type, value] as const)),
    ...Object.entries(attributes).flatMap(([name, { alternatives, ...best }]) =>
      [best, ...alternatives].map((value): readonly [string, AttributeValue] => [name, value]),
    ),
  ];
  const values = lines(rows, ([name, { value, confidence: sure, sources, fragments }]) => [
    name,
    String(value),
    sure.toFixed(4),
    sources.join(" "),
    fragments.map(refText).join(" "),
  ]);
  return `${values}profile confidence ${confidence.toFixed(4)}\n`;
}

function refText({ source, id }: FragmentRef): string {
  return `${source}/${id}`;
}

function observationText({ fragment }: Observation): string {
  return refText(fragment);
}

function timeText({ atMs }: Observation): string {
  return atMs === null ? "unknown" : new Date(atMs).toISOString().slice(0, 16).replace("T", " ");
}

function keyText({ type, value }: { readonly type: string; readonly value: string }): string {
  return `${type}=${value}`;
}

function bitsText(bits: number): string {
  return bits === Number.NEGATIVE_INFINITY ? "nothing" : bits.toFixed(1);
}

function lines<T>(things: readonly T[], cells: (thing: T, index: number) => readonly string[]): string {
  const rows = things.map(cells);
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
