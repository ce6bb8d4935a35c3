import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { w2 } from "../../../src/experiments";
import { boundaryPhase } from "../../../src/experiments/w2/training/phases";
import { phasesOf } from "../../../src/experiments/w2/training/seed-plan";

const file = join(__dirname, "..", "..", "fixtures", "seed000", "seeds.json");
const { lr } = JSON.parse(readFileSync(file, "utf8"));
const { configuration: paper } = w2.parameters({ preset: "paper" });

describe("phasesOf()", () => {
  const phases = phasesOf(paper, 1);
  const named = (name: string) => phases.find((phase) => phase.name === name) as w2.Phase;

  it("has the document's phases, seeds and epochs at preset paper", () => {
    assert.deepEqual(
      phases.slice(0, 8).map(({ name, seed, epochs }) => [name, seed, epochs]),
      [
        ["ordered", 1, 50],
        ["collapse", 101, 80],
        ["intervention-0.4-from-ordered", 541, 30],
        ["intervention-0.4-from-collapse", 541, 30],
        ["intervention-0.5-from-ordered", 551, 30],
        ["intervention-0.5-from-collapse", 551, 30],
        ["intervention-0.55-from-ordered", 556, 30],
        ["intervention-0.55-from-collapse", 556, 30],
      ],
    );
  });

  it("has the document's learning rates", () => {
    for (const name of ["ordered", "collapse"] as const) {
      assert.equal(named(name).epochs, lr[name].epochs);
      for (const [epoch, rate] of Object.entries<number>(lr[name].lr_at))
        assert.ok(Math.abs(named(name).learningRate(Number(epoch)) / rate - 1) < 1e-12);
    }
    assert.equal(named("intervention-0.5-from-ordered").learningRate(29), lr.intervention);
  });

  it("gives the control arm the ordered branch's epochs and learning rates, at the target's λ throughout", () => {
    const control = named("control-0.5");
    const [before, after] = [named("ordered"), named("intervention-0.5-from-ordered")];
    assert.equal(control.epochs, before.epochs + after.epochs);
    for (let epoch = 0; epoch < control.epochs; epoch++) {
      const rate = epoch < 50 ? before.learningRate(epoch) : after.learningRate(epoch - 50);
      assert.equal(control.learningRate(epoch), rate);
      assert.equal(control.lambda(epoch), 0.5);
    }
  });

  it("sweeps λ up and down again from the ordered checkpoint, down and up from the other", () => {
    const sweeps = phasesOf({ ...paper, hysteresis: [0.6, 0.35, 0.5], hysteresisEpochs: 2 }, 0).slice(-2);
    assert.deepEqual(
      sweeps.map(({ lambda, epochs }) => Array.from({ length: epochs }, (_, epoch) => lambda(epoch))),
      [
        [0.35, 0.35, 0.5, 0.5, 0.6, 0.6, 0.5, 0.5, 0.35, 0.35],
        [0.6, 0.6, 0.5, 0.5, 0.35, 0.35, 0.5, 0.5, 0.6, 0.6],
      ],
    );
  });

  it("gives control and sweep to the first seeds alone where armSeeds says so, the boundary's schedule in proportion", () => {
    const some = { ...paper, armSeeds: 1, hysteresis: [0.5], boundaryEpochs: 10 };
    const kinds = (seed: number) => new Set(phasesOf(some, seed).map(({ kind }) => kind));
    assert.deepEqual(kinds(0), new Set(["checkpoint", "intervention", "control", "sweep"]));
    assert.deepEqual(kinds(1), new Set(["checkpoint", "intervention"]));
    const { learningRate, lambda, epochs } = boundaryPhase(some, 0, 0.45); // milestones 30 and 40 of 50 epochs
    assert.equal(epochs, 10);
    const rates = [0, 5, 6, 7, 8, 9].map((epoch) => learningRate(epoch).toFixed(4));
    assert.deepEqual(rates, ["0.1000", "0.1000", "0.0100", "0.0100", "0.0010", "0.0010"]);
    assert.equal(lambda(9), 0.45);
  });

  it("asks lifetime, escapes and speed of the first seed alone", () => {
    const all = { ...paper, hysteresis: [0.5], speedHolds: [1], lifetimeEpochs: 7, escapeEpochs: 3 };
    const arms = (seed: number) =>
      phasesOf(all, seed)
        .filter(({ kind }) => ["speed", "lifetime", "dead", "escape"].includes(kind))
        .map(({ name, lambda, learningRate, epochs }) => [
          name,
          lambda(0),
          learningRate(0).toPrecision(2),
          epochs,
        ]);
    assert.deepEqual(arms(0), [
      ["speed-1-from-ordered", 0.5, "0.0010", 1],
      ["lifetime-from-ordered", 0.54, "0.0010", 7],
      ["dead", 0.6, "0.40", 3],
      ["escape-lambda-0", 0, "0.0010", 3],
      ["escape-lambda-0.2", 0.2, "0.0010", 3],
      ["escape-rate", 0.6, "0.010", 3],
      ["escape-both", 0.2, "0.010", 3],
    ]);
    assert.deepEqual(arms(1), []);
  });

  it("stays at a single λ once, from either end", () => {
    const sweeps = phasesOf({ ...paper, hysteresis: [0.5], hysteresisEpochs: 2 }, 0).slice(-2);
    assert.deepEqual(
      sweeps.map(({ epochs, lambda }) => [epochs, lambda(1)]),
      [
        [2, 0.5],
        [2, 0.5],
      ],
    );
  });
});

