export { cacheFolder } from "./cache-folder";
export { cachedDataset, cachedFaults, cachedFolder, type HeldDataset } from "./cached-dataset";
export type { Dataset, DatasetFile } from "./dataset";
export { type Attempt, DatasetMissingError } from "./dataset-missing-error";
export { type ObtainOptions, obtainDataset } from "./obtain-dataset";
