import { describe, expect, it } from "vitest";
import type { FragmentInput } from "../../src/fragment/fragment.js";
import type { Model } from "../../src/model/model.js";
import type { WorkLimits } from "../../src/resolve/plan/kernel.js";
import { HANDMADE_LOOSE, HANDMADE_TIGHT } from "../properties/models.js";
import { createStage } from "./playing.js";
import { expectScratch, profilesOf } from "./scratch.js";
import { TINY_WORK } from "./scripts.js";

// Histories in which something that waits for `drain` once forgot what it had to do: random ones come upon them too rarely.

const AT = Date.UTC(2026, 0, 5, 10);

interface Said {
  readonly kind?: string;
  readonly minute?: number;
  readonly name?: string;
  readonly born?: string;
  readonly shown?: boolean;
  readonly dialled?: boolean;
}

function say(id: string, identifiers: Readonly<Record<string, string>>, said: Said = {}): FragmentInput {
  const { kind = "form", minute = 0, name, born, shown = false, dialled = false } = said;
  return {
    source: "web",
    id,
    kind,
    observedAt: AT + minute * 60_000,
    identifiers: Object.entries(identifiers).map(([type, value]) => ({ type, value })),
    attributes: {
      ...(name === undefined ? {} : { first_name: name }),
      ...(born === undefined ? {} : { date_of_birth: born }),
    },
    signals: {
      ...(shown ? { number_shown: "+18885550123" } : {}),
      ...(dialled ? { number_dialled: "8885550123" } : {}),
    },
  };
}

const gone = (id: string): FragmentInput => ({ source: "web", id, gone: true });

/** Tells a resolver one thing after the other, and compares what it has come to with R. */
async function tell(model: Model, limits: Partial<WorkLimits>, steps: readonly (FragmentInput | "drain")[]) {
  const stage = createStage(model, limits);
  for (const step of steps) {
    if (step === "drain") await stage.resolver.drain();
    else stage.resolver.ingestSync(step);
  }
  const inputs = steps.filter((step) => step !== "drain");
  await expectScratch(stage.resolver, { model, inputs, assertions: [] });
  return stage;
}

describe("what leaves a cell that waits leaves its full blocks too", () => {
  const ann = (id: string, said: Said = {}) =>
    say(id, { email: "ann@harbor.example" }, { name: "Ann", ...said });
  const others = ["a", "b", "c", "d"];
  const crowd = others.map((id) =>
    say(id, { visitor_id: `v-${id}` }, { kind: "pageview", minute: 10, shown: true }),
  );
  const call = say(
    "call",
    { phone: "+14155552671" },
    { kind: "call", minute: 3, name: "Ann", dialled: true },
  );
  it.each([
    ["where the cell stays", [gone("s1")]],
    ["where all of the cell goes", [gone("s1"), gone("s2"), gone("s3")]],
  ])("%s", async (_, leaving) => {
    const cell = [ann("s1", { shown: true }), ann("s2"), ann("s3")];
    const empty = [...leaving, "drain", ...others.map(gone), "drain"] as const;
    await tell(HANDMADE_LOOSE, TINY_WORK, [...cell, ...crowd, "drain", ...empty, call, "drain"]);
  });
});

it("a component that waits is taken up with a partner around whom a crowd has gone", async () => {
  const many = { visitor_id: "v-2", account_id: "acc-2" };
  const caller = { phone: "+14155552671" };
  const born = "1990-02-03";
  await tell(HANDMADE_TIGHT, { maxComponentStrands: 3, maxMoves: 1 }, [
    say("v", { visitor_id: "v-1", email: "one@harbor.example" }, { minute: 1_440, name: "Ann", shown: true }),
    say("w1", many, { minute: 1, born }),
    say("w2", many, { kind: "pageview", minute: 1, shown: true }),
    say("w3", many, { minute: 1 }),
    say("u", caller, { kind: "call", minute: 3, name: "Ann", born, dialled: true }),
    say("u2", caller, { kind: "call", minute: 1_443, name: "Ann", dialled: true }),
    "drain",
    gone("w1"),
    ...[
      ["one", "two"],
      ["two", "three"],
      ["three", "three"],
    ].map(
      ([first, second], at): FragmentInput => ({
        source: "web",
        id: `y${at}`,
        kind: "form",
        observedAt: AT + at,
        identifiers: [first, second].map((name) => ({ type: "email", value: `${name}@harbor.example` })),
      }),
    ),
    "drain",
  ]);
});

it("a component that is too large for `drain` goes on waiting, and is decided once it is smaller", async () => {
  const link = (id: string, first: string, second: string): FragmentInput => ({
    source: "web",
    id,
    kind: "form",
    identifiers: [first, second].map((name) => ({ type: "email", value: `${name}@harbor.example` })),
  });
  const chain = [link("0", "one", "two"), link("1", "two", "three"), link("2", "three", "four")];
  const limits = { maxComponentStrands: 2, maxDrainStrands: 3 };
  const { resolver } = createStage(HANDMADE_TIGHT, limits);
  for (const input of [...chain, link("3", "four", "four")]) resolver.ingestSync(input);
  for (const _ of [1, 2]) {
    expect((await resolver.drain()).left).toBeGreaterThan(0);
    expect((await resolver.stats()).pending).toBeGreaterThan(0);
  }
  resolver.ingestSync(gone("3"));
  await resolver.drain();
  await expectScratch(resolver, { model: HANDMADE_TIGHT, inputs: chain, assertions: [] });
});

it("an id is of rank 0 where its fragment was in no profile before, whether its cell waited or not", async () => {
  for (const limits of [{}, { maxMoves: 1 }]) {
    const form = (id: string) => say(id, { email: "ann@harbor.example" });
    const { resolver, store } = createStage(HANDMADE_TIGHT, limits);
    for (const id of ["0", "1"]) resolver.ingestSync(form(id));
    await resolver.drain();
    for (const id of ["2", "3"]) resolver.ingestSync(form(id));
    await resolver.drain();
    const ranks = new Map<string, number>();
    for (const { doc } of store.source.all("strand"))
      for (const { age, rank } of doc.body?.ids ?? []) ranks.set(age.id, rank);
    expect([ranks.get("2"), ranks.get("3")]).toEqual([0, 0]);
    expect((await profilesOf(resolver)).length).toBe(4);
  }
});
