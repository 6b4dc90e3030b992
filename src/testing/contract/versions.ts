import assert from "node:assert/strict";
import type { StoreTest } from "../fixture.js";
import { commit, expectConflict, KIND, putOf, readDocument, scanPage } from "../wishes.js";

export const VERSIONS: readonly StoreTest[] = [
  {
    name: "versions: another one with each change, the same one as long as there is none",
    async run({ store }) {
      await commit(store, { puts: [putOf("a", 1), putOf("b", 1)] });
      const first = await readDocument(store, "a");
      await commit(store, { puts: [putOf("b", 2)] });
      assert.deepEqual(await readDocument(store, "a"), first);
      assert.deepEqual((await scanPage(store, null, 1))[0], first);
      await commit(store, { puts: [putOf("a", 2)] });
      const second = await readDocument(store, "a");
      assert.ok(second.version !== first.version && second.version > 0);
    },
  },
  {
    name: "versions: never used again, not after delete and making anew either",
    async run({ store }) {
      const seen = new Set<number>();
      for (let turn = 0; turn < 6; turn++) {
        for (const value of [1, 2].slice(turn % 2)) {
          await commit(store, { puts: [putOf("a", value)] });
          const { version } = await readDocument(store, "a");
          assert.ok(!seen.has(version), "a version that the document had before");
          seen.add(version);
        }
        const held = await readDocument(store, "a");
        await commit(store, { expect: [held], deletes: [{ kind: KIND, id: "a" }] });
        assert.equal((await readDocument(store, "a")).version, 0);
        await expectConflict(store, { expect: [held], puts: [putOf("a", 9)] });
      }
    },
  },
  {
    name: "versions: never used again after the store was opened again",
    needs: "isShared",
    async run({ store, open }) {
      await commit(store, { puts: [putOf("a", 1)] });
      const { version } = await readDocument(store, "a");
      await commit(store, { deletes: [{ kind: KIND, id: "a" }] });
      await store.close();
      const again = await open();
      await commit(again, { puts: [putOf("a", 1)] });
      assert.notEqual((await readDocument(again, "a")).version, version);
    },
  },
];
