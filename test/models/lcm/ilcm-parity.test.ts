import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor2D } from "@tensorflow/tfjs-node";
import {
  betaVaeLoss,
  encodeToCausal,
  exponentialEpochSchedule,
  type IlcmLoss,
  type IlcmPhase,
  ilcmLoss,
  ilcmVariables,
  interventionPosterior,
  inverseSoftplus,
  linearEpochSchedule,
} from "../../../src/models/lcm";
import { gaussianLogDensity, standardNormalLogDensity } from "../../../src/models/lcm/gaussian-likelihood";
import { createInterventionEncoder } from "../../../src/models/lcm/intervention-encoder";
import { cosineWarmRestartsSchedule, startBackend, tensorflow } from "../../../src/tensor";
import {
  assertNear,
  fixedNoise,
  type PublishedGradients,
  type PublishedLosses,
  readFixture,
  stored,
  tinyModel,
} from "./published";

const tf = tensorflow();
before(startBackend);

const losses = readFixture<PublishedLosses>("losses");
const pair = () => ({ before: tf.tensor2d(losses.x1), after: tf.tensor2d(losses.x2) });
const weights = {
  beta: 0.7,
  pretrainingBeta: 1e-3,
  noiseRegularisation: 0.01,
  consistency: 0.01,
  offset: 1e-3,
};

describe("ilcmLoss() against the published code", () => {
  const phases: [string, Exclude<IlcmPhase, "pretraining">][] = [
    ["no_interventions", "observational"],
    ["full", "interventional"],
    ["deterministic", "deterministic"],
  ];
  for (const [kind, ancestors] of [
    ["ilcm", "others"],
    ["dvae", "nothing"],
  ] as const) {
    const { state_dict, phases: published, causal_encoding_x1 } = losses.models[kind];

    it(`encodes observations as the ${kind} does`, () => {
      assertNear(encodeToCausal(tinyModel(state_dict, ancestors), pair().before), causal_encoding_x1, kind);
    });

    it(`has every term of the ${kind} in pretraining`, () => {
      const phase = "pretraining";
      const model = tinyModel(state_dict, ancestors);
      const found = ilcmLoss(model, pair(), fixedNoise(3, 2, phase), { phase, ...weights });
      const expected = published.pretrain;
      assertNear(found.loss, expected.total_loss, "loss");
      assertNear(found.lossPerPair, expected.per_sample_beta_vae_loss, "lossPerPair");
      assertNear(found.consistency, expected.consistency_mse, "consistency");
      assertNear(found.noiseRegularisation, expected.z_regularization, "noiseRegularisation");
    });

    for (const [name, phase] of phases) {
      it(`has every term of the ${kind} in the phase "${phase}"`, () => {
        const model = tinyModel(state_dict, ancestors);
        const found = ilcmLoss(model, pair(), fixedNoise(3, 2, phase), { phase, ...weights });
        const { metrics, ...terms } = published[name];
        const names: Record<keyof IlcmLoss, string> = {
          loss: "total_loss",
          lossPerPair: "per_sample_beta_vae_loss",
          logLikelihood: "log_likelihood",
          logPosterior: "log_posterior",
          logPrior: "log_prior",
          noiseDivergence: "kl_e",
          interventionDivergence: "kl_intervention_target",
          squaredError: "mse",
          consistency: "consistency_mse",
          noiseRegularisation: "z_regularization",
          interventionPosterior: "intervention_posterior",
          entropy: "",
        };
        for (const [ours, theirs] of Object.entries(names))
          if (theirs) assertNear(found[ours as keyof IlcmLoss], terms[theirs], ours);
        assertNear(found.entropy, metrics.intervention_entropy, "entropy");
        assert.deepEqual(Object.values(names).filter(Boolean).sort(), Object.keys(terms).sort());
      });
    }
  }
});

describe("the gradient of ilcmLoss()", () => {
  const { x1, x2, state_dict, phases } = readFixture<PublishedGradients>("gradients");
  for (const [phase, { loss, gradients }] of Object.entries(phases)) {
    it(`is PyTorch's in the phase "${phase}"`, () => {
      const model = tinyModel(state_dict);
      const variables = ilcmVariables(model);
      const given = { before: tf.tensor2d(x1), after: tf.tensor2d(x2) };
      const noise = fixedNoise(x1.length, 2, phase as IlcmPhase);
      const options = { phase: phase as IlcmPhase, ...weights };
      // What no gradient reaches has zeros there, and none here.
      const reaches = ([name]: [string, unknown]) => phase !== "observational" || !name.startsWith("scm.");
      const reached = Object.entries(variables).filter(reaches);
      const { value, grads } = tf.variableGrads(
        () => ilcmLoss(model, given, noise, options).loss,
        reached.map(([, variable]) => variable),
      );
      assertNear(value, loss, "loss", 1e-5);
      const expected = stored(gradients);
      for (const [name, variable] of reached) {
        const { shape, data } = expected.get(name)!;
        assert.deepEqual(grads[variable.name].shape, shape, name);
        assertNear(grads[variable.name], Array.from(data), name, 1e-5);
      }
    });
  }
});

