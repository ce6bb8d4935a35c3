import { bindExperiment } from "../bound-experiment";
import { booleanWorld } from "./experiment";

export { claims, type ModelFindings } from "./claims";
export {
  type BooleanWorldConfiguration,
  type TrainingConfiguration,
  trainingConfiguration,
} from "./configuration";
export type { BooleanWorldData, BooleanWorldRun } from "./experiment";
export { activationFigure } from "./figures/activation-figure";
export { attentionFigure } from "./figures/attention-figure";
export { probeFigure } from "./figures/probe-figure";
export { recoveryFigure } from "./figures/recovery-figure";
export { traceFigure } from "./figures/trace-figure";
export { weightFigure } from "./figures/weight-figure";
export * from "./interventions";
export type { AnsweringModel } from "./model/answer-states";
export {
  type AccuracyRow,
  type AnswerTableRow,
  answerTable,
  type EvaluateModelOptions,
  type Evaluation,
  evaluateModel,
  type StateRow,
} from "./model/evaluate";
export { loadWorldModel, saveWorldModel } from "./model/saved-world-model";
export { resultsFolder, type TrainInWorldOptions, trainInWorld } from "./model/train-in-world";
export {
  type TrainedModel,
  type TrainModelOptions,
  trainModel,
  type WorldExamples,
  type WorldModel,
} from "./model/train-model";
export { trainingFigure } from "./model/training-figure";
export { type UnseenToken, unseenTokens } from "./model/unseen-tokens";
export { type UntrainedModelOptions, untrainedModel } from "./model/untrained-model";
export { watchLoss } from "./model/watch-loss";
export { type NeighbourBaseline, neighbourBaseline } from "./sweep/neighbour-baseline";
export { sweepFigure } from "./sweep/sweep-figure";
export { type SweepPartsOptions, sweepPartsFigure } from "./sweep/sweep-parts-figure";
export { type SweepPartsRow, type SweepTableRow, sweepPartsTable, sweepTable } from "./sweep/sweep-table";
export { drawExcluded, type Trial, type TrialRow, type TrialWorld } from "./sweep/trials";

export const { parameters, load, describe, run, loadRun, loadShownRun, referenceRun } =
  bindExperiment(booleanWorld);
