import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setUpOf } from "../../src/bench/benchmarks/set-up";
import { everyBenchmark, isOnlyByName } from "../../src/bench/every-benchmark";
import { trainingProcess } from "../../src/bench/training-benchmark";
import { trainingSteps } from "../../src/bench/training-steps";
import { addBench } from "../../src/cli/bench";
import { selectByName } from "../../src/cli/select-by-name";
import { temporaryFolder } from "../support/temporary-folder";
import { printedBy } from "./run-command";

describe("the benchmarks", () => {
  it("have the names of their files, and judge ratios only where there is a peer", () => {
    for (const { name, measures, needs, warmUps } of everyBenchmark) {
      const family = /^(training-.*|w2-\d+)$/.test(name)
        ? "training"
        : name.replace(/^(wscrl|sweep|reasoners)-.*/, "$1");
      const [experiment] = /^(boolean|citris)-(?!generation)/.exec(name)?.slice(1) ?? [];
      const file = experiment ? `${experiment}-training` : family;
      assert.ok(existsSync(join(__dirname, "..", "..", "src", "bench", "benchmarks", `${file}.ts`)), name);
      const keys = measures.map(({ key }) => key);
      assert.ok(keys[0] && new Set(keys).size === keys.length, `${name} measures ${keys.join(", ")}`);
      for (const { target, peer } of measures) {
        if (needs) assert.ok(peer, `${name} needs Python for its peer`);
        if (target && "ratioAtMost" in target) assert.ok(peer);
        if (peer) assert.ok(warmUps > 0);
      }
    }
  });

  it("run when named, and by default all but those that take minutes or torch", () => {
    const names = (wanted: string[]) =>
      selectByName("benchmark", everyBenchmark, wanted, (benchmark) => !isOnlyByName(benchmark)).map(
        ({ name }) => name,
      );
    assert.deepEqual(names([]), ["stats", "npz", "kernel", "report"]);
    assert.deepEqual(names(["set-up", "stats"]), ["stats", "set-up"]);
    assert.deepEqual(names(["w2"]), ["w2-16", "w2-64", "w2-data"]);
    assert.throws(() => names(["statz"]), /did you mean "stats"/);
    assert.equal(isOnlyByName({ ...everyBenchmark[0], needs: "torch" }), true);
  });

  it("of training steps have one that runs, in a process of its own, and a peer", async () => {
    for (const { name } of everyBenchmark) {
      const [, step] = /^training-(.+)$/.exec(name) ?? [];
      if (step) assert.equal(typeof trainingSteps[step], "function", name);
    }
    const process = trainingProcess("mlp", "compiled");
    const first = await process.ask<{ seconds: number; memory: number }>({ steps: 2 });
    assert.ok(first.seconds > 0 && first.memory > 5e7, JSON.stringify(first));
    assert.ok((await process.ask<{ rate: number }>({ peak: true })).rate > 1e8);
    await process.close();
  });

  it("are listed by dolab bench --list", async (t) => {
    const list = await printedBy(t, addBench, ["bench", "--list"]);
    for (const { name } of everyBenchmark) assert.match(list, new RegExp(`^${name} `, "m"));
    assert.match(list, /^set-up .*only when named/m);
  });
});

describe("setUpOf()", () => {
  it("sets a fresh clone up and counts the space it took, the clone itself left out", async () => {
    const repository = temporaryFolder();
    const script = join(repository, "src", "environment", "run.mjs");
    mkdirSync(join(repository, "src", "environment"), { recursive: true });
    writeFileSync(join(repository, "large"), Buffer.alloc(3e6));
    writeFileSync(
      script,
      `import fs from "node:fs"; fs.mkdirSync(".venv"); fs.writeFileSync(".venv/made", Buffer.alloc(2 ** 20, 1)); fs.writeFileSync(${JSON.stringify(join(repository, "told"))}, process.cwd() + " " + process.argv[2]);`,
    );
    const git = (...args: string[]) => execFileSync("git", args, { cwd: repository, stdio: "ignore" });
    git("init");
    git("add", ".");
    git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-m", "first");
    const { values } = await setUpOf(repository).turn(1);
    const benchmark = everyBenchmark.find(({ name }) => name === "set-up");
    assert.deepEqual(Object.keys(values).sort(), benchmark?.measures.map(({ key }) => key).sort());
    assert.ok(values.time > 0);
    assert.ok(values.bytes >= 2 ** 20 && values.bytes < 2 ** 20 + 2e5, `${values.bytes} bytes`);
    const [folder, job] = readFileSync(join(repository, "told"), "utf8").split(" ");
    assert.equal(job, "set-up");
    assert.notEqual(folder, repository);
    assert.ok(!existsSync(folder), "the clone is gone");
  });
});
