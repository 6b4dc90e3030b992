import type { SimulatedRow } from "./delivery.js";
import { emailDigests } from "./typing.js";

/** Clusters of the simple closure, with the truth beside them, ready for an evaluation. */
export interface SimpleClosure {
  /** Record id to the id of its cluster (the first record of it). */
  readonly assignments: ReadonlyMap<string, string>;
  /** Record id to true entity. */
  readonly truth: ReadonlyMap<string, string>;
  /** Number of clusters. */
  readonly clusters: number;
}

/**
 * Closure of all true links of each kind of simple evidence: equal e-mail or digest of it, phone, visitor id, call id,
 * CRM id, click id, fingerprint with address; within one true entity only. It uses the truth, so its precision is 1; its
 * recall is for orientation and no bound, since evidence such as the number dialled links more.
 * Memory grows with the rows.
 */
export function simpleClosure(rows: Iterable<SimulatedRow>): SimpleClosure {
  const records: string[] = [];
  const index = new Map<string, number>();
  const truth = new Map<string, string>();
  const parent: number[] = [];
  const firstWith = new Map<string, number>();
  const find = (start: number): number => {
    let node = start;
    while (parent[node] !== node) {
      parent[node] = parent[parent[node] as number] as number;
      node = parent[node] as number;
    }
    return node;
  };
  // The earlier record stays the root, so a cluster is named after its first one.
  const unite = (a: number, b: number): void => {
    const rootA = find(a);
    const rootB = find(b);
    if (rootA < rootB) parent[rootB] = rootA;
    else parent[rootA] = rootB;
  };
  for (const { row, entity } of rows) {
    const recordId = row.record_id ?? "";
    const known = index.get(recordId);
    if (known !== undefined) continue;
    const node = records.length;
    records.push(recordId);
    index.set(recordId, node);
    parent.push(node);
    truth.set(recordId, entity);
    for (const link of linksOf(row)) {
      const key = `${entity}\u0000${link}`;
      const other = firstWith.get(key);
      if (other === undefined) firstWith.set(key, node);
      else unite(other, node);
    }
  }
  const assignments = new Map<string, string>();
  let clusters = 0;
  for (let node = 0; node < records.length; node++) {
    const root = find(node);
    if (root === node) clusters++;
    assignments.set(records[node] as string, records[root] as string);
  }
  return { assignments, truth, clusters };
}

function linksOf(row: Readonly<Record<string, string>>): string[] {
  const links: string[] = [];
  const email = row.email?.trim().toLowerCase();
  if (email?.includes("@")) {
    links.push(`mail ${email}`);
    for (const digest of emailDigests(email)) links.push(`digest ${digest}`);
  }
  const phone = row.phone?.replaceAll(/\D/g, "").replace(/^1(?=\d{10}$)/, "");
  if (phone?.length === 10) links.push(`phone ${phone}`);
  const single: readonly (readonly [kind: string, value: string | undefined])[] = [
    ["digest", row.email_hash],
    ["visitor", row.visitor_id],
    ["call", row.call_id],
    ["crm", row.crm_id],
    ["gclid", row.gclid],
    ["fbclid", row.fbclid],
  ];
  for (const [kind, value] of single) if (value !== undefined && value !== "") links.push(`${kind} ${value}`);
  if (row.fingerprint !== undefined && row.ip !== undefined) {
    links.push(`device ${row.fingerprint} ${row.ip}`);
  }
  return links;
}
