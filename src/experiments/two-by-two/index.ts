export { type Analysis, analyze, type CellStatistics, type TwoByTwoResults } from "./analyze";
export { describe, load, loadRun, loadShownRun, parameters, run } from "./bound";
export { type CellName, cellNames, cellTitles, type Split, splitByConvergence } from "./cells";
export { claims } from "./claims";
export type { TwoByTwoConfiguration } from "./configuration";
export {
  type DocumentFiles,
  documentFiles,
  loadRunData,
  type Series,
  type TaggedFile,
  type TwoByTwoData,
} from "./diagnostics-sources";
export { type Checkpoint, type EvolutionRow, evolution } from "./evolution";
export { evolutionFigure } from "./evolution-figure";
export { headlines, type TwoByTwoRow, type TwoByTwoRun } from "./experiment";
export {
  driftHistogram,
  driftScatter,
  exponentByCell,
  intervalsFigure,
  medianSpectrum,
  sweepFigure,
} from "./figures";
export {
  type FiniteTimeExponents,
  finiteTimeFigure,
  henonExponents,
  henonMap,
} from "./finite-time-exponents";
export { bootstrapIntervals, type IntervalRow } from "./intervals";
export {
  analysisFiles,
  analysisPictures,
  evolutionFile,
  evolutionPicture,
  readResults,
  resultsMarkdown,
} from "./result-files";
export { type SweepRow, sweepThreshold } from "./sweep";
export { cellTable, mixtureTable, sampleTable, secondaryTable, summaryTable } from "./tables";
