// A model of scenes that has learnt nothing: for examples, tests, and to compare a trained one with.
import { sceneFactors } from "../../data/temporal-scenes";
import type { Random } from "../../random";
import { tensorflow } from "../../tensor";
import type { DecidingConfiguration } from "./configuration";
import { type SceneModel, withAssignment } from "./saved-model";
import { createAutoencoder, createFlow } from "./training/trainers";

/** A logit beside which zeros do not count. */
const CERTAIN = 9;

/**
 * Makes a model of scenes with weights that were only drawn; its first latents belong to a factor each, in their order, and all
 * further ones to ψ_0.
 *
 * @param configuration sizes of the networks, as `parameters` gives them
 * @param options.rng draws the weights
 * @returns a model whose variables are the caller's to dispose of
 * @example
 * import { citris, createRandom, startBackend } from "dolab";
 * await startBackend();
 * const { configuration } = citris.parameters({ preset: "smoke", channels: 2, latents: 6 });
 * const model = citris.untrainedSceneModel(configuration, { rng: createRandom(0) });
 * model.assignment; // => [0, 1, 2, 3, 4, 5]
 */
export function untrainedSceneModel(
  configuration: DecidingConfiguration,
  { rng }: { rng: Random },
): SceneModel {
  const factors = sceneFactors(configuration);
  const autoencoder = createAutoencoder(configuration, rng);
  const citris = createFlow(configuration, factors, rng);
  const { logits } = citris.prior; // [latents, factors + 1]
  const own = Int32Array.from({ length: configuration.latents }, (_, i) => Math.min(i, factors.length));
  const tf = tensorflow();
  tf.tidy(() => logits.assign(tf.oneHot(tf.tensor1d(own, "int32"), factors.length + 1).mul(CERTAIN)));
  return withAssignment({ autoencoder, citris, factors });
}
