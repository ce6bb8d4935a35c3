export { type Analysis, analyze, type CellStatistics, type TwoByTwoResults } from "./analysis/analyze";
export { type CellName, cellNames, cellTitles, type Split, splitByConvergence } from "./analysis/cells";
export { type Checkpoint, type EvolutionRow, evolution } from "./analysis/evolution";
export {
  type FiniteTimeExponents,
  finiteTimeFigure,
  henonExponents,
} from "./analysis/finite-time-exponents";
export { bootstrapIntervals, type IntervalRow } from "./analysis/intervals";
export { type SweepRow, sweepThreshold } from "./analysis/sweep";
export { describe, load, loadRun, loadShownRun, parameters, run } from "./bound";
export { claims } from "./claims";
export type { TwoByTwoConfiguration } from "./configuration";
export {
  type DocumentFiles,
  documentFiles,
  type Series,
  type TaggedFile,
  type TwoByTwoData,
} from "./diagnostics-sources";
export { headlines, type TwoByTwoRow, type TwoByTwoRun } from "./experiment";
export {
  driftHistogram,
  driftScatter,
  exponentByCell,
  medianSpectrum,
} from "./figures/checkpoint-figures";
export { evolutionFigure } from "./figures/evolution-figure";
export { intervalsFigure, sweepFigure } from "./figures/robustness-figures";
export {
  analysisFiles,
  analysisPictures,
  evolutionFile,
  evolutionPicture,
  readResults,
  resultsMarkdown,
} from "./result-files";
export { cellTable, mixtureTable, sampleTable, secondaryTable, summaryTable } from "./tables";
