export * as booleanWorld from "./boolean-world";
export { type BoundExperiment, bindExperiment, type LoadedData } from "./bound-experiment";
export * as citris from "./citris";
export { type Claim, claimCount, claimVerdict, type Verdict } from "./claims";
export { colours } from "./colours";
export {
  type PresetName,
  parseAssignments,
  presetNames,
  type Resolved,
  resolveConfiguration,
} from "./configuration";
export type { RunDescription } from "./describe-run";
export type { Experiment, RunData, SavedRun, Unit, UnitContext, UnitWorker } from "./experiment";
export * as reasoners from "./reasoners";
export { experimentNamed, experiments } from "./registry";
export type { Picture, PlotlyFigure, TextFile } from "./result-file";
export { type RunOptions, RunPausedError, runExperiment, runOneUnit, unitsOf } from "./run-experiment";
export { readRun, readShownRun } from "./saved-run";
export * as twoByTwo from "./two-by-two";
export * as w2 from "./w2";
export * as wscrl from "./wscrl";
export * as causalCircuit from "./wscrl/causal-circuit";
