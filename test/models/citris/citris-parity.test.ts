import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Scalar, Tensor, Tensor1D, Variable } from "@tensorflow/tfjs-node";
import {
  applyLatentFlow,
  citrisSchedule,
  citrisVaeLoss,
  citrisVaeVariables,
  createCausalEncoder,
  createCitrisVae,
  createLatentFlow,
  createSceneAutoencoder,
  decodeScenes,
  divergenceWarmUp,
  encodeScenes,
  factorDistance,
  factorValue,
  followTargets,
  initialiseLatentFlow,
  invertLatentFlow,
  latentFlowVariables,
  sceneAutoencoderLoss,
  sceneAutoencoderVariables,
} from "../../../src/models/citris";
import { blockMask, createAutoregressiveDense } from "../../../src/models/citris/flow/autoregressive-dense";
import { createImageNetworks } from "../../../src/models/citris/networks/image-networks";
import { hardAssignment } from "../../../src/models/citris/prior/assignment";
import { normalDivergence } from "../../../src/models/citris/prior/normal-density";
import {
  createTargetClassifier,
  targetClassifierLoss,
  targetClassifierVariables,
} from "../../../src/models/citris/prior/target-classifier";
import {
  createTransitionPrior,
  transitionDivergence,
  transitionNll,
  transitionPriorVariables,
} from "../../../src/models/citris/prior/transition-prior";
import {
  type CausalFactor,
  createFactorHeads,
  factorHeadVariables,
  factorLosses,
  readFactors,
} from "../../../src/models/citris/reading/causal-factors";
import { createRandom } from "../../../src/random";
import { createDense, dense, startBackend, tensorflow } from "../../../src/tensor";
import {
  arraysOf,
  assertClose,
  assertNear,
  fixture,
  imageTensor,
  loadPublished,
  type Numbers,
  tensorOf,
} from "./published-citris";

const tf = tensorflow();
before(startBackend);

const rng = createRandom(0);
const seed = (): Tensor1D => tf.tensor1d([3, 4], "int32");
const isNative = () => tf.getBackend() === "tensorflow";

describe("the published networks of images", () => {
  it("have the published numbers of parameters", () => {
    const counts = fixture("param-counts").c_hid16_latents16_w64;
    const count = (variables: Readonly<Record<string, Variable>>) =>
      Object.values(variables)
        .filter(({ trainable }) => trainable)
        .reduce((sum, { size }) => sum + size, 0);
    const options = { size: 64, channels: 16, latents: 16, rng };
    const one = createImageNetworks({ ...options, variational: true });
    const two = createImageNetworks({ ...options, blocks: 2 });
    assert.equal(count(one.encoder.variables), counts.encoder_vae);
    assert.equal(count(two.encoder.variables), counts.encoder_ae - 16); // without its unused scale_factor
    assert.equal(count(one.decoder.variables), counts.decoder_1block);
    assert.equal(count(two.decoder.variables), counts.decoder_2blocks);
  });

  it("give the published codes, reconstruction, loss, gradients and running statistics", (t) => {
    const { train, eval: evaluated, running_after, tol } = fixture("autoencoder");
    const arrays = arraysOf("autoencoder");
    const model = createSceneAutoencoder({ size: 64, channels: 8, latents: 6, blocks: 1, rng });
    const variables = sceneAutoencoderVariables(model);
    const extra = /scale_factor|num_batches|^image|^reconstruction/;
    const weights = new Map([...arrays].filter(([name]) => !extra.test(name)));
    loadPublished(variables, weights);
    const image = imageTensor(arrays.get("image") ?? arrays.get("images")!).reshape([1, 64, 64, 3]);
    const codes = encodeScenes(model, image, { training: false });
    assertNear(codes, evaluated.z, 1e-5, "codes");
    const drawn = decodeScenes(model, codes, { training: false });
    const { data } = arrays.get("reconstruction_eval")!;
    const wanted = tf.tensor(Float32Array.from(data), [3, 64, 64]).transpose([1, 2, 0]);
    assertNear(drawn.reshape([64, 64, 3]).sub(wanted).abs().max(), 0, 1e-5, "reconstruction");
    if (!isNative()) return t.skip("NOT TESTED: no gradient for filters in WebAssembly");

    const trained = Object.entries(variables).filter(([, { trainable }]) => trainable);
    const loss = (): Scalar => {
      const z = encodeScenes(model, image, { training: true });
      const noisy = z.add(tensorOf(train.noise));
      const difference = decodeScenes(model, noisy, { training: true }).sub(image);
      return difference.square().mean().add(z.square().mean().mul(0.01)).asScalar();
    };
    const { value, grads } = tf.variableGrads(
      loss,
      trained.map(([, variable]) => variable),
    );
    assertClose(value.dataSync()[0], train.loss, tol, "loss");
    for (const [name, variable] of trained) {
      const norm = grads[variable.name].square().sum().sqrt().dataSync()[0];
      const expected = train.gradient_norms[name];
      assert.ok(Math.abs(norm - expected) <= 1e-5 + tol * expected, `${name}: ${norm}, not ${expected}`);
    }
    for (const [name, values] of Object.entries(running_after)) {
      if (!name.startsWith("encoder.net.0")) continue; // later ones are once more ahead where both passes ran
      assertNear(variables[name], values as Numbers, 1e-4, name);
    }
  });

  it("add noise to codes, the same for the same seed", () => {
    const model = createSceneAutoencoder({ size: 32, channels: 2, latents: 3, rng });
    const images = tf.zeros([2, 32, 32, 3]);
    const of = (noise: number) =>
      sceneAutoencoderLoss(model, images, seed(), { training: false, noise }).squaredError.dataSync()[0];
    assert.equal(of(0.5), of(0.5));
    assert.notEqual(of(0.5), of(0));
  });
});

