import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadDiagnostics, readPuzzleFolder } from "../../../src/data";
import { experimentNamed, RunPausedError, reasoners, twoByTwo } from "../../../src/experiments";
import { diagnoseStage, trainStage } from "../../../src/experiments/reasoners/stages";
import { writeSafetensors } from "../../../src/io";
import { createReasoner, miniatureReasoner } from "../../../src/models";
import { createRandom } from "../../../src/random";
import { toStateDict } from "../../../src/tensor";
import { temporaryFolder } from "../../support/temporary-folder";

describe("the experiment reasoners", () => {
  const given = { preset: "smoke", testPuzzles: 20 } as const;

  it("trains, diagnoses and asks, and comes to the same after a pause", async () => {
    const folder = temporaryFolder();
    const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
    const resolved = reasoners.parameters(given);
    const loaded = await reasoners.load(resolved.configuration);
    const run = await reasoners.run(resolved, loaded, { folder: whole });
    const [one] = run.findings;
    assert.equal(one.thoughts.length, 2);
    assert.equal(one.row.further?.runOn.right.length, 20);
    assert.equal(one.row.further?.restarts.length, 2);
    assert.equal(one.row.further?.kicks.kicks.length, 6);
    assert.ok(one.row.further?.swap.from.every((from, puzzle) => from !== puzzle));

    const controller = new AbortController();
    const progress = () => ({
      update(done: number) {
        if (done >= 5) controller.abort();
      },
      finish() {},
      fail() {},
    });
    const paused = reasoners.run(resolved, loaded, { folder: parts, progress, signal: controller.signal });
    await assert.rejects(paused, (error) => error instanceof RunPausedError);
    const resumed = await reasoners.run(resolved, loaded, { folder: parts });
    assert.deepEqual(resumed.rows, run.rows);

    const diagnostics = join(whole, "diagnostics");
    const names = readdirSync(diagnostics).filter((name) => name.startsWith("diag_"));
    assert.deepEqual(names, ["diag_trm_seed0_step_12_20.npz", "diag_trm_seed0_step_4_20.npz"]);
    const { samples, steps, exponents } = loadDiagnostics(join(diagnostics, names[0]));
    assert.deepEqual([samples, steps, exponents], [20, 8, 2]);
    const { primary, series, absent } = twoByTwo.documentFiles(diagnostics);
    assert.deepEqual(
      primary.map(({ tag }) => tag),
      ["trm_seed0_step4_n20", "trm_seed0_step12_n20"],
    );
    const staged = join(folder, "staged");
    await assert.rejects(() => diagnoseStage(staged), /no such folder/);
    assert.equal(await trainStage(resolved, staged, { signal: AbortSignal.abort() }), undefined);
    await assert.rejects(
      () => diagnoseStage(staged),
      /trm-0 must have taken 12 steps: got 0; "dolab reasoners train/,
    );
    const kept = await trainStage(resolved, staged);
    assert.deepEqual(
      kept?.map(({ step, role }) => `${step} ${role}`),
      ["4 early", "12 chosen"],
    );
    for (const name of await diagnoseStage(staged))
      assert.deepEqual(readFileSync(join(staged, name)), readFileSync(join(diagnostics, name)));
    const weights = kept![1].weights;
    const other = createReasoner(miniatureReasoner("trm", { channels: 12 }), { rng: createRandom(1) });
    writeSafetensors(weights, toStateDict(other.parameters));
    await assert.rejects(() => diagnoseStage(staged), /H_init.*\[8\].*\[12\]/s);
    assert.deepEqual(
      series.filter(({ files }) => files.length > 0).map(({ tag }) => tag),
      ["trm_seed0"],
    );
    assert.deepEqual(absent, []);
    for (const { verdict } of reasoners.claims(run)) assert.notEqual(verdict, "shown"); // nothing is learned in 12 steps
    assert.ok(existsSync(join(whole, "further-thought.csv")));
  });

  it("shows files or the generator instead of training, and says so", async () => {
    const folder = temporaryFolder();
    const resolved = reasoners.parameters({ ...given, data: "synthetic" });
    const loaded = await reasoners.load(resolved.configuration);
    assert.equal(loaded.synthetic, true);
    const run = await reasoners.run(resolved, loaded, { folder: join(folder, "run") });
    assert.equal(run.findings.length, 0);
    assert.ok(run.diagnosed.primary.length > 0);
    await assert.rejects(
      async () => reasoners.load(reasoners.parameters({ ...given, data: "/nowhere" }).configuration),
      /no such folder/,
    );
  });

  it("deals all grids out, no grid to two sets", () => {
    const { configuration } = reasoners.parameters(given);
    const { train, test } = reasoners.sudokuSets(configuration);
    const grids = ({ labels, count }: typeof train) =>
      new Set(Array.from({ length: count }, (_, i) => labels.subarray(16 * i, 16 * (i + 1)).join()));
    for (const grid of grids(test)) assert.ok(!grids(train).has(grid));
  });

  it("is known by its name", () => {
    assert.equal(experimentNamed("reasoners").notebook, "two-by-two");
    assert.throws(() => reasoners.parameters({ trmStep: 3 } as never), /nearest: "trmSteps"/);
    assert.throws(() => readPuzzleFolder("/nowhere", "train"), /must hold the set "train"/);
  });
});
