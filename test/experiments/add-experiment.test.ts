// README's "How to add an experiment", followed to the letter in a copy of the project.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { before, describe, it } from "node:test";
import { inProject } from "../../src/environment/paths.mjs";
import { temporaryFolder } from "../support/temporary-folder";

const folder = temporaryFolder();
const readme = readFileSync(inProject("README.md"), "utf8");
const declaration = /## How to add an experiment[\s\S]*?```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";

before(() => {
  for (const name of ["src", "package.json", "tsconfig.json"])
    cpSync(inProject(name), join(folder, name), { recursive: true });
  for (const name of ["node_modules", "dist"]) symlinkSync(inProject(name), join(folder, name), "junction");
  mkdirSync(join(folder, "src", "experiments", "darts"));
  writeFileSync(join(folder, "src", "experiments", "darts", "experiment.ts"), declaration);
  const registry = join(folder, "src", "experiments", "registry.ts");
  const text = readFileSync(registry, "utf8");
  writeFileSync(
    registry,
    `import { darts } from "./darts/experiment";\n${text.replace("experiments: readonly Experiment[] = [", "$&darts, ")}`,
  );
});

function dolab(...args: string[]) {
  const command = [join(folder, "src", "cli", "dolab.mjs"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("an experiment added as README says", () => {
  it("lists its units, does one of them, and then the others in processes", () => {
    const run = ["darts", "run", "--preset", "smoke", "--out", "results"];
    const listed = dolab(...run, "--list-units");
    assert.deepEqual(
      JSON.parse(listed.stdout).map(({ key }: { key: string }) => key),
      ["seed-0", "seed-1", "seed-2"],
      listed.stderr,
    );
    assert.equal(dolab(...run, "--unit", "seed-1").status, 0);
    const { status, stdout, stderr } = dolab(...run, "--processes", "2");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^data: darts of a seeded generator\nπ is 3\.\d{4} by 3 seeds\n/);
    assert.match(
      stdout,
      /(SHOWN|TOLD HERE): Darts find π to within 0\.1\. Found: \d\.\d{3} to \d\.\d{3}; published: 3\.14159/,
    );
    assert.match(stdout, /[01] of 1 claims shown\n/);
    assert.match(readFileSync(join(folder, "results", "pi.csv"), "utf8"), /^0,[\d.]+\n1,[\d.]+\n2,[\d.]+\n$/);
  });

  it("names the nearest key for one that it does not have", () => {
    const { status, stderr } = dolab("darts", "run", "--set", "dart=5", "--out", "elsewhere");
    assert.equal(status, 1);
    assert.match(stderr, /Cannot configure darts as it has no such key: got "dart" \(nearest: "darts"\)/);
  });

  it("reports what is saved, and resumes what is not done", () => {
    assert.match(dolab("darts", "report", "results").stdout, /π is 3\.\d{4} by 3 seeds/);
    assert.match(dolab("darts", "resume", "results").stdout, /π is 3\.\d{4} by 3 seeds/);
  });
});
