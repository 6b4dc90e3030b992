// Breaks the kernel on purpose, one line at a time, and runs the tests against each broken copy: a mutation that no test
// notices is a test that is missing. The mutations are the list in test/mutants/mutations.json; each applies to exactly one
// place in its file. Everything happens in copies under .cache/mutants; the working tree is only read.
// Exits with 1 if a mutation survives, no longer applies, or could not be tried.
//
//   npm run test:mutants                     all of them
//   npm run test:mutants -- guards bits.ts   those of files, or for reasons, that contain one of the words
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/**
 * @typedef {{ file: string; find: string; replace: string; why: string }} Mutation
 * @typedef {"killed" | "survived" | "stale" | "broken"} Verdict
 * @typedef {{ mutation: Mutation; verdict: Verdict; by: string; seconds: number }} Finding
 * @typedef {{ tests: readonly string[]; runs: number; limitMs: number }} Round a run that takes longer goes round in circles: that is noticed too
 * @typedef {{ passed: true } | { passed: false; by: string } | { passed: null; by: string }} Trial
 */

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CACHE = join(ROOT, ".cache", "mutants");
const MAX_WORKERS = 2;

const COPIED = [
  "package.json",
  "src",
  "test/engine",
  "test/golden",
  "test/live",
  "test/model",
  "test/mutants",
  "test/oracle",
  "test/profile",
  "test/properties",
  "tsconfig.json",
  "vitest.config.ts",
];

const ALL_TESTS = [
  "test/properties",
  "test/golden",
  "test/profile",
  "test/mutants",
  "test/model/bits.test.ts",
  "test/model/conditions.test.ts",
];

/** What plans on documents is noticed by those who compare it with what is resolved from scratch. */
const LIVE_TESTS = [
  "test/live/waiting.test.ts",
  "test/live/sequential.test.ts",
  "test/live/held.test.ts",
  "test/live/concurrent.test.ts",
  "test/live/caps.test.ts",
  "test/live/coverage.test.ts",
];

/**
 * What is tried on a mutation, in order: the tests that most likely notice it, then all of them, then all for longer.
 * @param {string} file
 * @returns {readonly Round[]}
 */
function roundsOf(file) {
  if (file.startsWith("src/resolve/plan/"))
    return [
      { tests: LIVE_TESTS.slice(0, 3), runs: 300, limitMs: 120_000 },
      { tests: LIVE_TESTS, runs: 1_000, limitMs: 300_000 },
    ];
  const likely = file.startsWith("src/profile/")
    ? ["test/profile"]
    : [
        "test/properties/oracle.test.ts",
        "test/properties/counterexamples.test.ts",
        "test/mutants",
        "test/model/bits.test.ts",
        "test/model/conditions.test.ts",
      ];
  return [
    { tests: likely, runs: 300, limitMs: 60_000 },
    { tests: ALL_TESTS, runs: 300, limitMs: 300_000 },
    { tests: ALL_TESTS, runs: 2_000, limitMs: 600_000 },
  ];
}

/**
 * @param {number} worker
 * @returns {string} a fresh copy of what is tested and of the tests
 */
function copyTree(worker) {
  const tree = join(CACHE, String(worker));
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(join(tree, "test"), { recursive: true });
  for (const path of COPIED) cpSync(join(ROOT, path), join(tree, path), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"), "dir");
  return tree;
}

/**
 * @param {string} text
 * @param {Mutation} mutation
 * @returns {string | null} the mutated text; null where the mutation does not name exactly one place
 */
function mutate(text, { find, replace }) {
  const at = text.indexOf(find);
  if (at < 0 || text.indexOf(find, at + 1) >= 0) return null;
  return text.slice(0, at) + replace + text.slice(at + find.length);
}

/**
 * @param {string} text
 * @returns {boolean} whether the text parses; one that does not would be noticed by anything
 */
function parses(text) {
  const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true });
  return diagnostics.length === 0;
}

/**
 * @param {string} tree
 * @param {Round} round
 * @returns {Promise<Trial>}
 */
function tryTests(tree, { tests, runs, limitMs }) {
  const report = join(tree, "report.json");
  rmSync(report, { force: true });
  // Threads end with their process: a test that never ends leaves nothing behind.
  const options = [
    "--bail=1",
    "--pool=threads",
    "--maxWorkers=1",
    "--no-isolate",
    "--reporter=json",
    "--outputFile=report.json",
    "--typecheck.enabled=false",
  ];
  const child = spawn(
    process.execPath,
    [join(ROOT, "node_modules", "vitest", "vitest.mjs"), "run", ...tests, ...options],
    {
      cwd: tree,
      env: { ...process.env, LEADWEAVE_RUNS: String(runs) },
      stdio: "ignore",
      timeout: limitMs,
      killSignal: "SIGKILL",
    },
  );
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) return resolve({ passed: true });
      if (signal === "SIGKILL") return resolve({ passed: false, by: `no end within ${limitMs / 1_000} s` });
      const by = failedTest(report);
      return resolve(
        by === null ? { passed: null, by: `vitest exited with ${code}` } : { passed: false, by },
      );
    });
  });
}

