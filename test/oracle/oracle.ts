import { type Assertion, type FragmentInput, fragmentKey } from "../../src/fragment/fragment.js";
import type { Model } from "../../src/model/model.js";
import { foundProfileId } from "../../src/resolve/ids.js";
import { findEdges, type OracleLinks } from "./edges.js";
import { formEvents, type OracleEvent } from "./events.js";
import { type KeyFact, keyFacts } from "./generic.js";
import { liveAssertions, liveFragments } from "./live.js";
import { decide, type OracleDecision } from "./profiles.js";
import { createReader, type Key, type Reader, sight } from "./sighting.js";
import { formStrands, type OracleStrand } from "./strands.js";

/** What `R` says, with the rungs on the way. */
export interface OracleResolution {
  readonly inputStatuses: readonly string[];
  readonly assertionStatuses: readonly string[];
  readonly events: readonly OracleEvent[];
  readonly facts: ReadonlyMap<Key, KeyFact>;
  readonly strands: readonly OracleStrand[];
  readonly links: OracleLinks;
  readonly decisions: readonly OracleDecision[];
  /** By id: fragment keys of the members, sorted. */
  readonly profiles: ReadonlyMap<string, readonly string[]>;
}

const readers = new WeakMap<Model, Reader>();

function readerOf(model: Model): Reader {
  const known = readers.get(model);
  if (known !== undefined) return known;
  const reader = createReader(model);
  readers.set(model, reader);
  return reader;
}

/**
 * `R(F, M, A)` as slowly and as plainly as it can be said: every rung looks at everything below it, nothing is indexed,
 * nothing is carried along. It shares normalisers and string metrics with the library, and nothing of `resolve/` but the
 * spelling of profile ids.
 */
export function resolveNaively(
  inputs: readonly FragmentInput[],
  model: Model,
  assertions: readonly Assertion[] = [],
): OracleResolution {
  const live = liveFragments(inputs);
  const reader = readerOf(model);
  const events = formEvents(
    live.fragments.map((fragment) => sight(fragment, reader)),
    model,
  );
  const eventOf = new Map(
    events.flatMap(({ name, sightings }) =>
      sightings.map(({ fragment }) => [fragmentKey(fragment), name] as const),
    ),
  );
  const said = liveAssertions(assertions, eventOf, model.limits.maxAssertions);
  const differing = new Set(
    said.active.filter(({ type }) => type === "different").flatMap(({ events: pair }) => pair),
  );

  const facts = keyFacts(events, differing, model);
  const strands = formStrands(events, differing, facts, reader);
  const context = { model, facts };
  const links = findEdges(strands, said.active, context);
  const { clusters, decisions } = decide(strands, links, context);

  const profiles = new Map(
    clusters.map((cluster) => {
      const own = cluster.map((index) => strands[index] as OracleStrand);
      const members = own.flatMap((strand) =>
        strand.events.flatMap(({ sightings }) => sightings.map(({ fragment }) => fragmentKey(fragment))),
      );
      return [foundProfileId((own[0] as OracleStrand).oldest.fragment), members.sort()] as const;
    }),
  );
  return {
    inputStatuses: live.statuses,
    assertionStatuses: said.statuses,
    events,
    facts,
    strands,
    links,
    decisions,
    profiles,
  };
}
