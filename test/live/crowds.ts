import fc from "fast-check";
import type { Fragment, FragmentInput } from "../../src/fragment/fragment.js";
import type { History } from "../properties/histories.js";
import { TINY_MODELS } from "../properties/models.js";
import { SIGNALS } from "../properties/vocabulary.js";
import type { Operation, Script } from "./scripts.js";

/** Histories in which many meet at one value, and some of them go again: what random ones hardly ever bring about. */

const START = Date.UTC(2026, 0, 5, 10);
const HOUR = 3_600_000;
const PLACES = ["0", "1", "2", "3", "4", "5", "6", "7"];

type Meeting = (place: number, turn: number) => Omit<Fragment, "source" | "id" | "version">;

const visitor = (place: number) => ({ type: "visitor_id", value: `v-${place}` });

/** What those who meet have in common. `turn` is 0 for most, so that some differ in what else they say. */
const MEETINGS: Readonly<Record<string, Meeting>> = {
  "an event": (place, turn) => ({
    kind: "form",
    event: "e1",
    observedAt: START + place * HOUR,
    identifiers: turn === 0 ? [] : [{ type: "phone", value: "+14155552671" }],
  }),
  "an event with many identifiers": (place, turn) => ({
    kind: "form",
    event: "e1",
    identifiers: [visitor(place), visitor(place + turn)],
  }),
  "a claimed value": (place, turn) => ({
    kind: "call",
    observedAt: START + place * HOUR,
    identifiers: [
      { type: "phone", value: "+14155552671", confidence: turn === 2 ? 0.95 : 0.6 },
      ...(turn === 1 ? [] : [visitor(place)]),
    ],
  }),
  "a network": (place, turn) => ({
    kind: "pageview",
    observedAt: START + (place + turn) * HOUR,
    identifiers: turn === 2 ? [] : [visitor(place)],
    signals: { ip: "81.2.69.142", user_agent: SIGNALS.user_agent?.[0] as string },
  }),
  "a number shown and dialled": (place, turn) => ({
    kind: turn === 0 ? "pageview" : "call",
    observedAt: START + place * 60_000,
    identifiers: turn === 0 ? [visitor(place)] : [{ type: "phone", value: `+1415555267${place}` }],
    signals: turn === 0 ? { number_shown: "+18885550123" } : { number_dialled: "+18885550123" },
  }),
  // One visitor comes back to a number, and only the latest visit is near a call.
  "a number shown again": (place, turn) => ({
    kind: turn === 0 ? "pageview" : "call",
    observedAt: START + place * 33 * 60_000,
    identifiers: turn === 0 ? [visitor(0)] : [{ type: "phone", value: "+14155552671" }],
    signals: turn === 0 ? { number_shown: "+18885550123" } : { number_dialled: "+18885550123" },
    attributes: { first_name: "Ann" },
  }),
  "a phone": (place, turn) => ({
    kind: "call",
    observedAt: START + place * HOUR,
    identifiers: [{ type: "phone", value: "+14155552671" }],
    ...(turn === 0 ? {} : { attributes: { first_name: ["Ann", "Bob"][place % 2] as string } }),
  }),
  "a name and a postcode": (place) => ({
    kind: "form",
    identifiers: [{ type: "email", value: `ann${place}@harbor.example` }],
    attributes: { first_name: "Ann", last_name: "Doe", postal_code: "94110", date_of_birth: "1980-01-02" },
  }),
};

export const crowdHistory: fc.Arbitrary<History> = fc
  .record({
    model: fc.constantFrom(...TINY_MODELS),
    meetings: fc.subarray(Object.keys(MEETINGS), { minLength: 1, maxLength: 2 }),
    size: fc.integer({ min: 4, max: PLACES.length }),
    turns: fc.array(fc.constantFrom(0, 0, 0, 1, 2), { minLength: PLACES.length, maxLength: PLACES.length }),
    sources: fc.array(fc.constantFrom("web", "web", "pixel"), {
      minLength: PLACES.length,
      maxLength: PLACES.length,
    }),
    leaving: fc.array(fc.record({ place: fc.nat(PLACES.length - 1), isReplaced: fc.boolean() }), {
      maxLength: 5,
    }),
  })
  .map(({ model, meetings, size, turns, sources, leaving }) => {
    const fragments = PLACES.slice(0, size).map((id, place): Fragment => {
      const meet = MEETINGS[meetings[place % meetings.length] as string] as Meeting;
      return { source: sources[place] as string, id, ...meet(place, turns[place] ?? 0) };
    });
    const left = leaving.flatMap(({ place, isReplaced }): FragmentInput[] => {
      const held = fragments[place];
      if (held === undefined) return [];
      const { source, id } = held;
      return [isReplaced ? { source, id, version: 1, kind: "note" } : { source, id, gone: true }];
    });
    return { model, inputs: [...fragments, ...left], assertions: [] };
  });

/** A crowd that comes and goes again, twice at one value, with everything carried out in between: what the first leaves behind shows. */
export const ebbingScript: fc.Arbitrary<Script> = fc
  .record({
    model: fc.constantFrom(...TINY_MODELS),
    meeting: fc.constantFrom(...Object.values(MEETINGS)),
    tides: fc.array(
      fc.record({
        coming: fc.integer({ min: 3, max: PLACES.length }),
        staying: fc.integer({ min: 0, max: 3 }),
      }),
      { minLength: 2, maxLength: 3 },
    ),
  })
  .map(({ model, meeting, tides }) => {
    const operations: Operation[] = [];
    const say = (input: FragmentInput): void => void operations.push({ type: "input", input });
    tides.forEach(({ coming, staying }, tide) => {
      const crowd = PLACES.slice(0, coming).map((place) => `${tide}${place}`);
      crowd.forEach((id, place) => {
        say({ source: "web", id, ...meeting(place, 0) });
      });
      operations.push({ type: "drain", steps: null });
      for (const id of crowd.slice(staying)) say({ source: "web", id, gone: true });
      operations.push({ type: "drain", steps: null });
    });
    const inputs = operations.flatMap((operation) => (operation.type === "input" ? [operation.input] : []));
    return { history: { model, inputs, assertions: [] }, operations };
  });
