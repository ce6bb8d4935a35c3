export {
  type BallFrames,
  type BallResult,
  ballClaims,
  ballFigure,
  ballInBoxes,
  ballTable,
  identifyBox,
} from "./ball-in-boxes";
export { describe, load, loadRun, loadShownRun, parameters, referenceRun, run } from "./bound";
export { claims } from "./claims";
export type { CitrisConfiguration, DecidingConfiguration } from "./configuration";
export {
  type CorrelationMatrices,
  type CorrelationOptions,
  correlationMatrices,
  diagonalAndSeparation,
} from "./correlation";
export type { CitrisRun } from "./experiment";
export { assignmentFigure, curvesFigure, factorFigure, matrixFigure } from "./figures";
export { type FrameGrid, frameAt, framesFigure } from "./frames-figure";
export {
  factorPlace,
  interveneOnFactor,
  interventionGrid,
  predictedTriplets,
  tripletGrid,
} from "./interventions";
export type { Measured } from "./measure";
export { readFrames } from "./read-frames";
export { framesOf, latentsOf, loadSceneModel, type SceneModel } from "./saved-model";
export { type CitrisData, loadScenes } from "./scene-data";
export { sequenceGrid } from "./scene-figures";
export { sliderFigure } from "./slider-figure";
export { assignmentTable, factorTable, matrixTable, tripletTable } from "./tables";
export type { CitrisRow } from "./train-seed";
export { predictTriplets, type TripletDistances } from "./triplets";
export { tutorialFrames, tutorialSequence, tutorialTriplets } from "./tutorial";
