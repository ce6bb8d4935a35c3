// The networks of the experiment with their trainers, made once for all seeds of a process: each seed begins them anew.
import type { Tensor, Tensor1D, Variable } from "@tensorflow/tfjs-node";
import type { SceneFactor } from "../../../data/temporal-scenes";
import {
  type CausalEncoder,
  type CitrisNf,
  type CitrisVae,
  causalEncoderLoss,
  causalEncoderVariables,
  citrisNfLoss,
  citrisNfVariables,
  citrisSchedule,
  citrisVaeLoss,
  citrisVaeVariables,
  createCausalEncoder,
  createCitrisNf,
  createCitrisVae,
  createSceneAutoencoder,
  followTargets,
  type GuidedPrior,
  initialiseLatentFlow,
  type LatentFlow,
  type SceneAutoencoder,
  sceneAutoencoderLoss,
  sceneAutoencoderVariables,
} from "../../../models/citris";
import { type ConvVae, convVaeLoss, convVaeVariables, createConvVae } from "../../../models/vae";
import { createRandom, type Random } from "../../../random";
import { tensorflow } from "../../../tensor";
import { createTrainer, type LossWithMetrics, type Trainer } from "../../../train";
import type { DecidingConfiguration } from "../configuration";
import { columnsOf } from "../measures/correlation";

/** A network and its trainer. */
export interface Trained<Model> {
  readonly model: Model;
  readonly trainer: Trainer<Tensor[], LossWithMetrics>;
  /** Draws new weights and forgets the steps done. */
  begin(rng: Random): void;
  dispose(): void;
}

function trained<Model>(
  make: (rng: Random) => Model,
  variablesOf: (model: Model) => Record<string, Variable>,
  trainerOf: (model: Model, parameters: Record<string, Variable>) => Trainer<Tensor[], LossWithMetrics>,
): Trained<Model> {
  const model = make(createRandom(0));
  const parameters = variablesOf(model);
  const trainer = trainerOf(model, parameters);
  return {
    model,
    trainer,
    begin: (rng) => trainer.begin(() => variablesOf(make(rng))),
    dispose: () => {
      trainer.dispose();
      tensorflow().dispose(Object.values(parameters));
    },
  };
}

/** The autoencoder: AdamW, gradients clipped at .1, as published. */
export const autoencoderTrainer = (c: DecidingConfiguration): Trained<SceneAutoencoder> =>
  trained(
    (rng) => createAutoencoder(c, rng),
    sceneAutoencoderVariables,
    (model, parameters) =>
      createTrainer<Tensor[], LossWithMetrics>({
        parameters,
        loss: (...[images, seed]) => {
          const options = { training: true, noise: c.codeNoise, codeWeight: c.codeWeight };
          const { loss, squaredError } = sceneAutoencoderLoss(model, images, seed as Tensor1D, options);
          return { loss, squaredError };
        },
        optimiser: { kind: "adamw" },
        learningRate: citrisSchedule(c.autoencoderRate, warmingUp(c.autoencoderSteps)),
        clipNorm: 0.1,
      }),
  );

export const createAutoencoder = (c: DecidingConfiguration, rng: Random): SceneAutoencoder =>
  createSceneAutoencoder({
    size: c.size,
    channels: c.channels,
    latents: c.latents,
    blocks: c.blocks,
    rng,
    kind: c.networks,
  });

/** A variant of CITRIS and its trainer. */
export interface CitrisTrainer<Model> extends Trained<Model> {
  /** Sets up the flow's ActNorms. @param codes of a first batch, [rows, latents] */
  initialise(codes: Tensor): void;
}
export type FlowTrainer = CitrisTrainer<CitrisNf>;
export type VaeTrainer = CitrisTrainer<CitrisVae>;

interface Variant<Model> {
  create(rng: Random): Model;
  variablesOf(model: Model): Record<string, Variable>;
  /** @param inputs codes or frames, [rows, 2, ...] @param targets [rows, factors] @param seed int32 [2] */
  loss(model: Model, inputs: Tensor, targets: Tensor, seed: Tensor1D): LossWithMetrics;
  rate: number;
  steps: number;
  threads?: number;
}

/** Both variants take the same step: the target classifier's copy follows it, then come loss, gradients and update. */
function citrisTrainer<Model extends GuidedPrior & { readonly flow?: LatentFlow }>(
  c: DecidingConfiguration,
  { create, variablesOf, loss, rate, steps, threads }: Variant<Model>,
): CitrisTrainer<Model> {
  const made = trained(create, variablesOf, (model, parameters) =>
    createTrainer<Tensor[], LossWithMetrics>({
      parameters,
      loss: (...[inputs, targets, seed]) => {
        followTargets(model.classifier, targets);
        return loss(model, inputs, targets, seed as Tensor1D);
      },
      optimisers: { citris: citrisOptimisation(parameters, c, rate, steps) },
      threads,
    }),
  );
  return {
    ...made,
    initialise: (codes) => {
      if (made.model.flow) initialiseLatentFlow(made.model.flow, codes);
    },
  };
}

