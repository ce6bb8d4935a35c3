export type { Observe } from "./block";
export type { Gpt2Configuration } from "./configuration";
export { type Gpt2Options, gpt2 } from "./gpt2";
export { nextTokenLoss } from "./next-token-loss";
export { createGpt2, fromHuggingFaceGpt2, type Gpt2Parameters } from "./parameters";
export { loadGpt2, type SavedGpt2, saveGpt2 } from "./saved-model";
export { END_OF_TEXT, Tokenizer, type TokenizerOptions } from "./tokenizer";
export { compactIds, compactTokenizer } from "./tokenizer-compact";
export { gpt2Tokenizer } from "./tokenizer-published";
