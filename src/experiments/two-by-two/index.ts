export { type Analysis, analyze, type CellStatistics, type TwoByTwoResults } from "./analyze";
export { type CellName, cellNames, cellTitles, type Split, splitByConvergence } from "./cells";
export { parameters, type TwoByTwoConfiguration } from "./configuration";
export { describe } from "./describe";
export {
  type DocumentFiles,
  documentFiles,
  loadRunData,
  type RunData,
  type Series,
  type TaggedFile,
} from "./diagnostics-sources";
export { type Checkpoint, type EvolutionRow, evolution } from "./evolution";
export { evolutionFigure } from "./evolution-figure";
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
