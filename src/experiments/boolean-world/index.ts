export { type AnsweringModel, answerStates } from "./answer-states";
export { type AnswerTableRow, answerTable } from "./answer-table";
export {
  type BooleanWorldConfiguration,
  parameters,
  type TrainingConfiguration,
  trainingConfiguration,
} from "./configuration";
export { describe } from "./describe";
export {
  type AccuracyRow,
  accuracyTable,
  type EvaluateModelOptions,
  type Evaluation,
  evaluateModel,
  type StateRow,
} from "./evaluate";
export {
  type AdaptOptions,
  activationFigure,
  adaptModel,
  attentionFigure,
  probeFigure,
  type RecoveryRow,
  recoveryFigure,
  traceFigure,
  weightFigure,
} from "./interventions";
export { ablationDamage, ablationFigure, type DamageRow } from "./interventions/ablation-damage";
export {
  blockMatrices,
  type FlipOptions,
  type FlipRow,
  flipDamage,
  flipFigure,
} from "./interventions/flip-damage";
export { outputPosition, type StateText, stateText, variableValues } from "./interventions/state-text";
export {
  contradictAnswer,
  type TracedWay,
  tracedPairs,
  type WrittenValueRow,
} from "./interventions/traced-pairs";
export { type NeighbourBaseline, neighbourBaseline } from "./neighbour-baseline";
export { type RunTrialsOptions, runTrials } from "./run-trials";
export { referenceSweep, type SavedSweep, savedSweep } from "./saved-sweep";
export { loadWorldModel, saveWorldModel } from "./saved-world-model";
export { runSweep, type SweepOptions } from "./sweep";
export { sweepFigure } from "./sweep-figure";
export { type SweepPartsOptions, sweepPartsFigure } from "./sweep-parts-figure";
export { type SweepPartsRow, type SweepTableRow, sweepPartsTable, sweepTable } from "./sweep-table";
export { resultsFolder, type TrainInWorldOptions, trainInWorld } from "./train-in-world";
export {
  type TrainedModel,
  type TrainModelOptions,
  trainModel,
  type WorldExamples,
  type WorldModel,
} from "./train-model";
export { trainingFigure } from "./training-figure";
export {
  drawExcluded,
  sweepTrials,
  type Trial,
  type TrialRow,
  type TrialWorld,
  trialWorlds,
} from "./trials";
export { type TokenPlaces, tokenPlaces, type UnseenToken, unseenTokens } from "./unseen-tokens";
export { watchLoss } from "./watch-loss";
export { everyExample, longestText, worldTokenizer } from "./world-texts";
