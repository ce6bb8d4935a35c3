// An untrained model of scenes in which latent j belongs to factor j.
import { resolveConfiguration } from "../../../src/experiments";
import { type CitrisConfiguration, untrainedSceneModel } from "../../../src/experiments/citris";
import { citrisSource } from "../../../src/experiments/citris/configuration";
import { createRandom } from "../../../src/random";

export function untrainedConfiguration(): CitrisConfiguration {
  const given = { preset: "smoke", channels: 2, latents: 5 };
  return resolveConfiguration(citrisSource, given).configuration as unknown as CitrisConfiguration;
}

export const untrainedModel = () => untrainedSceneModel(untrainedConfiguration(), { rng: createRandom(2) });
