export type { Observe } from "./block";
export { type TracedPair, type TraceRow, traceCausally } from "./causal-tracing";
export { compileGenerator, type Gpt2Generator } from "./compile-generator";
export type { Gpt2Configuration } from "./configuration";
export type { DecodeOptions, GeneratedSoFar } from "./decode";
export { type GenerateOptions, generate } from "./generate";
export { type Gpt2Options, gpt2 } from "./gpt2";
export { type Intervention, prepareInterventions } from "./interventions";
export { type ProbeOptions, type ProbeRow, probeResiduals } from "./linear-probes";
export { nextTokenLoss } from "./next-token-loss";
export { createGpt2, fromHuggingFaceGpt2, type Gpt2Parameters } from "./parameters";
export { type Activation, activationNames, readActivations } from "./read-activations";
export { loadGpt2, type SavedGpt2, saveGpt2 } from "./saved-model";
export { END_OF_TEXT, Tokenizer, type TokenizerOptions } from "./tokenizer";
export { compactIds, compactTokenizer } from "./tokenizer-compact";
export { gpt2Tokenizer } from "./tokenizer-published";
export {
  flipWeights,
  generateWithWeightFlips,
  type TimedWeightFlip,
  type WeightFlip,
  withTimedWeightFlips,
  withWeightFlips,
} from "./weight-flips";
export { weightRows } from "./weight-rows";
