import type { Fragment } from "../../src/fragment/fragment.js";
import { Leads } from "../live/leads.js";
import type { Input } from "./task.js";

const HOT_PEOPLE = 4;

/** Of fewer the simulator misses the number by more than its margin. */
const FEWEST = 2_000;

/** A step through the fragments that visits each once, for any number that it shares no factor with. */
const STRIDE = 7_919;

/** The fragments of one input, in an order that is the same in every process. */
export function inputOf(input: Input, count: number, seed: number): (at: number) => Fragment {
  if (input === "hot") return hotFragment;
  const leads = new Leads(Math.max(count, FEWEST), seed);
  const stride = count % STRIDE === 0 ? 1 : STRIDE;
  return (at) => leads.at((at * stride) % count) as Fragment;
}

/** Calls and forms of a few people whom every process meets again and again. */
function hotFragment(at: number): Fragment {
  const person = at % HOT_PEOPLE;
  return {
    source: "web",
    id: `hot-${at}`,
    kind: at % 3 === 0 ? "call" : "form",
    observedAt: Date.UTC(2026, 2, 1) + at * 60_000,
    identifiers: [
      { type: "email", value: `person${person}@harbor.example` },
      { type: "visitor_id", value: `visitor-${person}-${at % 5}` },
    ],
    attributes: { first_name: ["Ann", "Bea", "Cyd", "Dan"][person] as string, city: "Springfield" },
  };
}
