// The random numbers of one evaluation of the ILCM loss, drawn at once from a stateless seed so that a step can be traced.
import type { Tensor } from "@tensorflow/tfjs-node";
import { statelessNormal, tensorflow } from "../../tensor";
import type { IlcmPhase } from "./ilcm-phase";

/** `blocks` is how many interventions are evaluated: latents + 1 where all are enumerated, 1 in the deterministic phase. */
export interface IlcmNoise {
  /** [2, batch, latents], standard normal: encodings without interventions, for pretraining and the regularisers. */
  pairs: Tensor;
  /** [blocks, batch, latents], standard normal: encodings before the intervention. */
  before: Tensor;
  /** [interventions, batch, 1], standard normal: the intervened variable after it; none where nothing was intervened on. */
  intervened: Tensor;
  /** [blocks, batch, latents], uniform on [0, 1]: how the two encodings of a variable without intervention are mixed. */
  mixing: Tensor;
}

/**
 * Draws the noise of one loss.
 *
 * The uniform numbers are normal ones seen through their distribution function, so that one seed gives independent
 * numbers by a single random op.
 *
 * @param seed int32 [2], another one at each step
 * @param size.batch how many pairs
 * @param size.latents how many causal variables
 * @param size.phase the phase of training: pretraining needs noise for the pairs alone
 * @returns for `ilcmLoss` of the same phase
 * @example
 * import { drawIlcmNoise, tensorflow } from "dolab";
 * const seed = tensorflow().tensor1d([0, 1], "int32");
 * const noise = drawIlcmNoise(seed, { batch: 3, latents: 2, phase: "interventional" });
 * noise.pairs.shape; // => [2, 3, 2]
 * noise.before.shape; // => [3, 3, 2]
 */
export function drawIlcmNoise(
  seed: Tensor,
  { batch, latents, phase }: { batch: number; latents: number; phase: IlcmPhase },
): IlcmNoise {
  const tf = tensorflow();
  const { pairs, before, intervened, mixing } = ilcmNoiseShapes({ batch, latents, phase });
  const shapes = [pairs, before, mixing, intervened];
  const sizes = shapes.map((shape) => tf.util.sizeFromShape(shape));
  const drawn = statelessNormal([sizes.reduce((sum, size) => sum + size, 0)], seed);
  const parts = tf.split(drawn, sizes).map((part, i) => part.reshape(shapes[i]));
  return {
    pairs: parts[0],
    before: parts[1],
    intervened: parts[3],
    mixing: parts[2].mul(Math.SQRT1_2).erf().add(1).mul(0.5),
  };
}

/** The shapes of the noise of a phase; [0, ...] for what pretraining does not need. */
export function ilcmNoiseShapes({
  batch,
  latents,
  phase,
}: {
  batch: number;
  latents: number;
  phase: IlcmPhase;
}): Record<keyof IlcmNoise, number[]> {
  const enumerated = phase !== "deterministic";
  const blocks = phase === "pretraining" ? 0 : enumerated ? latents + 1 : 1;
  const interventions = phase === "pretraining" ? 0 : enumerated ? latents : 1;
  return {
    pairs: [2, batch, latents],
    before: [blocks, batch, latents],
    intervened: [interventions, batch, 1],
    mixing: [blocks, batch, latents],
  };
}
