// The networks of the experiment with their trainers, made once for all seeds of a process: each seed begins them anew.
import type { Tensor, Tensor1D, Variable } from "@tensorflow/tfjs-node";
import type { SceneFactor } from "../../data/temporal-scenes";
import {
  type CausalEncoder,
  type CitrisNf,
  causalEncoderLoss,
  causalEncoderVariables,
  citrisNfLoss,
  citrisNfVariables,
  citrisSchedule,
  createCausalEncoder,
  createCitrisNf,
  createSceneAutoencoder,
  followTargets,
  initialiseLatentFlow,
  type SceneAutoencoder,
  sceneAutoencoderLoss,
  sceneAutoencoderVariables,
} from "../../models/citris";
import { createRandom, type Random } from "../../random";
import { tensorflow } from "../../tensor";
import { createTrainer, type LossWithMetrics, type Trainer } from "../../train";
import type { DecidingConfiguration } from "./configuration";
import { columnsOf } from "./correlation";

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
    ...{ model, trainer },
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
    ...{ size: c.size, channels: c.channels, latents: c.latents, blocks: c.blocks, rng },
    kind: c.networks,
  });

/** CITRIS-NF: AdamW without decay, the target classifier at its own rate and with decay; gradients clipped at 1, as published. */
export const flowTrainer = (
  c: DecidingConfiguration,
  factors: readonly SceneFactor[],
): Trained<CitrisNf> & { initialise(codes: Tensor): void } => {
  const made = trained(
    (rng) => createFlow(c, factors, rng),
    citrisNfVariables,
    (model, parameters) => {
      const ofClassifier = ([name]: [string, Variable]) => name.startsWith("intv_classifier");
      const trainable = Object.entries(parameters).filter(([, variable]) => variable.trainable);
      const group = (entries: [string, Variable][]) => Object.fromEntries(entries);
      return createTrainer<Tensor[], LossWithMetrics>({
        parameters,
        loss: (...[codes, targets, seed]) => {
          followTargets(model.classifier, targets);
          const options = { draws: c.draws, noise: c.codeNoise, classifierWeight: c.classifierWeight };
          const losses = citrisNfLoss(model, codes, targets, {
            ...{ ...options, training: true },
            seed: seed as Tensor1D,
          });
          return { ...losses };
        },
        optimisers: {
          citris: {
            variables: [
              { variables: group(trainable.filter((entry) => !ofClassifier(entry))) },
              {
                variables: group(trainable.filter(ofClassifier)),
                learningRateFactor: c.classifierRate / c.flowRate,
                weightDecay: 1e-4,
              },
            ],
            optimiser: { kind: "adamw", weightDecay: 0 },
            learningRate: citrisSchedule(c.flowRate, warmingUp(c.flowSteps)),
            clipNorm: 1,
          },
        },
        threads: 1, // many small operations
      });
    },
  );
  return { ...made, initialise: (codes) => initialiseLatentFlow(made.model.flow, codes) };
};

export const createFlow = (
  c: DecidingConfiguration,
  factors: readonly SceneFactor[],
  rng: Random,
): CitrisNf =>
  createCitrisNf({
    ...{ latents: c.latents, factors: factors.length, channels: c.classifierChannels, rng },
    ...{ parts: c.flowParts, flowHidden: c.flowHidden, psi0Weight: c.psi0Weight },
    ...{ priorKind: c.prior, priorHidden: c.priorHidden, evenStart: c.evenStart },
  });

/** The causal encoder: AdamW with decay 1e-4, as published. */
export const causalEncoderTrainer = (
  c: DecidingConfiguration,
  factors: readonly SceneFactor[],
): Trained<CausalEncoder> =>
  trained(
    (rng) =>
      createCausalEncoder({
        ...{ factors: columnsOf(factors), size: c.size, channels: Math.max(16, c.channels), rng },
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
