export type { Observe } from "./block";
export type { Gpt2Configuration } from "./configuration";
export { type Gpt2Options, gpt2 } from "./gpt2";
export { nextTokenLoss } from "./next-token-loss";
export { createGpt2, fromHuggingFaceGpt2, type Gpt2Parameters } from "./parameters";
