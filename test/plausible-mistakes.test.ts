// What one types who has not read the documentation: each is refused in words that say what to write instead, and none gives a
// wrong number. Scripts may be plain JavaScript, so that no compiler stands before them.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import * as data from "../src/data";
import * as io from "../src/io";
import { createRandom } from "../src/random";
import * as stats from "../src/stats";
import * as tensor from "../src/tensor";
import { createDualGradientTrainer, createTrainer, train } from "../src/train";

// biome-ignore lint/suspicious/noExplicitAny: mistakes have no types
type Untyped = any;
const dolab: Untyped = {
  ...data,
  ...io,
  ...stats,
  ...tensor,
  createRandom,
  createDualGradientTrainer,
  createTrainer,
};
const tf = tensor.tensorflow();
before(tensor.startBackend);

const rng = createRandom(1);
const stored = (data: ArrayLike<number>, shape: number[]) => ({ dtype: "float64", shape, data });
const column = stored(Float64Array.of(1, 2, 3), [3, 1]);
const table = stored(Float64Array.of(1, 2, 3, 4), [2, 2]);

const plain = { loss: () => tf.scalar(1), optimiser: { kind: "sgd" }, learningRate: 1 };

const mistakes: Record<string, [string, (lab: Untyped) => unknown, RegExp][]> = {
  statistics: [
    [
      "a number instead of a list",
      (lab) => lab.mean(1, 2, 3),
      /take a mean as values must be numbers.*got number 1/,
    ],
    ["nothing", (lab) => lab.median(), /take a median as values must be numbers.*got undefined/],
    ["text", (lab) => lab.mean(["1", "2"]), /got "1" at index 0/],
    ["null, as JSON writes NaN", (lab) => lab.standardDeviation([1, null]), /got null at index 1/],
    [
      "undefined",
      (lab) => lab.pearson([1, undefined], [1, 2]),
      /correlate as x must be numbers.* at index 1/,
    ],
    ["a list of rows", (lab) => lab.percentile([[1], [2]], 50), /got a list at index 0/],
    ["a tensor", (lab) => lab.mean(tf.tensor1d([1, 2])), /got a tensor \(pass tensor\.dataSync\(\)\)/],
    ["a record of arrays", (lab) => lab.spearman({ a: column }, column), /got an object of a/],
    ["bigints", (lab) => lab.mean(BigInt64Array.of(1n)), /got bigints \(read the file without bigint/],
    ["a table for a vector", (lab) => lab.spearman(table, table), /x must have one axis .*got shape \[2,2\]/],
    [
      "a third sample",
      (lab) => lab.pearson([1, 2], [1, 2], [3, 4]),
      /pearson\(x, y\) with more arguments than it takes/,
    ],
    ["lengths that differ", (lab) => lab.spearman([1, 2], [1]), /same length: got 2 and 1/],
    ["percentiles of one number", (lab) => lab.percentiles([1, 2], 50), /qs must be numbers.*got number 50/],
    ["a share for a percentage", (lab) => lab.percentile([1, 2], 1.5e3), /q must be from 0 to 100/],
    [
      "bins as a number",
      (lab) => lab.histogram([1, 2], 10),
      /options must be an object of bins, range: got 10/,
    ],
    [
      "an option's name",
      (lab) => lab.histogram([1, 2], { bin: 3 }),
      /no such option: got "bin" \(nearest: "bins"\)/,
    ],
    [
      "numpy's name for it",
      (lab) => lab.otsuThreshold([1, 2], { nbins: 3 }),
      /got "nbins" \(nearest: "bins"\)/,
    ],
    ["labels of text", (lab) => lab.rankAuc([1, 2], ["a", "b"]), /labels must be 0 or 1: got a/],
    ["labels of -1 and 1", (lab) => lab.rankAuc([1, 2], [-1, 1]), /labels must be 0 or 1: got -1/],
    [
      "no generator",
      (lab) => lab.bootstrapAuc([1, 2], [0, 1], {}),
      /needs \{ rng: createRandom\(seed\) \}: got undefined/,
    ],
    ["no options", (lab) => lab.bootstrapAuc([1, 2], [0, 1]), /options must be an object of rng/],
    [
      "a seed for a generator",
      (lab) => lab.bootstrapInterval(2, () => 1, { rng: 7 }),
      /got the number 7 \(createRandom\(7\)\?\)/,
    ],
    [
      "the number of resamples",
      (lab) => lab.bootstrapInterval(2, () => 1, { rng, samples: 9 }),
      /got "samples"/,
    ],
    [
      "a confidence in percent",
      (lab) => lab.wilsonInterval(1, 2, { level: 95 }),
      /level must lie between 0 and 1: got 95/,
    ],
    [
      "a level alone",
      (lab) => lab.wilsonInterval(1, 2, 0.95),
      /options must be an object of level: got 0\.95/,
    ],
    ["a share for successes", (lab) => lab.wilsonInterval(0.5, 10), /successes must be a whole number/],
    ["scikit-learn's alpha", (lab) => lab.ridgeRegression([[1], [2]], [[1, 2]], { alpha: 1 }), /got "alpha"/],
    [
      "targets of one list",
      (lab) => lab.ridgeRegression([[1], [2]], [1, 2]),
      /targets\[0\] must be numbers.*got number 1/,
    ],
    ["numpy's axis", (lab) => lab.mean(table, 0), /mean\(values\) with more arguments than it takes: got 0/],
    [
      "numpy's ddof",
      (lab) => lab.standardDeviation([1, 2], { ddof: 1 }),
      /standardDeviation\(values\) with more arguments/,
    ],
    ["an axis of a median", (lab) => lab.median(table, 0), /median\(values\) with more arguments/],
    ["an array that an npz lacks", (lab) => lab.mean(new Map().get("drift")), /got undefined$/],
    ["a whole npz", (lab) => lab.mean(new Map([["drift", column]])), /got a Map .*\.get\("its name"\)/],
    [
      "three classes",
      (lab) => lab.logisticRegression([[1], [2], [3]], [0, 1, 2]),
      /labels must be 0 or 1: got 2/,
    ],
    [
      "scikit-learn's C",
      (lab) => lab.logisticRegression([[1], [2]], [0, 1], { C: 1 }),
      /no such option: got "C"/,
    ],
    [
      "rows that differ in length",
      (lab) => lab.logisticRegression([[1], [2, 3]], [0, 1]),
      /rows must be as long as the first, 1: got 2/,
    ],
    [
      "a table for one sample",
      (lab) => lab.predictLogistic(lab.logisticRegression([[1], [2]], [0, 1]), [[1]]),
      /row must be numbers.*got a list at index 0/,
    ],
    [
      "a sample of another width",
      (lab) => lab.predictLogistic(lab.logisticRegression([[1], [2]], [0, 1]), [1, 2]),
      /one sample of 1 features: got 2/,
    ],
    [
      "a sample of another width for a ridge",
      (lab) => lab.predictRidge({ weights: [1], intercept: 0 }, [1, 2]),
      /one sample of 1 features: got 2/,
    ],
  ],
  "files and data": [
    [
      "one key for the list of them",
      (lab) => lab.readNpz("a.npz", { keys: "drift" }),
      /list of names: got "drift"/,
    ],
    ["pandas' order of a CSV", (lab) => lab.formatCsv([{ a: 1 }]), /formatCsv\(columns, rows\)/],
    ["rows that are lists", (lab) => lab.formatCsv(["a"], [[1]]), /each row must be a record.*got \[1\]/],
    [
      "pandas' name of a type",
      (lab) => lab.parseCsv("a\n1\n", { a: "float" }),
      /must be "string" or "number": got "float" for "a"/,
    ],
    [
      "sizes one by one",
      (lab) => lab.generateWorldDataset(lab.documentRules, { train: 3 }),
      /generate a dataset as it has no such option: got "train"/,
    ],
    [
      "a rate among the options",
      (lab) => lab.injectLabelNoise(Uint8Array.of(0), 0.1),
      /options must be an object/,
    ],
    [
      "batches without a generator",
      (lab) => lab.shuffledBatches(4, 2, { seed: 1 }),
      /no such option: got "seed"/,
    ],
    ["PyTorch's drop_last", (lab) => lab.shuffledBatches(4, 2, { rng, drop_last: true }), /got "drop_last"/],
    [
      "torchvision's std",
      (lab) => lab.augmentImages({ shape: [1, 1, 1, 1], data: Uint8Array.of(1) }, [0], { std: [1] }),
      /got "std"/,
    ],
    ["a number of images by another name", (lab) => lab.texturedShapes({ seed: 1, train: 3 }), /got "train"/],
    ["a number of samples by another name", (lab) => lab.synthesizeDiagnostics({ seed: 1, n: 3 }), /got "n"/],
  ],
  "random numbers": [
    [
      "a range the wrong way round",
      (lab) => lab.createRandom(1).uniform(2, -2),
      /uniform\(low, high\) needs low below high: got 2,-2/,
    ],
    ["one end of a range", (lab) => lab.createRandom(1).uniform(5), /needs low below high/],
    [
      "a shape",
      (lab) => lab.createRandom(1).normal(0, 1, 10),
      /rng\.normal\(mean, standardDeviation\) with more arguments/,
    ],
    ["a variance below 0", (lab) => lab.createRandom(1).normal(0, -1), /the second of at least 0: got 0,-1/],
    [
      "a size",
      (lab) => lab.createRandom(1).integer(0, 10, 5),
      /rng\.integer\(low, high\) with more arguments/,
    ],
    ["one bound", (lab) => lab.createRandom(1).integer(10), /\[low, high\) must hold/],
    ["no seed", (lab) => lab.createRandom(), /seed must be a number or a saved state/],
  ],
  layers: [
    [
      "a size below 0",
      (lab) => lab.createDense(-2, 3, { rng }),
      /dense layer as inputs must be a whole number above 0: got -2/,
    ],
    ["a size of 0", (lab) => lab.createDense(2, 0, { rng }), /outputs must be a whole number above 0: got 0/],
    [
      "no generator",
      (lab) => lab.createDense(2, 3),
      /make a dense layer as it needs \{ rng: createRandom\(seed\) \}: got undefined/,
    ],
    [
      "the generator alone",
      (lab) => lab.createDense(2, 3, rng),
      /last argument is \{ rng \}: got the generator itself/,
    ],
    ["a seed", (lab) => lab.createDense(2, 3, { rng: 1 }), /got the number 1 \(createRandom\(1\)\?\)/],
    ["Keras's name", (lab) => lab.createDense(2, 3, { rng, useBias: false }), /got "useBias"/],
    [
      "PyTorch's name",
      (lab) => lab.createConvolution(1, 2, { rng, kernel_size: 3 }),
      /kernel must be a whole number above 0: got undefined/,
    ],
    ["no size", (lab) => lab.createLayerNorm(), /channels must be a whole number above 0: got undefined/],
    [
      "a rate without numbers",
      (lab) => lab.dropout(tf.ones([2]), 0.5),
      /dropout\(input, uniforms, rate\) takes random numbers/,
    ],
    [
      "a range for stateless draws",
      (lab) => lab.statelessUniform([2], tf.tensor1d([1, 2], "int32"), -1, 1),
      /more arguments than it takes: got -1, 1 too/,
    ],
    [
      "layer and input swapped",
      (lab) => lab.dense(tf.ones([3, 2]), lab.createDense(2, 1, { rng })),
      /dense\(layer, input\) takes a record of weight and a tensor: got a tensor and a record of weight, bias/,
    ],
    [
      "an input that is a list",
      (lab) => lab.dense(lab.createDense(2, 1, { rng }), [[1, 2]]),
      /got a record of weight, bias and a list/,
    ],
    [
      "no input",
      (lab) => lab.dense(lab.createDense(2, 1, { rng })),
      /got a record of weight, bias and undefined/,
    ],
    [
      "the weight for the layer",
      (lab) => lab.dense(lab.createDense(2, 1, { rng }).weight, tf.ones([3, 2])),
      /got a tensor and a tensor/,
    ],
    [
      "images before a convolution",
      (lab) => lab.convolution(tf.ones([1, 4, 4, 1]), lab.createConvolution(1, 2, { rng, kernel: 3 })),
      /convolution\(layer, input\) takes a record of weight and a tensor: got a tensor and a record/,
    ],
    [
      "an input before a normalisation",
      (lab) => lab.layerNorm(tf.ones([3, 2]), lab.createLayerNorm(2)),
      /layerNorm\(layer, input\) takes a record of weight, bias and a tensor: got a tensor and/,
    ],
    [
      "a layer normalisation for a batch normalisation",
      (lab) => lab.batchNorm(lab.createLayerNorm(2), tf.ones([3, 2]), { training: true }),
      /takes a record of weight, bias, running_mean, running_var and a tensor: got a record of weight, bias and/,
    ],
    [
      "an input before rmsNorm's weight",
      (lab) => lab.rmsNorm(tf.ones([3, 2]), lab.createRmsNorm(2)),
      /rmsNorm\(layer, input\) takes a record of parameters and a tensor: got a tensor and/,
    ],
    [
      "symbols before an embedding",
      (lab) => lab.embedding(tf.tensor1d([0], "int32"), lab.createEmbedding(3, 2, { rng })),
      /embedding\(layer, symbols\) takes a record of weight and a tensor: got a tensor and/,
    ],
    [
      "an input before a self-attention",
      (lab) => lab.selfAttention(tf.ones([1, 3, 2]), lab.createSelfAttention(2, { rng }), { heads: 1 }),
      /selfAttention\(layer, input, \{ heads \}\) takes a record of in_proj_weight.*: got a tensor and/,
    ],
    ["prefix and layer swapped", (lab) => lab.prefixNames({}, "head"), /the prefix comes first/],
    [
      "targets [n] against outputs [n, 1]",
      (lab) => lab.meanSquaredError(tf.ones([4, 1]), tf.ones([4])),
      /predictions \[4,1\] and targets \[4\]: targets\.reshape\(\[4,1\]\)\?/,
    ],
    [
      "labels that are no integers",
      (lab) => lab.crossEntropy(tf.ones([2, 3]), tf.ones([2])),
      /take int32 labels \[2\]: got float32 \[2\]/,
    ],
  ],
  training: [
    [
      "the learning rate in the optimiser",
      (lab) => lab.createOptimiser({ w: tf.variable(tf.scalar(1)) }, { kind: "adam", learningRate: 1 }),
      /learning rate is no setting of it but comes with each step/,
    ],
    [
      "PyTorch's name for it",
      (lab) => lab.createOptimiser({ w: tf.variable(tf.scalar(1)) }, { kind: "adam", lr: 1 }),
      /got "lr"/,
    ],
    [
      "another rule's option",
      (lab) => lab.createOptimiser({ w: tf.variable(tf.scalar(1)) }, { kind: "adam", momentum: 0.9 }),
      /got "momentum"/,
    ],
    [
      "no kind",
      (lab) => lab.createOptimiser({ w: tf.variable(tf.scalar(1)) }, {}),
      /kind must be one of sgd/,
    ],
    [
      "no options at all",
      (lab) => lab.createOptimiser({ w: tf.variable(tf.scalar(1)) }),
      /kind must be one of sgd/,
    ],
    [
      "a list of variables",
      (lab) => lab.createOptimiser([tf.variable(tf.scalar(1))], { kind: "sgd" }),
      /variables come by name/,
    ],
    [
      "tensors for variables",
      (lab) => lab.createOptimiser({ w: tf.scalar(1) }, { kind: "sgd" }),
      /trains tf\.Variables: got object for "w"/,
    ],
    [
      "a record for compile's list",
      (lab) => lab.compile(() => {}, { variables: { w: 1 } }),
      /variables must be a list of tf\.Variables/,
    ],
    [
      "no variables",
      (lab) => lab.compile(() => {}, {}),
      /variables must be a list of tf\.Variables.*got undefined/,
    ],
    [
      "an option of tf.function",
      (lab) => lab.compile(() => {}, { variables: [], jit_compile: true }),
      /got "jit_compile"/,
    ],
    [
      "a schedule's unknown name",
      (lab) => lab.createSchedule("cosin", 1),
      /name must be one of constant, linear/,
    ],
    [
      "a rate of text",
      (lab) =>
        lab.createTrainer({
          parameters: { w: tf.variable(tf.scalar(1)) },
          loss: () => tf.scalar(1),
          optimiser: { kind: "sgd" },
          learningRate: "0.1",
        }),
      /learning rate must be a number of at least 0: got "0.1"/,
    ],
    [
      "a layer for its variables",
      (lab) => lab.createTrainer({ ...plain, parameters: { head: lab.createDense(2, 1, { rng }) } }),
      /parameters must be tf\.Variables by name: got a record of weight, bias for "head" \(\.\.\.prefixNames\("head", layer\)\?\)/,
    ],
    [
      "a list of parameters",
      (lab) => lab.createTrainer({ ...plain, parameters: [tf.variable(tf.scalar(1))] }),
      /parameters must be tf\.Variables by name: got a list/,
    ],
    [
      "no parameters",
      (lab) => lab.createTrainer(plain),
      /parameters must be tf\.Variables by name: got undefined/,
    ],
    [
      "a tensor for a parameter",
      (lab) => lab.createTrainer({ ...plain, parameters: { w: tf.scalar(1) } }),
      /must be tf\.Variables by name: got a tensor for "w"/,
    ],
    [
      "a layer for the parameters of two gradients",
      (lab) => lab.createDualGradientTrainer({ head: lab.createDense(2, 1, { rng }) }, (x: unknown) => x),
      /dual-gradient trainer as parameters must be tf\.Variables by name: got a record of weight, bias/,
    ],
    ["a schedule without its steps", (lab) => lab.createSchedule("linear", 1), /needs totalSteps: got none/],
    [
      "a schedule's steps as a number",
      (lab) => lab.linearSchedule(1, 100),
      /options must be an object of totalSteps, lowest: got 100/,
    ],
    [
      "a schedule's other name",
      (lab) => lab.warmUpSchedule(1, { warmupSteps: 10 }),
      /got "warmupSteps" \(nearest: "warmUpSteps"\)/,
    ],
  ],
};

for (const [family, cases] of Object.entries(mistakes)) {
  describe(`plausible mistakes with ${family}`, () => {
    for (const [mistake, make, reason] of cases) {
      it(`refuses ${mistake}`, () => {
        assert.throws(
          () => make(dolab),
          (error: Error) => {
            assert.ok(error instanceof RangeError || error instanceof TypeError, error.stack);
            assert.match(error.message, reason);
            assert.match(error.message, /^Cannot /);
            return true;
          },
        );
      });
    }
  });
}

describe("plausible mistakes with train()", () => {
  const w = tf.variable(tf.scalar(1));
  const right = { variables: { w }, steps: 1, seed: 1, step: () => ({ loss: 1 }) };
  const cases: [string, object, RegExp][] = [
    ["the number of epochs by another name", { epoch: 3 }, /got "epoch" \(nearest: "epochs"\)/],
    ["a place for checkpoints by another name", { out: "x" }, /no such option: got "out"/],
    ["a number for log", { log: 5 }, /train by its log as its options must be an object of every: got 5/],
    ["an unknown nested option", { checkpoint: { steps: 5 } }, /train by its checkpoint.*got "steps"/],
    ["a list of variables", { variables: [w] }, /variables must be tf\.Variables by name/],
    ["tensors for variables", { variables: { x: 1 } }, /must be tf\.Variables by name: got 1 for "x"/],
    ["no variables", { variables: null }, /must be tf\.Variables by name: got null/],
    [
      "a layer for its variables",
      { variables: { head: tensor.createDense(2, 1, { rng }) } },
      /got a record of weight, bias for "head" \(\.\.\.prefixNames\("head", layer\)\?\)/,
    ],
    ["a number for a folder", { folder: 3 }, /Cannot train as folder must be the path of a folder: got 3/],
    ["an empty path", { folder: "" }, /folder must be the path of a folder: got ""/],
    ["a step that was called", { step: 3 }, /step must be a function of its place: got 3/],
    ["no seed", { seed: undefined }, /a seed is an integer/],
  ];
  for (const [mistake, change, reason] of cases) {
    it(`refuses ${mistake}`, () => assert.rejects(train({ ...right, ...change } as never), reason));
  }

  it("warns once of targets [n] against outputs [n, 1], with what to write instead", async () => {
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.message);
    process.on("warning", listen);
    const [x, y] = [tf.ones([4, 1]), tf.ones([4])];
    const trainer = createTrainer({
      parameters: { w },
      loss: () => w.mul(x).sub(y).square().mean(),
      optimiser: { kind: "sgd" },
      learningRate: 0.1,
    });
    await train({ variables: trainer.variables, steps: 3, seed: 1, step: () => trainer.step() });
    await new Promise(setImmediate);
    process.off("warning", listen);
    const pairs = warnings.filter((text) => /every pair of their elements/.test(text));
    assert.equal(pairs.length, 1);
    assert.match(
      pairs[0],
      /Sub of \[4,1\] and \[4\], which gives .*\[4,4\].*targets\.reshape\(outputs\.shape\)/,
    );
  });
});

