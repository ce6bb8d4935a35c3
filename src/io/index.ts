export { NpzError } from "./array-file-error";
export { type CsvFormat, type CsvRow, type CsvType, formatCsv, parseCsv } from "./csv";
export { type FileFingerprint, fileFingerprint } from "./file-fingerprint";
export { formatJson, readJson } from "./json";
export {
  type BigIntegerArray,
  type NpyArray,
  type NumberArray,
  readNpy,
  type WritableArray,
  writeNpy,
} from "./npy-array";
export type { NpyDtype } from "./npy-header";
export { type ReadNpzOptions, readNpz, writeNpz } from "./npz-archive";
export type { PlainObject } from "./plain-data";
export {
  type Progress,
  type ProgressMetrics,
  type ProgressOptions,
  type ProgressReporter,
  silentProgress,
} from "./progress-reporter";
export { pythonFixed, pythonRepr } from "./python-format";
export { openRunFolder, type Run, type RunFile, type RunFolder } from "./run-folder";
export {
  type ReadSafetensorsOptions,
  readSafetensors,
  type SafetensorsFile,
  type SafetensorsTensor,
  type WritableTensor,
  writeSafetensors,
} from "./safetensors";
export { type SafetensorsDtype, SafetensorsError } from "./safetensors-header";
export { type FileContent, writeFileAtomically } from "./write-atomically";