describe("the published flow", () => {
  const published = fixture("flow");
  const load = () => {
    const flow = createLatentFlow(3, { parts: 2, hidden: 4, rng });
    loadPublished(latentFlowVariables(flow), published.state_dict);
    return flow;
  };

  it("gives the published latents and log-determinants, and turns them back", () => {
    const flow = load();
    const codes = tensorOf(published.x);
    const { latents, logDeterminant } = applyLatentFlow(flow, codes);
    assertNear(latents, published.z, 1e-5, "latents");
    assertNear(logDeterminant.neg(), published.ldj, 1e-5, "log-determinant");
    assertNear(invertLatentFlow(flow, latents), published.x, 1e-5, "codes");
  });

  it("has masks that let a latent see the ones before it", () => {
    for (const [name, diagonal] of [
      ["mask_nodiag", false],
      ["mask_diag", true],
    ] as const) {
      const layer = createAutoregressiveDense({ blocks: 3, inputs: 2, outputs: 2, diagonal, rng });
      assertNear(blockMask(layer), fixture("autoreg-mask")[name], 0, name);
    }
  });

  it("starts by giving latents mean 0 and variance 1, and is its inverse's inverse", () => {
    const flow = createLatentFlow(12, { rng: createRandom(5) });
    const codes = tf.randomNormal([256, 12], 3, 7, "float32", 1);
    initialiseLatentFlow(flow, codes);
    const { latents } = applyLatentFlow(flow, codes);
    const back = invertLatentFlow(flow, latents);
    assertNear(back.sub(codes).abs().max(), 0, 2e-5 * 20, "codes"); // relative to codes of up to 20
    const { mean, variance } = tf.moments(latents);
    assert.ok(Math.abs(mean.dataSync()[0]) < 0.3 && Math.abs(variance.dataSync()[0] - 1) < 0.6);
  });
});

