export {
  type Checkpoint,
  type CheckpointNotes,
  type NamedVariables,
  readCheckpoint,
  readVariables,
  restoreCheckpoint,
  writeCheckpoint,
} from "./checkpoint";
export { CheckpointError } from "./checkpoint-error";
export { checkpointFile, checkpointSteps, type Resume } from "./checkpoint-folder";
export {
  createDualGradientTrainer,
  type DualGradientOptions,
  type DualGradientResult,
  type DualGradientSettings,
  type DualGradientTrainer,
} from "./dual-gradient";
export type { EarlyStopOptions } from "./early-stop";
export { interruptedBySigint } from "./interrupted-by-sigint";
export { train } from "./loop";
export { type Loss, type LossWithMetrics, lossAndGradients } from "./loss-gradients";
export { type MetricsRow, readMetrics } from "./metrics-log";
export { NonFiniteError } from "./non-finite-error";
export type { LearningRate, Optimisation, OptimisationOptions, PartialOptimisation } from "./optimisation";
export type { StepResult } from "./step-metrics";
export { stepSeed } from "./step-seed";
export type {
  CallerState,
  CheckpointOptions,
  EvaluateOptions,
  StepPlace,
  TrainOptions,
  TrainOutcome,
} from "./train-options";
export { createTrainer, type Trainer, type TrainerOptions } from "./trainer";
export { listenToTraining, type TrainingRow, type TrainingRowListener } from "./training-rows";