describe("arrays of io", () => {
  it("are taken by statistics as they are, columns too", () => {
    assert.equal(stats.spearman(column, column), stats.spearman([1, 2, 3], [1, 2, 3]));
    assert.equal(stats.mean(table), 2.5);
    assert.deepEqual([[1, 2], [3]].map(stats.mean), [1.5, 3]); // map hands over more than a list
    assert.equal(stats.rankAuc(column, stored(Uint8Array.of(0, 0, 1), [3])), 1);
    assert.equal(stats.dciScores(table).disentanglementPerCode.length, 2);
    const flat = Float64Array.of(1, 2, 3);
    assert.deepEqual(stats.percentiles(column, [0, 50]), stats.percentiles(flat, [0, 50]));
    assert.deepEqual(stats.histogram(column), stats.histogram(flat));
  });
});

describe("random ranges", () => {
  it("are what they say, from the same draws as without", () => {
    const draws = (make: (stream: typeof rng) => number) => {
      const stream = createRandom(3);
      return Array.from({ length: 2000 }, () => make(stream));
    };
    const [unit, wide] = [draws((each) => each.uniform()), draws((each) => each.uniform(-2, 2))];
    assert.deepEqual(
      wide,
      unit.map((value) => -2 + 4 * value),
    );
    const normal = draws((each) => each.normal());
    assert.deepEqual(
      draws((each) => each.normal(10, 3)),
      normal.map((value) => 10 + 3 * value),
    );
    assert.ok(draws((each) => each.uniform(1, 1 + 2 ** -52)).every((value) => value === 1));
  });
});
