export { describe, examplesOf, load, loadRun, loadShownRun, parameters, referenceRun, run } from "./bound";
export { claims } from "./claims";
export type { DecidingConfiguration, W2Configuration } from "./configuration";
export type { W2Data, W2Run } from "./experiment";
export { escapeFigure, lifetimeFigure, longerFigure, speedFigure } from "./figures/arm-figures";
export { boundaryFigure } from "./figures/boundary-figure";
export { directionsFigure } from "./figures/directions-figure";
export type { ShownRun } from "./figures/figure-parts";
export { gapFigure } from "./figures/gap-figure";
export { hysteresisFigure } from "./figures/hysteresis-figure";
export { labelNoiseFigure } from "./figures/label-noise-figure";
export { trajectoriesFigure } from "./figures/trajectories-figure";
export { publishedBoundary, publishedRun, publishedSource } from "./published-run";
export { type BoundaryPoint, type BoundaryRow, boundaryCurve, criticalLambda } from "./results/boundary";
export { type CheckpointRow, checkpointTable, worthCaution } from "./results/checkpoint-worth";
export type { Verdict } from "./results/gaps";
export { type Arm, lambdaTree, type NamedRun, withArm } from "./results/kept-run";
export type { LabelNoiseExample } from "./results/label-noise-examples";
export {
  historiesOf,
  type LambdaTree,
  nearestLambdas,
  pathAlong,
  type TreePath,
} from "./results/lambda-tree";
export { referenceBoundary } from "./results/reference-boundary";
export { summaryRows } from "./results/result-files";
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
} from "./results/seed-result";
export { conclusionText, summaryText } from "./summary";
export { factTable, referenceTable, type TargetRow, targetTable } from "./tables";
export { learningRateOf } from "./training/learning-rate";
export type { Phase } from "./training/phases";
