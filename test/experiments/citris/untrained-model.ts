// An untrained model of scenes in which latent j belongs to factor j.
import { sceneFactors } from "../../../src/data";
import { resolveConfiguration } from "../../../src/experiments";
import type { CitrisConfiguration } from "../../../src/experiments/citris";
import { citrisSource } from "../../../src/experiments/citris/configuration";
import { withAssignment } from "../../../src/experiments/citris/saved-model";
import { createAutoencoder, createFlow } from "../../../src/experiments/citris/training/trainers";
import { createRandom } from "../../../src/random";
import { tensorflow } from "../../../src/tensor";

export function untrainedConfiguration(): CitrisConfiguration {
  const given = { preset: "smoke", channels: 2, latents: 5 };
  return resolveConfiguration(citrisSource, given).configuration as unknown as CitrisConfiguration;
}

export function untrainedModel() {
  const configuration = untrainedConfiguration();
  const rng = createRandom(2);
  const factors = sceneFactors();
  const autoencoder = createAutoencoder(configuration, rng);
  const citris = createFlow(configuration, factors, rng);
  const tf = tensorflow();
  tf.tidy(() => citris.prior.logits.assign(tf.eye(6).slice([0, 0], [5, 6]).mul(9)));
  return withAssignment({ autoencoder, citris, factors });
}
