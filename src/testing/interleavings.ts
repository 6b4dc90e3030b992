import assert from "node:assert/strict";
import fc from "fast-check";
import type { Cursor, DocumentEntry, Store } from "../stores/store.js";
import { createYieldingStore } from "../stores/yielding.js";
import type { Stage, StoreTest } from "./fixture.js";
import {
  changeOf,
  changesetOf,
  commit,
  contentOf,
  feedAfter,
  increment,
  KIND,
  putOf,
  readDocuments,
  readValue,
  untilCommitted,
} from "./wishes.js";

/** Runs a property on stores of their own, with calls that go first as the scheduler decides. */
function scheduled<T>(
  { withFixture, runs }: Stage,
  given: fc.Arbitrary<T>,
  play: (store: Store, given: T, bare: Store) => Promise<void>[],
  check: (store: Store, given: T) => Promise<void>,
): Promise<void> {
  return fc.assert(
    fc.asyncProperty(given, fc.scheduler(), (value, scheduler) =>
      withFixture(async ({ store }) => {
        const yielding = createYieldingStore(store, (point) => scheduler.schedule(Promise.resolve(), point));
        await scheduler.waitFor(Promise.all(play(yielding, value, store)));
        await check(store, value);
      }),
    ),
    { numRuns: runs },
  );
}

/** Documents that each writer adds to, in turn. */
const errands = fc.array(fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 }), {
  minLength: 2,
  maxLength: 4,
});

function countOf(all: readonly (readonly string[])[], id: string): number {
  return all.flat().filter((one) => one === id).length;
}

const TRANSFERS = fc.array(
  fc.record({ from: fc.nat(2), to: fc.nat(2), amount: fc.integer({ min: 1, max: 5 }) }),
  {
    minLength: 2,
    maxLength: 6,
  },
);

const ACCOUNTS = ["a", "b", "c"].map((id) => ({ kind: KIND, id }));

async function transfer(store: Store, from: number, to: number, amount: number): Promise<void> {
  await untilCommitted(async () => {
    const expect = await readDocuments(store, ACCOUNTS);
    const sums = expect.map((document) => Number(contentOf(document) ?? 0));
    sums[from] = (sums[from] as number) - amount;
    sums[to] = (sums[to] as number) + amount;
    return store.commit(
      changesetOf({
        expect,
        puts: [putOf(ACCOUNTS[from]?.id as string, sums[from])].concat(
          from === to ? [] : [putOf(ACCOUNTS[to]?.id as string, sums[to])],
        ),
      }),
    );
  });
}

export const INTERLEAVINGS: readonly StoreTest[] = [
  {
    name: "interleavings: no update is lost, and the feed tells them in their order",
    run: (stage) =>
      scheduled(
        stage,
        errands,
        (store, all) =>
          all.map(async (ids) => {
            for (const id of ids) await increment(store, id, (value) => ({ changes: [changeOf(id, value)] }));
          }),
        async (store, all) => {
          const changes = (await feedAfter(store, null)).map(({ change }) => change);
          for (const id of ["a", "b", "c"]) {
            const count = countOf(all, id);
            assert.equal((await readValue(store, id)) ?? 0, count);
            assert.deepEqual(
              changes.filter(({ profile }) => profile === id).map(({ version }) => version),
              Array.from({ length: count }, (_, at) => at + 1),
            );
          }
        },
      ),
  },
  {
    name: "interleavings: of those who make one document one succeeds",
    run: async (stage) => {
      let made = 0;
      await scheduled(
        stage,
        fc.integer({ min: 2, max: 5 }),
        (store, makers) => {
          made = 0;
          return Array.from({ length: makers }, async (_, maker) => {
            const expect = await readDocuments(store, [{ kind: KIND, id: "a" }]);
            if (expect[0]?.version !== 0) return;
            if ((await store.commit(changesetOf({ expect, puts: [putOf("a", maker)] }))) === "committed")
              made++;
          });
        },
        async () => assert.equal(made, 1),
      );
    },
  },
  {
    name: "interleavings: what the store says holds was so at one moment",
    run: (stage) =>
      scheduled(
        stage,
        TRANSFERS,
        (store, transfers) => [
          ...transfers.map(({ from, to, amount }) => transfer(store, from, to, amount)),
          (async () => {
            for (let turn = 0; turn < 4; turn++) {
              const expect: DocumentEntry[] = await readDocuments(store, ACCOUNTS);
              if ((await store.commit(changesetOf({ expect }))) === "conflict") continue;
              const sums = expect.map((document) => Number(contentOf(document) ?? 0));
              assert.equal(
                sums.reduce((a, b) => a + b, 0),
                0,
              );
            }
          })(),
        ],
        async (store) => {
          const sums = (await readDocuments(store, ACCOUNTS)).map((one) => Number(contentOf(one) ?? 0));
          assert.equal(
            sums.reduce((a, b) => a + b, 0),
            0,
          );
        },
      ),
  },
  {
    name: "interleavings: a reader of the feed never skips one that commits later",
    run: async (stage) => {
      let read: string[] = [];
      let cursor: Cursor = null;
      await scheduled(
        stage,
        errands,
        (store, all, bare) => {
          read = [];
          cursor = null;
          const drawOn = async (): Promise<void> => {
            for (const entry of await feedAfter(bare, cursor)) {
              read.push(entry.change.profile);
              cursor = entry.cursor;
            }
          };
          return [
            ...all.map(async (ids, writer) => {
              for (const [turn, id] of ids.entries())
                await commit(store, {
                  puts: [putOf(id, writer)],
                  changes: [changeOf(`${writer} ${turn} 1`), changeOf(`${writer} ${turn} 2`)],
                });
            }),
            (async () => {
              for (let turn = 0; turn < 5; turn++) {
                await store.read([{ kind: KIND, id: "a" }]);
                await drawOn();
              }
            })(),
          ];
        },
        async (store, all) => {
          for (const entry of await feedAfter(store, cursor)) read.push(entry.change.profile);
          const written = all.flatMap((ids, writer) =>
            ids.flatMap((_, turn) => [`${writer} ${turn} 1`, `${writer} ${turn} 2`]),
          );
          assert.deepEqual([...read].sort(), written.sort());
          for (const [at, name] of read.entries())
            if (name.endsWith(" 1"))
              assert.equal(read[at + 1], name.replace(/1$/, "2"), "next to each other");
        },
      );
    },
  },
];
