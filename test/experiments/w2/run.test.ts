import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { loadCifar10 } from "../../../src/data";
import type { ImageDataset } from "../../../src/data/image-dataset";
import { type RunOptions, w2 } from "../../../src/experiments";
import { type Classifier, createClassifier } from "../../../src/experiments/w2/training/classifier";
import { noisyLabels } from "../../../src/experiments/w2/training/noisy-labels";
import { phasesOf } from "../../../src/experiments/w2/training/seed-plan";
import { trainPhase } from "../../../src/experiments/w2/training/train-phase";
import { type ProgressReporter, parseCsv } from "../../../src/io";
import { CheckpointError } from "../../../src/train";
import { temporaryFolder } from "../../support/temporary-folder";

const folder = temporaryFolder();
const tiny: Partial<w2.W2Configuration> = {
  preset: "smoke",
  images: 32,
  testImages: 20,
  imageSide: 8,
  width: 2,
  batchSize: 16,
  learningRate: 0.1,
  orderedEpochs: 2,
  orderedMilestones: [1],
  collapseEpochs: 2,
  collapseMilestones: [1],
  targets: [0.55],
  interventionEpochs: 3,
  evaluateEvery: 2,
  control: true,
  longerTargets: [0.55],
  hysteresis: [0.6, 0.35],
  hysteresisRate: 0.5,
  speedHolds: [2],
  lifetimeEpochs: 1,
  escapeEpochs: 1,
  treeLambdas: [0.5],
  treeDepth: 2,
  treeHold: 1,
  boundary: [0.5],
  boundaryEpochs: 1,
};

/** The document's phases alone. */
const document: Partial<w2.W2Configuration> = {
  control: false,
  longerTargets: [],
  hysteresis: [],
  lifetimeEpochs: 0,
  escapeEpochs: 0,
  treeLambdas: [],
  boundary: [],
};

/** Runs the tiny experiment. @param at is told of each phase when it moves */
async function runTiny(
  place: string,
  { at, ...options }: Partial<w2.W2Configuration> & { at?: (phase: string) => void } = {},
  more: RunOptions = {},
) {
  const run = w2.parameters({ ...tiny, ...options });
  const progress: ProgressReporter = () => ({
    update: (_, facts) => at?.(String(facts?.at)),
    finish() {},
    fail() {},
  });
  return w2.run(run, await w2.load(run.configuration), { folder: place, progress, ...more });
}

/** What a run found, without what depends on the clock. */
function untimed({ results, epochs, boundary }: w2.W2Run) {
  return {
    boundary,
    results: results.map((result) => ({ ...result, time_seconds: 0, date: "" })),
    epochs: epochs.map((row) => ({ ...row, data_share: 0 })),
  };
}

/** Every file below a folder with its content. */
function contents(place: string): Record<string, string> {
  const names = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    names.map((entry) => [
      join(entry.parentPath, entry.name),
      readFileSync(join(entry.parentPath, entry.name), "latin1"),
    ]),
  );
}

const whole = join(folder, "whole");
const phases: string[] = [];
let run: w2.W2Run;
before(async () => {
  run = await runTiny(whole, {
    at: (phase) => {
      if (phases[phases.length - 1] !== phase) phases.push(phase);
    },
  });
});

