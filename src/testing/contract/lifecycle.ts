import assert from "node:assert/strict";
import type { Store } from "../../stores/store.js";
import type { StoreTest } from "../fixture.js";
import {
  changeOf,
  changesetOf,
  commit,
  expectStoreError,
  feedAfter,
  feedNames,
  KIND,
  OTHER_KIND,
  putOf,
  ROWS,
  readDocument,
  readRows,
  readValue,
} from "../wishes.js";

/** Counts are approximate: what is told of a hundred may be half or double. */
function expectAbout(count: number, actual: number): void {
  assert.ok(count >= actual / 2 && count <= actual * 2, `about ${actual}, not ${count}`);
}

async function drawAll(store: Store, signal: AbortSignal): Promise<void> {
  for await (const _ of store.changes(null, { signal }));
}

export const LIFECYCLE: readonly StoreTest[] = [
  {
    name: "count: documents of a kind",
    async run({ store }) {
      const ids = Array.from({ length: 100 }, (_, at) => `d${at}`);
      await commit(store, { puts: ids.map((id) => putOf(id, 1)) });
      expectAbout(await store.count(KIND), 100);
      expectAbout(await store.count(OTHER_KIND), 0);
      await commit(store, { deletes: ids.slice(10).map((id) => ({ kind: KIND, id })) });
      expectAbout(await store.count(KIND), 10);
    },
  },
  {
    name: "countWithin: documents whose ids begin with a text",
    needs: "countsWithin",
    async run({ store }) {
      const ids = Array.from({ length: 100 }, (_, at) => `a%_${at}`);
      await commit(store, {
        puts: [...ids, "a%", "a%`", "axx", "A%_1", "a%_\u{10ffff}", "b"].map((id) => putOf(id, 1)),
      });
      const { countWithin } = store;
      assert.ok(countWithin !== undefined);
      expectAbout(await countWithin.call(store, KIND, "a%_"), 101);
      expectAbout(await countWithin.call(store, KIND, "a%_\u{10ffff}"), 1);
      expectAbout(await countWithin.call(store, KIND, "b"), 1);
      expectAbout(await countWithin.call(store, KIND, "c"), 0);
      expectAbout(await countWithin.call(store, OTHER_KIND, "a"), 0);
      expectAbout(await countWithin.call(store, KIND, ""), 106);
    },
  },
  {
    name: "signal: a call that is aborted rejects with the reason",
    async run({ store }) {
      await commit(store, { puts: [putOf("a", 1)], changes: [changeOf("a"), changeOf("b")] });
      const reason = new Error("no longer wanted");
      const isReason = (error: unknown): boolean => error === reason;
      const signal = AbortSignal.abort(reason);
      await assert.rejects(store.read([{ kind: KIND, id: "a" }], { signal }), isReason);
      await assert.rejects(drawAll(store, signal), isReason);
      const controller = new AbortController();
      const entries = store.changes(null, { signal: controller.signal })[Symbol.asyncIterator]();
      await entries.next();
      controller.abort(reason);
      await assert.rejects(
        (async () => {
          while ((await entries.next()).done !== true);
        })(),
        isReason,
      );
      assert.equal(await readValue(store, "a"), 1);
    },
  },
  {
    name: "close: again is fine, and every call afterwards rejects",
    async run({ store }) {
      await commit(store, { puts: [putOf("a", 1)], changes: [changeOf("a")] });
      await store.close();
      await store.close();
      await expectStoreError(store.read([{ kind: KIND, id: "a" }]), "closed");
      await expectStoreError(store.read([]), "closed");
      await expectStoreError(store.commit(changesetOf({ puts: [putOf("a", 2)] })), "closed");
      await expectStoreError(feedAfter(store, null), "closed");
      await expectStoreError(store.count(KIND), "closed");
    },
  },
  {
    name: "close: what was acknowledged is there when the data is opened again",
    needs: "isShared",
    async run({ store, open }) {
      await commit(store, {
        puts: [putOf("a", 1), putOf("b", 2)],
        rows: [{ kind: ROWS, owner: "o", name: "n", isPut: true }],
        changes: [changeOf("first"), changeOf("second")],
      });
      const held = await readDocument(store, "a");
      const [first] = await feedAfter(store, null);
      await store.close();
      const again = await open();
      assert.deepEqual(await readDocument(again, "a"), held);
      assert.deepEqual(await readRows(again, "o"), ["n"]);
      assert.deepEqual(await feedNames(again, first?.cursor ?? null), ["second"]);
      await commit(again, { expect: [held], puts: [putOf("a", 3)], changes: [changeOf("third")] });
      assert.deepEqual(await feedNames(again), ["first", "second", "third"]);
    },
  },
  {
    name: "close: others on the same data go on",
    needs: "isShared",
    async run({ store, open }) {
      const other = await open();
      await other.close();
      await commit(store, { puts: [putOf("a", 1)] });
      assert.equal(await readValue(store, "a"), 1);
    },
  },
];