describe("parameters()", () => {
  it("has the document's numbers at preset paper", () => {
    assert.equal(paper.noiseDraws, "numpy");
    const { batchSize, learningRate, refreshEvery, noiseRate, width, images, evaluateEvery, data } = paper;
    assert.deepEqual(
      [batchSize, learningRate, refreshEvery, noiseRate, width, images, evaluateEvery, data],
      [256, 0.1, 16, 0.4, 64, 50_000, 5, "cifar10"],
    );
    assert.deepEqual(
      [paper.targets, paper.seeds, paper.momentum, paper.weightDecay],
      [[0.4, 0.5, 0.55], 3, 0.9, 5e-4],
    );
  });

  const refusals: [string, Record<string, unknown>, RegExp][] = [
    ["a λ above 1", { orderedLambda: 1.2 }, /orderedLambda = 1\.2/],
    ["a target below 0", { targets: [0.4, -0.1] }, /targets = \[0\.4,-0\.1\] \(each λ must be from 0 to 1\)/],
    ["a target twice", { targets: [0.5, 0.5] }, /each λ may stand there once/],
    ["milestones that fall", { collapseMilestones: [60, 40] }, /milestones must rise/],
    [
      "an unknown key",
      { orderedlambda: 0.3 },
      /no such key: got "orderedlambda" \(nearest: "orderedLambda"\)/,
    ],
    ["an unknown kind of data", { data: "imagenet" }, /data = "imagenet"/],
    ["images that stand in for others unasked", { preset: "standard", data: "auto" }, /data = "auto"/],
    ["an absurd width", { width: 1e9, learningRate: "auto" }, /width = 1000000000/],
    ["a learning rate in words", { learningRate: "fast" }, /learningRate = "fast"/],
    ["a difficulty above 1", { difficulty: 1.5 }, /difficulty = 1\.5/],
  ];
  for (const [what, given, message] of refusals) {
    it(`refuses ${what}`, () => {
      assert.throws(() => w2.parameters(given as Partial<w2.W2Configuration>), {
        name: "RangeError",
        message,
      });
    });
  }
});

describe("learningRateOf()", () => {
  it("is the document's at its width, and goes with the square root of the width", () => {
    const rates = [64, 16, 4].map((width) => w2.learningRateOf({ learningRate: "auto", width }));
    assert.deepEqual(rates, [0.1, 0.05, 0.025]);
    assert.equal(w2.learningRateOf({ learningRate: 0.3, width: 16 }), 0.3);
  });

  it("is what the phases of a run train with", () => {
    const { configuration } = w2.parameters({ preset: "standard", width: 16 });
    const [ordered] = phasesOf(configuration, 0);
    assert.equal(ordered.learningRate(0), 0.05);
  });

  for (const width of [0, -8, 8.5, 257, Number.NaN])
    it(`refuses width ${width}`, () => {
      assert.throws(() => w2.learningRateOf({ learningRate: "auto", width }), {
        name: "RangeError",
        message: `Cannot choose a learning rate as the width must be a whole number from 1 to 256: got ${width}`,
      });
    });
});
