import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  buildProfile,
  createDefaultModel,
  type Fragment,
  type Membership,
  type Model,
  type Resolution,
  resolve,
} from "../../src/index.js";
import { levelOf } from "../../src/resolve/levels.js";

// The conventions of docs/design.md, "Where the code decides what the words leave open", each in the smallest set that
// shows it.

const model = createDefaultModel();
const START = Date.UTC(2026, 2, 2, 9);
const DAY = 86_400_000;
const PHONE = "+13126731048";

function observe(
  id: string,
  kind: string,
  ids: Readonly<Record<string, string>>,
  said: Partial<Fragment> = {},
): Fragment {
  const identifiers = Object.entries(ids).map(([type, value]) => ({ type, value }));
  return { source: "web", id, kind, observedAt: START, identifiers, ...said };
}

/** Levels of a shared phone between the only two strands. */
function levels({ strands, judge, links }: Resolution, comparison: string): string | undefined {
  const [x, y] = strands;
  if (strands.length !== 2 || x === undefined || y === undefined) throw new Error("expected two strands");
  const weights = judge.scorer.weights(x.evidence, y.evidence, links.edges[0]?.levels ?? 0);
  return weights.find((weight) => weight.comparison === comparison)?.level;
}

const ANNA = { attributes: { first_name: "Anna", last_name: "Keller" } };
const BRUNO = { attributes: { first_name: "Bruno", last_name: "Keller" } };

