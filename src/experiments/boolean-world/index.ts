export { answerStates } from "./answer-states";
export {
  type BooleanWorldConfiguration,
  parameters,
  type TrainingConfiguration,
  trainingConfiguration,
} from "./configuration";
export { type AccuracyRow, accuracyTable, type Evaluation, evaluateModel, type StateRow } from "./evaluate";
export {
  type TrainedModel,
  type TrainModelOptions,
  trainModel,
  type WorldExamples,
  type WorldModel,
} from "./train-model";
export { everyExample, longestText, worldTokenizer } from "./world-texts";
