import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ref } from "../../../src/stores/store.js";
import { changeNamed, changesetOf, documentOf, feedOf, namesIn, useDatabase } from "./database.js";

const database = await useDatabase();

/** Every text that an id may be: beyond the index entry of Postgres, beyond the basic plane, and full of what SQL and JSON escape. */
const AWKWARD_IDS = [
  "",
  " ",
  "a",
  "A",
  "ä",
  "\uFFFD",
  "\uFB01",
  "😀",
  "\u{10FFFF}",
  "'; drop table documents; --",
  '"\\$1 %_',
  "\n\t\u0001",
  "x".repeat(499),
  "x".repeat(500),
  "x".repeat(501),
  `${"x".repeat(10_000)}a`,
  `${"x".repeat(10_000)}b`,
  "😀".repeat(5_000),
];

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe.skipIf(database === null)("a store in Postgres", async () => {
  const { open } = database ?? ({} as NonNullable<typeof database>);

  it("gives back documents of every id, in the order of their bytes, page by page", async () => {
    const store = await open();
    const puts = AWKWARD_IDS.map((id) => ({ kind: "key" as const, id, text: JSON.stringify({ id }) }));
    expect(await store.commit(changesetOf({ puts }))).toBe("committed");
    for (const id of AWKWARD_IDS)
      expect(JSON.parse((await documentOf(store, { kind: "key", id })).text ?? "")).toEqual({ id });
    const seen: string[] = [];
    for (let after: string | null = null; ; after = seen.at(-1) ?? null) {
      const [page] = await store.read([{ scan: "key", after, limit: 4 }]);
      if (page?.type !== "scan") throw new Error("a scan was not answered by one");
      seen.push(...page.documents.map(({ id }) => id));
      if (page.documents.length < 4) break;
    }
    expect(seen).toEqual([...AWKWARD_IDS].sort(byBytes));
  });

  it("keeps rows once, in the order of their bytes, apart by kind and owner", async () => {
    const store = await open();
    const rowsOf = (owner: string, isPut: boolean) =>
      AWKWARD_IDS.map((name) => ({ kind: "cell-event" as const, owner, name, isPut }));
    for (const owner of AWKWARD_IDS) await store.commit(changesetOf({ rows: rowsOf(owner, true) }));
    await store.commit(changesetOf({ rows: rowsOf("a", true) }));
    for (const owner of AWKWARD_IDS) {
      const [all, first, other] = await store.read([
        { kind: "cell-event", owner, limit: 1_000 },
        { kind: "cell-event", owner, limit: 3 },
        { kind: "key-holder", owner, limit: 1_000 },
      ]);
      const sorted = [...AWKWARD_IDS].sort(byBytes);
      expect(namesIn(all)).toEqual(sorted);
      expect(namesIn(first)).toEqual(sorted.slice(0, 3));
      expect(namesIn(other)).toEqual([]);
    }
    await store.commit(changesetOf({ rows: rowsOf("a", false) }));
    const [gone, kept] = await store.read([
      { kind: "cell-event", owner: "a", limit: 5 },
      { kind: "cell-event", owner: "A", limit: 5 },
    ]);
    expect(namesIn(gone)).toEqual([]);
    expect(namesIn(kept)).toHaveLength(5);
  });

  it("answers a mixed read in the order of its wishes, each as often as it is asked", async () => {
    const store = await open();
    await store.commit(
      changesetOf({
        puts: [{ kind: "event", id: "1", text: '{"a":1}' }],
        rows: [{ kind: "key-holder", owner: "1", name: "n", isPut: true }],
      }),
    );
    const ref: Ref = { kind: "event", id: "1" };
    const entries = await store.read([
      { kind: "event", id: "2" },
      { scan: "event", after: null, limit: 10 },
      ref,
      { kind: "key-holder", owner: "1", limit: 10 },
      ref,
    ]);
    expect(entries.map(({ type }) => type)).toEqual(["document", "scan", "document", "rows", "document"]);
    expect(entries[0]).toMatchObject({ document: { ...ref, id: "2", version: 0, text: null } });
    expect(entries[2]).toMatchObject({ document: ref });
    expect(entries[4]).toEqual(entries[2]);
    expect(namesIn(entries[3])).toEqual(["n"]);
    expect(await store.read([])).toEqual([]);
  });

  it("keeps every JSON object as it was, also what JSONB cannot hold", async () => {
    const store = await open();
    const json = fc.dictionary(
      fc.string({ unit: "binary" }),
      fc.jsonValue({ stringUnit: "binary", maxDepth: 3 }),
      { maxKeys: 4 },
    );
    const peculiar = [
      '{"a":"\\u0000","\\ud800":["\\udfff\\ud800"]}',
      '{"a":-0,"b":[-0.0,-0e5]}',
      '{"a":1e400,"b":-1e-400,"c":5e-324,"d":1.7976931348623157e308}',
      '{"a":"\\\\u0000 \\\\ud800 -0"}',
      `{"a":"${"\ud800"}"}`,
      '{"":{"":[]},"__proto__":{"a":1}}',
    ];
    const check = async (text: string): Promise<void> => {
      await store.commit(changesetOf({ puts: [{ kind: "id", id: "1", text }], changes: [] }));
      const back = JSON.parse((await documentOf(store, { kind: "id", id: "1" })).text ?? "");
      expect(back).toStrictEqual(JSON.parse(text));
    };
    for (const text of peculiar) await check(text);
    await fc.assert(
      fc.asyncProperty(json, (value) => check(JSON.stringify(value))),
      { numRuns: 300 },
    );
    const change = { ...changeNamed("p\u0000\ud800"), added: ["\u0000"] };
    await store.commit(changesetOf({ changes: [change] }));
    expect((await feedOf(store)).map((entry) => entry.change)).toEqual([change]);
  });

  it("changes nothing unless every expectation holds", async () => {
    const store = await open();
    const [a, b] = [
      { kind: "strand", id: "a" },
      { kind: "strand", id: "b" },
    ] as const;
    expect(await store.commit(changesetOf({ puts: [{ ...a, text: '{"n":1}' }] }))).toBe("committed");
    const { version } = await documentOf(store, a);
    const attempt = changesetOf({
      expect: [
        { ...a, version },
        { ...b, version: 7 },
      ],
      puts: [{ ...a, text: '{"n":2}' }],
      deletes: [b],
      rows: [{ kind: "cell-event", owner: "a", name: "x", isPut: true }],
      changes: [changeNamed("p")],
    });
    expect(await store.commit(attempt)).toBe("conflict");
    expect(await documentOf(store, a)).toMatchObject({ version, text: '{"n": 1}' });
    expect(await store.read([{ kind: "cell-event", owner: "a", limit: 9 }])).toEqual([
      { type: "rows", names: [] },
    ]);
    expect(await feedOf(store)).toEqual([]);
    const good = {
      ...attempt,
      expect: [
        { ...a, version },
        { ...b, version: 0 },
      ],
    };
    expect(await store.commit(good)).toBe("committed");
    expect(await store.commit(good)).toBe("conflict");
    expect(await feedOf(store)).toHaveLength(1);
  });

  it("never uses a version again, not after delete and not after one is created anew", async () => {
    const store = await open();
    const ref = { kind: "component", id: "c" } as const;
    const versions = new Set<number>();
    for (let turn = 0; turn < 20; turn++) {
      await store.commit(changesetOf({ puts: [{ ...ref, text: "{}" }] }));
      versions.add((await documentOf(store, ref)).version);
      if (turn % 2 === 0) await store.commit(changesetOf({ deletes: [ref, ref] }));
    }
    expect(versions.size).toBe(20);
    const stale = changesetOf({ expect: [{ ...ref, version: Math.min(...versions) }] });
    expect(await store.commit(stale)).toBe("conflict");
  });

  it("takes a document named twice as the last that is said of it", async () => {
    const store = await open();
    const ref = { kind: "id", id: "1" } as const;
    await store.commit(
      changesetOf({
        puts: [
          { ...ref, text: '{"n":1}' },
          { ...ref, text: '{"n":2}' },
        ],
        rows: [true, false, true].map((isPut) => ({ kind: "key-holder", owner: "o", name: "n", isPut })),
      }),
    );
    expect((await documentOf(store, ref)).text).toBe('{"n": 2}');
    const contradiction = [1, 2].map((version) => ({ ...ref, version }));
    expect(await store.commit(changesetOf({ expect: contradiction }))).toBe("conflict");
    await store.commit(changesetOf({ puts: [{ ...ref, text: "{}" }], deletes: [ref] }));
    expect((await documentOf(store, ref)).text).toBeNull();
  });

  it("commits and reads thousands of documents at once, and counts them", async () => {
    const store = await open();
    const refs = Array.from({ length: 5_000 }, (_, at) => ({ kind: "block" as const, id: `${at}` }));
    const puts = refs.map((ref) => ({ ...ref, text: "{}" }));
    expect(
      await store.commit(changesetOf({ expect: refs.map((ref) => ({ ...ref, version: 0 })), puts })),
    ).toBe("committed");
    const entries = await store.read(refs);
    expect(entries.filter((entry) => entry.type === "document" && entry.document.text !== null)).toHaveLength(
      5_000,
    );
    expect(await store.count("block")).toBe(5_000);
    expect(await store.count("time")).toBe(0);
  });

  it("continues the feed from any cursor, in pages, and refuses what is none", async () => {
    const store = await open();
    for (let batch = 0; batch < 3; batch++) {
      const changes = Array.from({ length: 400 }, (_, at) => changeNamed(`${batch}.${at}`));
      await store.commit(changesetOf({ changes }));
    }
    const all = await feedOf(store);
    expect(all.map(({ change }) => change.profile)).toEqual(
      [0, 1, 2].flatMap((batch) => Array.from({ length: 400 }, (_, at) => `${batch}.${at}`)),
    );
    for (const at of [0, 399, 400, 777, 1_199])
      expect(await feedOf(store, all[at]?.cursor)).toEqual(all.slice(at + 1));
    for (const cursor of ["", "1", "1.2", "a.b.c", "1.2.3; drop", "1.18446744073709551616.1", "1.-2.3"])
      await expect(feedOf(store, cursor)).rejects.toMatchObject({ name: "StoreError", code: "failed" });
  });

  it("stops for a signal, and is closed once and for all", async () => {
    const store = await open();
    const stopped = AbortSignal.abort(new Error("enough"));
    await expect(store.read([], { signal: stopped })).rejects.toThrow("enough");
    const controller = new AbortController();
    const reading = store.read([{ scan: "key", after: null, limit: 1 }], { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    await store.close();
    await store.close();
    for (const call of [
      () => store.read([]),
      () => store.commit(changesetOf({})),
      () => feedOf(store),
      () => store.count("key"),
      () => store.migrate(),
    ])
      await expect(call()).rejects.toMatchObject({ name: "StoreError", code: "closed" });
  });
});
