export { type ActLoss, actLoss } from "./act-loss";
export { type ActTrainer, type ActTrainerOptions, createActTrainer } from "./act-trainer";
export { type ClampedCells, clampLogit } from "./clamp-logit";
export { lengthOf, type ReasonerConfiguration, swigluWidth } from "./configuration";
export {
  createDiagnosis,
  type Diagnosis,
  type FrameSnapshot,
  type PuzzleTokens,
} from "./diagnose";
export { type LyapunovSpectrum, lyapunovSpectrum, type StepMap } from "./lyapunov-spectrum";
export { miniatureReasoner } from "./miniature";
export {
  answerLogits,
  createReasoner,
  embedPuzzles,
  haltingLogits,
  initialThought,
  parameterCount,
  type Reasoner,
  type ThoughtState,
  think,
} from "./reasoner";
export { ignoredLabel, stablemax, stablemaxCrossEntropy } from "./stablemax";
export { createThinker, type StoredStates, type Thinker, type ThoughtHook, type Thoughts } from "./thinker";
export type { ThoughtDiagnostics } from "./thought-diagnostics";
