import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type SimulatedRow, simpleClosure, simulate } from "../../src/simulate/index.js";

function row(recordId: string, entity: string, columns: Record<string, string>): SimulatedRow {
  return { row: { record_id: recordId, ...columns }, entity, household: "", label: "" };
}

function clusters(rows: readonly SimulatedRow[]): string[][] {
  const members = new Map<string, string[]>();
  for (const [record, cluster] of simpleClosure(rows).assignments) {
    members.set(cluster, [...(members.get(cluster) ?? []), record]);
  }
  return [...members.values()];
}

describe("simple closure", () => {
  test("links by each kind of simple evidence, through chains, whatever the spelling", () => {
    const digest = createHash("md5").update("ann@mail.example").digest("hex");
    const rows = [
      row("a", "p1", { visitor_id: "v1" }),
      row("b", "p1", { visitor_id: "v1", email: " Ann@Mail.example" }),
      row("c", "p1", { email_hash: digest }),
      row("d", "p1", { phone: "+1 (212) 345-6789", call_id: "C1" }),
      row("e", "p1", { phone: "2123456789", crm_id: "M1" }),
      row("f", "p1", { call_id: "C1" }),
      row("g", "p1", { crm_id: "M1", gclid: "G" }),
      row("h", "p1", { gclid: "G" }),
      row("i", "p1", { fingerprint: "x", ip: "1.2.3.4" }),
      row("j", "p1", { fingerprint: "x", ip: "1.2.3.4" }),
      row("k", "p1", { fingerprint: "x", ip: "1.2.3.5" }),
    ];
    expect(clusters(rows)).toEqual([["a", "b", "c"], ["d", "e", "f", "g", "h"], ["i", "j"], ["k"]]);
  });

  test("never links across entities, by withheld callers, or by cut addresses", () => {
    const rows = [
      row("a", "p1", { phone: "2123456789" }),
      row("b", "p2", { phone: "2123456789" }),
      row("c", "p3", { phone: "anonymous", email: "ann" }),
      row("d", "p3", { phone: "anonymous", email: "ann" }),
    ];
    expect(clusters(rows)).toEqual([["a"], ["b"], ["c"], ["d"]]);
    expect(simpleClosure(rows).clusters).toBe(4);
  });

  test("its precision is 1 and its recall far from it, and a re-sent record counts once", () => {
    const all = [...simulate({ people: 800, rates: { redelivery: 0.05 } })];
    const { assignments, truth, clusters: count } = simpleClosure(all);
    expect(assignments.size).toBe(new Set(all.map(({ row: { record_id } }) => record_id)).size);
    expect(assignments.size).toBeLessThan(all.length);
    const entityOf = new Map<string, string>();
    for (const [record, cluster] of assignments) {
      const entity = truth.get(record) as string;
      expect(entityOf.get(cluster) ?? entity).toBe(entity);
      entityOf.set(cluster, entity);
    }
    expect(entityOf.size).toBe(count);
    expect(count).toBeGreaterThan(new Set(truth.values()).size * 1.2);
    expect(count).toBeLessThan(assignments.size * 0.7);
  });
});
