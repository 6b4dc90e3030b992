import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import type { ProfileId } from "../../resolve/ids.js";
import type { Change } from "../../resolve/plan/changes.js";
import type { Cursor } from "../../stores/store.js";
import type { StoreTest } from "../fixture.js";
import {
  changeOf,
  changesetOf,
  commit,
  expectStoreError,
  feedAfter,
  feedNames,
  increment,
  putOf,
} from "../wishes.js";

const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `c${from + at}`);

export const FEED: readonly StoreTest[] = [
  {
    name: "changes: every entry once, in the order of commits",
    async run({ store }) {
      assert.deepEqual(await feedNames(store), []);
      for (let from = 0; from < 60; from += 6) {
        await commit(store, { changes: names(from, from + 1).map((name) => changeOf(name)) });
        await commit(store, { puts: [putOf("a", from)] });
        await commit(store, { changes: names(from + 1, from + 6).map((name) => changeOf(name)) });
      }
      assert.deepEqual(await feedNames(store), names(0, 60));
    },
  },
  {
    name: "changes: goes on after any cursor, and each is another one",
    async run({ store }) {
      for (let from = 0; from < 12; from += 3)
        await commit(store, { changes: names(from, from + 3).map((name) => changeOf(name)) });
      const entries = await feedAfter(store, null);
      assert.equal(new Set(entries.map(({ cursor }) => cursor)).size, 12);
      for (const [at, { cursor }] of entries.entries())
        assert.deepEqual(await feedNames(store, cursor), names(at + 1, 12));
      const last = entries.at(-1)?.cursor ?? assert.fail();
      await commit(store, { changes: [changeOf("c12")] });
      assert.deepEqual(await feedNames(store, last), ["c12"]);
    },
  },
  {
    name: "changes: thousands of entries come in order",
    async run({ store }) {
      const all = names(0, 3_000);
      for (let from = 0; from < all.length; from += 1_000)
        await commit(store, { changes: all.slice(from, from + 1_000).map((name) => changeOf(name)) });
      assert.deepEqual(await feedNames(store), all);
    },
  },
  {
    name: "changes: an entry comes back as it was given",
    async run({ store }) {
      const profile = "p_ä" as ProfileId;
      const given: Change[] = [
        changeOf("p", 7, {
          type: "merged",
          added: ["s1", "s2"],
          removed: ["s3"],
          others: [profile, "p_2" as ProfileId],
          cause: { type: "fragment", fragment: '["web","1\\u0000\\ud800"]' },
        }),
        changeOf("q", Number.MAX_SAFE_INTEGER, {
          type: "split",
          cause: { type: "assertion", a: '["web","' + "'" + '"]', b: "\u{1f600}" },
        }),
        changeOf("r", 1, { type: "created" }),
        changeOf("s", 1, { type: "erased" }),
      ];
      await commit(store, { changes: given });
      assert.deepEqual(
        (await feedAfter(store, null)).map(({ change }) => change),
        given,
      );
    },
  },
  {
    name: "changes: comes to an end although others go on committing",
    async run({ store }) {
      await commit(store, { changes: names(0, 3).map((name) => changeOf(name)) });
      const read: string[] = [];
      for await (const { change } of store.changes(null)) {
        read.push(change.profile);
        assert.ok(read.length < 100, "reading comes to an end");
        await commit(store, { changes: [changeOf(`c${read.length + 2}`)] });
      }
      assert.ok(read.length >= 3);
      assert.deepEqual(read, names(0, read.length));
    },
  },
  {
    name: "changes: may be left before the end",
    async run({ store }) {
      await commit(store, { changes: names(0, 3).map((name) => changeOf(name)) });
      for await (const { change } of store.changes(null)) {
        assert.equal(change.profile, "c0");
        break;
      }
      assert.deepEqual(await feedNames(store), names(0, 3));
    },
  },
  {
    name: "changes: a reader never skips one that commits later",
    async run({ store }) {
      const written: string[] = [];
      let isWriting = true;
      async function writer(name: string, place: number): Promise<void> {
        for (let turn = 0; turn < 8; turn++) {
          // Large and small ones by turns, so that they take unequally long.
          const entries = Array.from(
            { length: (turn + place) % 4 === 0 ? 20 : 1 },
            (_, at) => `${name} ${turn} ${at}`,
          );
          const changes = entries.map((entry) => changeOf(entry));
          const result = await store.commit(changesetOf({ puts: [putOf(`${name} ${turn}`, turn)], changes }));
          assert.equal(result, "committed");
          written.push(...entries);
        }
      }
      const read: string[] = [];
      async function readOn(cursor: Cursor): Promise<Cursor> {
        let at = cursor;
        for (const entry of await feedAfter(store, cursor)) {
          read.push(entry.change.profile);
          at = entry.cursor;
        }
        return at;
      }
      async function reader(): Promise<void> {
        let cursor: Cursor = null;
        while (isWriting) {
          cursor = await readOn(cursor);
          await turn();
        }
        await readOn(cursor);
      }
      const reading = reader();
      try {
        await Promise.all(["w1", "w2", "w3", "w4"].map(writer));
      } finally {
        isWriting = false;
        await reading;
      }
      assert.equal(new Set(read).size, read.length, "no entry comes twice");
      assert.deepEqual([...read].sort(), [...written].sort());
    },
  },
  {
    name: "changes: effects follow their causes",
    async run({ store }) {
      const writer = async (): Promise<void> => {
        for (let turn = 0; turn < 4; turn++)
          await increment(store, "a", (value) => ({ changes: [changeOf("a", value)] }));
      };
      await Promise.all([writer(), writer(), writer()]);
      assert.deepEqual(
        (await feedAfter(store, null)).map(({ change }) => change.version),
        Array.from({ length: 12 }, (_, at) => at + 1),
      );
    },
  },
  {
    name: "changes: a cursor that no feed gives is refused",
    async run({ store }) {
      await commit(store, { changes: [changeOf("a")] });
      for (const cursor of ["", "nonsense", "-1", "1;", "NaN", "[]"])
        await expectStoreError(feedAfter(store, cursor));
    },
  },
];