/** CITRIS-NF. */
export const flowTrainer = (c: DecidingConfiguration, factors: readonly SceneFactor[]): FlowTrainer =>
  citrisTrainer(c, {
    create: (rng) => createFlow(c, factors, rng),
    variablesOf: citrisNfVariables,
    loss: (model, codes, targets, seed) => {
      const weights = { draws: c.draws, noise: c.codeNoise, classifierWeight: c.classifierWeight };
      return { ...citrisNfLoss(model, codes, targets, { ...weights, training: true, seed }) };
    },
    rate: c.flowRate,
    steps: c.flowSteps,
    threads: 1, // many small operations
  });

export const createFlow = (
  c: DecidingConfiguration,
  factors: readonly SceneFactor[],
  rng: Random,
): CitrisNf =>
  createCitrisNf({
    latents: c.latents,
    factors: factors.length,
    channels: c.classifierChannels,
    rng,
    parts: c.flowParts,
    flowHidden: c.flowHidden,
    psi0Weight: c.psi0Weight,
    priorKind: c.prior,
    priorHidden: c.priorHidden,
    evenStart: c.evenStart,
  });

/** CITRIS-VAE with a flow after its encoder: optimiser and clipping as those of CITRIS-NF. */
export const vaeTrainer = (c: DecidingConfiguration, factors: readonly SceneFactor[]): VaeTrainer =>
  citrisTrainer(c, {
    create: (rng) =>
      createCitrisVae({
        size: c.size,
        channels: c.vaeChannels,
        latents: c.vaeLatents,
        factors: factors.length,
        rng,
        kind: c.networks,
        blocks: c.blocks,
        flowHidden: c.flowHidden,
        psi0Weight: c.psi0Weight,
        evenStart: c.evenStart,
      }),
    variablesOf: citrisVaeVariables,
    loss: (model, frames, targets, seed) => {
      const options = { training: true, classifierWeight: c.classifierWeight, seed };
      const { reconstruction: _, ...losses } = citrisVaeLoss(model, frames, targets, options);
      return losses;
    },
    rate: c.vaeRate,
    steps: c.vaeSteps,
  });

/** AdamW without decay, the target classifier at its own rate and with decay; gradients clipped at 1, as published. */
function citrisOptimisation(
  parameters: Record<string, Variable>,
  c: DecidingConfiguration,
  learningRate: number,
  steps: number,
) {
  const trainable = Object.entries(parameters).filter(([, variable]) => variable.trainable);
  const ofClassifier = ([name]: [string, Variable]) => name.startsWith("intv_classifier");
  return {
    variables: [
      { variables: Object.fromEntries(trainable.filter((entry) => !ofClassifier(entry))) },
      {
        variables: Object.fromEntries(trainable.filter(ofClassifier)),
        learningRateFactor: c.classifierRate / learningRate,
        weightDecay: 1e-4,
      },
    ],
    optimiser: { kind: "adamw", weightDecay: 0 } as const,
    learningRate: citrisSchedule(learningRate, warmingUp(steps)),
    clipNorm: 1,
  };
}

/** The library's beta-VAE of the same pictures: a baseline that sees no targets. */
export const betaVaeTrainer = (c: DecidingConfiguration): Trained<ConvVae> =>
  trained(
    (rng) => createConvVae({ widths: betaVaeWidths(c), latents: c.latents, rng }),
    convVaeVariables,
    (model, parameters) =>
      createTrainer<Tensor[], LossWithMetrics>({
        parameters,
        loss: (...[images, seed]) => {
          const options = { training: true, beta: c.betaVaeWeight };
          const { loss, kl } = convVaeLoss(model, images.add(1).div(2), seed as Tensor1D, options);
          return { loss, kl: kl.mean().asScalar() };
        },
        optimiser: { kind: "adam" },
        learningRate: citrisSchedule(BETA_VAE_RATE, warmingUp(c.betaVaeSteps)),
      }),
  );

const BETA_VAE_RATE = 2e-3;

/** Channels that double while the picture is halved, down to 4 x 4. */
const betaVaeWidths = ({ size, channels }: DecidingConfiguration): number[] =>
  Array.from({ length: Math.log2(size / 4) }, (_, i) => channels * 2 ** i);

/** The causal encoder: AdamW with decay 1e-4, as published. */
export const causalEncoderTrainer = (
  c: DecidingConfiguration,
  factors: readonly SceneFactor[],
): Trained<CausalEncoder> =>
  trained(
    (rng) =>
      createCausalEncoder({
        factors: columnsOf(factors),
        size: c.size,
        channels: Math.max(16, c.channels),
        rng,
        kind: c.networks,
      }),
    causalEncoderVariables,
    (model, parameters) =>
      createTrainer<Tensor[], LossWithMetrics>({
        parameters,
        loss: (...[images, truth]) => ({ loss: causalEncoderLoss(model, images, truth, { training: true }) }),
        optimiser: { kind: "adamw", weightDecay: 1e-4 },
        learningRate: citrisSchedule(2e-3, warmingUp(c.causalEncoderSteps)),
      }),
  );

/** The published hundred steps of warm-up, or a tenth of a short training. */
const warmingUp = (totalSteps: number) => ({
  totalSteps: Math.max(1, totalSteps),
  warmUpSteps: Math.min(100, Math.floor(totalSteps / 10)),
});
