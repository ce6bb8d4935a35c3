export { type AugmentOptions, augmentImages, type ByteImages } from "./augment-images";
export { type Diagnostics, loadDiagnostics, saveDiagnostics } from "./diagnostics";
export {
  injectLabelNoise,
  type LabelNoiseOptions,
  type NoisyLabels,
} from "./label-noise";
export { logLateDrift } from "./late-drift";
export { type ShuffledBatches, shuffledBatches } from "./shuffled-batches";
export {
  type SyntheticDiagnostics,
  type SyntheticDiagnosticsOptions,
  synthesizeDiagnostics,
} from "./synthetic-diagnostics";