describe("run()", () => {
  it("trains the phases of the document in its order, then our arms, then the boundary", () => {
    assert.deepEqual(
      phases.map((phase) => phase.replace("seed 0, ", "")),
      [
        "ordered",
        "collapse",
        "intervention 0.55 from ordered",
        "intervention 0.55 from collapse",
        "control 0.55",
        "sweep from ordered",
        "sweep from collapse",
        "longer 0.55 from ordered",
        "longer 0.55 from collapse",
        "speed 2 from ordered",
        "lifetime from ordered",
        "dead",
        "escape lambda 0",
        "escape lambda 0.2",
        "escape rate",
        "escape both",
        "tree ordered 0.5",
        "tree ordered 0.5 0.5",
        "tree collapse 0.5",
        "tree collapse 0.5 0.5",
        "boundary 0.5",
      ],
    );
  });

  it("writes the document's files, with its fields in its order", () => {
    for (const name of ["W2_checkpoint.json", "W2_results.json", "W2_summary.csv", "W2_summary.txt"])
      assert.ok(existsSync(join(whole, name)), name);
    const [result] = JSON.parse(readFileSync(join(whole, "W2_results.json"), "utf8"));
    assert.deepEqual(Object.keys(result).slice(0, 6), [
      "seed",
      "interventions",
      "ordered_init_error",
      "collapse_init_error",
      "time_seconds",
      "experiment_id",
    ]);
    assert.equal(result.experiment_id, "W2-seed00");
    const [intervention] = result.interventions;
    assert.deepEqual(Object.keys(intervention), ["target_lambda", "ordered", "collapse", "final_gap"]);
    const branch = ["source", "target_lambda", "init_error", "final_error", "trajectory"];
    assert.deepEqual(Object.keys(intervention.ordered), branch);
    // Wrong answers among the 20 test images at the ends of the trajectories, counted without the run's own errors.
    const wrongAtEnd = ({ trajectory }: w2.Branch) =>
      Math.round(20 * trajectory[trajectory.length - 1].error);
    const excess = wrongAtEnd(intervention.collapse) - wrongAtEnd(intervention.ordered);
    assert.ok(Math.abs(20 * intervention.final_gap - excess) < 1e-9, `${intervention.final_gap}`);
    assert.match(result.data_source, /^Generated textured shapes/);
  });

  it("begins each intervention with its checkpoint's weights and running statistics: the test error is the same", () => {
    const [{ interventions, ordered_init_error, collapse_init_error }] = run.results;
    assert.equal(interventions[0].ordered.init_error, ordered_init_error);
    assert.equal(interventions[0].collapse.init_error, collapse_init_error);
  });

  it("finds what each arm was asked, beside the document's fields", () => {
    const [{ longer, control, hysteresis, speed, lifetime, escapes }] = run.results;
    assert.deepEqual(
      longer.map(({ source, target_lambda }) => [source, target_lambda]),
      [
        ["ordered", 0.55],
        ["collapse", 0.55],
      ],
    );
    assert.deepEqual(
      [control, lifetime, escapes].map((stays) => stays.map(({ target_lambda }) => target_lambda)),
      [[0.55], [0.54], [0, 0.2, 0.6, 0.2]],
    );
    assert.equal(lifetime[0].init_error, run.results[0].ordered_init_error);
    assert.equal(new Set(escapes.map(({ init_error }) => init_error)).size, 1); // all begin with the same dead network
    assert.deepEqual(
      [hysteresis.map(({ points }) => points.length), speed.map(({ hold, points }) => [hold, points.length])],
      [[3, 3], [[2, 3]]],
    );
    assert.deepEqual(
      run.boundary.map(({ seed, lambda }) => [seed, lambda]),
      [[0, 0.5]],
    );
    assert.ok(run.boundary[0].error > 0 && run.boundary[0].error <= 1);
  });

  it("looks at the test error at epoch 0, every so many epochs, and at the end", () => {
    const [{ interventions, control }] = run.results;
    const epochsOf = (trajectory: w2.TrajectoryPoint[]) => trajectory.map(({ epoch }) => epoch);
    assert.deepEqual(epochsOf(interventions[0].ordered.trajectory), [0, 2, 3]);
    assert.deepEqual(epochsOf(control[0].trajectory), [0, 2, 4, 5]);
  });

  it("trains longer branches four times as long, their first epochs as those of the intervention", () => {
    const measured = (phase: string) =>
      run.epochs
        .filter((row) => row.phase === phase)
        .map(({ loss, cosine, lambda }) => [loss, cosine, lambda]);
    for (const source of ["ordered", "collapse"]) {
      const [short, long] = ["intervention", "longer"].map((kind) => measured(`${kind}-0.55-from-${source}`));
      assert.deepEqual([short.length, long.length], [3, 12]);
      assert.deepEqual(long.slice(0, 3), short);
    }
  });

  it("grows a tree from both checkpoints, of which a page can be made", () => {
    const tree = w2.lambdaTree(run);
    assert.ok(tree);
    const [{ ordered_init_error: ordered, collapse_init_error: collapse }] = run.results;
    assert.deepEqual([tree.lambdas, tree.depth, tree.hold, tree.start], [[0.5], 2, 1, { ordered, collapse }]);
    const rows = run.epochs.filter(({ kind, history }) => kind === "tree" && history === "collapse");
    const path = w2.pathAlong(tree, "collapse", [0.5, 0.5]);
    assert.deepEqual(
      path.error,
      rows.map((row) => row.test_error),
    );
    assert.deepEqual(
      path.cosine,
      rows.map(({ cosine }) => cosine),
    );
    assert.deepEqual(w2.withArm(run, "tree"), { run });
    assert.equal(w2.lambdaTree({ ...run, epochs: run.epochs.filter((row) => row !== rows[1]) }), undefined);
  });

  it("measures each epoch: λ and learning rate as planned, cosine, norms, the share of waiting", () => {
    const { columns } = parseCsv(readFileSync(join(whole, "W2_epochs.csv"), "utf8"), {});
    assert.ok(columns.includes("cosine") && columns.includes("noisy_norm") && columns.includes("clean_norm"));
    const of = (phase: string) => run.epochs.filter((row) => row.phase === phase);
    const close = (values: number[], wanted: number[]) => {
      assert.equal(values.length, wanted.length);
      for (const [i, value] of values.entries()) assert.ok(Math.abs(value - wanted[i]) < 1e-9, `${value}`);
    };
    close(
      of("ordered").map((row) => row.learning_rate),
      [0.1, 0.01],
    );
    close(
      of("control-0.55").map((row) => row.learning_rate),
      [0.1, 0.01, 0.001, 0.001, 0.001],
    );
    close(
      of("intervention-0.55-from-ordered").map((row) => row.learning_rate),
      [0.001, 0.001, 0.001],
    );
    close(
      of("sweep-from-ordered").map((row) => row.lambda),
      [0.35, 0.6, 0.35],
    );
    close(
      of("sweep-from-collapse").map((row) => row.lambda),
      [0.6, 0.35, 0.6],
    );
    close(
      of("sweep-from-collapse").map((row) => row.learning_rate),
      [0.05, 0.05, 0.05],
    );
    for (const { cosine, data_share, noisy_norm } of run.epochs)
      assert.ok(Math.abs(cosine) <= 1 && data_share > 0 && data_share < 1 && noisy_norm > 0);
    assert.ok(new Set(of("ordered").map((row) => row.clean_norm)).size === 1); // four steps: taken once, K = 16
  });

  it("trains nothing again when all is done, and the folder keeps the machine and date that made it", async () => {
    const file = join(whole, "environment.json");
    const elsewhere = readFileSync(file, "utf8").replace(
      /"(machine|device|date)": "[^"]*"/g,
      '"$1": "long ago"',
    );
    writeFileSync(file, elsewhere);
    const before = contents(whole);
    const again = await runTiny(whole, { at: () => assert.fail("a step was taken") });
    assert.deepEqual(again.results, run.results);
    assert.deepEqual([again.environment.device, again.environment.date], ["long ago", "long ago"]);
    assert.deepEqual(contents(whole), before);
  });

  it("pauses within a phase and goes on to the same results", async () => {
    const place = join(folder, "paused");
    const controller = new AbortController();
    const at = (phase: string) => {
      if (phase.includes("collapse")) controller.abort(); // after its first step, with a clean gradient kept
    };
    await assert.rejects(runTiny(place, { ...document, at }, { signal: controller.signal }), {
      name: "RunPausedError",
      message: /^Paused after \d+ of 20 steps: run this again, or "dolab w2 resume .*paused"/,
    });
    assert.ok(!existsSync(join(place, "W2_results.json")));
    const { results, epochs } = untimed(await runTiny(place, document));
    const uninterrupted = untimed(run); // its first phases are these
    assert.deepEqual(results[0].interventions, uninterrupted.results[0].interventions);
    assert.deepEqual(epochs, uninterrupted.epochs.slice(0, epochs.length));
    assert.deepEqual(epochs.length, 2 + 2 + 3 + 3);
  });

  it("refuses a folder of another configuration and changes nothing there, unless it may replace it", async () => {
    const before = contents(whole);
    await assert.rejects(
      runTiny(whole, { orderedLambda: 0.3 }),
      /Cannot write to .* another configuration:\n {2}w2: orderedLambda: 0\.35 there, 0\.3 here/,
    );
    assert.deepEqual(contents(whole), before);
  });

  it("replaces them where it may, checkpoints and all", async () => {
    const place = join(folder, "replaced");
    cpSync(whole, place, { recursive: true });
    const more = { replace: true, signal: AbortSignal.abort() };
    await assert.rejects(runTiny(place, { noiseRate: 0.1 }, more), { name: "RunPausedError" });
    assert.deepEqual(
      ["units", "checkpoints", "W2_results.json"].filter((name) => existsSync(join(place, name))),
      [],
    );
    const { configuration, results } = w2.loadRun(place);
    assert.deepEqual([configuration.noiseRate, results], [0.1, []]);
  });

  it("refuses a checkpoint of another width, naming shapes", async () => {
    const place = join(folder, "narrow");
    cpSync(join(whole, "checkpoints"), join(place, "checkpoints"), { recursive: true });
    const before = contents(place);
    await assert.rejects(runTiny(place, { width: 3 }), (error: Error) => {
      assert.ok(error instanceof CheckpointError);
      assert.match(error.message, /conv1\.weight.* \[3,3,3,2\] there, .*\[3,3,3,3\] here/);
      return true;
    });
    for (const [name, content] of Object.entries(before)) assert.equal(readFileSync(name, "latin1"), content);
  });
});

