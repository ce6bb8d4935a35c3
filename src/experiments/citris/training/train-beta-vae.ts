// The library's beta-VAE (Higgins et al. 2017) of one seed, a baseline: it sees the same frames and no targets. It has no
// assignment of its own and gets the one that flatters it most.
import { encodeConvVae } from "../../../models";
import type { ConvVae } from "../../../models/vae";
import type { Random } from "../../../random";
import { bestAssignment, type Measured, measureLatents } from "../measures/measure-latents";
import { encodeFrames } from "../measures/scene-codes";
import { framesTensor } from "../scenes/pixels";
import type { CitrisData } from "../scenes/scene-data";
import type { SeedStages } from "./seed-stages";
import type { Trained } from "./trainers";

/** Trains the beta-VAE, and measures the means of its codes. */
export async function trainBetaVae(
  { model, trainer, begin }: Trained<ConvVae>,
  data: CitrisData,
  stages: SeedStages,
  rng: Random,
): Promise<Measured> {
  const c = stages.configuration;
  begin(rng.split("beta-VAE"));
  await stages.run({
    name: "beta-vae",
    rows: c.frames,
    batchSize: c.autoencoderBatch,
    trainer,
    inputs: (rows, words) => [framesTensor(data.training.images, c.size, rows), words],
  });
  const means = encodeFrames(
    data.heldOut.images,
    c.size,
    c.latents,
    (frames) => encodeConvVae(model, frames.add(1).div(2), { training: false }).mean,
  );
  return measureLatents(means, bestAssignment(means, c.latents, data), data, c);
}
