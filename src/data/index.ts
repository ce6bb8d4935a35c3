export { type AugmentOptions, augmentImages, type ByteImages } from "./augment-images";
export * from "./boolean-world";
export * from "./causal-circuit";
export {
  type Causal3d,
  causal3d,
  causal3dColumns,
  causal3dModelColumns,
  causal3dTripletColumns,
  loadCausal3d,
} from "./causal3d";
export { type LoadCifar10Options, loadCifar10 } from "./cifar10";
export { type Cifar10, cifar10, readCifar10 } from "./cifar10-files";
export { type Diagnostics, loadDiagnostics, saveDiagnostics } from "./diagnostics";
export {
  injectLabelNoise,
  type LabelNoiseOptions,
  type NoisyLabels,
} from "./label-noise";
export { logLateDrift } from "./late-drift";
export * from "./paired-interventions";
export { shrinkImages } from "./shrink-images";
export { type ShuffledBatches, shuffledBatches } from "./shuffled-batches";
export {
  cachedDataset,
  cacheFolder,
  type Dataset,
  type DatasetFile,
  DatasetMissingError,
  type HeldDataset,
  heldFile,
  type ObtainOptions,
  obtainDataset,
} from "./store";
export * from "./sudoku";
export {
  type SyntheticDiagnostics,
  type SyntheticDiagnosticsOptions,
  synthesizeDiagnostics,
} from "./synthetic-diagnostics";
export * from "./temporal-scenes";
export { type TexturedShapesOptions, texturedShapeClasses, texturedShapes } from "./textured-shapes";
