export type { AdamOptions } from "./adam";
export type { AdamAtan2Options } from "./adam-atan2";
export { clipGlobalNorm } from "./clip-global-norm";
export {
  createOptimiser,
  type Optimiser,
  type OptimiserOptions,
  type ParameterGroup,
  type TrainedVariables,
} from "./create-optimiser";
export type { SgdOptions } from "./sgd";
export type { SignSgdOptions } from "./sign-sgd";