describe("conventions of docs/design.md", () => {
  it("untrusted occurrences are part of the cell", () => {
    const open: Model = { ...model, sources: { public: { untrusted: true } } };
    const form = observe("1", "form", { email: "anna@harbor.example" }, ANNA);
    const again = { ...form, source: "public" };
    expect(resolve([form, again], model).strands).toHaveLength(1);
    expect(resolve([form, again], open).strands).toHaveLength(2);
    const together = [form, again].map((one) => ({ ...one, event: { namespace: "call", name: "CA-1" } }));
    expect(resolve([...together, { ...form, id: "2" }], open).strands).toHaveLength(1);
  });

  it("typed is a fact of the key, from whichever fragment of an event it comes", () => {
    const event = { namespace: "call", name: "CA-1" };
    const calls = [
      observe("1", "call", { phone: PHONE }, { event }),
      observe("2", "call", { phone: PHONE }, { observedAt: START + DAY }),
    ];
    const written = observe("3", "disposition", {}, { event, source: "crm" });
    expect(levels(resolve(calls, model), "phone")).toBe("caller id");
    expect(levels(resolve([...calls, written], model), "phone")).toBe("typed, of one name");
  });

  it("names are those of all events that hold the key, and not of the pair alone", () => {
    const pair = [
      observe("1", "form", { phone: PHONE, email: "anna@harbor.example" }, ANNA),
      observe("2", "call", { phone: PHONE }, { observedAt: START + DAY }),
    ];
    const other = observe("3", "form", { phone: PHONE, email: "bruno@harbor.example" }, BRUNO);
    const two = resolve([...pair, other], model);
    const [x, y] = [two.strands[0], two.strands.at(-1)];
    if (x === undefined || y === undefined) throw new Error("expected strands");
    const phone = two.judge.scorer.weights(x.evidence, y.evidence, 0)[2];
    expect(levels(resolve(pair, model), "phone")).toBe("typed, of one name");
    expect(phone).toMatchObject({ comparison: "phone", level: "typed, of two names" });
  });

  it("exclusive identifiers conflict within a scope only", () => {
    const exclusive: Model = {
      ...model,
      identifiers: {
        ...model.identifiers,
        crm_id: { scope: "person", normalizer: "opaque", scopedBySource: true, exclusive: true },
      },
    };
    const email = "anna.keller@harbor.example";
    const row = observe("1", "crm", { email, crm_id: "17" }, ANNA);
    const same = observe("2", "crm", { email, crm_id: "18" }, ANNA);
    const refused = resolve([row, same], exclusive);
    expect(refused.profiles).toHaveLength(2);
    expect(refused.counts.guards).toEqual({ "exclusive-conflict": 1 });
    expect(resolve([row, { ...same, source: "other" }], exclusive).profiles).toHaveLength(1);
  });

  it("a crowd of one side counts the two in question, a crowd of two sides does not", () => {
    const signals = { ip: "8.8.4.4", user_agent: "Firefox" };
    const network = resolve(
      ["1", "2"].map((id) => observe(id, "session", { visitor_id: `ck-${id}` }, { signals })),
      model,
    );
    const shown = observe(
      "1",
      "session",
      { visitor_id: "ck-1" },
      { signals: { number_shown: "8005550150" } },
    );
    const dialled = observe("2", "call", { phone: PHONE }, { signals: { number_dialled: "8005550150" } });
    const number = resolve([shown, dialled], model);
    for (const [name, resolution, maxCrowd] of [
      ["network", network, 2],
      ["number", number, 1],
    ] as const) {
      const at = model.blocks.timeLocal.findIndex((block) => block.name === name);
      const levels = resolution.links.edges[0]?.levels ?? 0;
      expect(model.blocks.timeLocal[at]?.levels[levelOf(levels, at)]).toMatchObject({ maxCrowd });
    }
  });

  it("the profile id comes from the oldest fragment alone", () => {
    const call = observe("c", "call", { phone: PHONE });
    const later = observe("d", "form", { phone: PHONE }, { observedAt: START + DAY, ...ANNA });
    const earlier = { ...later, id: "e", observedAt: START - DAY };
    const [alone] = resolve([call], model).profiles;
    expect(resolve([call, later], model).profiles.map(({ id }) => id)).toEqual([alone?.id]);
    const [grown] = resolve([call, earlier], model).profiles;
    expect(grown?.strands).toHaveLength(2);
    expect(grown?.id).not.toBe(alone?.id);
  });

  it("only stated digests are implied", () => {
    const plain = observe("1", "form", { email: "anna.keller@harbor.example" });
    expect(resolve([plain], model).strands[0]?.evidence.implied).toEqual([]);
    const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");
    const impliedBeside = (email_digest: string): number =>
      resolve([plain, observe("2", "session", { email_digest })], model).strands[0]?.evidence.implied
        .length ?? 0;
    expect(impliedBeside(digestOf("bruno.keller@harbor.example"))).toBe(0);
    expect(impliedBeside(digestOf("anna.keller@harbor.example"))).toBe(1);
  });

  it("days of use are UTC days, 0 apart where the spans overlap, and unknown without a time", () => {
    const late = Date.UTC(2026, 2, 2, 23, 59);
    const gapOf = (first: number | null, second: number | null): string | undefined => {
      const event = (id: string, observedAt: number | null): Fragment =>
        observe(id, "call", { phone: PHONE }, { observedAt });
      return levels(resolve([event("1", first), event("2", second)], model), "use of the phone");
    };
    expect(gapOf(late, late + 120_000)).toBe("no name, phone of one name, within a day");
    expect(gapOf(late, late + DAY + 120_000)).toBe("no name, phone of one name, within 14 days");
    expect(gapOf(late, null)).toBe("no name, phone of one name, later");
  });

  it("the oldest mention speaks for its source, and a later one changes nothing", () => {
    const view = observe("1", "session", { visitor_id: "ck-1" }, { attributes: { city: "Oak Park" } });
    const form = { ...view, id: "2", kind: "form", observedAt: START + 1 };
    const confidenceOf = (fragments: readonly Fragment[]): number | undefined => {
      const resolution = resolve(fragments, model);
      return buildProfile(resolution, resolution.profiles[0] as Membership, START).attributes.city
        ?.confidence;
    };
    expect(confidenceOf([view])).toBe(model.content.reliability.session);
    expect(confidenceOf([view, form])).toBe(model.content.reliability.session);
    expect(confidenceOf([view, { ...form, observedAt: START - 1 }])).not.toBe(
      model.content.reliability.session,
    );
  });
});
