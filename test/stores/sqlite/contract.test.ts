import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSqliteStore } from "../../../src/stores/sqlite/index.js";
import type { Ref } from "../../../src/stores/store.js";
import { change, changeset, documentIn, feedIn, namesOf, scratchFiles } from "./scratch.js";

const file = scratchFiles();
const A: Ref = { kind: "strand", id: "a" };
const B: Ref = { kind: "key", id: "b" };

/** Text as ids and names may be: quotes, controls, separators, characters of one to four bytes. */
const text = fc
  .string({
    unit: fc.constantFrom(
      "a",
      "Z",
      "0",
      '"',
      "\\",
      "'",
      " ",
      "\u0001",
      "\u001e",
      "\n",
      "é",
      "\u2028",
      "\ue000",
      "\uffff",
      "😀",
    ),
    maxLength: 6,
  })
  .filter((one) => one !== "");

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe("versions", () => {
  it("are 0 for what is absent, and never come again", async () => {
    const store = await createSqliteStore(file());
    expect(await documentIn(store, A)).toEqual({ version: 0, text: null });
    const seen = new Set<number>();
    for (let turn = 0; turn < 3; turn++) {
      expect(
        await store.commit(changeset({ expect: [{ ...A, version: 0 }], puts: [{ ...A, text: "{}" }] })),
      ).toBe("committed");
      const { version } = await documentIn(store, A);
      expect(version).toBeGreaterThan(0);
      expect(seen.has(version)).toBe(false);
      seen.add(version);
      await store.commit(changeset({ deletes: [A, B] }));
      expect(await documentIn(store, A)).toEqual({ version: 0, text: null });
      for (const old of seen)
        expect(
          await store.commit(changeset({ expect: [{ ...A, version: old }], puts: [{ ...A, text: "1" }] })),
        ).toBe("conflict");
    }
    await store.close();
  });

  it("outlast the process", async () => {
    const path = file();
    const before = await createSqliteStore(path);
    await before.commit(changeset({ puts: [{ ...A, text: "1" }] }));
    const { version } = await documentIn(before, A);
    await before.commit(changeset({ deletes: [A] }));
    await before.close();
    const after = await createSqliteStore(path);
    await after.commit(changeset({ puts: [{ ...A, text: "2" }] }));
    expect((await documentIn(after, A)).version).toBeGreaterThan(version);
    await after.close();
  });
});

describe("a commit", () => {
  it("changes nothing when one of many expectations does not hold", async () => {
    const store = await createSqliteStore(file());
    await store.commit(changeset({ puts: [{ ...A, text: "1" }] }));
    const { version } = await documentIn(store, A);
    const many = Array.from({ length: 50 }, (_, at) => ({
      kind: "block" as const,
      id: String(at),
      version: 0,
    }));
    const wrong = [
      [{ ...A, version: version + 1 }],
      [{ ...A, version: 0 }],
      [{ ...B, version }],
      [...many, { ...A, version: 0 }],
      [
        { ...A, version },
        { ...A, version: 0 },
      ],
    ];
    for (const expectations of wrong) {
      const refused = changeset({
        expect: expectations,
        puts: [{ ...B, text: "2" }],
        deletes: [A],
        rows: [{ kind: "key-holder", owner: "o", name: "n", isPut: true }],
        changes: [change(1)],
      });
      expect(await store.commit(refused)).toBe("conflict");
    }
    expect(await documentIn(store, A)).toEqual({ version, text: "1" });
    expect((await documentIn(store, B)).version).toBe(0);
    expect(namesOf((await store.read([{ kind: "key-holder", owner: "o", limit: 9 }]))[0])).toEqual([]);
    expect(await feedIn(store)).toEqual([]);
    expect(await store.commit(changeset({ expect: [...many, { ...A, version }] }))).toBe("committed");
    expect(await store.commit(changeset({ expect: [{ ...A, version: version + 1 }] }))).toBe("conflict");
    await store.close();
  });

  it("lets one of two creators win, of two stores and of one", async () => {
    const path = file();
    const stores = [await createSqliteStore(path), await createSqliteStore(path)] as const;
    for (const [index, pair] of [stores, [stores[0], stores[0]] as const].entries()) {
      const ref: Ref = { kind: "component", id: `c${index}` };
      const results = await Promise.all(
        pair.map((store, at) =>
          store.commit(changeset({ expect: [{ ...ref, version: 0 }], puts: [{ ...ref, text: String(at) }] })),
        ),
      );
      expect([...results].sort()).toEqual(["committed", "conflict"]);
      expect((await documentIn(stores[1], ref)).text).toBe(String(results.indexOf("committed")));
    }
    for (const store of stores) await store.close();
  });

  it("made by many callers at once takes effect once each, in order", async () => {
    const store = await createSqliteStore(file());
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, at) =>
        store.commit(
          changeset({ puts: [{ kind: "id", id: String(at), text: String(at) }], changes: [change(at + 1)] }),
        ),
      ),
    );
    expect(new Set(results)).toEqual(new Set(["committed"]));
    expect((await feedIn(store)).map(([, version]) => version)).toEqual(results.map((_, at) => at + 1));
    expect(await store.count("id")).toBe(200);
    await store.close();
  });

  it("counts what is there, whatever it was told to expect", async () => {
    const store = await createSqliteStore(file());
    const puts = Array.from({ length: 100 }, (_, at) => ({
      kind: "digest" as const,
      id: String(at),
      text: "{}",
    }));
    await store.commit(changeset({ puts }));
    await store.commit(
      changeset({
        puts: [...puts, { kind: "digest", id: "x", text: "1" }, { kind: "digest", id: "x", text: "2" }],
      }),
    );
    expect(await store.count("digest")).toBe(101);
    expect((await documentIn(store, { kind: "digest", id: "x" })).text).toBe("2");
    await store.commit(
      changeset({
        deletes: [
          { kind: "digest", id: "5" },
          { kind: "digest", id: "nobody" },
        ],
      }),
    );
    expect(await store.count("digest")).toBe(100);
    expect(await store.count("time")).toBe(0);
    await store.close();
  });
});