describe("the published transition prior", () => {
  const published = fixture("transition-prior");
  const kinds = {
    mlp_perfect: { kind: "mlp", perfect: true },
    mlp_imperfect: { kind: "mlp", perfect: false },
    autoreg: { kind: "autoregressive", perfect: true },
    mlp_perfect_soft: { kind: "mlp", perfect: true },
  } as const;

  for (const [name, options] of Object.entries(kinds)) {
    it(`gives the published losses: ${name}`, () => {
      const { state_dict, kl, nll_eval, nll_train, assignment_hard } = published.cases[name];
      const hidden = options.kind === "mlp" ? 4 : 16;
      const prior = createTransitionPrior({
        ...options,
        latents: 5,
        factors: 3,
        hidden,
        psi0Weight: 0.01,
        rng,
      });
      loadPublished(
        transitionPriorVariables(prior),
        state_dict,
        options.kind === "mlp" ? /^$/ : /mask$|^intv_prior$/,
      );
      const nll = (training: boolean) =>
        transitionNll(prior, {
          before: tensorOf(published.z_t_samples),
          after: tensorOf(published.z_t1_samples),
          targets: tensorOf(published.target),
          seed: seed(),
          training,
        });
      assertNear(nll(false), nll_eval, 1e-4, "nll");
      if (nll_train) assertNear(nll(true), nll_train, 1e-4, "nll in training");
      if (assignment_hard) assertNear(hardAssignment(prior.logits), assignment_hard, 0, "assignment");
      const after = {
        mean: tensorOf(published.z_t1_mean),
        logDeviation: tensorOf(published.z_t1_logstd),
      };
      const divergence = () =>
        transitionDivergence(prior, {
          before: tensorOf(published.z_t),
          after,
          targets: tensorOf(published.target),
        });
      // The published divergence of imperfect interventions favours the last latent in ψ_0's place.
      const near = name === "mlp_imperfect" ? 1e-2 : 1e-4;
      if (options.kind === "mlp") assertNear(divergence(), kl, near, "divergence");
      else assert.throws(divergence, /autoregressive prior/);
    });
  }

  it("has the published divergence of normal distributions", () => {
    const { kl, kl_in } = fixture("schedulers");
    const from = { mean: tensorOf(kl_in.mean1), logDeviation: tensorOf(kl_in.logstd1) };
    const to = { mean: tensorOf(kl_in.mean2), logDeviation: tf.scalar(kl_in.logstd2) };
    assertNear(normalDivergence(from, to), kl, 1e-5, "divergence");
  });
});

describe("the published target classifier", () => {
  it("gives the published losses and counts", () => {
    const published = fixture("target-classifier");
    const classifier = createTargetClassifier({
      latents: 5,
      factors: 3,
      hidden: 4,
      rng,
      normalise: true,
      conditional: true,
      momentum: 0.9,
    });
    const variables = targetClassifierVariables(classifier);
    loadPublished(variables, published.state_before);
    const [before, after] = tf.unstack(tensorOf(published.z_sample), 1);
    const targets = tensorOf(published.target).reshape([-1, 3]);
    followTargets(classifier, targets);
    for (const [name, values] of Object.entries(published.state_after))
      assertNear(variables[name], values as Numbers, 1e-5, name);
    const chosen =
      published.logits ?? [0, 1, 2, 3, 1].map((set) => [0, 1, 2, 3].map((i) => (i === set ? 20 : -20)));
    const losses = targetClassifierLoss(classifier, {
      before,
      after,
      targets,
      seed: seed(),
      logits: tensorOf(chosen),
    });
    assertNear(losses.model, published.loss_model, 1e-4, "model");
    assertNear(losses.latents, published.loss_z, 1e-4, "latents");
  });
});

describe("the published causal encoder", () => {
  const published = fixture("causal-encoder");
  const factors: CausalFactor[] = [
    { name: "x", kind: "continuous", bound: 2 },
    { name: "rotation", kind: "angle" },
    { name: "hue", kind: "angle" },
    { name: "shape", kind: "category", classes: 3 },
  ];

  it("gives the published losses, values, distances and gradient", () => {
    const heads = createFactorHeads(factors, 7, rng);
    const layers = [createDense(5, 7, { rng }), createDense(7, 7, { rng })];
    const named = {
      ...factorHeadVariables(heads),
      "encoder.0.weight": layers[0].weight,
      "encoder.0.bias": layers[0].bias,
      "encoder.2.weight": layers[1].weight,
      "encoder.2.bias": layers[1].bias,
    } as Record<string, Variable>;
    loadPublished(named, published.state_dict);
    const truth = tensorOf(published.labels);
    const readings = () =>
      readFactors(
        heads,
        layers.reduce<Tensor>((x, layer) => dense(layer, x).tanh(), tensorOf(published.inputs)),
      );
    for (const mode of ["train", "eval"] as const) {
      const training = mode === "train";
      const { losses, total, gradient_first_bias } = published[mode];
      const sum = () =>
        Object.values(factorLosses(factors, readings(), truth, { training })).reduce((a, b) => a.add(b));
      for (const [name, loss] of Object.entries(factorLosses(factors, readings(), truth, { training })))
        assertNear(loss, losses[name], 1e-5, name);
      const bias = layers[0].bias as Variable;
      const { value, grads } = tf.variableGrads(sum as () => Scalar, [bias]);
      assertNear(value, total, 1e-5, "total");
      assertNear(grads[bias.name], gradient_first_bias, 1e-5, "gradient");
    }
    for (const [index, factor] of factors.entries()) {
      const rows = readings()[index].arraySync() as number[][];
      for (const [row, reading] of rows.entries()) {
        const value = factorValue(factor, reading);
        assert.ok(Math.abs(value - published.predicted[row][index]) < 1e-5, factor.name);
        const distance = factorDistance(factor, reading, published.labels[row][index]);
        const wanted = published.eval.normalised_distances[factor.name][row];
        assert.ok(Math.abs(distance - wanted) < 1e-3 * 1e-2 + 1e-5, `${factor.name}: ${distance}, ${wanted}`);
      }
    }
  });

  it("reads factors off frames", () => {
    const model = createCausalEncoder({ factors, size: 32, channels: 4, rng });
    assert.equal(model.heads.layers.length, 4);
  });
});

