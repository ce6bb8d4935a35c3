export { leakyRelu, relu, silu } from "./activations";
export { type BatchNormParameters, batchNorm, createBatchNorm } from "./batch-norm";
export {
  type ConvolutionParameters,
  convolution,
  createConvolution,
  fromPyTorchWeight,
  toPyTorchWeight,
} from "./convolution";
export { crossEntropy } from "./cross-entropy";
export { createDense, type DenseParameters, dense } from "./dense";
export { dropout } from "./dropout";
export { createEmbedding, type EmbeddingParameters, embedding } from "./embedding";
export {
  drawVariable,
  fanInUniform,
  fillVariable,
  lecunTruncatedNormal,
  truncatedNormal,
  uniformWithin,
  xavierUniform,
  zeroMeanNormal,
} from "./initial-values";
export { createLayerNorm, type LayerNormParameters, layerNorm } from "./layer-norm";
export { meanSquaredError } from "./mean-squared-error";
export { resizeConvolution } from "./resize-convolution";
export { createRmsNorm, type RmsNormParameters, rmsNorm } from "./rms-norm";
export { createSelfAttention, type SelfAttentionParameters, selfAttention } from "./self-attention";
export { loadStateDict, prefixNames, type StoredTensor, toStateDict } from "./state-dict";
export { stopGradient, withoutGradient } from "./stop-gradient";
export {
  createTransposedConvolution,
  type TransposedConvolutionOptions,
  type TransposedConvolutionParameters,
  transposedConvolution,
} from "./transposed-convolution";
export { upsampleBilinear } from "./upsample-bilinear";
