// Layer normalisation (Ba, Kiros & Hinton 2016) of the last axis: torch.nn.LayerNorm, with a gradient in fewer operations
// than automatic differentiation takes. What the gradient needs is computed again, for which a compiled step pays nothing.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { fillVariable } from "./initial-values";
import { requireLayer, requireLayerCall } from "./layer-settings";

export interface LayerNormParameters<Value extends Tensor = Tensor> {
  /** [channels] */
  weight: Value;
  /** [channels] */
  bias: Value;
}

/**
 * Makes the parameters of a layer normalisation: weight 1, bias 0.
 *
 * @param channels length of the input's last axis
 * @example
 * import { createLayerNorm, layerNorm, tensorflow } from "dolab";
 * const [[low, high]] = layerNorm(createLayerNorm(2), tensorflow().tensor2d([[1, 3]])).arraySync();
 * [low.toFixed(3), high.toFixed(3)]; // => ["-1.000", "1.000"]
 */
export function createLayerNorm(channels: number): LayerNormParameters<Variable> {
  requireLayer("a layer normalisation", { channels });
  return { weight: fillVariable([channels], 1), bias: fillVariable([channels], 0) };
}

/**
 * Brings each row to mean 0 and variance 1 (the biased one), then scales and shifts it.
 *
 * @param parameters of `createLayerNorm`
 * @param input [..., channels]
 * @param options.epsilon is added to the variance
 * @returns [..., channels]
 * @throws {TypeError} where the arguments stand the other way round
 * @example
 * import { createLayerNorm, layerNorm, tensorflow } from "dolab";
 * layerNorm(createLayerNorm(2), tensorflow().tensor2d([[5, 5]])).dataSync(); // => [0, 0]
 */
export function layerNorm(
  parameters: LayerNormParameters,
  input: Tensor,
  { epsilon = 1e-5 }: { epsilon?: number } = {},
): Tensor {
  requireLayerCall("layerNorm(layer, input)", parameters, ["weight", "bias"], input);
  const { weight, bias } = parameters;
  const channels = input.shape[input.rank - 1] as number;
  return normaliseRows(input.reshape([-1, channels]), epsilon)
    .mul(weight)
    .add(bias)
    .reshape(input.shape);
}

/** @param rows [rows, channels] @returns [rows, channels], each row of mean 0 and variance 1 */
function normaliseRows(rows: Tensor, epsilon: number): Tensor {
  const normalise = tensorflow().customGrad((...given) => {
    const save = given[1] as unknown as (tensors: Tensor[]) => void;
    save([given[0] as Tensor]);
    return {
      value: standardise(given[0] as Tensor, epsilon).value,
      gradFunc: (upstream: Tensor, [saved]: Tensor[]) => {
        const { value, scale } = standardise(saved, epsilon);
        const along = upstream.mul(value).mean(-1, true); // [rows, 1]
        return upstream.sub(value.mul(along)).sub(upstream.mean(-1, true)).mul(scale);
      },
    };
  });
  return normalise(rows);
}

function standardise(rows: Tensor, epsilon: number): { value: Tensor; scale: Tensor } {
  const centred = rows.sub(rows.mean(-1, true));
  const scale = centred.square().mean(-1, true).add(epsilon).rsqrt(); // [rows, 1]
  return { value: centred.mul(scale), scale };
}
