import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Fragment, type FragmentRef, fragmentKey } from "../../src/fragment/fragment.js";
import { createDefaultModel } from "../../src/model/defaultModel.js";
import { explainPair, type PairExplanation } from "../../src/profile/index.js";
import { type Resolution, resolve } from "../../src/resolve/resolve.js";
import { resolveNaively } from "../oracle/oracle.js";
import { check } from "../properties/check.js";
import { type History, history } from "../properties/histories.js";
import { decisionsOf } from "../properties/views.js";

/** Invariant 23 of the design: an explanation recomputes the decision. */

interface Place {
  readonly profile: string;
  readonly strand: number;
  readonly event: string;
}

function placesOf(resolution: Resolution): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const { id, strands } of resolution.profiles) {
    for (const strand of strands) {
      for (const { name, observations } of resolution.strands[strand]?.events ?? []) {
        for (const { fragment } of observations)
          places.set(fragmentKey(fragment), { profile: id, strand, event: name });
      }
    }
  }
  return places;
}

const refOf = ({ source, id }: Fragment): FragmentRef => ({ source, id });

const sumOf = (weights: readonly { readonly bits: number }[]): number =>
  weights.reduce((sum, { bits }) => sum + bits, 0);

/** Tries a property on some pairs of fragments of random histories, live or not. */
function checkPairs(
  property: (
    explanation: PairExplanation,
    refs: readonly [FragmentRef, FragmentRef],
    given: {
      readonly history: History;
      readonly resolution: Resolution;
      readonly places: Map<string, Place>;
    },
  ) => void,
): void {
  const picks = fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 6 });
  check(fc.tuple(history, picks), ([given, pairs]) => {
    const { inputs, model, assertions } = given;
    const resolution = resolve(inputs, model, assertions);
    const places = placesOf(resolution);
    const refs = inputs.map(({ source, id }) => ({ source, id }));
    for (const [p, q] of pairs) {
      const [a, b] = [refs[p % refs.length] as FragmentRef, refs[q % refs.length] as FragmentRef];
      property(explainPair(resolution, a, b), [a, b], { history: given, resolution, places });
    }
  });
}

describe("23: an explanation", () => {
  it("agrees with the partition", () => {
    checkPairs(({ status, together, threshold, bits }, [a, b], { history: { model }, places }) => {
      const [p, q] = [places.get(fragmentKey(a)), places.get(fragmentKey(b))];
      const expected =
        p === undefined || q === undefined
          ? "not-live"
          : p.event === q.event
            ? "same-event"
            : p.strand === q.strand
              ? "same-strand"
              : p.profile === q.profile
                ? "same-profile"
                : "different-profiles";
      expect(status).toBe(expected);
      expect(together).toBe(expected.startsWith("same"));
      expect(threshold).toBe(model.thresholds.link);
      expect(bits === null).toBe(!expected.endsWith("profile") && !expected.endsWith("profiles"));
    });
  });

  it("has weights that sum to its bits exactly, in whatever order; so has each of its decisions", () => {
    checkPairs(({ bits, weights, decisions }) => {
      if (bits === null) expect([weights, decisions]).toEqual([[], []]);
      else {
        expect(sumOf(weights)).toBe(bits);
        expect(sumOf([...weights].reverse())).toBe(bits);
      }
      for (const decision of decisions) {
        expect(sumOf(decision.weights)).toBe(decision.bits);
        expect(sumOf([...decision.weights].reverse())).toBe(decision.bits);
      }
    });
  });

  it("tells decisions as they were made: joined with bits enough or asserted, refused for want of them or by a guard", () => {
    checkPairs(({ decisions }, _refs, { history: { inputs, model, assertions } }) => {
      if (decisions.length === 0) return;
      const oracle = resolveNaively(inputs, model, assertions);
      const made = oracle.decisions.map(({ edge, outcome, bits, guard }) => {
        const ends = [edge.a, edge.b].map((strand) =>
          refOf(oracle.strands[strand]?.oldest.fragment as Fragment),
        );
        return { ends, type: edge.type, outcome, acceptAt: edge.acceptAt, bits, guard };
      });
      for (const { type, outcome, between, bits, acceptAt, refusedBy } of decisions) {
        if (outcome === "joined") {
          expect(refusedBy).toBeNull();
          if (type !== "asserted") expect(bits).toBeGreaterThanOrEqual(acceptAt);
        } else if (refusedBy === null) expect(bits).toBeLessThan(acceptAt);
        const isDecidedWithoutBits = type === "asserted" || refusedBy?.guard === "banned";
        expect(made).toContainEqual({
          ends: [...between],
          type,
          outcome,
          acceptAt,
          bits: isDecidedWithoutBits ? null : bits,
          guard: refusedBy === null ? null : [refusedBy.guard, refusedBy.type].filter(Boolean).join(" "),
        });
      }
    });
  });

  it("of two that are together is the path of joins from the one to the other", () => {
    checkPairs(({ status, decisions }, [a, b], { resolution, places }) => {
      if (status !== "same-profile") return;
      const strandOf = (ref: FragmentRef): number => places.get(fragmentKey(ref))?.strand as number;
      const visited = [strandOf(a)];
      for (const { outcome, between } of decisions) {
        expect(outcome).toBe("joined");
        const at = visited.at(-1);
        const ends = between.map(strandOf);
        expect(ends).toContain(at);
        visited.push(ends[0] === at ? (ends[1] as number) : (ends[0] as number));
        for (const ref of between)
          expect(resolution.strands[strandOf(ref)]?.oldest.fragment).toMatchObject(ref);
      }
      expect(visited.at(-1)).toBe(strandOf(b));
      expect(new Set(visited).size).toBe(visited.length);
    });
  });

  it("of two that are apart tells every refusal between their profiles, and names the guard", () => {
    checkPairs(({ status, decisions, reason }, [a, b], { resolution, places }) => {
      if (status !== "different-profiles") return;
      const profileOf = (ref: FragmentRef): string => places.get(fragmentKey(ref))?.profile as string;
      const wanted = [profileOf(a), profileOf(b)].sort();
      const ends = (edge: { readonly a: number; readonly b: number }): string[] =>
        [edge.a, edge.b]
          .map((strand) => profileOf(resolution.strands[strand]?.oldest.fragment as FragmentRef))
          .sort();
      const refused = decisionsOf(resolution).filter(
        ({ edge, outcome }) => outcome === "refused" && ends(edge).join() === wanted.join(),
      );
      expect(decisions.map(({ outcome }) => outcome)).toEqual(refused.map(() => "refused"));
      expect(decisions.map(({ between }) => between.map(profileOf).sort())).toEqual(
        refused.map(() => wanted),
      );
      const guard = decisions.find(({ refusedBy }) => refusedBy !== null)?.refusedBy;
      if (guard) {
        expect(reason).toContain(guard.guard);
        if (guard.type !== null) expect(reason).toContain(guard.type);
      }
    });
  });

  it("is the same from either side", () => {
    checkPairs((explanation, [a, b], { resolution }) => {
      const { decisions, weights, ...rest } = explainPair(resolution, b, a);
      const turned = explanation.together ? [...decisions].reverse() : decisions;
      expect({ ...rest, weights, decisions: turned }).toEqual(explanation);
    });
  });
});

