export { normalQuantile } from "./normal-quantile";
export { createNumpyRandom, type NumpyRandom } from "./numpy-mt19937";
export { createRandom, type Random, type RandomState } from "./random";
