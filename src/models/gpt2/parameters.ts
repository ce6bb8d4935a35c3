// The parameters of a GPT-2 under the names and in the layout of Hugging Face's GPT2LMHeadModel, whose Conv1D keeps its
// weights [inputs, outputs]. The output embedding is the input's, so `lm_head.weight` is not among them.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import {
  createLayerNorm,
  drawVariable,
  fillVariable,
  prefixNames,
  type StoredTensor,
  zeroMeanNormal,
} from "../../tensor";
import { checkGpt2Configuration, type Gpt2Configuration } from "./configuration";

/** By Hugging Face's names, such as `transformer.h.0.attn.c_attn.weight`. */
export type Gpt2Parameters<Value extends Tensor = Tensor> = Readonly<Record<string, Value>>;

const DEVIATION = 0.02;

/**
 * Makes the parameters of a GPT-2, initialised as Hugging Face does: weights N(0, 0.02^2), those that write to the residual
 * stream narrower by sqrt(2 layers), biases 0, layer norms 1 and 0.
 *
 * @param configuration the model's sizes
 * @param options.rng draws the weights
 * @returns variables by Hugging Face's names, to be disposed of after use
 * @throws {RangeError} for sizes that make no model
 * @example
 * import { createGpt2, createRandom } from "dolab";
 * const configuration = { vocabulary: 11, positions: 6, width: 8, layers: 1, heads: 2 };
 * const parameters = createGpt2(configuration, { rng: createRandom(1) });
 * parameters["transformer.wte.weight"].shape; // => [11, 8]
 * parameters["transformer.h.0.attn.c_attn.weight"].shape; // => [8, 24]
 */
export function createGpt2(
  configuration: Gpt2Configuration,
  { rng }: { rng: Random },
): Gpt2Parameters<Variable> {
  checkGpt2Configuration(configuration);
  const { vocabulary, positions, width, layers } = configuration;
  const draw = zeroMeanNormal(DEVIATION, rng);
  const drawResidual = zeroMeanNormal(DEVIATION / Math.sqrt(2 * layers), rng);
  const affine = (inputs: number, outputs: number, next = draw) => ({
    weight: drawVariable([inputs, outputs], next),
    bias: fillVariable([outputs], 0),
  });
  const parameters: Record<string, Variable> = {
    "transformer.wte.weight": drawVariable([vocabulary, width], draw),
    "transformer.wpe.weight": drawVariable([positions, width], draw),
  };
  for (let layer = 0; layer < layers; layer++) {
    const prefix = `transformer.h.${layer}`;
    Object.assign(
      parameters,
      prefixNames(`${prefix}.ln_1`, createLayerNorm(width)),
      prefixNames(`${prefix}.attn.c_attn`, affine(width, 3 * width)),
      prefixNames(`${prefix}.attn.c_proj`, affine(width, width, drawResidual)),
      prefixNames(`${prefix}.ln_2`, createLayerNorm(width)),
      prefixNames(`${prefix}.mlp.c_fc`, affine(width, 4 * width)),
      prefixNames(`${prefix}.mlp.c_proj`, affine(4 * width, width, drawResidual)),
    );
  }
  return { ...parameters, ...prefixNames("transformer.ln_f", createLayerNorm(width)) };
}

/**
 * Brings a published checkpoint to the names that `loadStateDict` expects: with the prefix `transformer.`, without the
 * buffers of the causal mask and without the output embedding, which is the input's.
 *
 * @param state tensors by name as `readSafetensors` gives them, such as those of openai-community/gpt2
 * @returns the same tensors by the names of `createGpt2`
 * @example
 * import { fromHuggingFaceGpt2 } from "dolab";
 * const one = { dtype: "float32", shape: [1], data: Float32Array.of(0) };
 * const state = fromHuggingFaceGpt2(new Map([["wte.weight", one], ["h.0.attn.bias", one], ["lm_head.weight", one]]));
 * [...state.keys()]; // => ["transformer.wte.weight"]
 */
export function fromHuggingFaceGpt2<Stored extends StoredTensor>(
  state: ReadonlyMap<string, Stored>,
): Map<string, Stored> {
  const left = [...state].filter(
    ([name]) => name !== "lm_head.weight" && !/(^|\.)h\.\d+\.attn\.(masked_)?bias$/.test(name),
  );
  const prefix = "transformer.";
  return new Map(left.map(([name, stored]) => [name.startsWith(prefix) ? name : prefix + name, stored]));
}
