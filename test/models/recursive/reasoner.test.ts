import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor2D } from "@tensorflow/tfjs-node";
import {
  answerLogits,
  createReasoner,
  embedPuzzles,
  haltingLogits,
  initialThought,
  miniatureReasoner,
  parameterCount,
  stablemaxCrossEntropy,
  swigluWidth,
  think,
} from "../../../src/models";
import { rotaryTables } from "../../../src/models/recursive/block";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor";
import hrm from "../../fixtures/recursive/hrm_forward.json";
import trm from "../../fixtures/recursive/trm_forward.json";
import rope from "../../fixtures/recursive/trm_rope.json";
import stablemax from "../../fixtures/recursive/trm_stablemax.json";
import widths from "../../fixtures/recursive/trm_swiglu_inter.json";
import { farthest, publishedReasoner } from "./published-reasoner";

const tf = tensorflow();

describe("recursive reasoners", () => {
  before(startBackend);

  for (const [name, fixture] of [
    ["TRM", trm],
    ["HRM", hrm],
  ] as const)
    it(`think as the published ${name}, whose state dict loads as it is`, () => {
      const reasoner = publishedReasoner(fixture);
      const inputs = tf.tensor2d(fixture.inputs, undefined, "int32");
      const injection = embedPuzzles(reasoner, inputs);
      let state = initialThought(reasoner, 2);
      for (const step of fixture.steps) {
        state = think(reasoner, state, injection);
        const halting = haltingLogits(reasoner, state.high);
        assert.ok(farthest(state.high, step.z_H) < fixture.tol);
        assert.ok(farthest(state.low, step.z_L) < fixture.tol);
        assert.ok(farthest(answerLogits(reasoner, state.high), step.logits) < fixture.tol);
        assert.ok(farthest(halting.slice([0, 0], [-1, 1]), step.q_halt) < fixture.tol);
        assert.ok(farthest(halting.slice([0, 1], [-1, 1]), step.q_continue) < fixture.tol);
      }
    });

  it("have the shapes of their configuration, for a batch of one too", () => {
    for (const kind of ["trm", "hrm"] as const) {
      const reasoner = createReasoner(miniatureReasoner(kind), { rng: createRandom(1) });
      const inputs = tf.ones([1, 16], "int32") as Tensor2D;
      const state = think(reasoner, initialThought(reasoner, 1), embedPuzzles(reasoner, inputs));
      assert.deepEqual(state.high.shape, [1, 17, 48]);
      assert.deepEqual(state.low.shape, [1, 17, 48]);
      assert.deepEqual(answerLogits(reasoner, state.high).shape, [1, 16, 6]);
      assert.deepEqual(haltingLogits(reasoner, state.high).arraySync(), [[-5, -5]]);
    }
  });

  it("count their parameters without the fixed initial states", () => {
    const count = (kind: "trm" | "hrm") =>
      parameterCount(createReasoner(miniatureReasoner(kind), { rng: createRandom(1) }));
    assert.equal(count("trm"), 22_418);
    assert.equal(count("hrm"), 22_418 + 3 * 48 * 128 + 3 * 17 * 64); // a block more
  });

  it("refuse configurations that do not fit together", () => {
    const make = (change: object) => () =>
      createReasoner({ ...miniatureReasoner("hrm"), ...change }, { rng: createRandom(1) });
    assert.throws(make({ mixing: "attention", heads: 5 }), /48 channels divide into the heads: got 5/);
    assert.throws(make({ highLayers: 0 }), /HRM has highLayers from 1: got 0/);
    assert.throws(make({ channels: 1.5 }), /channels is a whole number from 1: got 1.5/);
    assert.throws(make({ prefix: 0 }), /have a prefix from 1: got 0/);
  });
});

describe("swigluWidth()", () => {
  it("is the published inner width", () => {
    for (const [key, width] of Object.entries(widths)) {
      const [channels, expansion] = key.split("_exp").map(Number);
      assert.equal(swigluWidth(channels, expansion), width);
    }
  });
});

describe("rotaryTables()", () => {
  before(startBackend);

  it("has the published angles", () => {
    const { cosines, sines } = rotaryTables(rope.n, rope.dim);
    assert.ok(farthest(cosines, rope.cos) < 1e-6);
    assert.ok(farthest(sines, rope.sin) < 1e-6);
  });
});

describe("stablemaxCrossEntropy()", () => {
  before(startBackend);

  it("is the published loss, 0 for ignored labels", () => {
    const logits = tf.tensor3d(stablemax.logits);
    const loss = (labels: number[][]) =>
      stablemaxCrossEntropy(logits, tf.tensor2d(labels, undefined, "int32"));
    assert.ok(farthest(loss(stablemax.labels), stablemax.loss_per_token) < 1e-6);
    assert.ok(farthest(loss(stablemax.ignored.labels), stablemax.ignored.loss) < 1e-6);
  });

  it("has the gradient of finite differences", () => {
    const labels = tf.tensor1d([1], "int32");
    const at = [0.7, -0.4, 2, -3];
    const loss = (values: number[]) => {
      const s = values.map((x) => (x >= 0 ? x + 1 : 1 / (1 - x)));
      return -Math.log(s[1] / s.reduce((a, b) => a + b, 0));
    };
    const gradient = tf
      .grad((x) => stablemaxCrossEntropy(x, labels).sum())(tf.tensor2d([at]))
      .dataSync();
    for (let i = 0; i < at.length; i++) {
      const moved = (by: number) => loss(at.map((x, j) => (j === i ? x + by : x)));
      assert.ok(Math.abs(gradient[i] - (moved(1e-5) - moved(-1e-5)) / 2e-5) < 1e-5);
    }
  });
});
