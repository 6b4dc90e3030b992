import assert from "node:assert/strict";
import type { Ref } from "../../stores/store.js";
import type { StoreTest } from "../fixture.js";
import {
  changeOf,
  changesetOf,
  commit,
  contentOf,
  expectConflict,
  feedNames,
  increment,
  KIND,
  putOf,
  ROWS,
  readDocument,
  readDocuments,
  readRows,
  readValue,
} from "../wishes.js";

const ABSENT = { kind: KIND, id: "a", version: 0 };

export const COMMITTING: readonly StoreTest[] = [
  {
    name: "commit: what was acknowledged is there, every document and row of it",
    async run({ store }) {
      const ids = Array.from({ length: 30 }, (_, at) => `d${at}`);
      await commit(store, {
        puts: ids.map((id) => putOf(id, id)),
        rows: ids.map((name) => ({ kind: ROWS, owner: "o", name, isPut: true })),
        changes: ids.map((id) => changeOf(id)),
      });
      const refs = ids.map((id): Ref => ({ kind: KIND, id }));
      assert.deepEqual((await readDocuments(store, refs)).map(contentOf), ids);
      assert.deepEqual(new Set(await readRows(store, "o")), new Set(ids));
      await commit(store, {
        deletes: refs.slice(10),
        rows: ids.slice(20).map((name) => ({ kind: ROWS, owner: "o", name, isPut: false })),
      });
      assert.deepEqual(
        (await readDocuments(store, refs)).map(contentOf),
        ids.map((id, at) => (at < 10 ? id : undefined)),
      );
      assert.deepEqual(new Set(await readRows(store, "o")), new Set(ids.slice(0, 20)));
      assert.deepEqual(await feedNames(store), ids);
    },
  },
  {
    name: "commit: a document that is not at the version expected is a conflict",
    async run({ store }) {
      await commit(store, { puts: [putOf("a", 1)] });
      const seen = await readDocument(store, "a");
      await commit(store, { expect: [seen], puts: [putOf("a", 2)] });
      await expectConflict(store, { expect: [seen], puts: [putOf("a", 3)] });
      assert.equal(await readValue(store, "a"), 2);
      await commit(store, { deletes: [{ kind: KIND, id: "a" }] });
      await expectConflict(store, { expect: [seen], puts: [putOf("a", 4)] });
    },
  },
  {
    name: "commit: what is expected and not changed guards too",
    async run({ store }) {
      await commit(store, { puts: [putOf("a", 1), putOf("b", 1)] });
      const seen = await readDocuments(store, [
        { kind: KIND, id: "a" },
        { kind: KIND, id: "b" },
      ]);
      await commit(store, { puts: [putOf("b", 2)] });
      await expectConflict(store, { expect: seen, puts: [putOf("a", 2)] });
      await expectConflict(store, { expect: [seen[1] ?? assert.fail()], changes: [changeOf("a")] });
    },
  },
  {
    name: "commit: only expectations tell whether what was read still holds",
    async run({ store }) {
      await commit(store, { puts: [putOf("b", 1)] });
      const expect = await readDocuments(store, [
        { kind: KIND, id: "a" },
        { kind: KIND, id: "b" },
      ]);
      await commit(store, { expect });
      await commit(store, { puts: [putOf("a", 1)] });
      await expectConflict(store, { expect });
      const afterwards = await readDocuments(store, expect);
      await commit(store, { expect: afterwards });
      await commit(store, { deletes: [{ kind: KIND, id: "b" }] });
      await expectConflict(store, { expect: afterwards });
    },
  },
  {
    name: "commit: what is expected absent must be absent",
    async run({ store }) {
      await commit(store, { expect: [ABSENT], puts: [putOf("a", 1)] });
      await expectConflict(store, { expect: [ABSENT], puts: [putOf("a", 2)] });
      await expectConflict(store, { expect: [ABSENT], puts: [putOf("b", 2)] });
      assert.equal(await readValue(store, "a"), 1);
      assert.equal(await readValue(store, "b"), undefined);
    },
  },
  {
    name: "commit: of those who make one document at the same time one succeeds",
    async run({ store }) {
      for (let turn = 0; turn < 10; turn++) {
        const id = `made ${turn}`;
        const makers = Array.from({ length: 8 }, (_, maker) =>
          store.commit(
            changesetOf({
              expect: [{ ...ABSENT, id }],
              puts: [putOf(id, maker)],
              changes: [changeOf(`${id} by ${maker}`)],
            }),
          ),
        );
        const results = await Promise.all(makers);
        assert.equal(results.filter((result) => result === "committed").length, 1);
        assert.equal(await readValue(store, id), results.indexOf("committed"));
      }
      assert.equal((await feedNames(store)).length, 10);
    },
  },
  {
    name: "commit: of those who make one document through several stores one succeeds",
    needs: "isShared",
    async run({ store, open }) {
      const stores = [store, await open(), await open()];
      for (let turn = 0; turn < 10; turn++) {
        const id = `made ${turn}`;
        const results = await Promise.all(
          stores.map((one, maker) =>
            one.commit(changesetOf({ expect: [{ ...ABSENT, id }], puts: [putOf(id, maker)] })),
          ),
        );
        assert.equal(results.filter((result) => result === "committed").length, 1);
      }
    },
  },
  {
    name: "commit: a conflict changes nothing: no document, no row, no entry of the feed",
    async run({ store }) {
      await commit(store, {
        puts: [putOf("a", 1), putOf("b", 1)],
        rows: [{ kind: ROWS, owner: "o", name: "n", isPut: true }],
        changes: [changeOf("first")],
      });
      const refs = ["a", "b", "c"].map((id): Ref => ({ kind: KIND, id }));
      const before = await readDocuments(store, refs);
      for (const wrong of [{ ...ABSENT }, { kind: KIND, id: "c", version: 1 }]) {
        for (const expect of [
          [wrong, before[1] ?? assert.fail()],
          [before[1] ?? assert.fail(), wrong],
        ]) {
          await expectConflict(store, {
            expect,
            puts: [putOf("b", 2), putOf("c", 2)],
            deletes: [{ kind: KIND, id: "a" }],
            rows: [
              { kind: ROWS, owner: "o", name: "n", isPut: false },
              { kind: ROWS, owner: "o", name: "m", isPut: true },
            ],
            changes: [changeOf("second")],
          });
        }
      }
      assert.deepEqual(await readDocuments(store, refs), before);
      assert.deepEqual(await readRows(store, "o"), ["n"]);
      assert.deepEqual(await feedNames(store), ["first"]);
    },
  },
  {
    name: "commit: nothing at all is committed too",
    async run({ store }) {
      await commit(store, {});
      assert.deepEqual(await feedNames(store), []);
    },
  },
  {
    name: "commit: what is not expected is written blindly",
    async run({ store }) {
      await commit(store, { puts: [putOf("a", 1)] });
      await commit(store, { puts: [putOf("a", 2), putOf("b", 2)] });
      await commit(store, {
        expect: [{ ...ABSENT, id: "c" }],
        puts: [putOf("a", 3)],
        deletes: [{ kind: KIND, id: "b" }],
      });
      assert.equal(await readValue(store, "a"), 3);
      assert.equal(await readValue(store, "b"), undefined);
    },
  },
  {
    name: "commit: deleting what is not there, and rows again, are fine",
    async run({ store }) {
      const row = { kind: ROWS, owner: "o", name: "n" };
      await commit(store, {
        deletes: [{ kind: KIND, id: "a" }],
        rows: [{ ...row, isPut: false }],
      });
      await commit(store, { rows: [{ ...row, isPut: true }] });
      await commit(store, { rows: [{ ...row, isPut: true }] });
      assert.deepEqual(await readRows(store, "o"), ["n"]);
      await commit(store, { rows: [{ ...row, isPut: false }] });
      assert.deepEqual(await readRows(store, "o"), []);
      assert.equal((await readDocument(store, "a")).version, 0);
    },
  },
  {
    name: "commit: sent again after its reply was lost it conflicts",
    async run({ store }) {
      const changeset = changesetOf({
        expect: [ABSENT],
        puts: [putOf("a", 1)],
        changes: [changeOf("once")],
      });
      assert.equal(await store.commit(changeset), "committed");
      assert.equal(await store.commit(changeset), "conflict");
      assert.deepEqual(await feedNames(store), ["once"]);
    },
  },
  {
    name: "commit: thousands of documents and rows at once",
    async run({ store }) {
      const ids = Array.from({ length: 3_000 }, (_, at) => `d${at}`);
      const refs = ids.map((id): Ref => ({ kind: KIND, id }));
      for (const turn of [1, 2]) {
        await commit(store, {
          expect: await readDocuments(store, refs),
          puts: ids.map((id) => putOf(id, turn)),
          rows: ids.map((name) => ({ kind: ROWS, owner: "o", name, isPut: true })),
          changes: ids.map((id) => changeOf(id, turn)),
        });
      }
      assert.ok((await readDocuments(store, refs)).every((document) => contentOf(document) === 2));
      assert.equal((await readRows(store, "o", 5_000)).length, ids.length);
      assert.deepEqual(await feedNames(store), [...ids, ...ids]);
    },
  },
  {
    name: "commit: of many who change one document at the same time none is lost",
    async run({ store }) {
      await Promise.all(Array.from({ length: 6 }, () => increment(store, "a")));
      assert.equal(await readValue(store, "a"), 6);
    },
  },
  {
    name: "commit: of many who change one document through several stores none is lost",
    needs: "isShared",
    async run({ store, open }) {
      const stores = [store, await open()];
      await Promise.all(
        stores.flatMap((one) =>
          [1, 2, 3].map(async () => {
            for (let turn = 0; turn < 3; turn++) await increment(one, "a");
          }),
        ),
      );
      assert.equal(await readValue(store, "a"), 18);
    },
  },
];
