// Stage 1 of CausalCircuit: the image autoencoder that makes eight numbers of a picture, trained on pairs as published, with
// Adam, clipped gradients and a learning rate that falls along a cosine from epoch to epoch. Pairs that fill no batch at the end
// of an epoch are left out.
import type { Tensor } from "@tensorflow/tfjs-node";
import { type CircuitPairs, circuitImages, type PairHalf, shuffledBatches } from "../../../data";
import {
  createImageAutoencoder,
  type ImageAutoencoder,
  imageAutoencoderVariables,
  imageVaeLoss,
} from "../../../models/lcm";
import { createRandom } from "../../../random";
import { cosineSchedule, statelessNormal, tensorflow } from "../../../tensor";
import { createTrainer, type TrainOutcome, train } from "../../../train";

/** The settings of stage 1. */
export interface AutoencoderSettings {
  /** Height and width of the pictures. */
  size: number;
  /** Channels after the first block. */
  width: number;
  /** Numbers that a picture becomes. */
  latents: number;
  /** What PyTorch's initial values of convolutions are multiplied by: 1, as published. */
  autoencoderGain: number;
  autoencoderEpochs: number;
  autoencoderBatch: number;
  autoencoderRate: number;
  autoencoderLowestRate: number;
  autoencoderClipNorm: number;
  /** Weights of the divergence, of squared codes and of the squared error beside the likelihood. */
  autoencoderBeta: number;
  codeRegularisation: number;
  autoencoderConsistency: number;
}

export interface TrainAutoencoderOptions {
  /** Where checkpoints are kept. */
  folder?: string;
  /** Seed of batches and noise. */
  seed: number;
  signal?: AbortSignal;
  /** Is told how many steps are done. */
  onProgress?: (steps: number, metrics: Record<string, number>) => void;
}

/** Makes an autoencoder. @param seed of its initial weights */
export const createAutoencoderOf = (
  {
    size,
    width,
    latents,
    autoencoderGain: gain,
  }: Pick<AutoencoderSettings, "size" | "width" | "latents" | "autoencoderGain">,
  seed: number,
): ImageAutoencoder =>
  createImageAutoencoder({
    size,
    width,
    latents,
    gain,
    rng: createRandom(seed).split("image autoencoder"),
  });

/** Steps of its training on a number of pairs. */
export const autoencoderSteps = (
  pairs: number,
  { autoencoderEpochs, autoencoderBatch }: AutoencoderSettings,
): number => autoencoderEpochs * Math.floor(pairs / autoencoderBatch);

/**
 * Trains an autoencoder on pairs, or goes on with it from the newest checkpoint in the folder.
 *
 * @returns how it ended, with the mean loss and squared error of a pair along the way
 * @throws {RangeError} where there are fewer pairs than a batch has
 */
export async function trainAutoencoder(
  model: ImageAutoencoder,
  pairs: CircuitPairs,
  settings: AutoencoderSettings,
  { folder, seed, signal, onProgress }: TrainAutoencoderOptions,
): Promise<TrainOutcome> {
  const tf = tensorflow();
  const { autoencoderEpochs: epochs, autoencoderBatch: batch } = settings;
  const rng = createRandom(seed).split("image batches");
  const batches = shuffledBatches(pairs.pairs, batch, { rng, dropLast: true });
  const { perEpoch } = batches;
  const rateAt = cosineSchedule(settings.autoencoderRate, {
    totalSteps: epochs,
    lowest: settings.autoencoderLowestRate,
  });
  const weights = {
    beta: settings.autoencoderBeta,
    codeRegularisation: settings.codeRegularisation,
    consistency: settings.autoencoderConsistency,
  };
  const trainer = createTrainer({
    parameters: imageAutoencoderVariables(model),
    loss: (before: Tensor, after: Tensor, noiseSeed: Tensor) => {
      const noise = statelessNormal([2, batch, model.latents], noiseSeed as never);
      const pair = { before: fromBytes(before), after: fromBytes(after) };
      const { loss, squaredError } = imageVaeLoss(model, pair, noise, weights);
      return { loss, squaredError };
    },
    optimiser: { kind: "adam" },
    learningRate: (step: number) => rateAt(Math.floor(step / perEpoch)),
    clipNorm: settings.autoencoderClipNorm,
    threads: 1,
  });
  const shape = [batch, pairs.size, pairs.size, 3];
  const every = Math.max(1, Math.min(100, perEpoch));
  try {
    return await train({
      variables: trainer.variables,
      epochs,
      stepsPerEpoch: perEpoch,
      seed,
      folder,
      signal,
      log: { every },
      step({ step, epoch, batch: place, seed: noiseSeed }) {
        const rows = batches.at(epoch, place);
        const half = (which: PairHalf) => tf.tensor(circuitImages(pairs, rows, which), shape, "int32");
        const found = trainer.step(half("before"), half("after"), tf.tensor1d(noiseSeed, "int32"));
        if ((step + 1) % every === 0) onProgress?.(step + 1, {});
        return found;
      },
    });
  } finally {
    trainer.dispose();
  }
}

const fromBytes = (images: Tensor): Tensor => images.cast("float32").div(255);
