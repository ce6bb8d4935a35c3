export { normalQuantile } from "./normal-quantile";
export { createNumpyRandom, type NumpyRandom } from "./numpy-mt19937";
export { createNumpyGenerator, type NumpyGenerator } from "./numpy-pcg64";
export { createRandom, type Random, type RandomState } from "./random";