describe("what teaches", () => {
  const { configuration } = w2.parameters({
    ...tiny,
    images: 52, // four steps an epoch, of 16, 16, 16 and 4 images
    testImages: 200,
    refreshEvery: 1,
    evaluateEvery: 1,
    interventionEpochs: 1,
    targets: [1],
  });
  let classifier: Classifier;
  let images: ImageDataset;
  before(async () => {
    images = await loadCifar10({ data: "generated", trainingImages: 52, testImages: 200, seed: 0 });
    classifier = createClassifier(configuration, images);
  });
  after(() => classifier.dispose());

  /** Test errors of the ordered checkpoint and of the jump from it, epoch by epoch. */
  async function errors(lambda: number, noiseRate: number) {
    const lambdas = { orderedLambda: lambda, collapseLambda: lambda, targets: [lambda] };
    const own = { ...configuration, ...lambdas, noiseRate };
    const place = {
      folder: join(folder, `teaching-${lambda}-${noiseRate}`),
      clean: images.training.labels,
      noisy: noisyLabels(images, own, 0),
      batchSize: own.batchSize,
      config: own,
      onProgress() {},
    };
    const found: number[] = [];
    const [ordered, _, jump] = phasesOf(own, 0);
    for (const phase of [ordered, jump]) {
      const { trajectory } = await trainPhase(classifier, phase, place);
      found.push(...trajectory.map(({ error }) => error));
    }
    return found;
  }

  it("at λ = 1 are the clean labels alone: noise in the others changes no test error", async () => {
    const found = await errors(1, 0.9);
    assert.equal(found.length, 3 + 2); // before the first epoch and after each
    assert.deepEqual(found, await errors(1, 0));
  });

  it("at λ = 0 are the noisy labels alone: their noise changes the test errors", async () => {
    assert.notDeepEqual(await errors(0, 0.9), await errors(0, 0));
  });
});

