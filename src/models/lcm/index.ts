export {
  type Autoencoder,
  type BetaVaeLoss,
  type BetaVaeLossOptions,
  betaVaeLoss,
} from "./beta-vae-loss";
export { type Change, exponentialEpochSchedule, linearEpochSchedule } from "./epoch-schedule";
export {
  type ExplicitGraph,
  type ExplicitGraphKind,
  edgeProbabilityMatrix,
  type GraphSampling,
  likeliestGraph,
} from "./explicit/explicit-graph";
export {
  createExplicitLcm,
  type ExplicitLcm,
  type ExplicitLcmLossOptions,
  explicitInterventionPosterior,
  explicitLcmLoss,
  explicitLcmVariables,
} from "./explicit/explicit-lcm";
export {
  type ExplicitMechanisms,
  type ExplicitMechanismsOptions,
  type ExplicitPrior,
  setVariable,
} from "./explicit/explicit-mechanisms";
export {
  createGaussianEncoder,
  type GaussianEncoder,
  type GaussianEncoderOptions,
  type GaussianEncoding,
  gaussianEncoder,
  inverseSoftplus,
} from "./gaussian-encoder";
export type { EncoLogits } from "./graphs/enco-graph";
export type { EncoNetworks } from "./graphs/enco-networks";
export {
  drawNoisePermutations,
  type ImplicitGraph,
  implicitGraph,
  type NoisePermutations,
  topologicalOrder,
} from "./graphs/implicit-graph";
export { type EncoOptions, learnEncoGraph } from "./graphs/learn-enco-graph";
export {
  autoencoderVariables,
  createAutoencoder,
  createIlcm,
  encodeToCausal,
  fromPublishedIlcm,
  type Ilcm,
  type IlcmOptions,
  ilcmVariables,
} from "./ilcm";
export {
  type IlcmLoss,
  type IlcmLossOptions,
  type IlcmPretrainingLoss,
  ilcmLoss,
} from "./ilcm-loss";
export { drawIlcmNoise, type IlcmNoise } from "./ilcm-noise";
export type { IlcmPhase } from "./ilcm-phase";
export {
  createImageAutoencoder,
  decodeImages,
  encodeImages,
  type ImageAutoencoder,
  type ImageAutoencoderOptions,
  imageAutoencoderVariables,
} from "./images/image-autoencoder";
export { type ImageVaeLoss, type ImageVaeLossOptions, imageVaeLoss } from "./images/image-vae-loss";
export { type InterventionEncoder, interventionPosterior } from "./intervention-encoder";
export { encodePair, type LossWeight, type ObservationPair } from "./observation-pair";
export {
  type Ancestors,
  noiseToCausal,
  type SolutionFunctions,
  type SolutionFunctionsOptions,
  solutionFunctions,
} from "./solution-functions";
export { straightThrough } from "./straight-through";
