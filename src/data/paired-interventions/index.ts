export { type CausalGraphKind, causalGraph } from "./causal-graph";
export { type LinearCausalModel, linearModelNoise, solveLinearModel } from "./linear-causal-model";
export {
  createNature,
  drawPairs,
  drawSplits,
  type Nature,
  type NatureOptions,
  observeNature,
  type PairedInterventions,
  type PairedSplits,
  type SplitSizes,
} from "./paired-interventions";
export { loadPairs, savePairs } from "./paired-interventions-file";