describe("loadRun()", () => {
  it("shows saved results without images", async () => {
    const saved = w2.parameters({ preset: "standard", load: whole });
    const data = await w2.load(saved.configuration);
    assert.equal(data.data, undefined);
    assert.match(data.dataSource, /textured shapes.*results saved in/);
    const shown = await w2.run(saved, data);
    assert.deepEqual(untimed(shown), untimed(run));
    assert.deepEqual(shown.examples, run.examples);
    const { preset, parameters } = await w2.describe(saved, data);
    assert.deepEqual([preset, (parameters as w2.W2Configuration).width], ["smoke", 2]);
    assert.ok(w2.factTable(shown).length > 5);
  });

  it("has defaults, not what its preset says today, for keys that are newer than the folder, and says so", async () => {
    const place = join(folder, "older");
    cpSync(whole, place, { recursive: true });
    const file = join(place, "config.json");
    const { hysteresisRate: _, boundary: __, ...older } = JSON.parse(readFileSync(file, "utf8")).w2;
    writeFileSync(file, JSON.stringify({ w2: { ...older, preset: "quick" } })); // quick has its own of both
    const { configuration } = w2.loadRun(place);
    assert.deepEqual([configuration.hysteresisRate, configuration.boundary], [0.01, []]);
    assert.equal(configuration.width, 2);
    const { dataSource } = await w2.load(w2.parameters({ load: place }).configuration);
    assert.match(dataSource, /config\.json is older than hysteresisRate, boundary, for which the defaults/);
  });

  it("reads seeds, epochs and boundary from the tables where a folder keeps no units", () => {
    const place = join(folder, "tables");
    cpSync(whole, place, { recursive: true });
    rmSync(join(place, "units"), { recursive: true });
    assert.deepEqual(untimed(w2.loadRun(place)), untimed(run));
  });

  it("shows nothing of a run without a finished seed", async () => {
    const place = join(folder, "unfinished");
    cpSync(whole, place, { recursive: true });
    rmSync(join(place, "units"), { recursive: true });
    for (const name of ["W2_checkpoint.json", "W2_results.json", "W2_boundary.csv"])
      rmSync(join(place, name));
    const { configuration } = w2.parameters({ load: place });
    await assert.rejects(w2.load(configuration), {
      name: "RangeError",
      message: /^Cannot show ".*unfinished" as nothing of it is done: "dolab w2 resume .*" goes on with it$/,
    });
  });

  it("says what a folder lacks", () => {
    assert.throws(() => w2.loadRun(join(folder, "absent")), /folder of a w2 run .*: got no such folder/);
    assert.throws(() => w2.loadRun(join(whole, "checkpoints")), /got no config\.json in it/);
  });
});
