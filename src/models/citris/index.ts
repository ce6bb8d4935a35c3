export { hardAssignment, sampleAssignment, targetAssignment } from "./assignment";
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
  type CausalEncoder,
  causalEncoderLoss,
  causalEncoderVariables,
  createCausalEncoder,
  readCausalFactors,
} from "./causal-encoder";
export { type CausalFactor, factorDistance, factorValue } from "./causal-factors";
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
} from "./flow";
export { citrisSchedule, divergenceWarmUp } from "./schedules";
export { followTargets, type TargetClassifier } from "./target-classifier";
export type { TransitionPrior } from "./transition-prior";
