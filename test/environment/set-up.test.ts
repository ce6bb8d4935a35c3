import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { inProject } from "../../src/environment/paths.mjs";

const setUp = (job = "set-up") =>
  spawnSync(process.execPath, [inProject("src", "environment", "run.mjs"), job], { encoding: "utf8" });

describe("set-up", () => {
  it("does nothing again where all is done, in less than three seconds", () => {
    const started = Date.now();
    const { status, stderr } = setUp();
    assert.equal(status, 0);
    assert.doesNotMatch(stderr, /Setting up/);
    assert.ok(Date.now() - started < 3000, `${Date.now() - started} ms`);
  });

  it("restores the links that `npm ci` takes away: npx dolab and import from dolab mean this project", () => {
    const [bin, library] = [inProject("node_modules", ".bin", "dolab"), inProject("node_modules", "dolab")];
    rmSync(bin);
    rmSync(library);
    assert.equal(setUp().status, 0);
    assert.equal(realpathSync(bin), realpathSync(inProject("src", "cli", "dolab.mjs")));
    assert.equal(readlinkSync(library), "..");
    const { version } = JSON.parse(readFileSync(inProject("package.json"), "utf8"));
    const npx = spawnSync("npx", ["dolab", "--version"], { cwd: inProject("notebooks"), encoding: "utf8" });
    assert.equal(npx.stdout.trim(), version);
  });

  it("names the jobs for one that it does not have", () => {
    const { status, stderr } = setUp("strat");
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