describe("golden", () => {
  const anna: Fragment = {
    source: "web",
    id: "anna",
    kind: "form",
    observedAt: "2026-01-05T10:00:00Z",
    identifiers: [
      { type: "email", value: "anna.keller@harbor.example" },
      { type: "phone", value: "+13126731048" },
    ],
    attributes: { first_name: "Anna", last_name: "Keller" },
  };
  const call: Fragment = {
    source: "calls",
    id: "call",
    kind: "call",
    observedAt: "2026-01-06T10:00:00Z",
    identifiers: [{ type: "phone", value: "+13126731048" }],
  };
  const visit: Fragment = {
    source: "web",
    id: "visit",
    kind: "session",
    observedAt: "2026-01-07T10:00:00Z",
    identifiers: [
      { type: "email", value: "anna.keller@harbor.example" },
      { type: "visitor_id", value: "cookie-1" },
    ],
  };
  const model = createDefaultModel();

  it("two who are together by way of a third", () => {
    const { status, decisions } = explainPair(resolve([anna, call, visit], model), call, visit);
    expect(status).toBe("same-profile");
    expect(
      decisions.map(({ type, outcome, between }) => [type, outcome, ...between.map(({ id }) => id)]),
    ).toEqual([
      ["deterministic", "joined", "anna", "call"],
      ["deterministic", "joined", "anna", "visit"],
    ]);
  });

  it("two whom somebody has parted", () => {
    const resolution = resolve([anna, call], model, [{ type: "different", a: anna, b: call }]);
    const { together, decisions, reason } = explainPair(resolution, anna, call);
    expect(together).toBe(false);
    expect(decisions.map(({ refusedBy }) => refusedBy)).toEqual([{ guard: "banned", type: null }]);
    expect(reason).toContain("banned");
  });

  it("two whom an exclusive number parts", () => {
    const exclusive = {
      ...model,
      identifiers: { ...model.identifiers, crm_id: { ...model.identifiers.crm_id!, exclusive: true } },
    };
    const [one, other] = ["71", "72"].map(
      (value, at): Fragment => ({
        ...anna,
        id: value,
        observedAt: at,
        identifiers: [...(anna.identifiers ?? []), { type: "crm_id", value }],
      }),
    ) as [Fragment, Fragment];
    const { decisions, reason } = explainPair(resolve([one, other], exclusive), one, other);
    expect(decisions.map(({ refusedBy }) => refusedBy)).toEqual([
      { guard: "exclusive-conflict", type: "crm_id" },
    ]);
    expect(reason).toContain("crm_id");
    expect(explainPair(resolve([one, other], model), one, other).together).toBe(true);
  });

  it("one that is not live, and one with itself", () => {
    const resolution = resolve([anna, call, { source: "calls", id: "call", gone: true }], model);
    expect(explainPair(resolution, anna, call)).toMatchObject({
      status: "not-live",
      together: false,
      bits: null,
    });
    expect(explainPair(resolution, anna, anna)).toMatchObject({ status: "same-event", together: true });
  });
});