describe("ids, owners and names", () => {
  it("are any text, in the order of their bytes, each met once by paging", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(text, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        async (ids, limit) => {
          const store = await createSqliteStore(":memory:");
          await store.commit(
            changeset({
              puts: ids.map((id) => ({ kind: "key", id, text: JSON.stringify({ id }) })),
              rows: ids.map((name) => ({ kind: "key-holder", owner: ids[0] as string, name, isPut: true })),
            }),
          );
          const entries = await store.read([...ids, "absent"].map((id) => ({ kind: "key", id })));
          expect(entries.map((entry) => (entry.type === "document" ? entry.document.text : null))).toEqual([
            ...ids.map((id) => JSON.stringify({ id })),
            null,
          ]);
          const sorted = [...ids].sort(byBytes);
          const paged: string[] = [];
          for (let after: string | null = null; ; ) {
            const [page] = await store.read([{ scan: "key", after, limit }]);
            const names = namesOf(page);
            paged.push(...names);
            if (names.length < limit) break;
            after = names.at(-1) ?? null;
          }
          expect(paged).toEqual(sorted);
          const [rows] = await store.read([{ kind: "key-holder", owner: ids[0] as string, limit }]);
          expect(namesOf(rows)).toEqual(sorted.slice(0, limit));
          await store.close();
        },
      ),
      { numRuns: 150 },
    );
  });

  it("may be ten thousand characters long", async () => {
    const store = await createSqliteStore(":memory:");
    const id = "é😀".repeat(3_333);
    await store.commit(changeset({ puts: [{ kind: "fragment", id, text: '"x"' }] }));
    const wanted = [id, "a", "b", id].map((one) => ({ kind: "fragment" as const, id: one }));
    const entries = await store.read(wanted);
    expect(entries.map((entry) => entry.type === "document" && entry.document.version > 0)).toEqual([
      true,
      false,
      false,
      true,
    ]);
    await store.close();
  });
});

