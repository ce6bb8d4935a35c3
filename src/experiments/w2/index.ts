export { describe, examplesOf, load, loadRun, loadShownRun, parameters, referenceRun, run } from "./bound";
export { type BoundaryPoint, type BoundaryRow, boundaryCurve, criticalLambda } from "./boundary";
export { boundaryFigure } from "./boundary-figure";
export { type CheckpointRow, checkpointTable, worthCaution } from "./checkpoint-worth";
export { claims } from "./claims";
export type { DecidingConfiguration, W2Configuration } from "./configuration";
export { directionsFigure } from "./directions-figure";
export type { W2Data, W2Run } from "./experiment";
export type { ShownRun } from "./figure-parts";
export { gapFigure } from "./gap-figure";
export { gapInterval, gapsByTarget, overallGap, type Verdict, verdictOf } from "./gaps";
export { hysteresisFigure } from "./hysteresis-figure";
export type { LabelNoiseExample } from "./label-noise-examples";
export { labelNoiseFigure } from "./label-noise-figure";
export { learningRateOf } from "./learning-rate";
export { collapseSeed, interventionSeed, orderedSeed } from "./phase-seeds";
export { type Phase, phasesOf } from "./phases";
export { publishedBoundary, publishedRun, publishedSource } from "./published-run";
export {
  resultFiles,
  resultPictures,
  resultsJson,
  summaryCsv,
  summaryRows,
} from "./result-files";
export type {
  Branch,
  EpochRow,
  Escape,
  Intervention,
  SeedResult,
  SpeedSweep,
  Stay,
  Sweep,
  TrajectoryPoint,
} from "./results";
export { readResults } from "./saved-files";
export { conclusionLines, conclusionText, summaryText, targetLines } from "./summary";
export { factTable, referenceTable, type TargetRow, targetTable } from "./tables";
export { trajectoriesFigure } from "./trajectories-figure";
