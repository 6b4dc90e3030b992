import { createTenantStore } from "../stores/tenant.js";
import { COMMANDS } from "./commands.js";
import { COMMITTING } from "./contract/committing.js";
import { FEED } from "./contract/feed.js";
import { LIFECYCLE } from "./contract/lifecycle.js";
import { ORDERING } from "./contract/ordering.js";
import { READING } from "./contract/reading.js";
import { TRIMMING } from "./contract/trimming.js";
import { VERSIONS } from "./contract/versions.js";
import { ENGINE } from "./engine.js";
import {
  type Stage,
  type StoreCapabilities,
  type StoreFactory,
  type StoreFixture,
  type StoreTest,
  useFixture,
} from "./fixture.js";
import { INTERLEAVINGS } from "./interleavings.js";
import { changeOf, commit, KIND, OTHER_KIND, putOf, ROWS } from "./wishes.js";

/** Registers one test: that of vitest, jest, node:test, or what is called like them. Others ignore the milliseconds. */
export interface TestFunction {
  (name: string, run: () => Promise<void>, timeoutMs?: number): unknown;
  /** Registers a test that is not run, so that the report shows it. */
  readonly skip?: (name: string, run: () => Promise<void>) => unknown;
}

export interface StoreTestOptions {
  readonly test: TestFunction;
  /** Makes a store that is open and empty, each time another one. */
  readonly factory: StoreFactory;
  /** What the store can do; see `StoreCapabilities` for the defaults and what follows from them. */
  readonly capabilities?: StoreCapabilities;
  /** Everything once more over a tenant's part of the store, beside other tenants. Default true. */
  readonly tenant?: boolean;
  /** Runs of each property. Default 100; a fifth of them where `isSlow`. */
  readonly runs?: number;
  /** Tests that are left out, by name, with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
  /** Where it is told which tests are skipped, and why. Default: the standard error stream. */
  readonly print?: (line: string) => void;
  /** Of each test. Default two minutes. */
  readonly timeoutMs?: number;
}

const TESTS: readonly StoreTest[] = [
  ...READING,
  ...COMMITTING,
  ...VERSIONS,
  ...ORDERING,
  ...FEED,
  ...TRIMMING,
  ...LIFECYCLE,
  ...INTERLEAVINGS,
  ...COMMANDS,
  ...ENGINE,
];

const NEEDED: Readonly<Record<NonNullable<StoreTest["needs"]>, string>> = {
  isShared: "the factory gives no second store on the same data (capabilities.isShared is false)",
  trims: "the store has no trim (capabilities.trims is not set)",
  countsWithin: "the store has no countWithin (capabilities.countsWithin is not set)",
};

/**
 * Registers the tests that every store must pass: each sentence of the contract, calls in any interleaving, sequences of calls
 * compared with the memory store, and the whole engine over the store, with and without faults. Tests are named by what they prove.
 *
 * @throws TypeError for a name in `skip` that no test has
 */
export function testStore(options: StoreTestOptions): void {
  const { tenant = true, skip = {} } = options;
  for (const name of Object.keys(skip))
    if (!TESTS.some((one) => one.name === name))
      throw new TypeError(`skip names a test that is none: ${name}`);
  register(options, "", options.factory);
  if (!tenant) return;
  // What is dropped from the feed is dropped for all tenants: the part of one has no `trim`.
  const tests = TESTS.filter(({ needs }) => needs !== "trims");
  register(options, "as a tenant: ", () => tenantFixture(options.factory), tests);
}

function register(
  options: StoreTestOptions,
  before: string,
  factory: StoreFactory,
  tests: readonly StoreTest[] = TESTS,
): void {
  const { test, capabilities = {}, skip = {}, timeoutMs = 120_000 } = options;
  const { isShared = true, countsWithin = false, trims = false, isSlow = false } = capabilities;
  const { print = (line: string) => process.stderr.write(`${line}\n`) } = options;
  const runs = Math.ceil((options.runs ?? 100) / (isSlow ? 5 : 1));
  const has = { isShared, countsWithin, trims };
  for (const { name, needs, run } of tests) {
    const body = (): Promise<void> => useFixture(factory, (fixture) => run(stageOf(fixture, factory, runs)));
    const reason = skip[name] ?? (needs === undefined || has[needs] ? undefined : NEEDED[needs]);
    if (reason === undefined) {
      test(before + name, body, timeoutMs);
      continue;
    }
    print(`skipped: ${before}${name}: ${reason}`);
    test.skip?.(`${before}${name} (skipped: ${reason})`, body);
  }
}

function stageOf(fixture: StoreFixture & Pick<Stage, "open">, factory: StoreFactory, runs: number): Stage {
  return { ...fixture, runs, withFixture: (use) => useFixture(factory, use) };
}

const TENANT = "acme";
/** Names that stand next to it, begin like it, or look like a part of it. */
const NEIGHBOURS = ["acmd", "acmf", "acm", "acme:", "4:acme:", "b"];

/** A tenant's part of a store in which others have been before, under the names that the tests use. */
async function tenantFixture(factory: StoreFactory): Promise<StoreFixture> {
  const { store, open, remove } = await factory();
  for (const name of NEIGHBOURS) {
    await commit(createTenantStore(store, name), {
      puts: ["a", "b", "\u{10ffff}"].flatMap((id) => [putOf(id, name), putOf(id, name, OTHER_KIND)]),
      rows: ["a", "o"].map((owner) => ({ kind: ROWS, owner, name: `of ${name}`, isPut: true })),
      changes: [changeOf("a"), changeOf(name)],
    });
    await commit(createTenantStore(store, name), { deletes: [{ kind: KIND, id: "b" }] });
  }
  const opened = [store];
  return {
    store: createTenantStore(store, TENANT),
    ...(open === undefined
      ? {}
      : {
          async open() {
            const another = await open();
            opened.push(another);
            return createTenantStore(another, TENANT);
          },
        }),
    async remove() {
      // A tenant's close leaves the store open.
      for (const one of opened) await one.close();
      await remove?.();
    },
  };
}
