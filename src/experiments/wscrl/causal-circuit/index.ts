export {
  describe,
  load,
  loadRun,
  loadShownRun,
  parameters,
  presetParameters,
  referenceRun,
  run,
} from "./bound";
export type { CircuitModelRow, CircuitRow, StageOneRow } from "./circuit-unit";
export { circuitClaims as claims } from "./claims";
export type { CircuitConfiguration } from "./configuration";
export type { ExamplePair } from "./example-pairs";
export type { CircuitRun } from "./experiment";
export {
  circuitGraphFigure as graphFigure,
  circuitImportanceFigure as importanceFigure,
  circuitPairsFigure as pairsFigure,
  reconstructionsFigure,
} from "./figures";
export {
  type CircuitScoreRow,
  circuitScoreTable as scoreTable,
  type StageOneTableRow,
  stageOneTable,
} from "./tables";
