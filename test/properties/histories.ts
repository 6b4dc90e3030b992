import fc from "fast-check";
import type {
  Assertion,
  Fragment,
  FragmentInput,
  FragmentRef,
  Identifier,
  Removal,
} from "../../src/fragment/fragment.js";
import type { Model } from "../../src/model/model.js";
import { TINY_MODELS } from "./models.js";
import { ATTRIBUTES, CONSENT, IDENTIFIERS, KINDS, SIGNALS, SOURCES, TIMES } from "./vocabulary.js";

/** Everything that `R` is a function of. */
export interface History<Input extends FragmentInput = FragmentInput> {
  readonly model: Model;
  readonly inputs: readonly Input[];
  readonly assertions: readonly Assertion[];
}

const IDS = ["0", "1", "2", "3", "4", "5", "6", "7"];

// A failure names its model instead of printing all of it.
for (const model of TINY_MODELS) Object.defineProperty(model, fc.toStringMethod, { value: () => model.name });

const oneOf = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** What the fragments of one history are like: without it everything happens at once and nothing happens alone. */
interface Style {
  /** Identifiers of a fragment. */
  readonly identifiers: readonly [number, number];
  /** Identifier types; absent means all. */
  readonly types?: readonly string[];
  /** Values of each identifier type, of which the first are taken. */
  readonly variety: number;
  /** Tenths of the identifiers that say how sure they are. */
  readonly unsure: number;
  /** Tenths of the fragments that have any. */
  readonly signals: number;
  readonly attributes: number;
  readonly events: number;
  readonly times: readonly (number | string)[];
  readonly ofSignals: readonly string[];
  readonly ofAttributes: readonly string[];
}

const MIXED: Style = {
  identifiers: [0, 3],
  variety: 9,
  unsure: 2,
  signals: 4,
  attributes: 5,
  events: 4,
  times: TIMES,
  ofSignals: Object.keys(SIGNALS),
  ofAttributes: Object.keys(ATTRIBUTES),
};

const STYLES: readonly Style[] = [
  MIXED,
  { ...MIXED, identifiers: [1, 2], attributes: 2, ofAttributes: ["first_name", "postal_code"] },
  // Identifiers and little else: crowds around one value.
  { ...MIXED, identifiers: [1, 1], variety: 2, signals: 1, attributes: 1, events: 1 },
  {
    ...MIXED,
    identifiers: [1, 3],
    variety: 3,
    signals: 0,
    attributes: 2,
    events: 1,
    ofAttributes: ["first_name"],
  },
  // Visitors and callers: signals within hours.
  {
    ...MIXED,
    identifiers: [0, 1],
    signals: 10,
    attributes: 1,
    events: 1,
    times: TIMES.slice(0, 12),
    ofSignals: ["ip", "user_agent", "number_shown", "number_dialled"],
  },
  // Plain values beside their digests, people with several devices and accounts, and guesses, all in shared events.
  {
    ...MIXED,
    types: ["email", "email_digest", "phone", "phone_digest"],
    variety: 3,
    signals: 0,
    attributes: 2,
    events: 5,
  },
  {
    ...MIXED,
    types: ["visitor_id", "crm_id", "account_id"],
    identifiers: [1, 3],
    variety: 3,
    signals: 1,
    attributes: 2,
  },
  {
    ...MIXED,
    types: ["visitor_id", "phone", "gclid"],
    identifiers: [1, 2],
    variety: 3,
    unsure: 6,
    attributes: 2,
    events: 6,
  },
  {
    ...MIXED,
    types: ["gclid", "email"],
    identifiers: [1, 2],
    variety: 2,
    unsure: 0,
    signals: 1,
    attributes: 1,
    events: 1,
  },
  // People who give their names and hardly anything that names them.
  { ...MIXED, identifiers: [0, 1], signals: 2, attributes: 10, events: 2 },
];

function someOf(
  values: Readonly<Record<string, readonly unknown[]>>,
  names: readonly string[],
  tenths: number,
): fc.Arbitrary<Record<string, never> | undefined> {
  const members = Object.fromEntries(names.map((name) => [name, oneOf(values[name] ?? [])]));
  return fc.oneof(
    { weight: 10 - tenths, arbitrary: fc.constant(undefined) },
    {
      weight: tenths,
      arbitrary: fc.record(members, { requiredKeys: [] }).map((all) => all as Record<string, never>),
    },
  );
}

function identifierOf({ types, variety, unsure }: Style): fc.Arbitrary<Identifier> {
  const confidence = fc.oneof(
    { weight: 10 - unsure, arbitrary: fc.constant(undefined) },
    // The bars of the types themselves among them: at its bar an identifier is a key.
    { weight: unsure, arbitrary: oneOf([0.6, 0.75, 0.8, 0.9, 0.95]) },
  );
  const scope = fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: oneOf(["east", "west"]) },
  );
  return fc.oneof(
    ...IDENTIFIERS.filter(({ type }) => types === undefined || types.includes(type)).map(
      ({ type, values, weight }) => ({
        weight,
        arbitrary: fc
          .tuple(
            oneOf(values.slice(0, variety)),
            confidence,
            type === "crm_id" ? scope : fc.constant(undefined),
          )
          .map(
            ([value, sure, within]): Identifier => ({
              type,
              value,
              ...(sure === undefined ? {} : { confidence: sure }),
              ...(within === undefined ? {} : { scope: within }),
            }),
          ),
      }),
    ),
  );
}

