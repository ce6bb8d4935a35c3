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
export type { CitrisRun } from "./experiment";
export { type FrameGrid, framesFigure } from "./figures/frames-figure";
export {
  factorPlace,
  interveneOnFactor,
  interventionGrid,
  predictedTriplets,
} from "./figures/intervention-grids";
export { assignmentFigure, curvesFigure, factorFigure, matrixFigure } from "./figures/run-figures";
export { sequenceGrid } from "./figures/sequence-grid";
export { sliderFigure } from "./figures/slider-figure";
export {
  type CorrelationMatrices,
  type CorrelationOptions,
  correlationMatrices,
  diagonalAndSeparation,
} from "./measures/correlation";
export type { Measured } from "./measures/measure-latents";
export { predictTriplets, type TripletDistances } from "./measures/triplets";
export { framesOf, latentsOf, loadSceneModel, type SceneModel } from "./saved-model";
export { readFrames } from "./scenes/read-frames";
export { type CitrisData, heldOutScenes, loadScenes } from "./scenes/scene-data";
export { tutorialFrames, tutorialSequence, tutorialTriplets } from "./scenes/tutorial-frames";
export { assignmentTable, factorTable, matrixTable, tripletTable } from "./tables";
export type { CitrisRow } from "./training/train-seed";
export { untrainedSceneModel } from "./untrained-scene-model";
