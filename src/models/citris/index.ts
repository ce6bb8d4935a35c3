export {
  createSceneAutoencoder,
  decodeScenes,
  encodeScenes,
  type SceneAutoencoder,
  type SceneAutoencoderLoss,
  type SceneAutoencoderOptions,
  sceneAutoencoderLoss,
  sceneAutoencoderVariables,
} from "./autoencoder";
export {
  type CitrisNf,
  type CitrisNfLoss,
  type CitrisNfLossOptions,
  type CitrisNfOptions,
  citrisNfLoss,
  citrisNfVariables,
  createCitrisNf,
} from "./citris-nf";
export {
  type CitrisVae,
  type CitrisVaeLoss,
  type CitrisVaeLossOptions,
  type CitrisVaeOptions,
  citrisVaeLoss,
  citrisVaeVariables,
  createCitrisVae,
} from "./citris-vae";
export {
  applyLatentFlow,
  createLatentFlow,
  initialiseLatentFlow,
  invertLatentFlow,
  type LatentFlow,
  latentFlowVariables,
} from "./flow/latent-flow";
export { targetCautions } from "./intervention-targets";
export { targetAssignment } from "./prior/assignment";
export type { GuidedPrior } from "./prior/guided-prior";
export { followTargets, type TargetClassifier } from "./prior/target-classifier";
export { expectedNext, type TransitionPrior } from "./prior/transition-prior";
export {
  type CausalEncoder,
  causalEncoderLoss,
  causalEncoderVariables,
  createCausalEncoder,
  readCausalFactors,
} from "./reading/causal-encoder";
export { type CausalFactor, factorDistance, factorValue } from "./reading/causal-factors";
export { citrisSchedule, divergenceWarmUp } from "./schedules";
