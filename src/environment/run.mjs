// The one door behind every npm script: sets up what is missing, then does the job.
//   node src/environment/run.mjs start | test | lab | doctor | check | bench | validate | set-up   [arguments of the job]
import { spawn } from "node:child_process";
import fs from "node:fs";
import { availableParallelism } from "node:os";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { say } from "./console.mjs";
import { inProject, loadsTypeScript, projectRoot } from "./paths.mjs";
import { setUp } from "./set-up.mjs";
import { testGroups } from "./test-groups.mjs";

/** @type {Record<string, (args: string[]) => Promise<number>>} */
const jobs = {
  start: (args) => run([dolab, "report", "--all", ...args]),
  lab: (args) => run([dolab, "lab", ...args]),
  doctor: (args) => run([dolab, "doctor", ...args]),
  test: (args) => run([...testing, ...reporting, ...(args.length ? testFiles(args) : everyTest())]),
  check,
  bench: (args) => run([dolab, "bench", ...args]),
  validate: (args) => run([dolab, "validate", ...args]),
  "set-up": async () => {
    say("Everything is set up. Next: npm start, npm run lab, npm test or npm run doctor");
    return 0;
  },
};

const dolab = inProject("src", "cli", "dolab.mjs");

/**
 * Two processes more than there are cores, as kernels and browsers keep them waiting for half of their time. A test that edits sources or takes links away
 * does so in a copy (test/support/project-copy.ts).
 */
const testing = [
  "--conditions=dolab-source",
  ...loadsTypeScript,
  "--test",
  `--test-concurrency=${availableParallelism() + 2}`,
];
const reporting = [
  `--test-reporter=${pathToFileURL(inProject("src", "environment", "test-reporter.mjs"))}`,
  "--test-reporter-destination=stdout",
];

/** @param {string[]} args parts of test files' paths; none means every test */
function testFiles(args) {
  const files = fs
    .readdirSync(inProject("test"), { recursive: true, encoding: "utf8" })
    .filter(
      (file) => file.endsWith(".test.ts") && (args.length === 0 || args.some((part) => file.includes(part))),
    )
    .sort()
    .map((file) => inProject("test", file));
  if (files.length === 0)
    throw new Error(`Cannot run tests as no test file's path contains: ${args.join(", ")}`);
  return files;
}

const everyTest = () => testGroups(testFiles([]));

/** @param {string[]} args @returns {Promise<number>} the exit code of node with these arguments */
function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: projectRoot, stdio: "inherit" });
    const pass = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.on("SIGINT", () => {}).on("SIGTERM", pass); // the terminal itself interrupts the child
    child.on("error", reject).on("close", (code, signal) => resolve(signal ? 130 : (code ?? 1)));
  });
}

/** The gate: format and lint, types under both compilers, tests. */
async function check() {
  const bin = (/** @type {string[]} */ ...parts) => inProject("node_modules", ...parts);
  const steps = [
    {
      name: "format and lint",
      args: [bin("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."],
    },
    { name: "types", args: [bin("typescript", "bin", "tsc"), "-p", "."] },
    { name: "types of the pages", args: [bin("typescript", "bin", "tsc"), "-p", "tsconfig.pages.json"] },
    {
      name: "types of the set-up",
      args: [bin("typescript", "bin", "tsc"), "-p", "tsconfig.environment.json"],
    },
    {
      name: "types under the notebook's compiler",
      args: [bin("@tslab", "typescript-for-tslab", "bin", "tsc"), "-p", "tsconfig.tslab.json"],
    },
    { name: "tests", args: [...testing, "--test-reporter=dot", ...everyTest()] },
  ];
  for (const { name, args } of steps) {
    say(`check: ${name}`);
    const code = await run(args);
    if (code !== 0) return code;
  }
  return 0;
}

const [job = "", ...rest] = process.argv.slice(2);
try {
  if (!jobs[job]) throw new Error(`Cannot run "${job}": the jobs are ${Object.keys(jobs).join(", ")}`);
  await setUp();
  process.exitCode = await jobs[job](rest);
} catch (error) {
  say(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
