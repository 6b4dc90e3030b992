import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, describe, expect, it } from "vitest";
import { createSqliteStore } from "../../../src/stores/sqlite/index.js";
import { packageRoot, runCommand } from "../../package/node-process.js";
import { documentIn, feedIn, namesOf, scratchFiles } from "./scratch.js";

const file = scratchFiles();
const folder = join(packageRoot, ".cache", "test-sqlite");
const program = join(folder, "child.js");

beforeAll(() => {
  const source = join(packageRoot, "test", "stores", "sqlite", "child.ts");
  const tsup = join(packageRoot, "node_modules", "tsup", "dist", "cli-default.js");
  const options = ["--no-config", "--silent", "--format", "esm", "--target", "es2022", "--out-dir", folder];
  runCommand(process.execPath, [tsup, source, ...options], packageRoot);
});

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

async function expectWhole(path: string, acknowledged: number): Promise<number> {
  const store = await createSqliteStore({ path, mustExist: true });
  const { text } = await documentIn(store, { kind: "component", id: "counter" });
  const value = Number(text ?? 0);
  expect(value).toBeGreaterThanOrEqual(acknowledged);
  const [strands] = await store.read([{ scan: "strand", after: null, limit: 1_000 }]);
  if (strands?.type !== "scan") throw new Error("not a scan");
  for (const document of strands.documents) expect(JSON.parse(document.text ?? "null")[0]).toBe(value);
  expect(strands.documents).toHaveLength(value === 0 ? 0 : 40);
  expect(await store.count("id")).toBe(value);
  const [rows] = await store.read([{ kind: "key-holder", owner: "o", limit: 1e6 }]);
  expect(namesOf(rows)).toHaveLength(value);
  expect((await feedIn(store)).map(([, version]) => version)).toEqual(
    Array.from({ length: value }, (_, at) => at + 1),
  );
  expect(await store.integrityCheck()).toEqual([]);
  await store.close();
  return value;
}

describe("a process that is killed while it writes", () => {
  it("loses nothing that was acknowledged, and leaves nothing half written", async () => {
    const path = file();
    let acknowledged = 0;
    for (let kill = 0; kill < 6; kill++) {
      const child = start("forever", path);
      const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
      let seen = 0;
      for await (const line of lines) {
        acknowledged = Number(line);
        if (++seen === 20 + kill * 7) child.kill("SIGKILL");
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      expect(child.signalCode).toBe("SIGKILL");
      acknowledged = await expectWhole(path, acknowledged);
    }
    expect(acknowledged).toBeGreaterThan(100);
  });
});

describe("processes that write at once", () => {
  it("lose no update", async () => {
    const path = file();
    const each = 150;
    const children = [1, 2, 3].map(() => start("count", path, String(each)));
    for (const child of children) {
      const [code] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
      expect(code).toBe(0);
    }
    expect(await expectWhole(path, each * 3)).toBe(each * 3);
  });
});

describe("a file that this user may not write", () => {
  async function openAsNobody(path: string): Promise<string> {
    // Where the tests run as root, whose home others cannot read, the program and its library must be elsewhere.
    const child = start("open-as-nobody", path);
    let said = "";
    child.stdout?.on("data", (data) => (said += String(data)));
    await once(child, "close");
    return said.trim();
  }

  it("is refused by the code of what is wrong", async () => {
    const path = file();
    const inside = join(dirname(path), "inner");
    mkdirSync(inside);
    const store = await createSqliteStore(path);
    await store.close();
    copyFileSync(path, join(inside, "leads.db"));
    chmodSync(dirname(path), 0o755);
    chmodSync(path, 0o444);
    expect(await openAsNobody(path)).toBe("read-only");
    chmodSync(path, 0o000);
    expect(await openAsNobody(path)).toBe("access-denied");
    chmodSync(inside, 0o555);
    expect(await openAsNobody(join(inside, "new.db"))).toBe("access-denied");
    chmodSync(join(inside, "leads.db"), 0o666);
    expect(await openAsNobody(join(inside, "leads.db"))).toBe("read-only");
    chmodSync(inside, 0o777);
    expect(await openAsNobody(join(inside, "leads.db"))).toBe("opened");
  });
});