describe("reading", () => {
  it("answers thousands of wishes of all sorts in their order", async () => {
    const store = await createSqliteStore(":memory:");
    const ids = Array.from({ length: 2_500 }, (_, at) => `s${at}`);
    await store.commit(
      changeset({
        puts: ids.map((id, at) => ({ kind: at % 2 === 0 ? "strand" : "block", id, text: `"${id}"` })),
      }),
    );
    const wanted = ids.flatMap((id) => [
      { kind: "strand" as const, id },
      { kind: "block" as const, id },
    ]);
    const entries = await store.read([...wanted, { scan: "id" as const, after: null, limit: 3 }]);
    expect(entries.at(-1)).toEqual({ type: "scan", documents: [] });
    wanted.forEach(({ kind, id }, at) => {
      const entry = entries[at];
      const isThere = (Number(id.slice(1)) % 2 === 0) === (kind === "strand");
      expect(entry).toMatchObject({
        type: "document",
        document: { kind, id, text: isThere ? `"${id}"` : null },
      });
    });
    await store.close();
  });

  it("sees one moment only, and is not kept waiting by who writes", async () => {
    const path = file();
    const [reader, writer] = [
      await createSqliteStore({ path, busyTimeoutMs: 0 }),
      await createSqliteStore(path),
    ];
    await writer.commit(
      changeset({
        puts: [
          { ...A, text: "0" },
          { ...B, text: "0" },
        ],
      }),
    );
    for (let turn = 1; turn <= 50; turn++) {
      const [, entries] = await Promise.all([
        writer.commit(
          changeset({
            puts: [
              { ...A, text: String(turn) },
              { ...B, text: String(turn) },
            ],
          }),
        ),
        reader.read([A, B]),
      ]);
      const [a, b] = entries.map((entry) => (entry.type === "document" ? entry.document.text : null));
      expect(a).toBe(b);
    }
    expect((await documentIn(reader, A)).text).toBe("50");
    await Promise.all([reader.close(), writer.close()]);
  });

  it("ends with the reason of an aborted signal", async () => {
    const store = await createSqliteStore(":memory:");
    const reason = new Error("enough");
    await expect(store.read([A], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(
      store
        .changes(null, { signal: AbortSignal.abort(reason) })
        [Symbol.asyncIterator]()
        .next(),
    ).rejects.toBe(reason);
    await store.close();
  });
});

describe("the feed", () => {
  it("goes on from every cursor, up to what was committed when it was asked", async () => {
    const store = await createSqliteStore(file());
    for (let at = 0; at < 6; at++)
      await store.commit(
        changeset({ changes: Array.from({ length: 200 }, (_, nth) => change(at * 200 + nth + 1)) }),
      );
    const all = await feedIn(store);
    expect(all.map(([, version]) => version)).toEqual(all.map((_, at) => at + 1));
    expect(all).toHaveLength(1_200);
    for (const at of [0, 499, 500, 1_198, 1_199])
      expect(await feedIn(store, all[at]?.[0])).toEqual(all.slice(at + 1));
    let seen = 0;
    for await (const _ of store.changes(null))
      if (seen++ === 0) await store.commit(changeset({ changes: [change(2_000)] }));
    expect(seen).toBe(1_200);
    expect(await feedIn(store, all.at(-1)?.[0])).toHaveLength(1);
    for (const cursor of ["", "x", "-1", "1.5", "99999", "1e1"])
      await expect(feedIn(store, cursor)).rejects.toMatchObject({ code: "failed" });
    await store.close();
  });
});

describe("rows", () => {
  it("are put and deleted any number of times", async () => {
    const store = await createSqliteStore(file());
    const row = (name: string, isPut: boolean) => ({
      kind: "block-member" as const,
      owner: "o",
      name,
      isPut,
    });
    const held = async (limit: number) =>
      namesOf((await store.read([{ kind: "block-member", owner: "o", limit }]))[0]);
    await store.commit(changeset({ rows: [row("b", true), row("a", true), row("b", true)] }));
    expect(await held(Number.POSITIVE_INFINITY)).toEqual(["a", "b"]);
    await store.commit(changeset({ rows: [row("a", false), row("a", false), row("nobody", false)] }));
    expect(await held(5)).toEqual(["b"]);
    expect(await held(0)).toEqual([]);
    await store.close();
  });
});

describe("upkeep", () => {
  it("backs up what is committed, and never over a file that is there", async () => {
    const path = file();
    const store = await createSqliteStore(path);
    await store.commit(changeset({ puts: [{ ...A, text: '"kept"' }] }));
    const copy = file("copy's.db");
    await store.backup(copy);
    await store.commit(changeset({ puts: [{ ...A, text: '"later"' }] }));
    await expect(store.backup(copy)).rejects.toMatchObject({ code: "failed" });
    await expect(store.backup(`${copy}/no/where.db`)).rejects.toMatchObject({ code: "store-missing" });
    const restored = await createSqliteStore({ path: copy, mustExist: true });
    expect((await documentIn(restored, A)).text).toBe('"kept"');
    expect(await restored.integrityCheck()).toEqual([]);
    await restored.close();
    await store.close();
  });

  it("brings the log back into the file", async () => {
    const store = await createSqliteStore(file());
    await store.commit(changeset({ puts: [{ ...A, text: "1" }] }));
    expect((await store.size()).logBytes).toBeGreaterThan(0);
    expect(await store.checkpoint()).toEqual({ isComplete: true });
    const { bytes, logBytes } = await store.size();
    expect(logBytes).toBe(0);
    expect(bytes).toBeGreaterThan(0);
    await store.close();
  });

  it("leaves no trace of what was deleted once the log is back", async () => {
    const { readFileSync } = await import("node:fs");
    const path = file();
    const store = await createSqliteStore(path);
    const secret = "june.okafor@harbor.example";
    const puts = Array.from({ length: 30 }, (_, at) => ({
      kind: "fragment" as const,
      id: `${secret}${at}`,
      text: JSON.stringify(secret.repeat(1 + at * 20)),
    }));
    await store.commit(
      changeset({ puts, rows: [{ kind: "key-holder", owner: secret, name: secret, isPut: true }] }),
    );
    await store.checkpoint();
    expect(readFileSync(path).includes(secret)).toBe(true);
    await store.commit(
      changeset({ deletes: puts, rows: [{ kind: "key-holder", owner: secret, name: secret, isPut: false }] }),
    );
    await store.checkpoint();
    expect(readFileSync(path).includes(secret)).toBe(false);
    await store.close();
  });
});
