export { describe, load, loadRun, loadShownRun, parameters, referenceRun, run } from "./bound";
export type { ReasonersConfiguration } from "./configuration";
export type { ReasonersData, ReasonersRun } from "./experiment";
export { claims } from "./findings/claims";
export { restartFigure, runOnFigure, scoresFigure, trainingFigure } from "./findings/figures";
export type { Findings } from "./findings/findings";
export { clampFigure, kickFigure } from "./findings/intervention-figures";
export { type Measure, type MeasureBeside, measuresBeside, measureTable } from "./findings/measures";
export { type Deflation, deflation, type ScoreRow, scoreTable } from "./findings/scores";
export {
  checkpointTable,
  clampTable,
  furtherTable,
  kickTable,
  settlingTable,
  unitTable,
} from "./findings/tables";
export type { ReasonerRow } from "./reasoner-unit";
export { loadThought, type Thought } from "./thinking/thought-files";
export { type SudokuSets, sudokuSets } from "./training/sudoku-sets";
