export { cachedDataset, cachedFolder, cacheFolder, fileFault, heldFile } from "./cache";
export {
  type Attempt,
  type Dataset,
  type DatasetFile,
  DatasetMissingError,
  type HeldDataset,
  replaceCommand,
} from "./dataset";
export { type ObtainOptions, obtainDataset } from "./obtain-dataset";
