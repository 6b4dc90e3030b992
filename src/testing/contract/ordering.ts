import assert from "node:assert/strict";
import type { StoreTest } from "../fixture.js";
import {
  commit,
  inUtf8Order,
  KIND,
  OTHER_KIND,
  putOf,
  ROWS,
  readDocument,
  readRows,
  scanAll,
  scanPage,
} from "../wishes.js";
import { ODD_NAMES } from "./names.js";

/** In another order than any that a store may use by itself. */
const SHUFFLED = ODD_NAMES.map((_, at) => ODD_NAMES[(at * 29 + 7) % ODD_NAMES.length] as string);

export const ORDERING: readonly StoreTest[] = [
  {
    name: "scan: in the order of the UTF-8 bytes of ids",
    async run({ store }) {
      await commit(store, {
        puts: [...SHUFFLED.map((id) => putOf(id, id)), putOf("of another kind", 1, OTHER_KIND)],
      });
      const documents = await scanAll(store, 1_000);
      assert.deepEqual(
        documents.map(({ id }) => id),
        inUtf8Order(SHUFFLED),
      );
      for (const document of documents.slice(0, 5))
        assert.deepEqual(document, await readDocument(store, document.id));
    },
  },
  {
    name: "scan: pages of any size visit each document once",
    async run({ store }) {
      await commit(store, { puts: SHUFFLED.map((id) => putOf(id, id)) });
      for (const limit of [1, 2, 7, SHUFFLED.length, SHUFFLED.length + 1])
        assert.deepEqual(
          (await scanAll(store, limit)).map(({ id }) => id),
          inUtf8Order(SHUFFLED),
        );
    },
  },
  {
    name: "scan: goes on after a text that names no document",
    async run({ store }) {
      await commit(store, { puts: ["b", "d", "f"].map((id) => putOf(id, id)) });
      const idsAfter = async (after: string): Promise<string[]> =>
        (await scanPage(store, after, 9)).map(({ id }) => id);
      assert.deepEqual(await idsAfter("a"), ["b", "d", "f"]);
      assert.deepEqual(await idsAfter("b"), ["d", "f"]);
      assert.deepEqual(await idsAfter("c"), ["d", "f"]);
      assert.deepEqual(await idsAfter("f"), []);
      assert.deepEqual(await idsAfter("\u{10ffff}"), []);
      await commit(store, { deletes: [{ kind: KIND, id: "d" }] });
      assert.deepEqual(await idsAfter("b"), ["f"]);
    },
  },
  {
    name: "rows: the first ones in the order of the UTF-8 bytes of names",
    async run({ store }) {
      const put = (name: string, owner: string) => ({ kind: ROWS, owner, name, isPut: true });
      await commit(store, {
        rows: [...SHUFFLED.map((name) => put(name, "o")), put("stray", "o2"), put("stray", "O")],
      });
      const sorted = inUtf8Order(SHUFFLED);
      for (const limit of [1, 5, sorted.length, sorted.length + 1])
        assert.deepEqual(await readRows(store, "o", limit), sorted.slice(0, limit));
      await commit(store, {
        rows: sorted.slice(0, 3).map((name) => ({ kind: ROWS, owner: "o", name, isPut: false })),
      });
      assert.deepEqual(await readRows(store, "o", 5), sorted.slice(3, 8));
    },
  },
];
