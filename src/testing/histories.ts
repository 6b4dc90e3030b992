import fc from "fast-check";
import type { Assertion, Fragment, FragmentInput } from "../fragment/fragment.js";
import { createDefaultModel } from "../model/index.js";
import type { Model } from "../model/model.js";
import type { WorkLimits } from "../resolve/plan/kernel.js";

/** Short histories of few people who share much, for a model in which everything is soon too much. */

/** One thing that happens to a resolver. */
export type Step =
  | { readonly type: "input"; readonly input: FragmentInput }
  | { readonly type: "assertion"; readonly assertion: Assertion }
  | { readonly type: "drain" };

/** So small that much work is put off to `drain`. */
export const SMALL_WORK: Partial<WorkLimits> = {
  maxReads: 60,
  maxComponentStrands: 4,
  maxComponentEdges: 6,
  maxMoves: 2,
};

function smallModel(): Model {
  const model = createDefaultModel();
  const identifiers = Object.entries(model.identifiers).map(
    ([type, settings]) => [type, { ...settings, maxCells: 3 }] as const,
  );
  return {
    ...model,
    identifiers: Object.fromEntries(identifiers),
    sources: { pixel: { untrusted: true } },
    limits: { ...model.limits, maxBlock: 3, maxPartners: 1, maxEventFragments: 3, maxValues: 2 },
  };
}

export const SMALL_MODEL: Model = smallModel();

const START = Date.UTC(2026, 0, 5, 10);
const source = fc.constantFrom("web", "web", "calls", "pixel");
const id = fc.constantFrom("0", "1", "2", "3", "4", "5", "6", "7");

const identifier = fc.oneof(
  fc.record({
    type: fc.constant("phone"),
    value: fc.constantFrom("+14155552671", "+14155552672", "+14155552673"),
    confidence: fc.constantFrom(1, 1, 0.6),
  }),
  fc.record({
    type: fc.constant("email"),
    value: fc.constantFrom("ann@harbor.example", "Ann@harbor.example", "bob@harbor.example"),
  }),
  fc.record({ type: fc.constant("visitor_id"), value: fc.constantFrom("v1", "v2", "v3") }),
  fc.record({
    type: fc.constant("gclid"),
    value: fc.constantFrom("Cj0KCQiA1234567890abc", "Cj0KCQiA0987654321xyz"),
  }),
);

const fragment: fc.Arbitrary<Fragment> = fc
  .record({
    source,
    id,
    version: fc.constantFrom(0, 0, 0, 1),
    kind: fc.constantFrom("form", "call", "pageview"),
    minutes: fc.constantFrom(null, 0, 20, 45, 200, 3_000),
    event: fc.constantFrom(null, null, "e1", "e2"),
    identifiers: fc.array(identifier, { maxLength: 3 }),
    ip: fc.constantFrom(null, null, "81.2.69.142"),
    first: fc.constantFrom(null, null, "Ann", "Bob", "Zo\u00eb \u{1f600}"),
    last: fc.constantFrom(null, "Doe", "O'Neil"),
    postcode: fc.constantFrom(null, "94110"),
    note: fc.constantFrom(null, null, "a\u0000b", "'; --", "\ud83d"),
  })
  .map(({ minutes, event, ip, first, last, postcode, note, ...rest }) => ({
    ...rest,
    observedAt: minutes === null ? null : START + minutes * 60_000,
    ...(event === null ? {} : { event }),
    ...(ip === null ? {} : { signals: { ip, user_agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0" } }),
    attributes: {
      ...(first === null ? {} : { first_name: first }),
      ...(last === null ? {} : { last_name: last }),
      ...(postcode === null ? {} : { postal_code: postcode }),
      ...(note === null ? {} : { note }),
    },
  }));

const removal = fc.record({ source, id, gone: fc.constant(true as const) });

const assertion: fc.Arbitrary<Assertion> = fc.record({
  type: fc.constantFrom("same", "different"),
  a: fc.record({ source, id }),
  b: fc.record({ source: fc.constant("crm"), id }),
  retracted: fc.constantFrom(false, false, true),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fragment.map((input): Step => ({ type: "input", input })) },
  { weight: 2, arbitrary: removal.map((input): Step => ({ type: "input", input })) },
  { weight: 1, arbitrary: assertion.map((given): Step => ({ type: "assertion", assertion: given })) },
  { weight: 1, arbitrary: fc.constant<Step>({ type: "drain" }) },
);

export const history: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 3, maxLength: 16 });
