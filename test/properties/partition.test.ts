import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Assertion, type Fragment, fragmentKey } from "../../src/fragment/fragment.js";
import type { Model } from "../../src/model/model.js";
import type { Key } from "../../src/resolve/observation.js";
import { type Resolution, resolve } from "../../src/resolve/resolve.js";
import { check, liveKeys, run } from "./check.js";
import { history, plainHistory } from "./histories.js";
import { decisionsOf, viewOf } from "./views.js";
import { PHONE_DIGESTS } from "./vocabulary.js";

/** Invariants 5 to 11 of the design: what a partition may look like. */

/** Fragment key → id of the profile that holds it. */
function homesOf(resolution: Resolution): Map<string, string> {
  return new Map(
    Object.entries(viewOf(resolution).profiles).flatMap(([id, members]) =>
      members.map((member) => [member, id] as const),
    ),
  );
}

describe("5: membership", () => {
  it("every live fragment is in exactly one profile, and every profile has one or more", () => {
    check(history, ({ inputs, model, assertions }) => {
      const resolution = resolve(inputs, model, assertions);
      const members = Object.values(viewOf(resolution).profiles);
      expect(members.flat().sort()).toEqual(liveKeys(inputs, resolution));
      expect(members.every(({ length }) => length > 0)).toBe(true);
      expect(new Set(resolution.profiles.map(({ id }) => id)).size).toBe(resolution.profiles.length);
    });
  });
});

describe("6: connection", () => {
  it("every profile is connected by edges that were accepted with bits enough", () => {
    check(history, ({ inputs, model, assertions }) => {
      const resolution = resolve(inputs, model, assertions);
      const joined = decisionsOf(resolution).filter(({ outcome }) => outcome === "joined");
      for (const { edge, bits } of joined) {
        if (edge.type === "asserted") continue;
        expect(bits).toBeGreaterThanOrEqual(edge.acceptAt);
        expect(edge.acceptAt).toBeGreaterThanOrEqual(
          edge.type === "probabilistic" ? model.thresholds.link : Number.NEGATIVE_INFINITY,
        );
      }
      for (const { strands } of resolution.profiles) {
        const reached = new Set(strands.slice(0, 1));
        for (let grown = true; grown; ) {
          const size = reached.size;
          for (const { edge } of joined)
            if (reached.has(edge.a) || reached.has(edge.b)) reached.add(edge.a).add(edge.b);
          grown = reached.size > size;
        }
        expect([...reached].sort((a, b) => a - b)).toEqual(strands);
      }
    });
  });
});

describe("7: values that mean nobody", () => {
  it("no deterministic edge rests on generic values alone", () => {
    check(history, ({ inputs, model, assertions }) => {
      const resolution = resolve(inputs, model, assertions);
      const { facts, strands } = resolution;
      for (const { edge } of decisionsOf(resolution)) {
        if (edge.type !== "deterministic") continue;
        const [x, y] = [edge.a, edge.b].map((index) => {
          const events = strands[index]?.events ?? [];
          return new Set(
            events.flatMap(({ keys, sessionKeys, implied }) => [
              ...keys,
              ...sessionKeys,
              ...implied.map(({ key }) => key),
            ]),
          );
        });
        const common: Key[] = [...(x ?? [])].filter((key) => y?.has(key));
        expect(common.some(({ index }) => facts.generic[index] === 0)).toBe(true);
      }
    });
  });

  const SPELLINGS = ["+14155552671", "(415) 555-2671", "4155552671", "1-415-555-2671"];

  function without(
    fragments: readonly Fragment[],
    isOut: (type: string, value: string) => boolean,
  ): Fragment[] {
    return fragments.map(({ identifiers = [], ...rest }) => ({
      ...rest,
      identifiers: identifiers.filter(({ type, value }) => !isOut(type, value)),
    }));
  }

  it("blocked values are as good as never written, whatever their spelling", () => {
    check(fc.tuple(plainHistory, fc.constantFrom(...SPELLINGS)), ([given, spelling]) => {
      const model: Model = { ...given.model, phone: { ...given.model.phone, blocked: [spelling] } };
      const inputs = without(
        given.inputs,
        (type, value) =>
          (type === "phone" && SPELLINGS.includes(value)) ||
          (type === "phone_digest" && value === PHONE_DIGESTS[0]),
      );
      const [blocked, never] = [run({ ...given, model }), run({ ...given, inputs })];
      expect(blocked.profiles).toEqual(never.profiles);
      expect(blocked.decisions).toEqual(never.decisions);
    });
  });

  it("digests of blocked values are blocked with them", () => {
    check(fc.tuple(plainHistory, fc.constantFrom(...SPELLINGS)), ([given, spelling]) => {
      const model: Model = { ...given.model, phone: { ...given.model.phone, blocked: [spelling] } };
      const inputs = without(
        given.inputs,
        (type, value) => type === "phone_digest" && value === PHONE_DIGESTS[0],
      );
      expect(run({ ...given, model })).toEqual(run({ ...given, model, inputs }));
    });
  });
});

