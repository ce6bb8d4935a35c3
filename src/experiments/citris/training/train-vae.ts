// CITRIS-VAE of one seed: it learns pictures and factors at once, from the same frames and targets as CITRIS-NF.
import type { Tensor } from "@tensorflow/tfjs-node";
import { createRandom, type Random } from "../../../random";
import { tensorflow } from "../../../tensor";
import { type Measured, measureLatents, throughFlow } from "../measures/measure-latents";
import { encodeFrames } from "../measures/scene-codes";
import { assignmentOf } from "../saved-model";
import type { CitrisData } from "../scenes/scene-data";
import { FIRST_ROWS, framePairs, targetsOf } from "./batches";
import type { SeedStages } from "./seed-stages";
import type { VaeTrainer } from "./trainers";

/** Trains CITRIS-VAE, and measures it. */
export async function trainVae(
  vae: VaeTrainer,
  data: CitrisData,
  stages: SeedStages,
  rng: Random,
): Promise<Measured> {
  const c = stages.configuration;
  const { training, heldOut, factors } = data;
  const { size, vaeLatents: latents } = c;
  const frameValues = size * size * 3;
  /** One draw of the encoder for each frame. @returns [count, latents] */
  const drawnCodes = (images: Uint8Array) => {
    const encoded = encodeFrames(images, size, 2 * latents, (frames) => {
      const { mean, logDeviation } = vae.model.encoder.encode(frames, { training: false });
      return tensorflow().concat([mean, (logDeviation as Tensor).exp()], 1);
    });
    return drawn(encoded, latents, createRandom(c.dataSeed).split("draws of the VAE"));
  };
  vae.begin(rng.split("vae"));
  const some = drawnCodes(training.images.subarray(0, FIRST_ROWS * frameValues));
  tensorflow().tidy(() => vae.initialise(tensorflow().tensor2d(some, [some.length / latents, latents])));
  await stages.run({
    name: "vae",
    rows: c.frames - 1,
    batchSize: c.vaeBatch,
    trainer: vae.trainer,
    inputs: (rows, words) => [
      framePairs(training.images, size, rows),
      targetsOf(training.targets, factors.length, rows),
      words,
    ],
  });
  const codes = drawnCodes(heldOut.images);
  const turned = vae.model.flow ? throughFlow(vae.model.flow, codes) : codes;
  return measureLatents(turned, assignmentOf(vae.model.prior), data, c);
}

/** One draw of each code. @param encoded means, then deviations, [count, 2 width] @returns [count, width] */
function drawn(encoded: Float32Array, width: number, rng: Random): Float32Array {
  return Float32Array.from({ length: encoded.length / 2 }, (_, place) => {
    const at = 2 * width * Math.floor(place / width) + (place % width);
    return encoded[at] + encoded[at + width] * rng.normal();
  });
}
