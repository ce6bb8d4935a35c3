import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { inProject } from "../../../src/environment/paths.mjs";
import { citris, RunPausedError, resolveConfiguration, runExperiment } from "../../../src/experiments";
import type { CitrisConfiguration } from "../../../src/experiments/citris";
import { citrisSource } from "../../../src/experiments/citris/configuration";
import { citris as experiment } from "../../../src/experiments/citris/experiment";
import type { Measured } from "../../../src/experiments/citris/measures/measure-latents";
import type { CitrisRow } from "../../../src/experiments/citris/training/train-seed";
import { targetCautions } from "../../../src/models/citris";
import { startBackend } from "../../../src/tensor";
import { temporaryFolder } from "../../support/temporary-folder";

const tiny: Partial<CitrisConfiguration> = {
  preset: "smoke",
  channels: 2,
  latents: 4,
  frames: 200,
  heldOut: 100,
  triplets: 5,
  autoencoderSteps: 6,
  flowSteps: 8,
  causalEncoderSteps: 0,
  control: false,
  vaeSteps: 0,
  betaVaeSteps: 2,
  readerEpochs: 1,
};

/** Runs the command line until the folder of a stage is there, and kills it as no program can prevent. */
async function runUntilKilled(t: TestContext, folder: string, stage: string): Promise<void> {
  const set = Object.entries(tiny).flatMap(([key, value]) =>
    key === "preset" ? [] : ["--set", `${key}=${value}`],
  );
  const command = ["citris", "run", "--preset", "smoke", "--no-figures", "--out", folder, ...set];
  const child = spawn(process.execPath, [inProject("src", "cli", "dolab.mjs"), ...command], {
    stdio: "ignore",
  });
  t.after(() => child.kill("SIGKILL"));
  const ended = once(child, "exit");
  while (!existsSync(join(folder, "checkpoints", "seed-0", stage)) && child.exitCode === null)
    await delay(20);
  child.kill("SIGKILL");
  await ended;
  assert.equal(child.signalCode, "SIGKILL", `it ended by itself (${child.exitCode}) before it was killed`);
}

describe("the CITRIS experiment", () => {
  it("ends bit for bit as an uninterrupted run where it was killed in a stage, and then paused in another", async (t) => {
    if ((await startBackend()).name !== "tensorflow") return t.skip("NOT TESTED: no gradient for filters");
    const resolved = resolveConfiguration(citrisSource, tiny) as never;
    const data = await citris.load((resolved as { configuration: CitrisConfiguration }).configuration);
    const folders = [0, 1].map(() => temporaryFolder(t));
    await runUntilKilled(t, folders[1], "flow-1"); // first, as the runs below keep this process busy
    const whole = await runExperiment(experiment, resolved, data.data as never, { folder: folders[0] });
    const controller = new AbortController();
    const progress = () => ({
      update: (done: number) => {
        if (done >= 12) controller.abort(); // within the flow that goes on
      },
      finish() {},
      fail() {},
    });
    const paused = runExperiment(experiment, resolved, data.data as never, {
      folder: folders[1],
      progress,
      signal: controller.signal,
    });
    await assert.rejects(paused, RunPausedError);
    const without = ({ seconds: _, ...row }: CitrisRow) => row;
    const run = await runExperiment(experiment, resolved, data.data as never, { folder: folders[1] });
    assert.deepEqual(run.rows.map(without), whole.rows.map(without));
    const models = folders.map((folder) => readFileSync(join(folder, "models", "seed-0.safetensors")));
    assert.ok(models[0].equals(models[1]));
    for (const name of ["r2.csv", "spearman.csv", "triplets.csv", "citris.json"])
      assert.ok(existsSync(join(folders[0], name)), name);

    const model = citris.loadSceneModel(folders[0], whole.configuration, 0);
    const frames = data.data?.training.images.subarray(0, 3 * 32 * 32 * 3) as Uint8Array;
    const latents = citris.latentsOf(model, frames);
    assert.equal(latents.length, 12);
    assert.equal(citris.framesOf(model, latents).length, frames.length);
    assert.throws(
      () => citris.loadSceneModel(folders[0], whole.configuration, 7),
      /model of seed 7 as the run in .* has seeds 0 to 0/,
    );
    const wider = { ...whole.configuration, latents: 5 };
    assert.throws(
      () => citris.loadSceneModel(folders[0], wider, 0),
      /seed-0\.safetensors as it must be a model as the config\.json .*must be of shape/,
    );
    assert.throws(() => citris.latentsOf(model, frames.subarray(1)), /32 x 32 x 3/);
    assert.throws(() => citris.predictTriplets(model, frames, [1, 0]), /5 columns, or 6 .*: got 2/);
  });
});

