export { type CheckpointRow, checkpointTable, worthCaution } from "./checkpoint-worth";
export { type DecidingConfiguration, parameters, type W2Configuration } from "./configuration";
export { describe } from "./describe";
export { directionsFigure } from "./directions-figure";
export type { ShownRun } from "./figure-parts";
export { gapFigure } from "./gap-figure";
export { gapInterval, gapsByTarget, overallGap, type Verdict, verdictOf } from "./gaps";
export { hysteresisFigure } from "./hysteresis-figure";
export type { LabelNoiseExample } from "./label-noise-examples";
export { labelNoiseFigure } from "./label-noise-figure";
export { collapseSeed, interventionSeed, orderedSeed } from "./phase-seeds";
export { type Phase, phasesOf } from "./phases";
export {
  resultFiles,
  resultPictures,
  resultsJson,
  summaryCsv,
  summaryRows,
} from "./result-files";
export type {
  Branch,
  Control,
  EpochRow,
  Intervention,
  SeedResult,
  Sweep,
  TrajectoryPoint,
} from "./results";
export { defaultFolder, type RunOptions, RunPausedError, run } from "./run";
export { loadRunData, type RunData } from "./run-data";
export { loadRun, loadShownRun, readResults, runName, savedConfiguration, type W2Run } from "./saved-run";
export { conclusionLines, conclusionText, summaryText, targetLines } from "./summary";
export {
  factTable,
  referenceBeside,
  referenceRun,
  referenceTable,
  type TargetRow,
  targetTable,
} from "./tables";
export { trajectoriesFigure } from "./trajectories-figure";
