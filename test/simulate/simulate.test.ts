import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  SIMULATED_COLUMNS,
  type SimulatedRow,
  type SimulateOptions,
  simulate,
} from "../../src/simulate/index.js";

function rows(options: SimulateOptions): SimulatedRow[] {
  return [...simulate(options)];
}

/** Share of pairs with one value in a column that are pairs of one entity: what linking by that column would give. */
function precisionOf(
  all: readonly SimulatedRow[],
  keyOf: (row: Record<string, string>) => string | undefined,
): number {
  const byValue = new Map<string, Map<string, number>>();
  for (const { row, entity } of all) {
    const value = keyOf(row);
    if (value === undefined) continue;
    const entities = byValue.get(value) ?? new Map<string, number>();
    entities.set(entity, (entities.get(entity) ?? 0) + 1);
    byValue.set(value, entities);
  }
  let pairs = 0;
  let truePairs = 0;
  for (const entities of byValue.values()) {
    let total = 0;
    for (const count of entities.values()) {
      total += count;
      truePairs += (count * (count - 1)) / 2;
    }
    pairs += (total * (total - 1)) / 2;
  }
  return truePairs / pairs;
}

function phoneOf(row: Record<string, string>): string | undefined {
  return row.phone?.replaceAll(/\D/g, "").replace(/^1(?=\d{10}$)/, "");
}

const normal = rows({ people: 3000, seed: 7 });

describe("determinism", () => {
  test("the same options give the same bytes, also from one iterable read twice", () => {
    const once = simulate({ people: 300, seed: 3, hardness: "hard" });
    const text = JSON.stringify([...once]);
    expect(JSON.stringify([...once])).toBe(text);
    expect(JSON.stringify(rows({ people: 300, seed: 3, hardness: "hard" }))).toBe(text);
  });

  test("two runs side by side do not disturb each other", () => {
    const alone = rows({ people: 100, seed: 5 });
    const left = simulate({ people: 100, seed: 5 })[Symbol.iterator]();
    const right = simulate({ people: 100, seed: 6 })[Symbol.iterator]();
    const woven: SimulatedRow[] = [];
    for (let item = left.next(); item.done !== true; item = left.next()) {
      woven.push(item.value);
      right.next();
    }
    expect(woven).toEqual(alone);
  });

  test("seeds differ", () => {
    const [a, b] = [rows({ people: 100, seed: 1 }), rows({ people: 100, seed: 2 })];
    const phones = new Set(a.map(({ row }) => phoneOf(row)).filter((phone) => phone?.length === 10));
    expect(phones.size).toBeGreaterThan(50);
    expect(JSON.stringify(a)).not.toBe(JSON.stringify(b));
    const visitors = new Set(a.map(({ row }) => row.visitor_id));
    expect(b.some(({ row }) => row.visitor_id !== undefined && visitors.has(row.visitor_id))).toBe(false);
  });

  test("the bytes are those of every other machine; a change of the generator changes this line knowingly", () => {
    const hash = createHash("sha256");
    for (const { row, entity } of simulate({ people: 200, seed: 1 })) {
      hash.update(`${entity},${SIMULATED_COLUMNS.map((column) => row[column] ?? "").join(",")}\n`);
    }
    expect(hash.digest("hex")).toBe("51b203e94d9b6288a4814fb94d50c3261983d365cec273430d90ae425629b8fa");
  });
});

