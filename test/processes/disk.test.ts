import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Libsql from "libsql";
import { afterAll, describe, expect, it } from "vitest";
import { checkStore } from "../../src/engine/check.js";
import { createResolver } from "../../src/engine/resolver.js";
import type { Fragment } from "../../src/fragment/fragment.js";
import {
  type BetterSqliteConstructor,
  createSqliteStore,
  type SqliteStore,
} from "../../src/stores/sqlite/index.js";
import { simulatedLeads } from "../engine/leads.js";
import { scratchFiles } from "../stores/sqlite/scratch.js";
import { expectWhole, scratchPartition } from "./outcome.js";

const Database = Libsql as unknown as BetterSqliteConstructor;
const file = scratchFiles();
const LEADS = simulatedLeads(60, 13);
const BATCH = 5;

/** Delivers leads until the store refuses; tells how many it acknowledged, and what it said then. */
async function deliver(
  store: SqliteStore,
  from: number,
): Promise<{ readonly until: number; readonly error: unknown }> {
  const resolver = createResolver({ store });
  let until = from;
  try {
    for await (const outcome of resolver.ingest(LEADS.slice(from), { batch: BATCH })) {
      expect(outcome.type).not.toBe("refused");
      until++;
    }
    return { until, error: null };
  } catch (error) {
    return { until, error };
  }
}

/** What was acknowledged is there, and nothing is torn. */
async function expectSound(store: SqliteStore, leads: readonly Fragment[]): Promise<void> {
  const resolver = createResolver({ store });
  for (const { source, id } of leads) expect(await resolver.profileOf(source, id)).not.toBeNull();
  expect((await checkStore(store)).findings).toEqual([]);
}

async function expectRefused(error: unknown, code: string): Promise<void> {
  expect(error).toMatchObject({ code: "store-failed", cause: { code } });
  const { message } = (error as { cause: Error }).cause;
  expect(message).not.toBe("");
}

/** Fills it, looks at what is there, makes room, and goes on. */
async function fillUp(store: SqliteStore, makeRoom: () => void): Promise<void> {
  const full = await deliver(store, 0);
  await expectRefused(full.error, "disk-full");
  expect(full.until).toBeGreaterThan(0);
  expect(full.until).toBeLessThan(LEADS.length);
  await expectSound(store, LEADS.slice(0, full.until));
  // Still full, still whole.
  const again = await deliver(store, full.until);
  await expectRefused(again.error, "disk-full");
  await expectSound(store, LEADS.slice(0, again.until));
  makeRoom();
  expect(await deliver(store, again.until)).toEqual({ until: LEADS.length, error: null });
  await expectWhole(store, LEADS, scratchPartition(LEADS));
  expect(await store.integrityCheck()).toEqual([]);
}

describe("a disk that fills up while leads come in", () => {
  it("as SQLite says it: refused, nothing torn, and it goes on once there is room", async () => {
    const database = new Database(file());
    const store = await createSqliteStore({ driver: database });
    database.exec("PRAGMA max_page_count = 120");
    await fillUp(store, () => database.exec("PRAGMA max_page_count = 1000000"));
    await store.close();
  });

  const disk = mkdtempSync(join(tmpdir(), "leadweave-disk-"));
  const mount = (options: string) =>
    spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", disk], { timeout: 10_000 }).status === 0;
  const isMounted = process.platform === "linux" && mount("size=1m");
  afterAll(() => {
    // Also where the test has left the file open.
    if (isMounted) spawnSync("umount", ["--lazy", disk], { timeout: 10_000 });
    rmSync(disk, { recursive: true, force: true });
  });
  const reason = isMounted ? "" : " (skipped: this user may mount no small disk)";

  it.skipIf(!isMounted)(`as a small disk says it: the same${reason}`, async () => {
    const store = await createSqliteStore(join(disk, "leads.db"));
    await fillUp(store, () => expect(mount("remount,size=64m")).toBe(true));
    await store.close();
  });
});

describe("a file that may only be read", () => {
  it("refuses leads, answers everything else, and goes on once it may be written", async () => {
    const path = file();
    const half = Math.floor(LEADS.length / 2);
    const begun = await createSqliteStore(path);
    for await (const _ of createResolver({ store: begun }).ingest(LEADS.slice(0, half)));
    await begun.close();
    const reader = await createSqliteStore({ path, readOnly: true });
    const { until, error } = await deliver(reader, half);
    expect(until).toBe(half);
    await expectRefused(error, "read-only");
    await expectSound(reader, LEADS.slice(0, half));
    await reader.close();
    const store = await createSqliteStore({ path, mustExist: true });
    expect(await deliver(store, half)).toEqual({ until: LEADS.length, error: null });
    await expectWhole(store, LEADS, scratchPartition(LEADS));
    await store.close();
  });
});
