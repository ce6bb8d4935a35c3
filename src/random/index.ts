export { normalQuantile } from "./normal-quantile";
export { createRandom, type Random, type RandomState } from "./random";