describe("betaVaeLoss()", () => {
  for (const [phase, beta] of [
    ["pretrain", 1e-3],
    ["full", 0.7],
  ] as const) {
    it(`has every term of the published model, beta ${beta}`, () => {
      const { state_dict, phases } = losses.models.betavae;
      const found = betaVaeLoss(tinyModel(state_dict), pair(), tf.fill([2, 3, 2], 0.25), { beta });
      const expected = phases[phase];
      assertNear(found.lossPerPair, expected.per_sample_beta_vae_loss, "lossPerPair");
      assertNear(found.noiseRegularisation, expected.z_regularization, "noiseRegularisation");
      if (phase === "pretrain") return;
      assertNear(found.logLikelihood, expected.log_likelihood, "logLikelihood");
      assertNear(found.logPosterior, expected.log_posterior, "logPosterior");
      assertNear(found.logPrior, expected.log_prior, "logPrior");
      assertNear(found.consistency, expected.mse, "squared error");
      assertNear(found.logPosterior.sub(found.logPrior), expected.kl, "divergence");
    });
  }
});

describe("parts against the published code", () => {
  it("gaussianLogDensity() has its constant or leaves it out", () => {
    const { x, mean, std, full_false_sum, full_true_sum, inverse_softplus } =
      readFixture<Record<string, number[][]>>("gaussian_ll");
    const [difference, deviation] = [tf.tensor2d(x).sub(tf.tensor2d(mean)), tf.tensor2d(std)];
    const density = (normalised: boolean) => gaussianLogDensity(difference, deviation, { normalised }).sum(1);
    assertNear(density(false), full_false_sum, "without");
    assertNear(density(true), full_true_sum, "with");
    for (const [value, expected] of Object.entries(inverse_softplus))
      assert.ok(Math.abs(inverseSoftplus(Number(value)) - Number(expected)) < 1e-12);
  });

  it("gaussianLogDensity() counts variances below 1e-6 as that, and lets the gradient pass", () => {
    const density = (deviation: Tensor2D) => gaussianLogDensity(tf.scalar(0), deviation).sum().asScalar();
    const small = tf.tensor2d([[1e-4]]);
    assertNear(density(small), -0.5 * Math.log(2 * Math.PI * 1e-6), "value");
    // d/ds of -log(variance) / 2 with variance 1e-6 and d variance / ds = 2 s
    assertNear(tf.grad(density as never)(small), [[-1e-4 / 1e-6]], "gradient");
  });

  it("standardNormalLogDensity() is gaussianLogDensity() with deviation 1", () => {
    const value = tf.tensor1d([-2, 0, 0.5]);
    assertNear(
      standardNormalLogDensity(value),
      Array.from(gaussianLogDensity(value, tf.onesLike(value)).dataSync()),
      "",
    );
  });

  it("interventionPosterior() has the published probabilities", () => {
    const { delta, cases } = readFixture<{ delta: number[][]; cases: { eps: number; probs: number[][] }[] }>(
      "intervention_encoder",
    );
    const encoder = createInterventionEncoder();
    for (const { eps, probs } of cases)
      assertNear(interventionPosterior(encoder, tf.tensor2d(delta), eps), probs, `offset ${eps}`);
  });

  it("epoch schedules have the published values, overshooting included", () => {
    const { fractional_epoch, schedules, lr_per_epoch_scaling } = readFixture<{
      fractional_epoch: number[];
      schedules: Record<string, { type: string; initial: number; final: number; values: number[] }>;
      lr_per_epoch_scaling: number[];
    }>("schedules");
    for (const [name, { type, initial: from, final: to, values }] of Object.entries(schedules)) {
      const make = type === "constant_linear_constant" ? linearEpochSchedule : exponentialEpochSchedule;
      const schedule = make({ from, to, after: 10, epochs: 10 });
      for (const [i, epoch] of fractional_epoch.entries())
        assert.ok(Math.abs(schedule(epoch) - values[i]) < 1e-12, `${name} at ${epoch}: ${schedule(epoch)}`);
    }
    const rate = cosineWarmRestartsSchedule(3e-4, { period: 30, lowest: 1e-8 });
    for (const [epoch, expected] of lr_per_epoch_scaling.entries())
      assert.ok(Math.abs(rate(epoch) - expected) < 1e-15, `learning rate of epoch ${epoch}: ${rate(epoch)}`);
  });
});