describe("the published loss of CITRIS-VAE", () => {
  const published = fixture("vae-loss");
  const cases = {
    w32: { file: "vae-32", size: 32, channels: 4, flow: false },
    w64: { file: "vae-64", size: 64, channels: 4, flow: true },
  };

  for (const [name, { file, size, channels, flow }] of Object.entries(cases)) {
    it(`and its gradients agree: ${name}`, (t) => {
      const { gradient_norms, ...losses } = published.cases[name];
      const arrays = arraysOf(file);
      const model = createCitrisVae({
        size,
        channels,
        latents: 5,
        factors: 3,
        flow,
        psi0Weight: 0.01,
        rng,
        normaliseClassifier: true,
        conditionalTargets: true,
        classifierMomentum: 0.9,
      });
      const variables = citrisVaeVariables(model);
      loadPublished(variables, new Map([...arrays].filter(([key]) => key !== "images")));
      if (!isNative()) return t.skip("NOT TESTED: no gradient for filters in WebAssembly");
      const frames = imageTensor(arrays.get("images")!);
      const targets = tensorOf(published.target).reshape([-1, 3]);
      followTargets(model.classifier, targets);
      const options = { seed: seed(), training: true, noise: tf.fill([4, 5], 0.25) };
      const found = citrisVaeLoss(model, frames, targets, options);
      assertClose(found.divergence.dataSync()[0], losses.kld, published.tol, "divergence");
      assertClose(found.squaredError.dataSync()[0], losses.rec_loss, published.tol, "squared error");
      assertClose(found.classifierModel.dataSync()[0], losses.loss_model, published.tol, "model");
      assertClose(found.classifierLatents.dataSync()[0], losses.loss_z, published.tol, "latents");
      assertClose(found.loss.dataSync()[0], losses.loss, published.tol, "loss");
      const trained = Object.entries(variables).filter(([, { trainable }]) => trainable);
      const { grads } = tf.variableGrads(
        () => citrisVaeLoss(model, frames, targets, options).loss,
        trained.map(([, variable]) => variable),
      );
      const largest = Math.max(...Object.values<number>(gradient_norms));
      for (const [key, variable] of trained) {
        const expected = gradient_norms[key];
        if (expected === undefined) continue;
        const norm = grads[variable.name].square().sum().sqrt().dataSync()[0];
        const allowed = 1e-6 * largest + 1e-3 * expected;
        assert.ok(Math.abs(norm - expected) <= allowed, `${key}: ${norm}, not ${expected}`);
      }
    });
  }
});

describe("the published schedules", () => {
  const { cosine_warmup, sine } = fixture("schedulers");
  it("agree", () => {
    const rate = citrisSchedule(1, { totalSteps: 1000 });
    for (const [step, value] of Object.entries(cosine_warmup))
      assertClose(rate(Number(step)), value as number, 1e-7, `cosine at ${step}`);
    const factor = divergenceWarmUp(100);
    for (const [step, value] of Object.entries(sine))
      assertClose(factor(Number(step)), value as number, 1e-7, `sine at ${step}`);
  });
});
