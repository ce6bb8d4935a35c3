import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync, realpathSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { inProject } from "../../src/environment/paths.mjs";
import { projectCopy } from "../support/project-copy";

const project = projectCopy(); // one of the tests takes links away
const inCopy = (...parts: string[]) => join(project.root, ...parts);
const run = (root: string, job: string, options: readonly string[] = []) =>
  spawnSync(process.execPath, [...options, join(root, "src", "environment", "run.mjs"), job], {
    encoding: "utf8",
  });

/** Makes a program of Node.js print the seconds of processor time that it took. */
const timed = `--import=data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => { const { user, system } = process.cpuUsage(); console.log((user + system) / 1e6); });",
)}`;

describe("set-up", () => {
  it("does nothing again where all is done, in less than three seconds of processor time", () => {
    const log = () => statSync(inProject(".dolab", "logs", "set-up.log"), { throwIfNoEntry: false })?.mtimeMs;
    const before = log();
    const { status, stdout, stderr } = run(inProject(), "set-up", [timed]);
    assert.equal(status, 0);
    assert.doesNotMatch(stderr, /Setting up/);
    assert.ok(Number(stdout) < 3, `${stdout} s`);
    assert.equal(log(), before, "no command was run");
  });

  it("restores the links that `npm ci` takes away: npx dolab and import from dolab mean this project", () => {
    const [bin, library] = [inCopy("node_modules", ".bin", "dolab"), inCopy("node_modules", "dolab")];
    rmSync(bin);
    rmSync(library);
    assert.equal(run(project.root, "set-up").status, 0);
    assert.equal(realpathSync(bin), realpathSync(inCopy("src", "cli", "dolab.mjs")));
    assert.equal(readlinkSync(library), "..");
    const { version } = JSON.parse(readFileSync(inCopy("package.json"), "utf8"));
    const npx = spawnSync("npx", ["dolab", "--version"], { cwd: inCopy("notebooks"), encoding: "utf8" });
    assert.equal(npx.stdout.trim(), version);
  });

  it("names the jobs for one that it does not have", () => {
    const { status, stderr } = run(inProject(), "strat");
    assert.equal(status, 1);
    assert.match(stderr, /Cannot run "strat": the jobs are start, lab, doctor, test/);
  });
});

describe("package-lock.json", () => {
  it("holds every optional package of every platform, without which npm ci refuses it", () => {
    const { packages } = JSON.parse(readFileSync(inProject("package-lock.json"), "utf8"));
    const missing = Object.values(packages as Record<string, { optionalDependencies?: object }>)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter((name) => !Object.keys(packages).some((place) => place.endsWith(join("node_modules", name))));
    assert.deepEqual(missing, []);
  });

  it("names no server", () => {
    assert.doesNotMatch(readFileSync(inProject("package-lock.json"), "utf8"), /"resolved": "http/);
  });
});
