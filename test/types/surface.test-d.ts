import { describe, expectTypeOf, it } from "vitest";
import {
  type Assertion,
  type AssertionStatus,
  type AttributeValue,
  buildProfile,
  type Condition,
  type ContentBasis,
  type ContentBuilder,
  createContentBuilder,
  createDefaultModel,
  type EdgeType,
  type EventName,
  type ExplanationBasis,
  explainPair,
  type Fault,
  type Fragment,
  type FragmentInput,
  type FragmentRef,
  forPopulation,
  type GuardFinding,
  goldenRecord,
  type Identifier,
  type InputStatus,
  type Level,
  type Membership,
  type Model,
  membershipConfidence,
  type PairExplanation,
  type Profile,
  type ProfileId,
  parseModel,
  type Removal,
  type Resolution,
  resolve,
  type Scalar,
  serializeModel,
  type Validated,
  validateAssertion,
  validateFragment,
  validateModel,
  type Weight,
} from "../../src/index.js";

describe("fragments", () => {
  it("need a source, an id and a kind, and no more", () => {
    expectTypeOf<{ source: string; id: string; kind: string }>().toExtend<Fragment>();
    expectTypeOf<{ source: string; id: string }>().not.toExtend<Fragment>();
    expectTypeOf<{ source: string; kind: string }>().not.toExtend<Fragment>();
  });

  it("may be written down as constants, deeply read-only", () => {
    const fragment = {
      source: "web",
      id: "1",
      kind: "form",
      observedAt: "2026-01-05T10:00:00Z",
      event: { namespace: "call", name: "c1" },
      identifiers: [{ type: "email", value: "ann@harbor.example", confidence: 0.7 }],
      signals: { ip: "81.2.69.142" },
      attributes: { interest: ["roof", "gutter"], visits: 3, newsletter: false },
      consent: { marketing: true },
    } as const;
    expectTypeOf(fragment).toExtend<Fragment>();
    expectTypeOf(fragment).toExtend<FragmentInput>();
  });

  it("take times as text, as milliseconds, or as unknown, and no Date", () => {
    expectTypeOf<Fragment["observedAt"]>().toEqualTypeOf<string | number | null | undefined>();
    // @ts-expect-error a Date is neither text nor number
    const dated: Fragment = { source: "web", id: "1", kind: "form", observedAt: new Date(0) };
    expectTypeOf(dated).toExtend<Fragment>();
  });

  it("have plain values, lists of them for attributes alone, and consent that is given or not", () => {
    expectTypeOf<Scalar>().toEqualTypeOf<string | number | boolean>();
    const base = { source: "web", id: "1", kind: "form" };
    // @ts-expect-error a signal has one value
    const signals: Fragment = { ...base, signals: { ip: ["81.2.69.142"] } };
    // @ts-expect-error attributes do not nest
    const attributes: Fragment = { ...base, attributes: { address: { city: "Salem" } } };
    // @ts-expect-error consent is a boolean
    const consent: Fragment = { ...base, consent: { marketing: "yes" } };
    // @ts-expect-error the value of an identifier is text
    const identifiers: Fragment = { ...base, identifiers: [{ type: "phone", value: 3126731048 }] };
    expectTypeOf([signals, attributes, consent, identifiers]).toEqualTypeOf<Fragment[]>();
  });

  it("cannot be changed once they are given", () => {
    const fragment: Fragment = { source: "web", id: "1", kind: "form", identifiers: [] };
    // @ts-expect-error fragments are immutable
    fragment.kind = "call";
    // @ts-expect-error and so are their identifiers
    fragment.identifiers?.push({ type: "email", value: "ann@harbor.example" });
    expectTypeOf<Fragment["identifiers"]>().toEqualTypeOf<readonly Identifier[] | undefined>();
    expectTypeOf<EventName>().toEqualTypeOf<string | { readonly namespace: string; readonly name: string }>();
  });

  it("are told from removals", () => {
    expectTypeOf<FragmentInput>().toEqualTypeOf<Fragment | Removal>();
    expectTypeOf<Removal["gone"]>().toEqualTypeOf<true>();
    expectTypeOf<{ source: string; id: string; gone: false }>().not.toExtend<FragmentInput>();
  });
});

describe("validation", () => {
  it("takes anything and gives a value or faults, never both", () => {
    expectTypeOf(validateFragment).toEqualTypeOf<(input: unknown) => Validated<FragmentInput>>();
    expectTypeOf(validateAssertion).toEqualTypeOf<(input: unknown) => Validated<Assertion>>();
    expectTypeOf(validateModel).toEqualTypeOf<(input: unknown) => Validated<Model>>();
    expectTypeOf(parseModel).toEqualTypeOf<(json: string) => Validated<Model>>();
    const validated = validateFragment({});
    if (validated.ok) {
      expectTypeOf(validated.value).toEqualTypeOf<FragmentInput>();
      // @ts-expect-error what is valid has no faults
      validated.faults;
    } else {
      expectTypeOf(validated.faults).toEqualTypeOf<readonly Fault[]>();
      // @ts-expect-error what is not valid has no value
      validated.value;
    }
  });
});

