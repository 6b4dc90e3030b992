import fc from "fast-check";
import type pg from "pg";
import { describe, expect, it } from "vitest";
import { createResolver } from "../../../src/engine/resolver.js";
import { fragmentKey } from "../../../src/fragment/fragment.js";
import { createRowParser } from "../../../src/fragment/row.js";
import { parseInstant } from "../../../src/normalize/index.js";
import { simulate } from "../../../src/simulate/index.js";
import { crowdHistory } from "../../live/crowds.js";
import { membersOf, profilesOf } from "../../live/scratch.js";
import { type Script, scriptOf, TINY_WORK } from "../../live/scripts.js";
import { write } from "../../live/writers.js";
import { history, RUNS } from "../../properties/histories.js";
import { useDatabase } from "./database.js";

const database = await useDatabase();

const scripts = fc.oneof(
  { weight: 3, arbitrary: scriptOf(history) },
  { weight: 1, arbitrary: scriptOf(crowdHistory) },
);
const RUN_COUNT = Math.ceil(RUNS / 40);
const TIMEOUT_MS = 60_000 + RUN_COUNT * 3_000;

interface Assigned {
  readonly source: string;
  readonly fragment_id: string;
  readonly profile_id: string | null;
}

describe.skipIf(database === null)("the views", async () => {
  const { open, nextSchema, admin } = database ?? ({} as NonNullable<typeof database>);

  const rowsOf = async <T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> =>
    (await admin.query<T>(sql, values)).rows;

  it(
    "say the same as the engine: before drain, and after it",
    async () => {
      const schema = nextSchema();
      const store = await open({ schema });
      const check = async ({ history: { model }, operations }: Script, limits: object): Promise<void> => {
        await admin.query(`truncate "${schema}".documents, "${schema}".rows, "${schema}".changes`);
        const resolver = createResolver({ model, store, limits });
        await write(resolver, operations, 3);
        for (const isDrained of [false, true]) {
          if (isDrained) await resolver.drain();
          const profiles = await profilesOf(resolver);
          const assigned = await rowsOf<Assigned>(`select * from "${schema}".assignments`);
          for (const { source, fragment_id: id, profile_id: profile } of assigned) {
            const place = await resolver.profileOf(source, id);
            expect(profile).toBe(place?.id ?? null);
          }
          if (!isDrained) continue;
          const members = new Map<string, string[]>();
          for (const { source, fragment_id: id, profile_id: profile } of assigned) {
            const held = members.get(profile ?? "none") ?? [];
            held.push(fragmentKey({ source, id }));
            members.set(profile ?? "none", held);
          }
          expect([...members].map(([id, keys]) => [id, keys.sort().join(" ")]).sort()).toEqual(
            profiles.map((profile) => [profile.id, membersOf(profile)]).sort(),
          );
          const shown = await rowsOf<{
            profile_id: string;
            version: string;
            fragments: string;
            pending: boolean;
          }>(`select * from "${schema}".profiles`);
          expect(
            shown
              .map((row) => [row.profile_id, Number(row.version), Number(row.fragments), row.pending])
              .sort(),
          ).toEqual(
            profiles
              .map(({ id, version, fragments, pending }) => [id, version, fragments.length, pending])
              .sort(),
          );
        }
      };
      await fc.assert(fc.asyncProperty(scripts, fc.constantFrom({}, TINY_WORK), check), {
        numRuns: RUN_COUNT,
      });
    },
    TIMEOUT_MS,
  );

  it("list what live fragments state, each value of a fragment once", async () => {
    const schema = nextSchema();
    const resolver = createResolver({ store: await open({ schema }) });
    const email = { type: "email", value: "Ann@example.com" };
    const inputs = [
      {
        source: "web",
        id: "1",
        kind: "form",
        observedAt: "2026-03-01T10:00:00Z",
        identifiers: [email, email],
        attributes: { interest: ["roof", "gutter"], budget: 5000, urgent: true },
      },
      {
        source: "crm",
        id: '2 "é\n',
        kind: "crm",
        observedAt: Date.UTC(2026, 2, 3),
        identifiers: [email],
        signals: { ip: "192.0.2.7" },
        attributes: { interest: "roof", note: "a\u0000b\ud800" },
      },
      { source: "web", id: "3", kind: "form", identifiers: [{ type: "email", value: "ben@example.com" }] },
    ];
    for await (const outcome of resolver.ingest(inputs)) expect(outcome.type).not.toBe("refused");
    await resolver.remove({ source: "web", id: "3" });
    const place = await resolver.profileOf("web", "1");
    const stated = await rowsOf(
      `select profile_id, category, name, value, fragments::integer, sources, first_observed_at
       from "${schema}".attributes order by category, name, value collate "C"`,
    );
    const first = new Date("2026-03-01T10:00:00Z");
    const second = new Date("2026-03-03T00:00:00Z");
    const row = (
      category: string,
      name: string,
      value: string,
      fragments: number,
      sources: string[],
      at: Date,
    ) => ({
      profile_id: place?.id,
      category,
      name,
      value,
      fragments,
      sources,
      first_observed_at: at,
    });
    expect(stated).toEqual([
      row("attribute", "budget", "5000", 1, ["web"], first),
      row("attribute", "interest", "gutter", 1, ["web"], first),
      row("attribute", "interest", "roof", 2, ["crm", "web"], first),
      row("attribute", "note", "a\uFFFDb\uFFFD", 1, ["crm"], second),
      row("attribute", "urgent", "true", 1, ["web"], first),
      row("identifier", "email", "Ann@example.com", 2, ["crm", "web"], first),
      row("signal", "ip", "192.0.2.7", 1, ["crm"], second),
    ]);
    for (const [source, id, expected] of [
      ["web", "1", place?.id],
      ["crm", '2 "é\n', place?.id],
      ["web", "3", null],
      ["web", "none", null],
    ])
      expect(await rowsOf(`select "${schema}".profile_of($1, $2) as id`, [source, id])).toEqual([
        { id: expected },
      ]);
  });

  it("see what ordinary leads say as it is: nothing of them is kept twice", async () => {
    const schema = nextSchema();
    const resolver = createResolver({ store: await open({ schema }) });
    const parse = createRowParser({ source: "sim", parseInstant: (raw) => parseInstant(String(raw)) });
    const leads = [...simulate({ fragments: 300, seed: 1 })].flatMap(({ row }) => {
      const parsed = parse(row);
      return parsed.ok ? [parsed.fragment] : [];
    });
    for await (const outcome of resolver.ingest(leads, { batch: 100 }))
      expect(outcome.type).not.toBe("refused");
    const [kept] = await rowsOf<{ raw: number; all: number }>(
      `select count(raw)::integer as raw, count(*)::integer as all from "${schema}".documents`,
    );
    expect(kept?.all).toBeGreaterThan(1_000);
    // A rounded weight may be -0 here and there.
    expect(kept?.raw).toBeLessThan(10);
  });

  it("find one fragment without reading all of them", async () => {
    const schema = nextSchema();
    const store = await open({ schema });
    const puts = Array.from({ length: 5_000 }, (_, at) => ({
      kind: "fragment" as const,
      id: `${at}`,
      text: JSON.stringify({
        version: 0,
        goneUpTo: -1,
        text: '{"source":"s","id":"1","kind":"k"}',
        event: null,
        cell: null,
      }),
    }));
    await store.commit({ expect: [], puts, deletes: [], rows: [], changes: [] });
    await admin.query(`analyze "${schema}".documents`);
    const plan = await rowsOf<{ "QUERY PLAN": string }>(
      `explain select profile_id from "${schema}".assignments
       where document_id = 'x' and left(document_id, 500) = left('x', 500)`,
    );
    expect(plan.map((line) => line["QUERY PLAN"]).join("\n")).not.toContain("Seq Scan");
  });
});
