import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fenceText } from "../docs/fences.js";
import { packageRoot, scratchFolder } from "../package/node-process.js";
import { startPostgres } from "../servers/postgres.js";
import { redisMissing, startRedis } from "../servers/redis.js";

// The code of the pages on stores runs as it stands, with the package's names leading to the sources.

const SOURCES: Readonly<Record<string, string>> = {
  leadweave: "src/index.ts",
  "leadweave/stores": "src/stores/index.ts",
  "leadweave/stores/postgres": "src/stores/postgres/index.ts",
  "leadweave/stores/redis": "src/stores/redis/index.ts",
  "leadweave/stores/sqlite": "src/stores/sqlite/index.ts",
  "leadweave/testing": "src/testing/index.ts",
};

let folder: ReturnType<typeof scratchFolder>;

beforeEach(() => {
  folder = scratchFolder();
  mkdirSync(folder.path, { recursive: true });
});

afterEach(() => {
  vi.restoreAllMocks();
  folder.remove();
});

/** Imports code as a module of that name, and gives what it printed. */
async function runCode(name: string, code: string): Promise<string> {
  const text = code.replaceAll(/from "(leadweave[^"]*)"/g, (_, module: string) => {
    const source = SOURCES[module];
    if (source === undefined) throw new Error(`a page imports ${module}`);
    return `from ${JSON.stringify(join(packageRoot, source))}`;
  });
  const path = join(folder.path, name);
  writeFileSync(path, text);
  const printed = vi.spyOn(console, "log").mockImplementation(() => {});
  await import(/* @vite-ignore */ pathToFileURL(path).href);
  return printed.mock.calls.map((words) => `${words.join(" ")}\n`).join("");
}

it("docs/stores/memory.md: the minimal use prints what the page says", async () => {
  const printed = await runCode("memory.js", fenceText("stores/memory.md", "js memory"));
  expect(printed).toBe(fenceText("stores/memory.md", "text memory"));
});

it.skipIf(redisMissing() !== null)("docs/stores/redis.md: so does that of Redis", async () => {
  const server = await startRedis();
  try {
    const code = fenceText("stores/redis.md", "js redis").replace(":6379", `:${server.port}`);
    expect(await runCode("redis.js", code)).toBe(fenceText("stores/redis.md", "text redis"));
  } finally {
    await server.stop();
  }
});

it("docs/stores/sqlite.md: so does that of SQLite", async () => {
  const code = fenceText("stores/sqlite.md", "ts run");
  expect(await runCode("sqlite.ts", code)).toBe(fenceText("stores/sqlite.md", "text output"));
});

it("docs/stores/postgres.md: and that of Postgres", async ({ skip }) => {
  const server = await startPostgres();
  if (server === null) return skip("no Postgres server could be started");
  try {
    const given = "postgres://leads:secret@localhost:5432/leads";
    const code = fenceText("stores/postgres.md", "js postgres").replace(given, server.connectionString);
    expect(await runCode("postgres.js", code)).toBe(fenceText("stores/postgres.md", "text postgres"));
  } finally {
    await server.stop();
  }
});

it("docs/stores/custom.md: the complete store passes the kit as the page runs it", async () => {
  writeFileSync(
    join(folder.path, "vitestStub.js"),
    "export const registered = []; export const test = (name, run) => registered.push({ name, run });",
  );
  await runCode("mapStore.js", fenceText("stores/custom.md", "js store"));
  const kit = fenceText("stores/custom.md", "js kit").replace('"vitest"', '"./vitestStub.js"');
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await runCode("kit.js", kit.replace("testStore({", "testStore({ runs: 10,"));
  const stub = pathToFileURL(join(folder.path, "vitestStub.js")).href;
  const { registered } = (await import(/* @vite-ignore */ stub)) as {
    registered: { name: string; run: () => Promise<void> }[];
  };
  expect(registered.length).toBeGreaterThan(100);
  for (const { name, run } of registered)
    await run().catch((error: unknown) => expect.fail(`${name}: ${error}`));
});
