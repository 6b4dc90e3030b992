import assert from "node:assert/strict";
import fc from "fast-check";
import type { Kind } from "../resolve/plan/documents.js";
import { createMemoryStore } from "../stores/memoryStore.js";
import type { Changeset, Cursor, DocumentEntry, Store, Wanted } from "../stores/store.js";
import type { Stage, StoreTest } from "./fixture.js";
import { changeOf, contentOf, feedAfter, KIND, OTHER_KIND, putOf, ROWS, readDocuments } from "./wishes.js";

/** Sequences of calls, each made to the store and to the memory store: whatever can be seen must be the same. */

interface Model {
  readonly memory: Store;
  /** Versions as the memory store tells them, by those that the store tells for the same document. */
  readonly versions: Map<string, number>;
  memoryCursor: Cursor;
}

interface Real {
  readonly store: Store;
  cursor: Cursor;
}

type Command = fc.AsyncCommand<Model, Real, false>;

const NAMES = ["a", "b", "B", "\uffff", "\u{10000}", "a b"] as const;
const name = fc.constantFrom(...NAMES);
const kind = fc.constantFrom<Kind>(KIND, OTHER_KIND);
const ref = fc.record({ kind, id: name });
const value = fc.oneof(
  fc.integer(),
  fc.string({ unit: "binary", maxLength: 5 }),
  fc.constant({ a: [1, null] }),
);

/** Every version of the one store goes with one of the other's, always. */
function expectSameDocument(model: Model, given: DocumentEntry, expected: DocumentEntry): void {
  assert.deepEqual(
    [given.kind, given.id, contentOf(given)],
    [expected.kind, expected.id, contentOf(expected)],
  );
  const of = `${given.kind} ${given.id} ${given.version}`;
  const known = model.versions.get(of);
  if (known === undefined) model.versions.set(of, expected.version);
  else assert.equal(known, expected.version, "a version that meant another state");
}

class ReadCommand implements Command {
  readonly #wanted: readonly Wanted[];

  constructor(wanted: readonly Wanted[]) {
    this.#wanted = wanted;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, { store }: Real): Promise<void> {
    const given = await store.read(this.#wanted);
    const expected = await model.memory.read(this.#wanted);
    assert.equal(given.length, expected.length);
    for (const [at, entry] of expected.entries()) {
      const other = given[at];
      if (entry.type === "document" && other?.type === "document")
        expectSameDocument(model, other.document, entry.document);
      else if (entry.type === "scan" && other?.type === "scan") {
        assert.deepEqual(
          other.documents.map(({ id }) => id),
          entry.documents.map(({ id }) => id),
        );
        for (const [place, document] of entry.documents.entries())
          expectSameDocument(model, other.documents[place] as DocumentEntry, document);
      } else assert.deepEqual(other, entry);
    }
  }

  toString(): string {
    return `read ${JSON.stringify(this.#wanted)}`;
  }
}

interface Planned extends Omit<Changeset, "expect"> {
  /** Documents expected as they are, or as they are not. */
  readonly expect: readonly (Pick<DocumentEntry, "kind" | "id"> & { readonly isTrue: boolean })[];
}

class CommitCommand implements Command {
  readonly #planned: Planned;

  constructor(planned: Planned) {
    this.#planned = planned;
  }

  check(): boolean {
    return true;
  }

  async run({ memory }: Model, { store }: Real): Promise<void> {
    const { expect, ...writes } = this.#planned;
    const refs = expect.map(({ kind: of, id }) => ({ kind: of, id }));
    const results = [];
    for (const one of [memory, store]) {
      const documents = await readDocuments(one, refs);
      const expected = documents.map((document, at) => ({
        ...document,
        version: expect[at]?.isTrue === true ? document.version : wrongVersion(document),
      }));
      results.push(await one.commit({ ...writes, expect: expected }));
    }
    assert.equal(results[1], results[0]);
  }

  toString(): string {
    return `commit ${JSON.stringify(this.#planned)}`;
  }
}

/** Another one than the document has: none where there is one. */
function wrongVersion({ version }: DocumentEntry): number {
  return version === 0 ? 1 : 0;
}

class FeedCommand implements Command {
  readonly #fromStart: boolean;

  constructor(fromStart: boolean) {
    this.#fromStart = fromStart;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    const given = await feedAfter(real.store, this.#fromStart ? null : real.cursor);
    const expected = await feedAfter(model.memory, this.#fromStart ? null : model.memoryCursor);
    assert.deepEqual(
      given.map(({ change }) => change),
      expected.map(({ change }) => change),
    );
    real.cursor = given.at(-1)?.cursor ?? real.cursor;
    model.memoryCursor = expected.at(-1)?.cursor ?? model.memoryCursor;
  }

  toString(): string {
    return this.#fromStart ? "changes from the start" : "changes from the last one seen";
  }
}

const wanted: fc.Arbitrary<Wanted> = fc.oneof(
  ref,
  fc.record({ kind: fc.constant(ROWS), owner: name, limit: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ scan: kind, after: fc.option(name), limit: fc.integer({ min: 1, max: 4 }) }),
);

const touched = { selector: ({ kind: of, id }: { kind: Kind; id: string }) => `${of} ${id}`, maxLength: 4 };

const planned: fc.Arbitrary<Planned> = fc
  .record({
    expect: fc.uniqueArray(fc.record({ kind, id: name, isTrue: fc.boolean() }), touched),
    writes: fc.uniqueArray(
      fc.record({ kind, id: name, value: fc.option(value, { nil: undefined }) }),
      touched,
    ),
    rows: fc.uniqueArray(fc.record({ kind: fc.constant(ROWS), owner: name, name, isPut: fc.boolean() }), {
      selector: ({ owner, name: row }) => `${owner} ${row}`,
      maxLength: 3,
    }),
    changes: fc.array(
      fc.record({ of: name, version: fc.nat() }).map(({ of, version }) => changeOf(of, version)),
      { maxLength: 3 },
    ),
    isMeant: fc.boolean(),
  })
  .map(({ expect, writes, rows, changes, isMeant }) => ({
    // Half of the commits are meant to come through.
    expect: expect.map((one) => ({ ...one, isTrue: isMeant || one.isTrue })),
    puts: writes.flatMap(({ kind: of, id, value: given }) =>
      given === undefined ? [] : [putOf(id, given, of)],
    ),
    deletes: writes.flatMap(({ kind: of, id, value: given }) =>
      given === undefined ? [{ kind: of, id }] : [],
    ),
    rows,
    changes,
  }));

const commands = fc.commands<Model, Real, false>(
  [
    fc.array(wanted, { maxLength: 5 }).map((wishes) => new ReadCommand(wishes)),
    planned.map((changeset) => new CommitCommand(changeset)),
    planned.map((changeset) => new CommitCommand(changeset)),
    fc.boolean().map((fromStart) => new FeedCommand(fromStart)),
  ],
  { maxCommands: 30 },
);

export const COMMANDS: readonly StoreTest[] = [
  {
    name: "commands: any sequence of calls gives what it gives over the memory store",
    run: ({ withFixture, runs }: Stage) =>
      fc.assert(
        fc.asyncProperty(commands, (sequence) =>
          withFixture(({ store }) =>
            fc.asyncModelRun(
              () => ({
                model: { memory: createMemoryStore(), versions: new Map(), memoryCursor: null },
                real: { store, cursor: null },
              }),
              sequence,
            ),
          ),
        ),
        { numRuns: runs },
      ),
  },
];
