export { type CsvFormat, type CsvRow, type CsvType, formatCsv, parseCsv } from "./csv";
export { formatJson, readJson } from "./json";
export {
  type BigIntegerArray,
  type NpyArray,
  type NumberArray,
  readNpy,
  type WritableArray,
  writeNpy,
} from "./npy";
export type { NpyDtype } from "./npy-header";
export { type ReadNpzOptions, readNpz, writeNpz } from "./npz";
export { NpzError } from "./npz-error";
export {
  type Progress,
  type ProgressMetrics,
  type ProgressOptions,
  type ProgressReporter,
  silentProgress,
} from "./progress-reporter";
export { pythonFixed, pythonRepr } from "./python-format";
export { writeFileAtomically } from "./write-atomically";
