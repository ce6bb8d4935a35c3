export { type AnsweringModel, answerStates } from "./answer-states";
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
export { loadWorldModel, saveWorldModel } from "./saved-world-model";
export { runSweep, type SweepOptions, type SweepTableRow, sweepTable } from "./sweep";
export { sweepFigure } from "./sweep-figure";
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
  runTrial,
  sweepTrials,
  type Trial,
  type TrialOptions,
  type TrialRow,
  type TrialWorld,
  trialWorlds,
} from "./trials";
export { type TokenPlaces, tokenPlaces, type UnseenToken, unseenTokens } from "./unseen-tokens";
export { everyExample, longestText, worldTokenizer } from "./world-texts";