describe("models", () => {
  it("are plain data: levels weigh by bits or by m and u", () => {
    expectTypeOf(createDefaultModel).toEqualTypeOf<() => Model>();
    expectTypeOf(serializeModel).toEqualTypeOf<(model: Model) => string>();
    expectTypeOf(forPopulation).toEqualTypeOf<(model: Model, strands: number) => Model>();
    expectTypeOf<{ name: string; bits: number }>().toExtend<Level>();
    expectTypeOf<{ name: string; m: number; u: number }>().toExtend<Level>();
    expectTypeOf<{ name: string; m: number }>().not.toExtend<Level>();
    expectTypeOf<{ name: string }>().not.toExtend<Level>();
  });

  it("ask conditions that nest, and none that nobody knows", () => {
    expectTypeOf<{ all: [{ known: "city" }, { not: { equal: "city" } }] }>().toExtend<Condition>();
    expectTypeOf<{ sharesKey: ["email"]; gapDays: { max: 30 } }>().toExtend<Condition>();
    expectTypeOf<{ sharesKey: "email" }>().not.toExtend<Condition>();
    expectTypeOf<{ sounds: "city" }>().not.toExtend<Condition>();
    expectTypeOf<{ edits: "city" }>().not.toExtend<Condition>();
  });

  it("cannot be changed in place", () => {
    const model = createDefaultModel();
    // @ts-expect-error a changed model is another model
    model.thresholds.link = 3;
    // @ts-expect-error so are its identifier types
    model.identifiers.loyalty = { scope: "person", normalizer: "opaque" };
    // @ts-expect-error a model is of one format
    const other: Model = { ...model, format: "splink" };
    expectTypeOf(other).toEqualTypeOf<Model>();
  });
});

describe("resolve", () => {
  it("takes fragments, a model and, if any, assertions, and gives a resolution at once", () => {
    expectTypeOf(resolve).parameters.toEqualTypeOf<
      [inputs: readonly FragmentInput[], model: Model, assertions?: readonly Assertion[]]
    >();
    expectTypeOf(resolve).returns.toEqualTypeOf<Resolution>();
    expectTypeOf(resolve).returns.not.toExtend<PromiseLike<unknown>>();
    // @ts-expect-error there is no resolution without a model
    resolve([]);
    // @ts-expect-error assertions are `same` or `different`
    const assertion: Assertion = { type: "maybe", a: { source: "w", id: "1" }, b: { source: "w", id: "2" } };
    expectTypeOf(assertion.a).toEqualTypeOf<FragmentRef>();
  });

  it("says what became of every input, and of every assertion", () => {
    expectTypeOf<Resolution["inputStatuses"]>().toEqualTypeOf<readonly InputStatus[]>();
    expectTypeOf<Resolution["assertionStatuses"]>().toEqualTypeOf<readonly AssertionStatus[]>();
    expectTypeOf<InputStatus>().toEqualTypeOf<
      "live" | "duplicate" | "conflicting-content" | "superseded" | "gone" | "removal"
    >();
    expectTypeOf<EdgeType>().toEqualTypeOf<"asserted" | "deterministic" | "probabilistic">();
    expectTypeOf<Resolution["counts"]["inputs"]>().toEqualTypeOf<Readonly<Record<InputStatus, number>>>();
  });

  it("gives ids that are no mere texts", () => {
    expectTypeOf<ProfileId>().toExtend<string>();
    expectTypeOf<string>().not.toExtend<ProfileId>();
    expectTypeOf<Membership["id"]>().toEqualTypeOf<ProfileId>();
    expectTypeOf<Resolution["profiles"]>().toEqualTypeOf<readonly Membership[]>();
  });
});

describe("profiles", () => {
  it("are built from a resolution, a membership and a time that is always given", () => {
    expectTypeOf(buildProfile).toEqualTypeOf<
      (resolution: Resolution, membership: Membership, now: number) => Profile
    >();
    expectTypeOf(createContentBuilder).toEqualTypeOf<(resolution: ContentBasis) => ContentBuilder>();
    expectTypeOf<Resolution>().toExtend<ContentBasis>();
    expectTypeOf<ContentBuilder["build"]>().toEqualTypeOf<(membership: Membership, now: number) => Profile>();
    expectTypeOf(membershipConfidence).returns.toEqualTypeOf<number>();
    const resolution = resolve([], createDefaultModel());
    const [first] = resolution.profiles;
    // @ts-expect-error there may be no profile
    buildProfile(resolution, first, 0);
    // @ts-expect-error the clock is an argument
    if (first !== undefined) buildProfile(resolution, first);
  });

  it("hold values that name their fragments, and may lack any attribute", () => {
    expectTypeOf<AttributeValue["fragments"]>().toEqualTypeOf<readonly FragmentRef[]>();
    expectTypeOf<AttributeValue["firstAt"]>().toEqualTypeOf<string | null>();
    expectTypeOf<Profile["consent"][string]>().toEqualTypeOf<boolean>();
    expectTypeOf(goldenRecord).toEqualTypeOf<(profile: Profile) => Record<string, Scalar>>();
    const profile = {} as Profile;
    // @ts-expect-error nobody may have stated a city
    profile.attributes.city.value;
    expectTypeOf(profile.attributes.city?.alternatives).toEqualTypeOf<
      readonly AttributeValue[] | undefined
    >();
  });

  it("explain themselves by statuses that a switch can run out of", () => {
    expectTypeOf(explainPair).toEqualTypeOf<
      (resolution: ExplanationBasis, a: FragmentRef, b: FragmentRef) => PairExplanation
    >();
    expectTypeOf<Resolution>().toExtend<ExplanationBasis>();
    expectTypeOf<PairExplanation["status"]>().toEqualTypeOf<
      "same-event" | "same-strand" | "same-profile" | "different-profiles" | "not-live"
    >();
    expectTypeOf<PairExplanation["weights"]>().toEqualTypeOf<readonly Weight[]>();
    expectTypeOf<PairExplanation["bits"]>().toEqualTypeOf<number | null>();
    expectTypeOf<GuardFinding["guard"]>().toEqualTypeOf<
      "banned" | "exclusive-conflict" | "too-many-values"
    >();
  });
});