const ref: fc.Arbitrary<FragmentRef> = fc.record({ source: oneOf(SOURCES), id: oneOf(IDS) });

function eventOf({ events }: Style): fc.Arbitrary<Fragment["event"]> {
  return fc.oneof(
    { weight: 10 - events, arbitrary: fc.constant(undefined) },
    {
      weight: events,
      arbitrary: oneOf(["e1", "e2", { namespace: "call", name: "c1" }, { namespace: "call", name: "c2" }]),
    },
  );
}

type Content = Omit<Fragment, "source" | "id" | "version">;

/** The parts of a fragment that say something about somebody. */
function contentOf(style: Style): fc.Arbitrary<Content> {
  const [minLength, maxLength] = style.identifiers;
  return fc
    .record({
      kind: oneOf(KINDS),
      observedAt: fc.oneof(
        { weight: 12, arbitrary: oneOf(style.times) },
        { weight: 1, arbitrary: fc.constant(null) },
      ),
      event: eventOf(style),
      identifiers: fc.array(identifierOf(style), { minLength, maxLength }),
      signals: someOf(SIGNALS, style.ofSignals, style.signals),
      attributes: someOf(ATTRIBUTES, style.ofAttributes, style.attributes),
      consent: someOf(CONSENT, Object.keys(CONSENT), 2),
    })
    .map(
      (all) =>
        Object.fromEntries(
          Object.entries(all).filter(([, value]) => value !== undefined),
        ) as unknown as Content,
    );
}

export const content: fc.Arbitrary<Content> = contentOf(MIXED);

const version = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: oneOf([0, 1, 2]) },
);

function fragmentOf(style: Style): fc.Arbitrary<Fragment> {
  return fc
    .tuple(ref, version, contentOf(style))
    .map(([at, given, rest]) =>
      given === undefined ? { ...at, ...rest } : { ...at, version: given, ...rest },
    );
}

const removal: fc.Arbitrary<Removal> = fc
  .tuple(ref, version)
  .map(([at, given]) =>
    given === undefined ? { ...at, gone: true } : { ...at, version: given, gone: true },
  );

const assertion: fc.Arbitrary<Assertion> = fc
  .record({
    type: oneOf(["same", "different"] as const),
    a: ref,
    b: ref,
    version,
    retracted: fc.option(fc.boolean(), { nil: undefined, freq: 2 }),
  })
  .map(
    (all) =>
      Object.fromEntries(
        Object.entries(all).filter(([, value]) => value !== undefined),
      ) as unknown as Assertion,
  );

/** Inputs of which every fragment has one version and one content: nothing replaces or contradicts anything. */
const plainInputs: fc.Arbitrary<Fragment[]> = fc.oneof(
  ...STYLES.map((style) =>
    fc.uniqueArray(fragmentOf(style), {
      minLength: 3,
      maxLength: 14,
      selector: ({ source, id }) => `${source} ${id}`,
    }),
  ),
);

/** Versions, conflicting contents, removals, and inputs delivered twice. */
const mixedInputs: fc.Arbitrary<FragmentInput[]> = fc
  .tuple(
    fc.oneof(...STYLES.map((style) => fc.array(fragmentOf(style), { minLength: 3, maxLength: 12 }))),
    fc.array(removal, { maxLength: 2 }),
    fc.nat(12),
    fc.array(fc.nat(20), { maxLength: 2 }),
  )
  .map(([fragments, removals, at, again]) => {
    const inputs = [...fragments.slice(0, at), ...removals, ...fragments.slice(at)];
    return [...inputs, ...again.flatMap((index) => inputs[index] ?? [])];
  });

/** Assertions that mostly name fragments of the history: one of any two that nobody gave is inert. */
function assertionsAbout(inputs: readonly FragmentInput[]): fc.Arbitrary<Assertion[]> {
  const known = inputs.map(({ source, id }) => ({ source, id }));
  const about: fc.Arbitrary<Assertion> = fc
    .tuple(assertion, oneOf(known), oneOf(known))
    .map(([said, a, b]) => ({ ...said, a, b }));
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant<Assertion[]>([]) },
    {
      weight: 3,
      arbitrary: fc.array(fc.oneof({ weight: 6, arbitrary: about }, { weight: 1, arbitrary: assertion }), {
        maxLength: 5,
      }),
    },
  );
}

function historyOf<Input extends FragmentInput>(inputs: fc.Arbitrary<Input[]>): fc.Arbitrary<History<Input>> {
  return fc
    .tuple(oneOf(TINY_MODELS), inputs)
    .chain(([model, given]) =>
      assertionsAbout(given).map((assertions) => ({ model, inputs: given, assertions })),
    );
}

/** Versions, removals and conflicting contents included. */
export const history: fc.Arbitrary<History> = historyOf<FragmentInput>(fc.oneof(mixedInputs, plainInputs));

/** Every input is live. */
export const plainHistory: fc.Arbitrary<History<Fragment>> = historyOf(plainInputs);

/** Histories a property is tried on; `LEADWEAVE_RUNS` asks for more. */
export const RUNS = Number(process.env.LEADWEAVE_RUNS ?? 2_000);
