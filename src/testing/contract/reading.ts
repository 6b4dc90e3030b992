import assert from "node:assert/strict";
import type { Ref } from "../../stores/store.js";
import type { StoreTest } from "../fixture.js";
import {
  commit,
  contentOf,
  KIND,
  OTHER_KIND,
  putOf,
  ROWS,
  readDocument,
  readDocuments,
  readRows,
  readValue,
  scanPage,
} from "../wishes.js";
import { longName, ODD_NAMES } from "./names.js";

/** What parses to the same value whoever kept it, and what some databases do not take. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.1 + 0.2,
  1e-7,
  1.7976931348623157e308,
  5e-324,
  Number.MAX_SAFE_INTEGER,
  -(2 ** -40),
  "",
  " ",
  "1",
  "null",
  "\u0000",
  "a\u0000b",
  "\ud83d",
  "\ude00\ud83d",
  "\u{1f600}",
  "\u2028 \u2029",
  "\\u0000",
  "'; drop table x; --",
  "line\nend\r\n",
  [],
  [null, [], {}, [[1]]],
  {},
  { a: { b: { c: [1, "2", null] } }, "": 1, "a.b": 2, $c: 3 },
];

export const READING: readonly StoreTest[] = [
  {
    name: "read: where nothing was put there is nothing",
    async run({ store }) {
      assert.deepEqual(await readDocument(store, "a"), { kind: KIND, id: "a", version: 0, text: null });
      assert.deepEqual(await readRows(store, "a"), []);
      assert.deepEqual(await scanPage(store, null, 10), []);
      assert.equal(await store.count(KIND), 0);
      assert.deepEqual(await store.read([]), []);
    },
  },
  {
    name: "read: every wish is answered in its order, the same one twice too",
    async run({ store }) {
      await commit(store, {
        puts: [putOf("a", 1), putOf("b", 2)],
        rows: [{ kind: ROWS, owner: "o", name: "n", isPut: true }],
      });
      const entries = await store.read([
        { kind: KIND, id: "b" },
        { kind: ROWS, owner: "o", limit: 9 },
        { kind: KIND, id: "absent" },
        { scan: KIND, after: "a", limit: 9 },
        { kind: KIND, id: "a" },
        { kind: KIND, id: "b" },
        { kind: ROWS, owner: "absent", limit: 9 },
      ]);
      const told = entries.map((entry) => {
        if (entry.type === "document") return [entry.document.id, contentOf(entry.document)];
        return entry.type === "rows"
          ? entry.names
          : entry.documents.map((document) => [document.id, contentOf(document)]);
      });
      assert.deepEqual(told, [["b", 2], ["n"], ["absent", undefined], [["b", 2]], ["a", 1], ["b", 2], []]);
    },
  },
  {
    name: "read: every commit that was acknowledged before is seen",
    async run({ store }) {
      for (let turn = 0; turn < 10; turn++) {
        const isPut = turn % 2 === 0;
        await commit(store, {
          puts: [putOf("a", turn)],
          rows: [{ kind: ROWS, owner: "o", name: "n", isPut }],
        });
        assert.equal(await readValue(store, "a"), turn);
        assert.deepEqual(await readRows(store, "o"), isPut ? ["n"] : []);
        assert.equal(contentOf((await scanPage(store, null, 1))[0] ?? assert.fail("an empty page")), turn);
      }
      await commit(store, { deletes: [{ kind: KIND, id: "a" }] });
      assert.equal(await readValue(store, "a"), undefined);
      assert.deepEqual(await scanPage(store, null, 1), []);
    },
  },
  {
    name: "read: what another store on the same data committed is seen",
    needs: "isShared",
    async run({ store, open }) {
      const other = await open();
      for (let turn = 0; turn < 10; turn++) {
        const [writer, reader] = turn % 2 === 0 ? [store, other] : [other, store];
        await commit(writer, { puts: [putOf("a", turn)] });
        assert.equal(await readValue(reader, "a"), turn);
      }
    },
  },
  {
    name: "read: thousands of wishes at once",
    async run({ store }) {
      const ids = Array.from({ length: 6_000 }, (_, at) => `id ${at}`);
      await commit(store, { puts: [putOf("id 7", 7), putOf("id 5999", 5_999)] });
      const documents = await readDocuments(
        store,
        ids.map((id): Ref => ({ kind: KIND, id })),
      );
      const found = documents.filter(({ version }) => version > 0);
      assert.deepEqual(found.map(contentOf), [7, 5_999]);
    },
  },
  {
    name: "documents: any JSON value comes back as it was",
    async run({ store }) {
      await commit(store, { puts: ODD_VALUES.map((value, at) => putOf(`v${at}`, value)) });
      for (const [at, value] of ODD_VALUES.entries()) {
        const { text } = await readDocument(store, `v${at}`);
        assert.ok(text !== null && !/\p{Surrogate}/u.test(text), "text is well-formed");
        assert.deepEqual(JSON.parse(text), { value });
      }
    },
  },
  {
    name: "documents: a text of a megabyte comes back as it was",
    async run({ store }) {
      const value = longName(1_000_000, "ö");
      await commit(store, { puts: [putOf("large", value)] });
      assert.equal(await readValue(store, "large"), value);
    },
  },
  {
    name: "names: any text without U+0000 names one document and one row, of every length up to 10,000",
    async run({ store }) {
      const names = [...ODD_NAMES, longName(10_000, "a"), longName(10_000, "b"), longName(1_000, "")];
      await commit(store, {
        puts: names.map((name, at) => putOf(name, at)),
        rows: names.flatMap((name, at) => [
          { kind: ROWS, owner: name, name: String(at), isPut: true },
          { kind: ROWS, owner: "all", name, isPut: true },
        ]),
      });
      const documents = await readDocuments(
        store,
        names.map((id): Ref => ({ kind: KIND, id })),
      );
      assert.deepEqual(
        documents.map(contentOf),
        names.map((_, at) => at),
      );
      for (const [at, name] of names.entries()) assert.deepEqual(await readRows(store, name), [String(at)]);
      assert.deepEqual(new Set(await readRows(store, "all")), new Set(names));
      const last = names.at(-2) as string;
      await commit(store, {
        expect: [documents.at(-2) ?? assert.fail()],
        deletes: [{ kind: KIND, id: last }],
      });
      assert.equal(await readValue(store, last), undefined);
      assert.equal(await readValue(store, names.at(-3) as string), names.length - 3);
    },
  },
  {
    name: "names: kinds, and owners with their rows, are kept apart",
    async run({ store }) {
      await commit(store, {
        puts: [putOf("a", 1), putOf("a", 2, OTHER_KIND)],
        rows: [
          { kind: ROWS, owner: "a", name: "bc", isPut: true },
          { kind: ROWS, owner: "ab", name: "c", isPut: true },
          { kind: "cell-event", owner: "a", name: "x", isPut: true },
        ],
      });
      await commit(store, {
        puts: [putOf("a", 3)],
        deletes: [{ kind: OTHER_KIND, id: "b" }],
        rows: [{ kind: "cell-event", owner: "ab", name: "c", isPut: false }],
      });
      assert.equal(await readValue(store, "a"), 3);
      assert.equal(await readValue(store, "a", OTHER_KIND), 2);
      assert.deepEqual(await readRows(store, "a"), ["bc"]);
      assert.deepEqual(await readRows(store, "ab"), ["c"]);
      assert.deepEqual(await readRows(store, "a", 9, "cell-event"), ["x"]);
      assert.equal((await scanPage(store, null, 9, OTHER_KIND)).length, 1);
    },
  },
];