describe("shape of the file", () => {
  test("every kind occurs, in about the share that call tracking has", () => {
    const count = new Map<string, number>();
    for (const { row } of normal) count.set(row.kind ?? "", (count.get(row.kind ?? "") ?? 0) + 1);
    const share = (kind: string): number => (count.get(kind) ?? 0) / normal.length;
    const expected: Readonly<Record<string, readonly [number, number]>> = {
      session: [0.3, 0.45],
      pageview: [0.03, 0.09],
      form: [0.06, 0.11],
      form_partial: [0.02, 0.06],
      click_to_call: [0.03, 0.08],
      call: [0.15, 0.25],
      call_update: [0.015, 0.05],
      disposition: [0.07, 0.13],
      crm: [0.05, 0.12],
      offline_conversion: [0.0002, 0.01],
    };
    expect([...count.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const [kind, [low, high]] of Object.entries(expected)) {
      expect(share(kind), kind).toBeGreaterThan(low);
      expect(share(kind), kind).toBeLessThan(high);
    }
  });

  test.each(["normal", "hard"] as const)("every trap of the trade is in a %s file", (hardness) => {
    const all = hardness === "normal" ? normal : rows({ people: 3000, seed: 7, hardness });
    const labels = new Set(all.map(({ label }) => label));
    expect([...labels].sort()).toEqual(
      [
        "",
        "duplicate",
        "forwarded_link",
        "household_phone",
        "landline",
        "main_line",
        "partial",
        "pasted",
        "recycled",
        "shared_device",
        "spam",
        "spoof_real",
        "test_lead",
        "trunk",
        "withheld",
      ].sort(),
    );
  });

  test("rows hold known columns only, and nothing empty", () => {
    const known = new Set(SIMULATED_COLUMNS);
    const used = new Set<string>();
    for (const { row } of normal) {
      for (const [column, value] of Object.entries(row)) {
        used.add(column);
        if (value === "" || !known.has(column)) expect.fail(`${column}=${value} in ${row.kind}`);
      }
    }
    expect([...used].sort()).toEqual([...known].sort());
  });

  test("fragments stand for people in every preset", () => {
    for (const hardness of ["easy", "normal", "hard"] as const) {
      const { length } = rows({ fragments: 20_000, hardness, seed: 11 });
      expect(length / 20_000, hardness).toBeGreaterThan(0.93);
      expect(length / 20_000, hardness).toBeLessThan(1.07);
    }
  });

  test("phones of people are never fictional ones, and withheld callers come in many spellings", () => {
    const withheld = new Set<string>();
    for (const { row, entity, label } of normal) {
      if (label === "withheld" && row.phone !== undefined) withheld.add(row.phone);
      if (entity.startsWith("p") && row.kind === "call") expect(phoneOf(row)).not.toMatch(/^\d{3}555\d{4}$/);
    }
    expect(withheld.size).toBeGreaterThan(8);
    expect(withheld).toContain("+7378742833");
  });

  test("options out of range are refused", () => {
    expect(() => simulate({ people: 0 })).toThrow(TypeError);
    expect(() => simulate({ people: 10, fragments: 10 })).toThrow(TypeError);
    expect(() => simulate({ rates: { late: 1.5 } })).toThrow(TypeError);
    expect(() => simulate({ rates: JSON.parse('{"lateness": 0.1}') })).toThrow(TypeError);
    expect(() => simulate({ hardness: JSON.parse('"brutal"') })).toThrow(TypeError);
    expect(() => simulate({ startAt: "yesterday" })).toThrow(TypeError);
  });
});

describe("truth", () => {
  test("a person has one household, robots and testers are alone", () => {
    const household = new Map<string, string>();
    const alone = new Map<string, number>();
    for (const { entity, household: home, label } of normal) {
      if (entity.startsWith("p")) {
        expect(household.get(entity) ?? home).toBe(home);
        household.set(entity, home);
      } else if (label !== "duplicate") alone.set(entity, (alone.get(entity) ?? 0) + 1);
    }
    expect(household.size).toBeGreaterThan(2900);
    expect(new Set(household.values()).size).toBeLessThan(1800);
    expect(alone.size).toBeGreaterThan(100);
    expect(Math.max(...alone.values())).toBe(1);
  });

  test("ids of calls and CRM rows belong to one entity", () => {
    for (const column of ["call_id", "crm_id"] as const) {
      const owner = new Map<string, string>();
      for (const { row, entity } of normal) {
        const id = row[column];
        if (id === undefined) continue;
        expect(owner.get(id) ?? entity).toBe(entity);
        owner.set(id, entity);
      }
      expect(owner.size).toBeGreaterThan(500);
    }
  });

  test("without confounders equal phones, addresses and visitors are one person", () => {
    const clean = rows({
      people: 3000,
      seed: 7,
      rates: {
        withheld: 0,
        trunk: 0,
        landline: 0,
        householdPhone: 0,
        mainLine: 0,
        recycled: 0,
        robocalls: 0,
        testLeads: 0,
        phonePlaceholder: 0,
        phoneWrongDigit: 0,
        phoneSwap: 0,
        emailPlaceholder: 0,
        sharedEmail: 0,
        roleEmail: 0,
        kiosk: 0,
        sharedDevice: 0,
        crmPasted: 0,
        crmPhoneError: 0,
        partialCut: 0,
      },
    });
    expect(precisionOf(clean, phoneOf)).toBe(1);
    expect(precisionOf(clean, (row) => row.email?.toLowerCase())).toBe(1);
    expect(precisionOf(clean, (row) => row.visitor_id)).toBe(1);
  });
});

describe("power laws", () => {
  test("the top campaign of a publisher has half of its traffic", () => {
    const byPublisher = new Map<string, Map<string, number>>();
    for (const { row } of normal) {
      if (row.kind !== "session" || row.utm_campaign === undefined) continue;
      const campaigns = byPublisher.get(row.publisher_id ?? "") ?? new Map<string, number>();
      campaigns.set(row.utm_campaign, (campaigns.get(row.utm_campaign) ?? 0) + 1);
      byPublisher.set(row.publisher_id ?? "", campaigns);
    }
    let top = 0;
    let total = 0;
    for (const campaigns of byPublisher.values()) {
      const counts = [...campaigns.values()];
      const sum = counts.reduce((a, b) => a + b, 0);
      if (sum < 60) continue;
      top += Math.max(...counts);
      total += sum;
    }
    expect(total).toBeGreaterThan(500);
    expect(top / total).toBeGreaterThan(0.42);
    expect(top / total).toBeLessThan(0.6);
  });

  test("popular values keep growing with the population, so linking by phone gets worse", () => {
    const large = rows({ people: 20_000, seed: 7 });
    const small = precisionOf(normal, phoneOf);
    expect(small).toBeGreaterThan(0.6);
    expect(precisionOf(large, phoneOf)).toBeLessThan(small - 0.15);
  });

  test("hard files are harder than normal ones, those than easy ones", () => {
    const [easy, hard] = (["easy", "hard"] as const).map((hardness) =>
      rows({ people: 3000, seed: 7, hardness }),
    );
    const precision = [easy, normal, hard].map((all) => precisionOf(all as SimulatedRow[], phoneOf));
    expect(precision).toEqual([...precision].sort((a, b) => b - a));
    const cookies = [easy, normal, hard].map((all) => {
      const sessions = (all as SimulatedRow[]).filter(({ row }) => row.kind === "session");
      return sessions.filter(({ row }) => row.visitor_id !== undefined).length / sessions.length;
    });
    expect(cookies).toEqual([...cookies].sort((a, b) => b - a));
  });
});

describe("delivery", () => {
  test("record ids count up in order of delivery; most rows come in order of observation, some late", () => {
    let latest = "";
    let behind = 0;
    normal.forEach(({ row }, i) => {
      expect(row.record_id).toBe(`f${String(i).padStart(7, "0")}`);
      const at = new Date(row.observed_at ?? "").toISOString();
      if (at < latest) behind++;
      else latest = at;
    });
    expect(behind / normal.length).toBeGreaterThan(0.01);
    expect(behind / normal.length).toBeLessThan(0.1);
  });

  test("duplicates repeat a record under another id", () => {
    const contents = new Map<string, number>();
    for (const { row } of normal) {
      const content = JSON.stringify(Object.entries({ ...row, record_id: "" }).sort());
      contents.set(content, (contents.get(content) ?? 0) + 1);
    }
    const twice = [...contents.values()].filter((count) => count > 1).length;
    const labelled = normal.filter(({ label }) => label === "duplicate").length;
    expect(labelled).toBeGreaterThan(50);
    expect(twice).toBe(labelled);
  });

  test("redelivery repeats id and content", () => {
    const seen = new Map<string, string>();
    let again = 0;
    for (const { row } of simulate({ people: 500, rates: { redelivery: 0.1 } })) {
      const content = JSON.stringify(row);
      const before = seen.get(row.record_id ?? "");
      if (before === undefined) seen.set(row.record_id ?? "", content);
      else {
        again++;
        expect(content).toBe(before);
      }
    }
    expect(again / seen.size).toBeGreaterThan(0.07);
    expect(again / seen.size).toBeLessThan(0.13);
  });

  test("vendors' odd dates appear only when asked for", () => {
    const readable = (row: Record<string, string>): boolean =>
      /^\d{4}-\d\d-\d\dT[\d:.]+(Z|-0\d:00)$/.test(row.observed_at ?? "");
    expect(normal.every(({ row }) => readable(row))).toBe(true);
    expect(normal.some(({ row }) => row.observed_at?.endsWith("-05:00"))).toBe(true);
    const odd = rows({ people: 300, rates: { vendorOddDate: 0.5 } });
    expect(odd.some(({ row }) => /^\d{13}$/.test(row.observed_at ?? ""))).toBe(true);
    expect(odd.some(({ row }) => / -0\d00$/.test(row.observed_at ?? ""))).toBe(true);
  });
});
