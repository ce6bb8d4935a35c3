import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Scalar, Tensor } from "@tensorflow/tfjs-node";
import { createRandom } from "../../src/random";
import { compile, createDense, createOptimiser, dense, startBackend, tensorflow } from "../../src/tensor";
import { nativeBackend } from "../../src/tensor/compile/native-backend";
import { createTrainer, type LearningRate, type TrainOptions, train } from "../../src/train";
import { temporaryFolder } from "../support/temporary-folder";

const tf = tensorflow();
before(startBackend);

interface Script {
  learningRate?: LearningRate;
  loss?: "square" | "abs";
  data?: number;
  momentum?: number;
  options?: Partial<TrainOptions>;
}

/** What a script does each time it is run: a fresh network, trained in a folder. */
function run(
  folder: string,
  { learningRate = 0.1, loss = "square", data = 1, momentum = 0.9, options }: Script = {},
) {
  const layer = createDense(2, 1, { rng: createRandom(0) });
  const rng = createRandom(data);
  const points = tf.tensor2d(
    Float32Array.from({ length: 16 }, () => rng.normal()),
    [8, 2],
  );
  const trainer = createTrainer({
    parameters: { weight: layer.weight, bias: layer.bias! },
    loss: (x: Tensor) => dense(layer, x).sub(1)[loss]().mean() as Scalar,
    optimiser: { kind: "sgd", momentum },
    learningRate,
  });
  let steps = 0;
  const step = () => {
    steps++;
    return trainer.step(points);
  };
  return train({
    variables: trainer.variables,
    steps: 6,
    seed: 1,
    folder,
    step,
    log: { every: 1 },
    ...options,
  }).then((outcome) => ({ ...outcome, steps, weights: Array.from(layer.weight.dataSync()), trainer }));
}

describe("train() of a run that is over", () => {
  it("returns the same outcome to the same script", async () => {
    const folder = temporaryFolder();
    const first = await run(folder);
    const second = await run(folder);
    assert.deepEqual([second.metrics, second.weights], [first.metrics, first.weights]);
    assert.equal(second.trainer.stepsDone, 6);
    assert.equal(second.steps, 1); // the rehearsal
  });

  it("refuses to return it to a script that has changed, saying what has", async (t) => {
    if (!nativeBackend()) return t.skip("NOT TESTED: nothing is traced here");
    const folder = temporaryFolder();
    const { metrics } = await run(folder);
    const changed = (script: Script, reason: RegExp) =>
      assert.rejects(run(folder, script), (error: Error) => {
        assert.match(error.message, reason);
        assert.match(
          error.message,
          /choose another folder, or start anew \(resume: "never", replace: true\)/,
        );
        return true;
      });
    await changed({ learningRate: 0.3 }, /learningRate: 0\.1 there, 0\.3 here/);
    await changed({ learningRate: (step) => 0.1 / (1 + step) }, /learningRates: nothing there/);
    await changed({ momentum: 0.5 }, /momentum: 0\.9 there, 0\.5 here/);
    await changed({ loss: "abs" }, /the step \(.*float32\[8,2\]\) with .* computes something else/);
    await changed({ data: 2 }, /tensors of its first step are others: other data, batches or seed/);
    await changed({ options: { seed: 2 } }, /seed: 1 there, 2 here/);
    assert.deepEqual((await run(folder)).metrics, metrics, "nothing was lost");
    const anew = await run(folder, { loss: "abs", options: { resume: "never", replace: true } });
    assert.equal(anew.steps, 6);
  });

  it("refuses a hand-made step whose learning rate is another number in its graph", async (t) => {
    if (!nativeBackend()) return t.skip("NOT TESTED: nothing is traced here");
    const folder = temporaryFolder();
    const script = (rate: number) => {
      const w = tf.variable(tf.scalar(1));
      const sgd = createOptimiser({ w }, { kind: "sgd" });
      const step = compile(
        () => {
          const { value, grads } = tf.variableGrads(() => w.square().asScalar(), [w]);
          sgd.apply(grads, rate);
          return value;
        },
        { variables: [w, ...sgd.state.values()] },
      );
      return train({ variables: { w }, steps: 3, seed: 1, folder, step: () => step() });
    };
    await script(0.3);
    await script(0.3);
    await assert.rejects(script(0.01), /computes something else: the numbers 0\.3 there, 0\.01 here/);
  });

  it("trusts `config` to say what decides, and takes no step", async () => {
    const folder = temporaryFolder();
    const options = { config: { version: 1 } };
    await run(folder, { options });
    assert.equal((await run(folder, { data: 2, options })).steps, 0);
    await assert.rejects(run(folder, { options: { config: { version: 2 } } }), /version: 1 there, 2 here/);
    await assert.rejects(run(folder, { learningRate: 0.3, options }), /learningRate: 0\.1 there, 0\.3 here/);
  });

  it("says so where it cannot tell: steps without a graph", async () => {
    const folder = temporaryFolder();
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.message);
    process.on("warning", listen);
    const w = tf.variable(tf.scalar(1));
    const script = () => train({ variables: { w }, steps: 2, seed: 1, folder, step: () => ({ loss: 1 }) });
    await script();
    await script();
    await new Promise(setImmediate);
    process.off("warning", listen);
    assert.match(
      warnings.join("\n"),
      /returns the outcome of a run that is over, and cannot tell whether its code/,
    );
  });
});

describe("train() of a run that goes on", () => {
  it("refuses another learning rate, and code that computes something else, before it saves anything", async (t) => {
    if (!nativeBackend()) return t.skip("NOT TESTED: nothing is traced here");
    const folder = temporaryFolder();
    const config = { version: 1 };
    await run(folder, { options: { steps: 3, config } });
    await assert.rejects(run(folder, { learningRate: 0.3, options: { config } }), /0\.1 there, 0\.3 here/);
    await assert.rejects(run(folder, { loss: "abs", options: { config } }), /computes something else/);
    const whole = await run(temporaryFolder());
    const { metrics, weights } = await run(folder, { options: { config } });
    const values = (rows: typeof metrics) => rows.map(({ step, values }) => ({ step, values }));
    assert.deepEqual([values(metrics), weights], [values(whole.metrics), whole.weights]);
  });
});
