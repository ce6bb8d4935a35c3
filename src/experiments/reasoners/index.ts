export { describe, load, loadRun, loadShownRun, parameters, referenceRun, run } from "./bound";
export type { ReasonersConfiguration } from "./configuration";
export type { ReasonersData, ReasonersRun } from "./experiment";
export { claims } from "./findings/claims";
export { restartFigure, runOnFigure, scoresFigure, trainingFigure } from "./findings/figures";
export type { Findings } from "./findings/findings";
export { clampFigure, kickFigure } from "./findings/intervention-figures";
export { type Measure, type MeasureBeside, measuresBeside } from "./findings/measures";
export type { Deflation, ScoreRow } from "./findings/scores";
export { syntheticFindings } from "./findings/synthetic-findings";
export {
  checkpointTable,
  clampTable,
  furtherTable,
  kickTable,
  settlingTable,
  unitTable,
} from "./findings/tables";
export type { ReasonerRow } from "./reasoner-unit";
export type { Thought } from "./thinking/thought-files";
export { type SudokuSets, sudokuSets } from "./training/sudoku-sets";