/**
 * @param {string} report file that vitest's JSON reporter wrote
 * @returns {string | null} the first test that failed
 */
function failedTest(report) {
  if (!existsSync(report)) return null;
  /** @type {{ testResults: { assertionResults: { status: string; fullName: string }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === "failed");
  return failed?.fullName ?? null;
}

/**
 * @param {string} tree
 * @param {Mutation} mutation
 * @returns {Promise<Finding>}
 */
async function judge(tree, mutation) {
  const started = performance.now();
  /** @type {(verdict: Verdict, by: string) => Finding} */
  const found = (verdict, by) => ({
    mutation,
    verdict,
    by,
    seconds: (performance.now() - started) / 1_000,
  });
  const path = join(tree, mutation.file);
  const original = readFileSync(path, "utf8");
  const mutated = mutate(original, mutation);
  if (mutated === null) return found("stale", "`find` does not name exactly one place");
  if (!parses(mutated)) return found("broken", "the mutated file does not parse");
  writeFileSync(path, mutated);
  try {
    for (const round of roundsOf(mutation.file)) {
      const trial = await tryTests(tree, round);
      if (trial.passed === null) return found("broken", trial.by);
      if (!trial.passed) return found("killed", trial.by);
    }
    return found("survived", "");
  } finally {
    writeFileSync(path, original);
  }
}

/** @param {readonly Finding[]} findings */
function printTable(findings) {
  const width = Math.max(...findings.map(({ mutation }) => mutation.file.length));
  for (const { mutation, verdict, by, seconds } of findings) {
    const test = by.length > 70 ? `${by.slice(0, 69)}…` : by;
    console.log(
      [
        verdict.padEnd(8),
        seconds.toFixed(0).padStart(4),
        " ",
        mutation.file.padEnd(width),
        ` ${mutation.why}`,
      ].join(" "),
    );
    if (verdict !== "survived") console.log(`${" ".repeat(18 + width)}${test}`);
    if (verdict !== "killed") console.log(`${" ".repeat(18 + width)}- ${mutation.find}`);
  }
}

async function main() {
  const started = performance.now();
  const words = process.argv.slice(2);
  /** @type {Mutation[]} */
  const listed = JSON.parse(readFileSync(join(ROOT, "test", "mutants", "mutations.json"), "utf8"));
  const chosen = listed.filter(
    ({ file, why }) => words.length === 0 || words.some((word) => file.includes(word) || why.includes(word)),
  );
  if (chosen.length === 0) {
    console.error(`No mutation is of a file, or for a reason, that contains: ${words.join(", ")}`);
    process.exitCode = 1;
    return;
  }

  const trees = Array.from({ length: Math.min(MAX_WORKERS, availableParallelism()) }, (_, worker) =>
    copyTree(worker),
  );
  // Tests that fail by themselves would notice everything.
  const sound = await tryTests(/** @type {string} */ (trees[0]), {
    tests: [...new Set(chosen.flatMap(({ file }) => roundsOf(file).flatMap(({ tests }) => tests)))],
    runs: 300,
    limitMs: 600_000,
  });
  if (!sound.passed) {
    console.error(`The tests fail without any mutation: ${sound.by}`);
    process.exitCode = 1;
    return;
  }

  /** @type {Finding[]} */
  const findings = [];
  let next = 0;
  await Promise.all(
    trees.map(async (tree) => {
      for (let index = next++; index < chosen.length; index = next++) {
        const finding = await judge(tree, /** @type {Mutation} */ (chosen[index]));
        findings[index] = finding;
        if (process.stderr.isTTY) process.stderr.write(finding.verdict === "killed" ? "." : "!");
        // Whoever has to stop early knows by then what was not noticed.
        if (finding.verdict !== "killed")
          console.log(`${finding.verdict}: ${finding.mutation.file}: ${finding.mutation.why}`);
      }
    }),
  );
  if (process.stderr.isTTY) process.stderr.write("\n");
  rmSync(CACHE, { recursive: true, force: true });

  printTable(findings);
  const killed = findings.filter(({ verdict }) => verdict === "killed").length;
  const minutes = (performance.now() - started) / 60_000;
  console.log(`mutants: ${killed} of ${findings.length} killed in ${minutes.toFixed(1)} minutes`);
  if (killed < findings.length) process.exitCode = 1;
}

await main();