describe("scenes of which a factor is never intervened upon", () => {
  const scenes = (untouched: string) =>
    citris.loadScenes(
      resolveConfiguration(citrisSource, { ...tiny, untouched })
        .configuration as unknown as CitrisConfiguration,
    );

  it("are named as such, and other names are refused", () => {
    const { cautions, dataSource, training, factors } = scenes("rotation, spotlight");
    assert.equal(cautions.length, 2);
    assert.match(cautions[0], /rotation is never intervened upon, in 199 steps: .* cannot be identified/);
    assert.ok(dataSource.includes(cautions[1]));
    const done = factors.map((_, i) =>
      training.targets.filter((_, at) => at % factors.length === i).some(Boolean),
    );
    assert.deepEqual(done, [true, false, false, true, true]);
    assert.deepEqual(scenes("").cautions, []);
    assert.throws(() => scenes("colour"), /the scene has position, .*: got "colour"/);
  });

  it("are told from targets that never differ, and targets that are not 0 or 1 are refused", () => {
    const [together] = targetCautions([1, 1, 0, 0, 1, 1], ["place", "box"]);
    assert.match(together, /place and box .*identified together, and not apart/);
    assert.match(targetCautions([1, 1, 1, 0], ["place", "box"])[0], /place is intervened upon at every step/);
    assert.throws(() => targetCautions([0, 2], ["place", "box"]), /must be 0 or 1: got 2 for box at step 0/);
    assert.throws(
      () => targetCautions([0, 1, 0], ["place", "box"]),
      /each step must have 2 .*: got 3 in all/,
    );
  });
});

/** A row whose latents tell their factors by so much. */
function rowOf(own: number, other: number, shuffled?: number): CitrisRow {
  const measured = (diagonal: number): Measured => {
    const r2 = [0, 1, 2].map((set) => [0, 1].map((factor) => (set === factor ? diagonal : other)));
    return { assignment: [0, 1], r2, spearman: r2, diag: diagonal, sep: other };
  };
  return {
    seed: 0,
    seconds: 1,
    readout: [1, 1],
    reconstruction: 0,
    attempts: [],
    curves: [],
    citris: measured(own),
    untrained: measured(0.2),
    components: measured(0.3),
    ...(shuffled === undefined ? {} : { shuffled: measured(shuffled) }),
  };
}

describe("claims of CITRIS", () => {
  const factorNames = ["position", "rotation"];
  const verdicts = (...rows: CitrisRow[]) =>
    citris.claims({ rows, factorNames }).map(({ verdict }) => verdict);

  it("are shown by a run that identifies its factors, and not by one that does not", () => {
    assert.deepEqual(new Set(verdicts(rowOf(0.95, 0.05, 0.3))), new Set(["shown"]));
    assert.equal(verdicts(rowOf(0.95, 0.05, 0.3)).length, 6);
    const failed = citris.claims({ rows: [rowOf(0.1, 0.05)], factorNames });
    assert.ok(failed.every(({ verdict }) => verdict !== "shown"));
    assert.equal(failed.length, 5); // no control, no claim about it
    assert.match(failed[3].why ?? "", /tell little of their own/);
  });

  it("cannot be told of a factor that is never intervened upon", () => {
    const configuration = { untouched: "rotation" };
    const [position, rotation] = citris.claims({ rows: [rowOf(0.95, 0.05)], factorNames, configuration });
    assert.deepEqual([position.verdict, rotation.verdict], ["shown", "cannot be told here"]);
    assert.match(rotation.why ?? "", /Nothing is ever done to rotation/);
  });

  it("cannot be told where seeds differ", () => {
    const [first] = citris.claims({ rows: [rowOf(0.95, 0.05), rowOf(0.5, 0.05)], factorNames });
    assert.deepEqual([first.verdict, first.why], ["cannot be told here", "It holds for 1 of 2 seeds"]);
  });
});

describe("tables of CITRIS", () => {
  it("have a line a seed and model", () => {
    const run = { rows: [rowOf(0.9, 0.1, 0.3)], factorNames: ["position", "rotation"] };
    assert.equal(citris.factorTable(run).length, 5);
    assert.deepEqual(citris.matrixTable(run, run.rows[0].citris.r2)[2], {
      "latents of": "ψ₀",
      position: 0.1,
      rotation: 0.1,
    });
    assert.deepEqual(citris.assignmentTable(run), [{ seed: 0, position: 1, rotation: 1, "ψ₀": 0 }]);
    assert.equal(citris.matrixFigure(run).data.length, 2);
    assert.throws(() => citris.matrixFigure(run, { seed: 3 }), /seed 3 as the run has seeds 0/);
  });
});
