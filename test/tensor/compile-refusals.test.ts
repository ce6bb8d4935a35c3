import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import process from "node:process";
import { before, describe, it } from "node:test";
import type { Scalar, Tensor } from "@tensorflow/tfjs-node";
import { loadsTypeScript, projectRoot } from "../../src/environment/paths.mjs";
import {
  compile,
  createOptimiser,
  startBackend,
  statelessUniform,
  tensorflow,
  warmUpSchedule,
} from "../../src/tensor";

const tf = tensorflow();
const x = tf.tensor1d([1, 2, 3]);

describe("compile() refuses", () => {
  let native = false;
  before(async () => {
    native = (await startBackend()).name === "tensorflow";
  });

  /** Asserts that the first call of a step is refused, and that TensorFlow.js works on as before. */
  function assertRefused(step: (x: Tensor) => unknown, message: RegExp): void {
    const state = tf.variable(tf.scalar(1));
    const tensors = tf.memory().numTensors;
    const compiled = compile(
      (x: Tensor) => {
        state.assign(state.add(1) as Scalar);
        return step(x);
      },
      { variables: [state] },
    );
    assert.throws(() => compiled(x), message);
    assert.equal(tf.memory().numTensors, tensors, "tensors are left behind");
    assert.equal(state.dataSync()[0], 1, "the step's assignment is left behind");
    assert.equal(compiled.signatures, 0);
    assert.ok(Math.random() < 1);
    assert.deepEqual(Array.from(x.add(1).dataSync()), [2, 3, 4]);
  }

  it("reading a value that changes from call to call, however it is read", (t) => {
    if (!native) return t.skip("NOT TESTED: nothing is traced here");
    const reading = /reads the value of a tensor.*return the tensor from the step.*tf\.where/;
    assertRefused((x) => x.mul(x.dataSync()[0]), reading);
    assertRefused((x) => ((x.sum().arraySync() as number) > 1 ? x : x.neg()), reading);
    assertRefused((x) => {
      x.mul(2).data();
      return x;
    }, reading);
    assertRefused((x) => {
      try {
        x.print();
      } catch {}
      return x;
    }, reading);
    assertRefused((async (x: Tensor) => x.mul((await x.data())[0])) as never, reading);
  });

  it("no read of a constant, nor a kernel's own look at its indices", (t) => {
    if (!native) return t.skip("NOT TESTED: nothing is traced here");
    const factors = tf.tensor1d([2, 3]);
    const step = compile(
      (x: Tensor, index: Tensor) => tf.gather(x, index.toInt()).mul(factors.add(1).dataSync()[1]),
      { variables: [] },
    );
    const index = tf.tensor1d([2, 0], "int32");
    assert.deepEqual(Array.from(step(x, index).dataSync()), [12, 4]);
    assert.deepEqual(Array.from(step(x, tf.tensor1d([1, 1], "int32")).dataSync()), [8, 8]);
    step.dispose();
  });

  it("unseeded random numbers, and says what to use", (t) => {
    if (!native) return t.skip("NOT TESTED: nothing is traced here");
    const random = /unseeded random numbers.*statelessNormal.*seed argument/;
    assertRefused((x) => x.add(tf.randomNormal([3])), random);
    assertRefused((x) => x.add(tf.randomUniform([3])), random);
    assertRefused((x) => x.add(tf.truncatedNormal([3])), random);
    assertRefused((x) => tf.dropout(x, 0.5), random);
    assertRefused((x) => x.mul(Math.random()), random);
    assertRefused((x) => tf.multinomial(x as never, 2, 3), /op Multinomial.*keeps a state.*statelessUniform/);
  });

  it("what the host changes from call to call", (t) => {
    if (!native) return t.skip("NOT TESTED: nothing is traced here");
    let calls = 0;
    assertRefused((x) => x.mul(++calls), /does not do the same in each call.*pass it as an argument/);
    assertRefused((x) => (++calls % 2 ? x.neg() : x.abs()), /does not do the same in each call/);
  });

  it("numbers of the host that change between calls, with the line to write instead", (t) => {
    if (!native) return t.skip("NOT TESTED: nothing is traced here");
    const weight = tf.variable(tf.scalar(1));
    const adam = createOptimiser({ weight }, { kind: "adam" });
    const variables = [weight, ...adam.state.values()];
    const warmUp = warmUpSchedule(0.5, { warmUpSteps: 10 });
    let n = 0;
    const step = compile(
      () => {
        const { value, grads } = tf.variableGrads(() => weight.square().asScalar(), [weight]);
        adam.apply(grads, warmUp(n));
        return value;
      },
      { variables },
    );
    step();
    n++;
    const frozen =
      /does not do the same in each call: in call 2, 0 has become 0\.05.* at .*compile-refusals\.test\.ts:\d+.*step\(x, tf\.scalar\(schedule\(n\)\)\)/;
    assert.throws(() => step(), frozen);
    assert.throws(() => step(), frozen);
    assert.equal(weight.dataSync()[0], 1, "the refused call has changed nothing");
    step.dispose();

    let rate = 0.5;
    const later = compile((x: Tensor) => x.mul(rate), { variables: [] });
    for (let call = 1; call <= 5; call++) later(x);
    rate = 0.25; // a milestone
    for (let call = 6; call <= 15; call++) later(x);
    assert.throws(() => later(x), /in call 16, 0\.5 has become 0\.25 \(in Mul\)/);
    let [axis, twice] = [0, false];
    const other = compile((x: Tensor) => (twice ? [x.sum(axis), x] : [x.sum(axis)]), { variables: [] });
    other(tf.ones([2, 2]));
    axis = 1;
    assert.throws(() => other(tf.ones([2, 2])), /in call 2, 0 has become 1 \(in Sum\)/);
    axis = 0;
    twice = true;
    assert.throws(() => other(tf.ones([2, 2])), /it assigns or returns something else/);
    twice = false;
    assert.equal(other(tf.ones([2, 2])).length, 1);
  });

  it("no step that fills a cache in its first call", (t) => {
    if (!native) return t.skip("NOT TESTED: nothing is traced here");
    let mask: Tensor | undefined;
    const step = compile(
      (x: Tensor) => {
        mask ??= tf.keep(tf.range(0, 3).greater(0).toFloat());
        return x.mul(mask);
      },
      { variables: [] },
    );
    assert.deepEqual(Array.from(step(x).dataSync()), [0, 2, 3]);
    mask?.dispose();
    assert.deepEqual(Array.from(step(x).dataSync()), [0, 2, 3]);
    step.dispose();
  });

  it("variables that are not listed, whether read, assigned or created", (t) => {
    if (!native) return t.skip("NOT TESTED: nothing is traced here");
    const outside = tf.variable(tf.scalar(5), true, "outside");
    assertRefused((x) => x.mul(outside), /uses the variable outside.*list it/);
    assertRefused((x) => {
      outside.assign(x.sum() as Scalar);
      return x;
    }, /assigns to the variable outside.*list it/);
    assert.equal(outside.dataSync()[0], 5);
    assertRefused((x) => {
      tf.variable(x, true, "inside");
      return x;
    }, /creates the variable inside.*before the first call/);
    outside.dispose();
  });

  it("results that are no tensors, async steps, and arguments that are no tensors", (t) => {
    if (!native) return t.skip("NOT TESTED: nothing is traced here");
    assertRefused(() => new Map() as never, /must return tensors.*an instance of Map/);
    assertRefused((async (x: Tensor) => x) as never, /a promise \(is the step async\?\)/);
    const step = compile((x: Tensor) => x, { variables: [] });
    assert.throws(() => step(0.5 as never), /must be tensors.*number 0\.5 at position 0/);
    const gone = tf.scalar(1);
    gone.dispose();
    assert.throws(() => step(gone), /a disposed tensor at position 0/);
    assert.throws(
      () => statelessUniform([2], tf.tensor1d([1, 2])),
      /int32 tensor of shape \[2\]: got float32 \[2\]/,
    );
  });

  it("an op that the table does not have, by name", (t) => {
    if (!native) return t.skip("NOT TESTED: nothing is traced here");
    interface Executing {
      executeSingleOutput(op: string, attributes: object[], inputs: Tensor[]): Tensor;
    }
    const backend = tf.backend() as unknown as Executing;
    assertRefused(
      (x) => backend.executeSingleOutput("Igammac", [], [x, x]),
      /op Igammac as op-table\.ts does not define it/,
    );
  });

  it("a variable that was disposed of", (t) => {
    if (!native) return t.skip("NOT TESTED: eager code throws its own error");
    const variable = tf.variable(tf.scalar(1), true, "short-lived");
    const step = compile(() => variable.add(1), { variables: [variable] });
    step().dispose();
    variable.dispose();
    assert.throws(() => step(), /variable short-lived has been disposed/);
    step.dispose();
  });

  it("training convolutions on WebAssembly, saying what to do", () => {
    const program = `
      const { compile, convolution, createConvolution, startBackend, tensorflow } = require("./src/tensor");
      const { createRandom } = require("./src/random");
      startBackend().then(() => {
        const layer = createConvolution(1, 1, { kernel: 3, rng: createRandom(0) });
        const loss = (images) => () => convolution(layer, images).sum();
        const step = compile((images) => tensorflow().variableGrads(loss(images), [layer.weight]).value, {
          variables: [layer.weight],
        });
        step(tensorflow().ones([1, 3, 3, 1]));
      }).catch((error) => console.log(error.message));`;
    const printed = execFileSync(process.execPath, [...loadsTypeScript, "--eval", program], {
      encoding: "utf8",
      env: { ...process.env, DOLAB_BACKEND: "wasm" },
      cwd: projectRoot,
    });
    const expected =
      /^Cannot run the step on the backend wasm as it has no Conv2DBackpropFilter \(the gradient .*: npm run doctor/m;
    assert.match(printed, expected);
  });
});
