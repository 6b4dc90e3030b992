import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import type { Cursor, FeedBounds, FeedEntry, Store, Trim } from "../../stores/store.js";
import type { StoreTest } from "../fixture.js";
import { changeOf, commit, expectStoreError, feedAfter, feedNames, putOf, readValue } from "../wishes.js";

/** What may be dropped from the feed, and that whoever misses it is told. */

const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `c${from + at}`);

async function fill(store: Store, from: number, to: number, together = 4): Promise<FeedEntry[]> {
  for (let at = from; at < to; at += together)
    await commit(store, {
      changes: names(at, Math.min(to, at + together)).map((name) => changeOf(name)),
    });
  const { start } = await boundsOf(store);
  return feedAfter(store, start);
}

function boundsOf(store: Store): Promise<FeedBounds> {
  assert.ok(store.feedBounds !== undefined, "a store that trims its feed says where it begins and ends");
  return store.feedBounds();
}

function trim(store: Store, upTo: Trim): Promise<number> {
  assert.ok(store.trim !== undefined, "the store has the capability that it is said to have");
  return store.trim(upTo);
}

const cursorOf = (entries: readonly FeedEntry[], at: number): string =>
  entries[at]?.cursor ?? assert.fail(`the feed has an entry ${at}`);

export const TRIMMING: readonly StoreTest[] = [
  {
    name: "feedBounds: an empty feed has neither beginning nor end",
    needs: "trims",
    async run({ store }) {
      await commit(store, { puts: [putOf("a", 1)] });
      assert.deepEqual(await boundsOf(store), { start: null, end: null });
      assert.equal(await trim(store, { keep: 0 }), 0);
      assert.deepEqual(await boundsOf(store), { start: null, end: null });
    },
  },
  {
    name: "feedBounds: the end is the place after the last entry, and what comes next comes after it",
    needs: "trims",
    async run({ store }) {
      const entries = await fill(store, 0, 9);
      const { start, end } = await boundsOf(store);
      assert.equal(start, null);
      assert.equal(end, entries.at(-1)?.cursor);
      await commit(store, { changes: [changeOf("c9")] });
      assert.deepEqual(await feedNames(store, end), ["c9"]);
    },
  },
  {
    name: "trim: drops the entries up to a place, that one included, and no other",
    needs: "trims",
    async run({ store }) {
      const entries = await fill(store, 0, 12);
      assert.equal(await trim(store, { through: cursorOf(entries, 4) }), 5);
      const { start, end } = await boundsOf(store);
      assert.equal(start, cursorOf(entries, 4));
      assert.equal(end, cursorOf(entries, 11));
      assert.deepEqual(await feedNames(store, start), names(5, 12));
      assert.deepEqual(await feedNames(store, cursorOf(entries, 7)), names(8, 12));
    },
  },
  {
    name: "trim: keeps as many of the last entries as it is told to",
    needs: "trims",
    async run({ store }) {
      await fill(store, 0, 12);
      assert.equal(await trim(store, { keep: 20 }), 0);
      assert.equal(await trim(store, { keep: 12 }), 0);
      assert.deepEqual(await feedNames(store), names(0, 12));
      assert.equal(await trim(store, { keep: 5 }), 7);
      assert.deepEqual(await feedNames(store, (await boundsOf(store)).start), names(7, 12));
      assert.equal(await trim(store, { keep: 5 }), 0);
    },
  },
  {
    name: "trim: a reader from before what was dropped is told, and never passes over it",
    needs: "trims",
    async run({ store }) {
      const entries = await fill(store, 0, 12);
      await trim(store, { through: cursorOf(entries, 4) });
      for (const cursor of [null, cursorOf(entries, 0), cursorOf(entries, 3)])
        await expectStoreError(feedAfter(store, cursor), "cursor-expired");
      assert.deepEqual(await feedNames(store, cursorOf(entries, 4)), names(5, 12));
    },
  },
  {
    name: "trim: a feed without entries goes on, and still tells whoever comes from before",
    needs: "trims",
    async run({ store }) {
      const entries = await fill(store, 0, 6);
      assert.equal(await trim(store, { keep: 0 }), 6);
      const { start, end } = await boundsOf(store);
      assert.deepEqual([start, end], [cursorOf(entries, 5), cursorOf(entries, 5)]);
      assert.deepEqual(await feedNames(store, end), []);
      for (const cursor of [null, cursorOf(entries, 4)])
        await expectStoreError(feedAfter(store, cursor), "cursor-expired");
      await commit(store, { changes: [changeOf("c6")] });
      assert.deepEqual(await feedNames(store, end), ["c6"]);
      await expectStoreError(feedAfter(store, null), "cursor-expired");
    },
  },
  {
    name: "trim: again, or to a place before the beginning, drops nothing",
    needs: "trims",
    async run({ store }) {
      const entries = await fill(store, 0, 8);
      await trim(store, { through: cursorOf(entries, 5) });
      assert.equal(await trim(store, { through: cursorOf(entries, 5) }), 0);
      assert.equal(await trim(store, { through: cursorOf(entries, 2) }), 0);
      assert.deepEqual(await feedNames(store, cursorOf(entries, 5)), names(6, 8));
      await expectStoreError(feedAfter(store, cursorOf(entries, 2)), "cursor-expired");
    },
  },
  {
    name: "trim: a place that no feed gives is refused, and nothing is dropped",
    needs: "trims",
    async run({ store }) {
      await fill(store, 0, 3);
      for (const through of ["", "nonsense", "-1", "[]"]) await expectStoreError(trim(store, { through }));
      for (const keep of [-1, 0.5, Number.NaN]) await assert.rejects(trim(store, { keep }), TypeError);
      assert.deepEqual(await feedNames(store), names(0, 3));
    },
  },
  {
    name: "trim: thousands of entries in steps, and documents stay as they are",
    needs: "trims",
    async run({ store }) {
      await commit(store, { puts: [putOf("a", 1)] });
      await fill(store, 0, 12_000, 3_000);
      assert.equal(await trim(store, { keep: 3 }), 11_997);
      assert.deepEqual(await feedNames(store, (await boundsOf(store)).start), names(11_997, 12_000));
      assert.equal(await readValue(store, "a"), 1);
    },
  },
  {
    name: "trim: cut off it has dropped a part, knows where the feed begins, and goes on when called again",
    needs: "trims",
    async run({ store }) {
      await fill(store, 0, 12_000, 3_000);
      const controller = new AbortController();
      const cut = store.trim?.({ keep: 10 }, { signal: controller.signal });
      const isCut = cut?.then(
        () => false,
        () => true,
      );
      await turn();
      controller.abort(new Error("cut off"));
      await isCut;
      // A step that was on its way when the call was given up comes to its end.
      const isLeft = async (): Promise<boolean> => {
        const { start } = await boundsOf(store);
        const left = await feedNames(store, start);
        assert.deepEqual(left, names(12_000 - left.length, 12_000));
        return left.length > 10;
      };
      const wasLeft = await isLeft();
      const dropped = await trim(store, { keep: 10 });
      if (!wasLeft) assert.equal(dropped, 0);
      assert.equal(await isLeft(), false);
      await expectStoreError(feedAfter(store, null), "cursor-expired");
    },
  },
  {
    name: "trim: who reads meanwhile reads every entry, or is told",
    needs: "trims",
    async run({ store }) {
      await fill(store, 0, 1_500, 500);
      const read: string[] = [];
      async function readOn(): Promise<void> {
        for await (const { change } of store.changes(null)) {
          read.push(change.profile);
          if (read.length === 1) await trim(store, { keep: 200 });
        }
      }
      // One that holds what it has begun to read may come to the end.
      const reading = readOn();
      const isTold = await reading.then(
        () => false,
        () => true,
      );
      if (isTold) await expectStoreError(reading, "cursor-expired");
      assert.deepEqual(read, names(0, isTold ? read.length : 1_500));
    },
  },
  {
    name: "trim: beside writers and a reader no entry is lost that is not dropped",
    needs: "trims",
    async run({ store }) {
      let isWriting = true;
      const written: string[] = [];
      async function writer(name: string): Promise<void> {
        for (let at = 0; at < 30; at++) {
          await commit(store, { puts: [putOf(name, at)], changes: [changeOf(`${name} ${at}`)] });
          written.push(`${name} ${at}`);
          await turn();
        }
      }
      const read: string[] = [];
      /** Reads on, and says how far it has come: nothing beyond that is dropped. */
      async function reader(): Promise<void> {
        let cursor: Cursor = null;
        for (let isLast = false; !isLast; ) {
          isLast = !isWriting;
          for (const entry of await feedAfter(store, cursor)) {
            read.push(entry.change.profile);
            cursor = entry.cursor;
          }
          if (cursor !== null) await trim(store, { through: cursor });
          await turn();
        }
      }
      const writing = Promise.all(["w1", "w2", "w3"].map(writer)).finally(() => {
        isWriting = false;
      });
      await Promise.all([writing, reader()]);
      assert.deepEqual([...read].sort(), [...written].sort());
      assert.deepEqual(await feedAfter(store, (await boundsOf(store)).start), []);
    },
  },
];