describe("8: turning generic and back", () => {
  const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
    email: ["shared@harbor.example", "Shared@Harbor.example ", "mailto:shared@harbor.example"],
    visitor_id: ["v-shared", " v-shared", '"v-shared"'],
    phone: ["+14155559090", "(415) 555-9090", "415.555.9090"],
    gclid: ["Cj0KCQiA-shared", " Cj0KCQiA-shared ", '"Cj0KCQiA-shared"'],
  };

  it("a crowd takes every link that rests on the value, and its removal gives them back", () => {
    check(
      fc.tuple(plainHistory, fc.constantFrom(...Object.keys(SPELLINGS)), fc.nat(2)),
      ([given, type, spelling]) => {
        const values = SPELLINGS[type] as readonly string[];
        const value = (at: number): string => values[(at + spelling) % 3] as string;
        const earlier = [0, 1].map(
          (at): Fragment => ({
            source: "web",
            id: `early ${at}`,
            kind: "call",
            identifiers: [{ type, value: value(at) }],
          }),
        );
        const crowd = Array.from({ length: 8 }, (_, at): Fragment => {
          const identifiers = [
            { type, value: value(at) },
            { type: "crm_id", value: `crowd ${at}` },
          ];
          return { source: "calls", id: `crowd ${at}`, kind: "call", identifiers };
        });
        const before = { ...given, inputs: [...given.inputs, ...earlier] };
        const during = { ...given, inputs: [...crowd, ...before.inputs] };
        const after = {
          ...given,
          inputs: [...during.inputs, ...crowd.map(({ source, id }) => ({ source, id, gone: true as const }))],
        };
        expect(run(after)).toEqual(run(before));

        const crowded = resolve(during.inputs, given.model, given.assertions);
        for (const { edge } of decisionsOf(crowded)) {
          const ends = [edge.a, edge.b].map((index) => crowded.strands[index]?.oldest.fragment.id ?? "");
          if (ends.every((id) => id.startsWith("crowd ") || id.startsWith("early ")))
            expect(edge.type).not.toBe("deterministic");
        }
      },
    );
  });
});

/** Distinct keys of a type that a profile's events hold and that may link, by scope where it matters. */
function keysHeld(
  resolution: Resolution,
  strands: readonly number[],
  type: string,
): Map<string, Set<string>> {
  const byScope = new Map<string, Set<string>>();
  for (const index of strands) {
    for (const key of resolution.strands[index]?.evidence.keys ?? []) {
      if (key.type !== type) continue;
      const scope = byScope.get(key.scope) ?? new Set();
      byScope.set(key.scope, scope.add(key.value));
    }
  }
  return byScope;
}

/** Profiles in which a join of one of these types took place are left out. */
function profilesWithout(resolution: Resolution, types: readonly string[]): readonly (readonly number[])[] {
  const forced = decisionsOf(resolution).filter(
    ({ edge, outcome }) => outcome === "joined" && types.includes(edge.type),
  );
  return resolution.profiles
    .map(({ strands }) => strands)
    .filter((strands) => !forced.some(({ edge }) => strands.includes(edge.a)));
}

describe("9: guards", () => {
  it("hold wherever nobody said `same`: what a profile has beyond them, one of its strands had by itself", () => {
    check(history, ({ inputs, model, assertions }) => {
      const resolution = resolve(inputs, model, assertions);
      for (const strands of profilesWithout(resolution, ["asserted"])) {
        for (const [type, { exclusive, maxPerProfile }] of Object.entries(model.identifiers)) {
          const held = keysHeld(resolution, strands, type);
          const own = strands.map((index) => keysHeld(resolution, [index], type));
          const count = (byScope: Map<string, Set<string>>): number =>
            [...byScope.values()].reduce((sum, { size }) => sum + size, 0);
          if (exclusive === true) {
            for (const [scope, values] of held) {
              expect(Math.max(...own.map((byScope) => byScope.get(scope)?.size ?? 0))).toBe(values.size);
            }
          }
          if (maxPerProfile !== undefined && count(held) > maxPerProfile)
            expect(Math.max(...own.map(count))).toBe(count(held));
        }
      }
    });
  });
});

describe("10: `different`", () => {
  it("is never broken, not through third strands either", () => {
    check(history, ({ inputs, model, assertions }) => {
      const resolution = resolve(inputs, model, assertions);
      const home = homesOf(resolution);
      assertions.forEach(({ type, a, b }, index) => {
        if (type !== "different" || resolution.assertionStatuses[index] !== "active") return;
        expect(home.get(fragmentKey(a))).not.toBe(home.get(fragmentKey(b)));
      });
    });
  });

  it("and `same` holds unless a `different` stands between the profiles it would join", () => {
    check(history, ({ inputs, model, assertions }) => {
      const resolution = resolve(inputs, model, assertions);
      const home = homesOf(resolution);
      const said = (type: string): Assertion[] =>
        assertions.filter(
          (assertion, index) => assertion.type === type && resolution.assertionStatuses[index] === "active",
        );
      if (said("different").length > 0) return;
      for (const { a, b } of said("same")) expect(home.get(fragmentKey(a))).toBe(home.get(fragmentKey(b)));
    });
  });
});

describe("11: exclusive identifiers", () => {
  it("two values of one never meet by probabilistic evidence alone", () => {
    check(history, ({ inputs, model, assertions }) => {
      const resolution = resolve(inputs, model, assertions);
      for (const strands of profilesWithout(resolution, ["asserted", "deterministic"])) {
        for (const [type, { exclusive }] of Object.entries(model.identifiers)) {
          if (exclusive !== true) continue;
          for (const [scope, values] of keysHeld(resolution, strands, type)) {
            const own = strands.map((index) => keysHeld(resolution, [index], type).get(scope)?.size ?? 0);
            expect(values.size).toBe(Math.max(...own));
          }
        }
      }
    });
  });
});
